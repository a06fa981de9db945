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

/// sum_i coefficients[i] data[i][.] for vectors of n numbers, added to y, or in reverse order.
void add_combination(std::size_t n, const double* data, std::size_t count, const double* coefficients, double* y,
                     bool reversed);

/// out[i] = data[i] . x, or with x reversed.
void dot_products(std::size_t n, const double* data, std::size_t count, const double* x, bool reversed, double* out);

}  // namespace trimtab::fractional
