#pragma once

#include "entries.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// What the Riesz matrix has beyond its Toeplitz part at one end, counted from that end: the first p - 1 columns, and
/// the first p - 2 rows on the cardinal columns.
struct EndBorder {
  std::size_t size = 0;
  std::size_t columns = 0, rows = 0;
  std::vector<double> column_data;  ///< `columns` vectors
  std::vector<double> row_data;     ///< `rows` vectors

  const double* column(std::size_t v) const { return column_data.data() + v * size; }
  const double* row(std::size_t u) const { return row_data.data() + u * size; }
};

/// Both ends; the last one is counted backwards. A sum U V' of rank 2 (columns + rows), with U = (first columns, first
/// unit vectors, last columns, last unit vectors) and V = (unit vectors, rows, unit vectors, rows).
struct Border {
  std::shared_ptr<const EndBorder> first, last;

  std::size_t rank() const { return 2 * (first->columns + first->rows); }

  /// y += U V' x, or its transpose.
  void add_product(const double* x, double* y, bool transposed = false) const;

  /// c = V' x
  void project(const double* x, double* c) const;

  /// Column i of U.
  void factor(std::size_t i, double* out) const;
};

Border make_border(const NearTable& table, const SplineSpace& space, const Weights& weights, Kind kind);

/// y[u] += sum_k c_first[k] first[k][u] and, counted backwards, y[n - 1 - u] += sum_k c_last[k] last[k][u].
template <class Stored>
void add_combinations(std::size_t n, std::size_t count, const Stored* first, const double* c_first, const Stored* last,
                      const double* c_last, double* y);

/// out_first[k] = first[k] . x, and out_last[k] = last[k] . (x backwards).
void dot_products(std::size_t n, std::size_t count, const double* first, double* out_first, const double* last,
                  double* out_last, const double* x);

}  // namespace trimtab::fractional
