#pragma once

#include "far_field.hpp"
#include "near_field.hpp"

#include <trimtab/fractional/riesz.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// Factors of the left and of the right derivative.
struct Weights {
  Extended left = 1, right = 1;
  Weights swapped() const { return {right, left}; }
};

/// Entries L B_u(x) of one degree and order on a mesh, in units of the cell.
class Entries {
 public:
  Entries(const SplineSpace& space, double alpha);

  /// L B_u(x) for u = first, first + 1, ...
  void row(Extended x, std::int64_t first, const Weights& weights, std::span<Extended> values);

  /// What Caputo's definition takes from the left derivative of the first unknown: a power of the distance from the
  /// end.
  FarField end_slope() const;

  const Kernel& kernel() const { return kernel_; }
  Extended combined(const NearValue& value, const Weights& weights) const;

 private:
  const FarField& far(std::int64_t u);

  SplineSpace space_;
  Kernel kernel_;
  NearField near_;
  std::map<std::int64_t, FarField> far_;
};

/// What the matrices of one degree and order have in common: values close to the left end of a long mesh. Computed
/// once and kept for the orders used last.
struct NearTable {
  NearTable(int degree, double alpha);

  SplineSpace space;  ///< long enough for its ends not to meet
  Entries entries;
  FarField cardinal;
  std::int64_t reach;               ///< t_k, k < reach, and as many rows and columns, come from here
  std::vector<NearValue> toeplitz;  ///< k = 0 ... reach - 1
  std::vector<NearValue> columns;   ///< [v][u]: unknown v = 0 ... p - 2 at point u < extent
  std::vector<NearValue> rows;      ///< [u][v]: point u = 0 ... p - 3, cardinal unknown p - 1 + v, v < extent
  std::vector<FarField> far_columns;
  std::int64_t extent;
};

std::shared_ptr<const NearTable> near_table(int degree, double alpha);

/// t_k for k = 0, 1, ..., column of the Toeplitz part below the diagonal; above it with swapped weights.
void toeplitz_entries(const NearTable& table, const Weights& weights, std::span<double> t);

}  // namespace trimtab::fractional
