#include "mass.hpp"

#include <algorithm>

namespace trimtab::fractional {
namespace {

/// Values at Greville point u of the unknowns first, first + 1, ...; the two that were left out count as zero.
std::int64_t direct_row(const SplineSpace& space, std::int64_t u, std::span<double> values) {
  const std::int64_t first = basis(space, space.greville(u), 0, values) - 1;
  for (std::int64_t r = 0; r < std::ssize(values); ++r)
    if (first + r < 0 || first + r >= space.size()) values[r] = 0;
  return first;
}

}  // namespace

Mass::Mass(const SplineSpace& space) : space_(space) {
  const std::int64_t width = space.degree + 1;
  const bool ends_meet = space.n < 2 * space.degree;
  ends_ = ends_meet ? space.size() : (3 * space.degree - 2) / 2;
  rows_.resize(static_cast<std::size_t>(ends_ * width));
  for (std::int64_t u = 0; u < ends_; ++u) direct_row(space, u, {&rows_[u * width], static_cast<std::size_t>(width)});
  if (ends_meet) return;
  inner_.resize(static_cast<std::size_t>(width));
  const SplineSpace longer{8 * space.degree, space.degree};
  inner_before_ = 2 * width - direct_row(longer, 2 * width, inner_);
}

std::int64_t Mass::row(std::int64_t u, double* values) const {
  const std::int64_t width = space_.degree + 1, last = space_.size() - 1;
  if (u < ends_) {
    std::copy_n(&rows_[u * width], width, values);
    const auto cell = std::clamp<std::int64_t>(static_cast<std::int64_t>(space_.greville(u)), 0, space_.n - 1);
    return cell - 1;
  }
  if (last - u < ends_) {
    const std::int64_t first = row(last - u, values);
    std::reverse(values, values + width);
    return last - first - space_.degree;
  }
  std::copy_n(inner_.data(), width, values);
  return u - inner_before_;
}

template <class Body>
void Mass::for_each_entry(Body&& body) const {
  const std::int64_t n = space_.size();
  std::vector<double> values(static_cast<std::size_t>(space_.degree) + 1);
  for (std::int64_t u = 0; u < n; ++u) {
    if (u == ends_ && n - ends_ > u) u = n - ends_;  // the inner rows are the caller's
    if (u >= n) break;
    const std::int64_t first = row(u, values.data());
    for (std::int64_t r = 0; r <= space_.degree; ++r)
      if (first + r >= 0 && first + r < n) body(u, first + r, values[r]);
  }
}

void Mass::add_product(const double* v, double factor, const double* factors, double* y, bool transposed) const {
  const auto weight = [&](std::int64_t u) { return factors ? factor * factors[u] : factor; };
  const std::int64_t n = space_.size(), begin = ends_, end = n - ends_;
  for (std::int64_t u = begin; !transposed && u < end; ++u) {
    const double* x = v + (u - inner_before_);
    double sum = 0;
    for (int r = 0; r <= space_.degree; ++r) sum += inner_[r] * x[r];
    y[u] += weight(u) * sum;
  }
  for (std::int64_t u = begin; transposed && u < end; ++u) {
    double* out = y + (u - inner_before_);
    const double x = weight(u) * v[u];
    for (int r = 0; r <= space_.degree; ++r) out[r] += inner_[r] * x;
  }
  for_each_entry([&](std::int64_t u, std::int64_t w, double value) {
    if (transposed) {
      y[w] += weight(u) * value * v[u];
    } else {
      y[u] += weight(u) * value * v[w];
    }
  });
}

void Mass::solve(double* v) const {
  const std::int64_t n = space_.size(), p = space_.degree, width = 2 * p + 1;
  std::vector<double> band(static_cast<std::size_t>(n * width)), values(static_cast<std::size_t>(p) + 1);
  for (std::int64_t u = 0; u < n; ++u) {
    const std::int64_t first = row(u, values.data());
    for (std::int64_t r = 0; r <= p; ++r)
      if (first + r >= 0 && first + r < n && values[r] != 0) band[u * width + (first + r - u + p)] = values[r];
  }
  for (std::int64_t k = 0; k < n; ++k) {
    const double* pivot = &band[k * width + p];
    for (std::int64_t i = k + 1; i < std::min(n, k + p + 1); ++i) {
      double* target = &band[i * width + (k - i + p)];
      if (*target == 0) continue;
      const double factor = *target / *pivot;
      for (std::int64_t j = 1; j <= p; ++j) target[j] -= factor * pivot[j];
      v[i] -= factor * v[k];
    }
  }
  for (std::int64_t k = n; k-- > 0;) {
    double sum = v[k];
    for (std::int64_t j = 1; j <= std::min(p, n - 1 - k); ++j) sum -= band[k * width + p + j] * v[k + j];
    v[k] = sum / band[k * width + p];
  }
}

}  // namespace trimtab::fractional
