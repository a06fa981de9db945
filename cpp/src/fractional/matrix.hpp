#pragma once

#include "border.hpp"
#include "circulant.hpp"
#include "mass.hpp"
#include "workspace.hpp"

#include <trimtab/fractional/riesz.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace trimtab::fractional {

/// What Riesz holds. Entries are in units of the cell: A = scale * (entries).
class RieszMatrix {
 public:
  RieszMatrix(std::int64_t n, const RieszOptions& options);

  /// y = entries * x
  void multiply(const double* x, double* y, Workspace& work, bool transposed = false) const;

  std::size_t size() const { return static_cast<std::size_t>(space.size()); }
  bool structured() const { return circulant.has_value(); }
  bool symmetric_weights() const { return weights.left == weights.right; }

  /// Entries as size() rows.
  std::vector<double> dense() const;

  RieszOptions options;
  SplineSpace space;
  Weights weights;
  double h, scale;
  Mass mass;
  std::shared_ptr<const NearTable> table;  ///< this and the next two only if the ends are apart
  std::optional<Circulant> circulant;
  Border border;
  std::vector<double> entries;  ///< else all of them
};

}  // namespace trimtab::fractional
