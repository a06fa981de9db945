#pragma once

#include "dense_lu.hpp"
#include "matrix.hpp"
#include "sine_transform.hpp"

#include <trimtab/fractional/solve.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace trimtab::fractional {

/// An approximate or exact inverse of T + ratio M_T, the Toeplitz part of a system in units of the entries.
class ToeplitzInverse {
 public:
  virtual ~ToeplitzInverse() = default;
  /// v may be y.
  virtual void solve(const double* v, double* y, Workspace& work) const = 0;
  virtual bool centrosymmetric() const = 0;
};

/// By sine transforms: eigenvalues f(pi j / m) + ratio * (symbol of the mass), for vectors in the middle of m - 1.
std::unique_ptr<ToeplitzInverse> make_tau(const RieszMatrix& a, double ratio, bool padded);

/// By a circulant.
std::unique_ptr<ToeplitzInverse> make_strang(const RieszMatrix& a, double ratio);

/// The border of entries + ratio * mass.
Border border_with_mass(const RieszMatrix& a, double ratio);

/// Inverse of (Toeplitz inverse)^-1 + border by Woodbury's formula. A preconditioner can do with images in single
/// precision: it only has to be the same matrix each time.
template <class Stored>
class BorderedInverse {
 public:
  /// @throws Failure if the sum is singular
  BorderedInverse(std::shared_ptr<const ToeplitzInverse> inner, const Border& border, const WorkspacePool& workspaces,
                  int threads);

  void solve(const double* v, double* y, Workspace& work) const;

 private:
  std::shared_ptr<const ToeplitzInverse> inner_;
  Border border_;
  /// Inner inverse of the columns of U; of those of the first end alone if the others are their mirror images.
  std::vector<Stored> images_;
  bool mirrored_;
  DenseLu capacitance_;
};

}  // namespace trimtab::fractional
