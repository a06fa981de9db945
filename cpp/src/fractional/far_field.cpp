#include "far_field.hpp"

#include "zeta.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace trimtab::fractional {
namespace {

constexpr Extended tiny = std::numeric_limits<Extended>::epsilon();
constexpr int most_terms = 200;  // d = 1.2 half widths needs 176 at degree 2
constexpr int taylor_terms = 16;
constexpr Extended first_block = 24;  // blocks are an eighth as long as far away, so the terms fall by 17 each

/// 1 / q!
constexpr auto inverse_factorials = [] {
  std::array<Extended, taylor_terms> f{1};
  for (std::size_t q = 1; q < f.size(); ++q) f[q] = f[q - 1] / static_cast<Extended>(q);
  return f;
}();

/// Terms that matter when each is `ratio` times smaller, with some reserve for their growing coefficients.
std::size_t count_terms(Extended ratio, std::size_t available) {
  if (available == 1 || ratio == 0) return 1;
  const auto needed =
      static_cast<std::size_t>(8 + 1.1 * std::log(static_cast<double>(tiny)) / std::log(static_cast<double>(ratio)));
  return std::min(available, needed);
}

}  // namespace

FarField::FarField(const SplineSpace& space, std::int64_t u, const Kernel& kernel)
    : order_(kernel.alpha), terms_(most_terms) {
  const int p = space.degree;
  std::vector<Extended> s(static_cast<std::size_t>(p) + 2);
  for (int i = 0; i < p + 2; ++i) s[i] = static_cast<Extended>(space.knot(u + 1 + i));
  for (const Extended x : s) center_ += x / (p + 2);
  for (const Extended x : s) half_width_ = std::max(half_width_, std::abs(x - center_));
  factor_ = -kernel.far * (s.back() - s.front()) / (p + 1);

  // complete homogeneous symmetric polynomials of the scaled knots
  std::fill(terms_.begin(), terms_.end(), Extended(0));
  terms_[0] = 1;
  for (const Extended x : s)
    for (int m = 1; m < most_terms; ++m) terms_[m] += (x - center_) / half_width_ * terms_[m - 1];
  terms_[1] = 0;       // the mean was taken out
  Extended scale = 1;  // (1 + alpha)_m / m! / binom(m + p + 1, m)
  for (int m = 1; m < most_terms; ++m) {
    scale *= (kernel.alpha + m) / (m + p + 1);
    terms_[m] *= scale;
  }
  const std::int64_t last = space.n - 1;
  if (u + 1 >= p && u + 1 <= last)
    for (int m = 1; m < most_terms; m += 2) terms_[m] = 0;  // a cardinal spline is symmetric
}

FarField::FarField(Extended factor, Extended order) : factor_(factor), order_(order) {}

FarField FarField::mirrored() const {
  FarField m = *this;
  for (std::size_t i = 1; i < m.terms_.size(); i += 2) m.terms_[i] = -m.terms_[i];
  return m;
}

Extended FarField::operator()(Extended d) const {
  const Extended ratio = half_width_ / d;
  Extended sum = 0;
  for (std::size_t m = count_terms(ratio, terms_.size()); m-- > 0;) sum = sum * ratio + terms_[m];
  return factor_ * power(d, -1 - order_) * sum;
}

void FarField::progression(Extended start, Extended scale, std::span<double> out) const {
  std::size_t k = 0;
  while (k < out.size()) {
    const Extended d = start + static_cast<Extended>(k);
    const auto length = std::min(out.size() - k, static_cast<std::size_t>(d / 8));
    if (d < first_block + 2 * half_width_ || length < 4) {
      out[k++] = static_cast<double>(scale * (*this)(d));
      continue;
    }
    Extended taylor[taylor_terms] = {};
    add_taylor(d + static_cast<Extended>(length - 1) / 2, scale, taylor);
    double c[taylor_terms];
    for (int q = 0; q < taylor_terms; ++q) c[q] = static_cast<double>(taylor[q]);
    const double offset = -static_cast<double>(length - 1) / 2;
    double* y = out.data() + k;
    for (std::size_t i = 0; i < length; ++i) {
      const double z = offset + static_cast<double>(static_cast<std::int32_t>(i));
      double sum = c[taylor_terms - 1];
      for (int q = taylor_terms - 1; q-- > 0;) sum = sum * z + c[q];
      y[i] = sum;
    }
    k += length;
  }
}

void FarField::add_taylor(Extended middle, Extended scale, std::span<Extended> c) const {
  const Extended inverse = -1 / middle, ratio = half_width_ / middle;
  Extended size = scale * factor_ * power(middle, -1 - order_);
  for (std::size_t m = 0, count = count_terms(ratio, terms_.size()); m < count; ++m, size *= ratio) {
    if (terms_[m] == 0) continue;
    Extended term = size * terms_[m], exponent = 1 + order_ + static_cast<Extended>(m);
    for (std::size_t q = 0; q < c.size(); ++q, exponent += 1) {
      c[q] += term * inverse_factorials[q];
      term *= exponent * inverse;
    }
  }
}

std::vector<Extended> FarField::periodized(Extended length) const {
  constexpr std::size_t degree = 68;  // 2^-68 of the nearest image, at x = -1/2
  std::vector<Extended> c(degree + 1);
  Extended scale = factor_ * power(length, -1 - order_);
  const Extended ratio = half_width_ / length;
  const std::size_t count = count_terms(2 * ratio, terms_.size());
  const std::vector<Extended> zeta = zetas(order_, count + degree);
  for (std::size_t m = 0; m < count; ++m, scale *= ratio) {
    Extended b = scale * terms_[m];
    if (b == 0) continue;
    for (std::size_t q = 0; q <= degree; ++q) {
      c[q] += b * zeta[m + q];
      b *= -(1 + order_ + static_cast<Extended>(m + q)) / static_cast<Extended>(q + 1);
    }
  }
  return c;
}

}  // namespace trimtab::fractional
