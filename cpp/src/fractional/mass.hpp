#pragma once

#include <trimtab/fractional/bspline.hpp>

#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// Values of the splines at the Greville points: a banded matrix, the same in each row but for some at the ends.
class Mass {
 public:
  explicit Mass(const SplineSpace& space);

  /// y += factor * M v, or the transpose; factors[u] times row u if there are several.
  void add_product(const double* v, double factor, const double* factors, double* y, bool transposed = false) const;

  /// Entries of row u: columns first, first + 1, ..., degree + 1 numbers; those outside the matrix are zero.
  std::int64_t row(std::int64_t u, double* values) const;

  /// Solves M c = v in place. Needs no row exchanges: M is totally positive (de Boor, A Practical Guide to Splines,
  /// ch. XIII).
  void solve(double* v) const;

 private:
  template <class Body>
  void for_each_entry(Body&& body) const;

  SplineSpace space_;
  std::int64_t ends_;          ///< rows at each end that are stored
  std::vector<double> rows_;   ///< of the first end, or of all points if the ends meet
  std::vector<double> inner_;  ///< of a row in between, from column u - inner_before_ on
  std::int64_t inner_before_ = 0;
};

}  // namespace trimtab::fractional
