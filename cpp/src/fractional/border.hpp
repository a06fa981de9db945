#pragma once

#include "entries.hpp"
#include "graded_vectors.hpp"

#include <cstddef>
#include <memory>

namespace trimtab::fractional {

/// What the Riesz matrix has beyond its Toeplitz part at one end, counted from that end: the first p - 1 columns, and
/// the first p - 2 rows on the cardinal columns.
struct EndBorder {
  GradedVectors columns, rows;
};

/// Both ends; the last one is counted backwards. A sum U V' of rank 2 (columns + rows), with U = (first columns, first
/// unit vectors, last columns, last unit vectors) and V = (unit vectors, rows, unit vectors, rows).
struct Border {
  std::shared_ptr<const EndBorder> first, last;

  std::size_t size() const { return first->columns.size(); }
  std::size_t rank() const { return 2 * (first->columns.count() + first->rows.count()); }

  /// y += U V' x, or its transpose.
  void add_product(const double* x, double* y, bool transposed = false) const;

  /// c = V' x
  void project(const double* x, double* c) const;

  /// Column i of U.
  void factor(std::size_t i, double* out) const;
};

Border make_border(const NearTable& table, const SplineSpace& space, const Weights& weights, Kind kind);

}  // namespace trimtab::fractional
