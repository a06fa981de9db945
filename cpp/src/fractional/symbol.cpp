#include "symbol.hpp"

#include "arguments.hpp"
#include "far_field.hpp"
#include "zeta.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/fractional/symbol.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace trimtab::fractional {
namespace {

constexpr int sinc_terms = 13;

/// sin(pi x) / (pi x) as a polynomial in x^2
constexpr std::array<double, sinc_terms> sinc_coefficients = [] {
  std::array<double, sinc_terms> c{};
  Extended term = 1;
  for (int i = 0; i < sinc_terms; ++i) {
    c[i] = static_cast<double>(term);
    term *= -std::numbers::pi_v<Extended> * std::numbers::pi_v<Extended> / ((2 * i + 2) * (2 * i + 3));
  }
  return c;
}();

}  // namespace

Symbol::Symbol(int degree, double alpha, bool companion)
    : degree_(degree), alpha_(alpha), scale_(power(2 * std::numbers::pi_v<Extended>, alpha)) {
  const Extended s = static_cast<Extended>(degree) + 1 - Extended(alpha);
  const bool odd_degree = degree % 2 == 1;
  const bool odd_powers = odd_degree == companion;  // of x, in the sum over the other images
  power_ = degree + 1 + (odd_powers ? 1 : 0);
  // sum over l >= 1 of sign^l ((l - x)^-s +- (l + x)^-s), by binomial series
  constexpr std::size_t most_powers = 220;  // degree 20 needs 190
  const std::vector<Extended> sums = odd_degree ? zetas(s - 1, most_powers) : alternating_zetas(s - 1, most_powers);
  Extended binomial = odd_powers ? s : 1, largest = 0, x_power = 1;
  for (int i = odd_powers ? 1 : 0; i < static_cast<int>(most_powers); i += 2) {
    const Extended c = 2 * binomial * sums[static_cast<std::size_t>(i)] * (companion ? -1 : 1);
    largest = std::max(largest, std::abs(c) * x_power);
    if (std::abs(c) * x_power < largest * 0x1p-60L) break;
    polynomial_.push_back(static_cast<double>(scale_ * c));
    binomial *= (s + i) * (s + i + 1) / ((i + 1) * (i + 2));
    x_power /= 4;
  }
}

double Symbol::smooth_part(double x, double& window) const {
  const double z = x * x;
  double sum = polynomial_.back();
  for (std::size_t i = polynomial_.size() - 1; i-- > 0;) sum = sum * z + polynomial_[i];
  for (int i = 0; i < power_; ++i) sum *= x;
  double sinc = sinc_coefficients.back();
  for (int i = sinc_terms - 1; i-- > 0;) sinc = sinc * z + sinc_coefficients[i];
  window = sinc;
  for (int i = 0; i < degree_; ++i) window *= sinc;
  return sum;
}

double Symbol::operator()(double theta) const {
  double window = 0;
  const double smooth = smooth_part(theta / (2 * std::numbers::pi), window);
  return window * (static_cast<double>(theta > 0 ? power(theta, alpha_) : 0) + smooth);
}

void Symbol::grid(std::size_t m, std::span<double> out) const {
  // |theta|^alpha first, then the rest in pieces that stay in cache
  out[0] = 0;
  const FarField powers(power(std::numbers::pi_v<Extended> / static_cast<Extended>(m), alpha_), -1 - Extended(alpha_));
  powers.progression(1, 1, out.subspan(1));
  constexpr std::size_t piece = 512;
  double z[piece], sum[piece], sinc[piece], window[piece];
  const double step = 0.5 / static_cast<double>(m);
  for (std::size_t begin = 0; begin <= m; begin += piece) {
    const std::size_t count = std::min(piece, m + 1 - begin);
    for (std::size_t i = 0; i < count; ++i) {
      const double x = step * static_cast<double>(static_cast<std::int64_t>(begin + i));
      z[i] = x * x;
      sum[i] = polynomial_.back();
      sinc[i] = sinc_coefficients.back();
    }
    for (std::size_t k = polynomial_.size() - 1; k-- > 0;)
      for (std::size_t i = 0; i < count; ++i) sum[i] = sum[i] * z[i] + polynomial_[k];
    for (int k = power_ / 2; k > 0; --k)
      for (std::size_t i = 0; i < count; ++i) sum[i] *= z[i];
    if (power_ % 2 == 1)
      for (std::size_t i = 0; i < count; ++i)
        sum[i] *= step * static_cast<double>(static_cast<std::int64_t>(begin + i));
    for (int k = sinc_terms - 1; k-- > 0;)
      for (std::size_t i = 0; i < count; ++i) sinc[i] = sinc[i] * z[i] + sinc_coefficients[k];
    for (std::size_t i = 0; i < count; ++i) window[i] = sinc[i];
    for (int k = 0; k < degree_; ++k)
      for (std::size_t i = 0; i < count; ++i) window[i] *= sinc[i];
    double* y = out.data() + begin;
    for (std::size_t i = 0; i < count; ++i) y[i] = window[i] * (y[i] + sum[i]);
  }
}

void symbol(int degree, double alpha, std::span<const double> theta, std::span<double> out) {
  check_degree(degree);
  check_alpha(alpha);
  if (theta.size() != out.size()) reject("out", "as many numbers as theta", static_cast<double>(out.size()));
  const Symbol f(degree, alpha);
  for (std::size_t i = 0; i < theta.size(); ++i) out[i] = f(std::abs(std::remainder(theta[i], 2 * std::numbers::pi)));
}

void mass_symbol(int degree, std::size_t m, std::span<double> out) {
  const SplineSpace space{4 * degree, degree};
  std::vector<double> values(static_cast<std::size_t>(degree) + 1);
  // the cardinal spline of unknown p - 1 is symmetric about its Greville point (p + 1) / 2
  const double center = 0.5 * (degree + 1);
  std::vector<double> b;
  for (int k = 0; 2 * k < degree + 1; ++k) {
    const std::int64_t first = basis(space, center + k, 0, values) - 1;
    const std::int64_t r = degree - 1 - first;
    b.push_back(r >= 0 && r <= degree ? values[r] : 0);
  }
  for (std::size_t j = 0; j <= m; ++j) {
    const double c = std::cos(std::numbers::pi * static_cast<double>(j) / static_cast<double>(m));
    double before = 1, now = c, sum = b[0];
    for (std::size_t k = 1; k < b.size(); ++k) {
      sum += 2 * b[k] * now;
      const double next = 2 * c * now - before;
      before = now, now = next;
    }
    out[j] = sum;
  }
}

}  // namespace trimtab::fractional
