#include "matrix.hpp"

#include "arguments.hpp"
#include "vectors.hpp"

#include <algorithm>
#include <cmath>

namespace trimtab::fractional {
namespace {

/// All entries on a mesh whose ends are too close for the structured form.
std::vector<double> short_matrix(const SplineSpace& space, double alpha, const Weights& w, Kind kind) {
  const auto n = static_cast<std::size_t>(space.size());
  Entries entries(space, alpha);
  std::vector<double> a(n * n);
  std::vector<Extended> row(n);
  const bool mirrored = w.left == w.right;  // then the second half is the first one backwards, to the last bit
  for (std::size_t u = 0; u < (mirrored ? (n + 1) / 2 : n); ++u) {
    const auto x = space.greville<Extended>(static_cast<std::int64_t>(u));
    entries.row(x, 0, w, row);
    if (kind == Kind::caputo) {
      row[0] -= w.left * entries.end_slope()(x);
      row[n - 1] -= w.right * entries.end_slope()(static_cast<Extended>(space.n) - x);
    }
    for (std::size_t v = 0; v < n; ++v) a[u * n + v] = static_cast<double>(row[v]);
  }
  for (std::size_t i = 0; mirrored && i < n * n / 2; ++i) a[n * n - 1 - i] = a[i];
  return a;
}

}  // namespace

RieszMatrix::RieszMatrix(std::int64_t n, const RieszOptions& o)
    : options((check_options(n, o), o)),
      space{n, o.degree},
      weights{o.weight_left, o.weight_right},
      h((o.b - o.a) / static_cast<double>(n)),
      scale(static_cast<double>(power(h, -Extended(o.alpha)))),
      mass(space) {
  if (n < 2 * o.degree) {
    entries = short_matrix(space, o.alpha, weights, o.kind);
    return;
  }
  table = near_table(o.degree, o.alpha);
  toeplitz.emplace(*table, o.alpha, weights, size());
  border = make_border(*table, space, weights, o.kind);
}

void RieszMatrix::multiply(const double* x, double* y, Workspace& work, bool transposed) const {
  const std::size_t n = size();
  if (structured()) {
    toeplitz->multiply(x, y, work, transposed);
    border.add_product(x, y, transposed);
  } else if (transposed) {
    std::fill_n(y, n, 0.0);
    for (std::size_t u = 0; u < n; ++u) add_multiple(n, x[u], &entries[u * n], y);
  } else {
    for (std::size_t u = 0; u < n; ++u) y[u] = dot(n, &entries[u * n], x);
  }
}

std::vector<double> RieszMatrix::dense() const {
  if (!structured()) return entries;
  const std::size_t n = size();
  std::vector<double> below(n), above(n), a(n * n);
  toeplitz_entries(*table, weights, below);
  toeplitz_entries(*table, weights.swapped(), above);
  for (std::size_t u = 0; u < n; ++u)
    for (std::size_t v = 0; v < n; ++v) a[u * n + v] = u >= v ? below[u - v] : above[v - u];
  std::vector<double> vector(n);
  for (const bool reversed : {false, true}) {
    const EndBorder& end = reversed ? *border.last : *border.first;
    const auto at = [&](std::size_t u, std::size_t v) -> double& {
      return reversed ? a[(n - 1 - u) * n + (n - 1 - v)] : a[u * n + v];
    };
    for (std::size_t v = 0; v < end.columns.count(); ++v) {
      end.columns.copy(v, vector.data());
      for (std::size_t u = 0; u < n; ++u) at(u, v) += vector[u];
    }
    for (std::size_t u = 0; u < end.rows.count(); ++u) {
      end.rows.copy(u, vector.data());
      for (std::size_t v = 0; v < n; ++v) at(u, v) += vector[v];
    }
  }
  return a;
}

}  // namespace trimtab::fractional
