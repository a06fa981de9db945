#include "noise_check.hpp"

#include "arguments.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace trimtab::sde {
namespace {

using Numbers = std::vector<double>;

constexpr std::size_t most_looked_at = 8;  // components of the state or of the noise

/// Component number i of `looked_at`, spread over n.
std::size_t component(std::size_t i, std::size_t looked_at, std::size_t n) { return i * n / looked_at; }

/// The fractional parts of multiples of the golden ratio: as good as random here, and always the same.
double spread(std::size_t i) {
  const double x = 0.6180339887498949 * static_cast<double>(i + 1);
  return x - std::floor(x);
}

/// Columns of states or diffusions, and the diffusion of all in one call.
class Columns {
 public:
  Columns(const System& system, double t, std::size_t m)
      : system_(system), m_(m), t_(m, t), y_(system.dim * m), g_(components() * m) {}

  double& y(std::size_t i, std::size_t column) { return y_[i * m_ + column]; }
  double g(std::size_t i, std::size_t column) const { return g_[i * m_ + column]; }
  std::size_t components() const { return system_.diagonal ? system_.dim : system_.dim * system_.noise_dim; }
  void evaluate() { system_.diffusion(t_.data(), y_.data(), g_.data(), m_); }

 private:
  const System& system_;
  std::size_t m_;
  Numbers t_, y_, g_;
};

bool differ(double a, double b) { return std::abs(a - b) > 1e-9 * std::max(std::abs(a), std::abs(b)); }

/// A little off, on the same side of zero.
double nearby(double y, std::size_t i) { return y == 0 ? 1e-3 * spread(i) : y * (1 + 1e-2 * spread(i)); }

void check_additive(const System& system, double t, const double* y) {
  Columns at(system, t, 2);
  for (std::size_t i = 0; i < system.dim; ++i) {
    at.y(i, 0) = y[i];
    at.y(i, 1) = y[i] + (1 + std::abs(y[i])) * (2 * spread(i) - 1);
  }
  at.evaluate();
  for (std::size_t i = 0; i < at.components(); ++i)
    if (differ(at.g(i, 0), at.g(i, 1)))
      reject("diffusion", "no dependence on y for additive noise",
             text(at.g(i, 0)) + " at y0 and " + text(at.g(i, 1)) + " at another y");
}

/// Column 0 is the state; in each of the others all components but one have moved.
void check_diagonal(const System& system, double t, const double* y) {
  const std::size_t looked_at = std::min(system.dim, most_looked_at);
  Columns at(system, t, looked_at + 1);
  for (std::size_t k = 0; k <= looked_at; ++k)
    for (std::size_t i = 0; i < system.dim; ++i)
      at.y(i, k) = k == 0 || i == component(k - 1, looked_at, system.dim) ? y[i] : nearby(y[i], i);
  at.evaluate();
  for (std::size_t k = 1; k <= looked_at; ++k) {
    const std::size_t i = component(k - 1, looked_at, system.dim);
    if (differ(at.g(i, 0), at.g(i, k)))
      reject("diffusion", "component i to depend on y[i] alone for diagonal noise",
             "a component " + std::to_string(i) + " that depends on others; use noise=\"general\"");
  }
}

/// Central differences of all columns of g along each of them: the rates (dg_j / dy) g_k.
void check_commutative(const System& system, double t, const double* y) {
  constexpr double relative = 6.1e-6;  // cube root of the rounding unit
  const std::size_t n = system.dim, w = system.noise_dim, looked_at = std::min(w, most_looked_at);
  Columns here(system, t, 1), shifted(system, t, 2 * looked_at);
  double size = 1, largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    here.y(i, 0) = nearby(y[i], i);
    size = std::max(size, std::abs(here.y(i, 0)));
  }
  here.evaluate();
  for (std::size_t i = 0; i < n * w; ++i) largest = std::max(largest, std::abs(here.g(i, 0)));
  if (!(largest > 0)) return;
  const double shift = relative * size / largest;
  for (std::size_t k = 0; k < looked_at; ++k)
    for (std::size_t i = 0; i < n; ++i) {
      const double step = shift * here.g(i * w + component(k, looked_at, w), 0);
      shifted.y(i, 2 * k) = here.y(i, 0) + step;
      shifted.y(i, 2 * k + 1) = here.y(i, 0) - step;
    }
  shifted.evaluate();
  const auto rate = [&](std::size_t i, std::size_t j, std::size_t k) {
    const std::size_t at = i * w + component(j, looked_at, w);
    return (shifted.g(at, 2 * k) - shifted.g(at, 2 * k + 1)) / (2 * shift);
  };
  double steepest = 1e-6 * largest * largest / size;  // below it, rounding
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < looked_at; ++j)
      for (std::size_t k = 0; k < looked_at; ++k) steepest = std::max(steepest, std::abs(rate(i, j, k)));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < looked_at; ++j)
      for (std::size_t k = 0; k < j; ++k)
        if (std::abs(rate(i, j, k) - rate(i, k, j)) > 1e-3 * steepest) {
          const std::string a = std::to_string(component(k, looked_at, w)),
                            b = std::to_string(component(j, looked_at, w));
          reject("diffusion", "(dg_j/dy) g_k = (dg_k/dy) g_j for commutative noise",
                 "columns " + a + " and " + b + " that do not commute; use noise=\"general\"");
        }
}

}  // namespace

void check_noise(const System& system, double t, const double* y) {
  if (system.noise == Noise::additive && !system.steady) check_additive(system, t, y);
  if (system.noise == Noise::diagonal && system.dim > 1) check_diagonal(system, t, y);
  if (system.noise == Noise::commutative && system.noise_dim > 1 && !system.diagonal) check_commutative(system, t, y);
}

}  // namespace trimtab::sde
