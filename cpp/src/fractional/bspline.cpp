#include <trimtab/core/error.hpp>
#include <trimtab/fractional/bspline.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace trimtab::fractional {

std::int64_t basis(const SplineSpace& space, double x, int derivative, std::span<double> values) {
  const int p = space.degree;
  const auto cell = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(x)), 0, space.n - 1);
  std::fill(values.begin(), values.end(), 0.0);
  if (derivative > p) return cell;
  const auto knot = [&](std::int64_t i) { return static_cast<double>(space.knot(cell + p + i)); };
  // B-splines of degree p - derivative by Cox and de Boor, then differences of their neighbors
  const int low = p - derivative;
  values[0] = 1;
  for (int k = 1; k <= low; ++k) {
    double saved = 0;
    for (int r = 0; r < k; ++r) {
      const double right = knot(r + 1) - x, left = x - knot(1 - k + r), share = values[r] / (right + left);
      values[r] = saved + right * share;
      saved = left * share;
    }
    values[k] = saved;
  }
  for (int k = low + 1; k <= p; ++k)
    for (int r = k; r >= 0; --r) {
      // B-spline r of degree k lives on the knots r - k ... r + 1 around the cell
      const double below = r > 0 ? values[r - 1] * k / (knot(r) - knot(r - k)) : 0;
      const double above = r < k ? values[r] * k / (knot(r + 1) - knot(r + 1 - k)) : 0;
      values[r] = below - above;
    }
  return cell;
}

void evaluate(const SplineSpace& space, std::span<const double> coefficients, std::span<const double> x, int derivative,
              std::span<double> out) {
  if (static_cast<std::int64_t>(coefficients.size()) != space.size())
    reject("coefficients", std::to_string(space.size()) + " numbers", static_cast<double>(coefficients.size()));
  if (out.size() != x.size()) reject("out", "as many numbers as x", static_cast<double>(out.size()));
  if (derivative < 0) reject("derivative", "an order >= 0", derivative);
  std::vector<double> values(static_cast<std::size_t>(space.degree) + 1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    out[i] = std::isnan(x[i]) ? x[i] : 0.0;
    if (!(x[i] >= 0 && x[i] <= static_cast<double>(space.n))) continue;
    const std::int64_t first = basis(space, x[i], derivative, values) - 1;
    double sum = 0;
    for (int r = 0; r <= space.degree; ++r) {
      const std::int64_t u = first + r;
      if (u >= 0 && u < space.size()) sum += values[r] * coefficients[u];
    }
    out[i] = sum;
  }
}

}  // namespace trimtab::fractional
