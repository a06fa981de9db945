#pragma once

#include <trimtab/core/export.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// @file matrix.hpp
/// Matrices that the solvers of this room take: compressed sparse rows, and stencils on grids.

namespace trimtab::relax {

/// Square sparse matrix of n rows, columns ascending within each row, without duplicates. Borrowed from the caller.
template <class Real, class Index>
struct Csr {
  std::int64_t n = 0;
  const Index* indptr = nullptr;   ///< n + 1
  const Index* indices = nullptr;  ///< indptr[n]
  const Real* data = nullptr;      ///< indptr[n]
};

/// Stencil on a grid of nz x ny x nx unknowns in row-major order, nz = 1 in two dimensions; neighbors outside the grid
/// are zero. Points stand in the order of the unknowns:
///   5: north, west, center, east, south (y falls, x falls, -, x grows, y grows);
///   9: the three of the row above, west, center, east, the three of the row below;
///   7: below (z falls), north, west, center, east, south, above.
template <class Real>
struct Stencil {
  std::int64_t nz = 1, ny = 0, nx = 0;
  int points = 5;
  bool variable = false;
  const Real* coefficients = nullptr;  ///< points numbers, or if variable points x nz x ny x nx of them; copied
};

template <class Real>
class Operator;

/// A checked matrix, prepared for sweeps. Results never depend on the number of threads.
template <class Real>
class TRIMTAB_API Matrix {
 public:
  /// @param threads 0 for the default of resolve_threads()
  /// @throws std::invalid_argument if a diagonal entry is missing or zero, a number is not finite, the columns of a row
  ///         are out of range or not ascending, or a size is not positive
  explicit Matrix(const Csr<Real, std::int32_t>& a, int threads = 0);
  explicit Matrix(const Csr<Real, std::int64_t>& a, int threads = 0);
  explicit Matrix(const Stencil<Real>& a, int threads = 0);
  ~Matrix();
  Matrix(Matrix&&) noexcept;
  Matrix& operator=(Matrix&&) noexcept;

  std::size_t size() const;
  int threads() const;  ///< that its solvers use

  /// |I - D^-1 A| in the maximum norm: largest sum of off-diagonal magnitudes of a row over its diagonal magnitude.
  double jacobi_norm() const;

  /// y = A x
  void multiply(std::span<const Real> x, std::span<Real> y) const;

  /// First row whose diagonal entry is negative, -1 if there is none.
  std::int64_t negative_diagonal() const;

  const Operator<Real>& kernels() const { return *operator_; }  ///< for the solvers of this room

 private:
  std::unique_ptr<Operator<Real>> operator_;
};

}  // namespace trimtab::relax
