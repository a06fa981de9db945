#pragma once

#include "arguments.hpp"
#include "border.hpp"
#include "circulant.hpp"
#include "mass.hpp"
#include "workspace.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/fractional/riesz.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace trimtab::fractional {

/// What Riesz holds. Entries are in units of the cell: A = scale * (entries).
class RieszMatrix {
 public:
  RieszMatrix(std::int64_t n, const RieszOptions& options);

  /// y = entries * x
  void multiply(const double* x, double* y, Workspace& work, bool transposed = false) const;

  std::size_t size() const { return static_cast<std::size_t>(space.size()); }
  bool structured() const { return toeplitz.has_value(); }
  bool symmetric_weights() const { return weights.left == weights.right; }

  /// Entries as size() rows.
  std::vector<double> dense() const;

  RieszOptions options;
  SplineSpace space;
  Weights weights;
  double h, scale;
  Mass mass;
  std::shared_ptr<const NearTable> table;  ///< this and the next two only if the ends are apart
  std::optional<ToeplitzProduct> toeplitz;
  Border border;
  std::vector<double> entries;  ///< else all of them
  WorkspacePool workspaces;
};

/// transform(in, out, workspace, row) for each row, on several threads if there are several rows.
template <class Transform>
void for_each_row(const RieszMatrix& a, const char* name, std::span<const double> in, std::span<double> out,
                  Transform&& transform) {
  const std::size_t n = a.size(), rows = check_rows(name, in, a.space.size());
  if (out.size() != in.size()) reject("out", std::to_string(in.size()) + " numbers", static_cast<double>(out.size()));
  const int threads = resolve_threads(a.options.threads);
  parallel_for(rows, rows > 1 ? threads : 1, [&](std::size_t row) {
    const WorkspacePool::Lease work(a.workspaces);
    work->threads = rows > 1 ? 1 : threads;
    transform(in.data() + row * n, out.data() + row * n, *work, row);
  });
}

}  // namespace trimtab::fractional
