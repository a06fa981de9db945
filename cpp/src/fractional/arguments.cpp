#include "arguments.hpp"

#include <trimtab/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>

namespace trimtab::fractional {
namespace {

std::string pair(double x, double y) {
  std::ostringstream text;
  text << '(' << x << ", " << y << ')';
  return text.str();
}

}  // namespace

void check_degree(int degree) {
  if (degree == 1) reject("degree", "2 ... 20; degree 1 has no bounded fractional derivative at its own nodes", degree);
  if (degree < 2 || degree > most_degree) reject("degree", "2 ... 20, the range that was verified", degree);
}

void check_alpha(double alpha) {
  if (alpha == 2) reject("alpha", "a number in (0, 2); 2 is the ordinary second derivative: use plain splines", alpha);
  if (!(alpha > 0 && alpha < 2)) reject("alpha", "a number in (0, 2)", alpha);
}

void check_options(std::int64_t n, const RieszOptions& o) {
  check_degree(o.degree);
  check_alpha(o.alpha);
  if (n < 2 || n > std::int64_t{1} << 40) reject("n", "a number of cells from 2 to 2^40", static_cast<double>(n));
  if (!(std::isfinite(o.a) && std::isfinite(o.b) && o.a < o.b)) reject("interval", "finite a < b", pair(o.a, o.b));
  const double h = (o.b - o.a) / static_cast<double>(n), largest = std::max(std::abs(o.a), std::abs(o.b));
  if (!(h > 8 * most_degree * std::numeric_limits<double>::epsilon() * largest))
    reject("interval", "a width that n cells of distinct points divide", pair(o.a, o.b));
  if (!(std::abs(std::log(h)) * o.alpha < 600))
    reject("interval", "a width whose power alpha does not overflow", pair(o.a, o.b));
  if (!(o.weight_left >= 0 && o.weight_right >= 0 && std::isfinite(o.weight_left + o.weight_right) &&
        o.weight_left + o.weight_right > 0))
    reject("weights", "two finite numbers >= 0, one of them > 0", pair(o.weight_left, o.weight_right));
  if (!(o.alpha > 1)) {
    if (o.kind == Kind::caputo) reject("alpha", "a number in (1, 2) for kind caputo", o.alpha);
    if (o.weight_left != o.weight_right) reject("alpha", "a number in (1, 2) for unequal weights", o.alpha);
  }
}

std::size_t check_rows(const char* name, std::span<const double> v, std::int64_t size) {
  const auto n = static_cast<std::size_t>(size);
  if (v.size() % n != 0)
    reject(name, "rows of " + std::to_string(n) + " numbers", std::to_string(v.size()) + " numbers");
  for (std::size_t i = 0; i < v.size(); ++i)
    if (!std::isfinite(v[i]))
      reject(name, "finite numbers", std::to_string(v[i]) + " at index " + std::to_string(i % n));
  return v.size() / n;
}

}  // namespace trimtab::fractional
