#pragma once

#include "../core/long_vector.hpp"

#include <trimtab/core/simd.hpp>
#include <trimtab/relax/solve.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

/// @file operator.hpp
/// What the solvers ask of a matrix. Vectors are in the matrix's own layout, which may have margins; there every vector
/// is zero, so that sums over whole arrays are sums over unknowns.

namespace trimtab::relax {

/// x += omega / d * (b - A x), row after row, each with the newest values. A Value is a number, or one in each lane.
template <class Value>
struct Sweep {
  simd::Scalar<Value> omega;
  const Value* b;
  Value* x;
  const Value* floor = nullptr;  ///< if given, x is kept above it
  Value* near = nullptr;         ///< products with neighbors already updated, kept from sweep to sweep
};

/// Vectors and their products with the matrix.
template <class Real>
class Product {
 public:
  virtual ~Product() = default;

  virtual std::size_t size() const = 0;
  virtual std::size_t storage() const = 0;  ///< length of a vector in own layout
  virtual int threads() const = 0;
  virtual void load(const Real* user, Real* own) const = 0;  ///< writes the unknowns only
  virtual void store(const Real* own, Real* user) const = 0;
  virtual void multiply(const Real* x, Real* y) const = 0;
};

/// Red-black sweeps.
template <class Real>
class ColorOperator : public Product<Real> {
 public:
  /// As many sweeps as `before` and `after` have numbers, which become the measures of the red points at the start and
  /// of the black ones at the end of each.
  virtual void sweep(const Sweep<Real>& s, std::span<double> before, std::span<double> after) const = 0;
  /// Sweeps that are faster together than one by one.
  virtual int worthwhile_sweeps() const = 0;
};

template <class Real>
class ColumnsOperator;

/// Sweeps and triangular solves in row order.
template <class Real>
class Operator : public Product<Real> {
 public:
  virtual const Real* diagonal() const = 0;  ///< own layout, one in the margins
  virtual bool has_constant_diagonal() const { return false; }
  virtual double jacobi_norm() const = 0;

  /// One sweep. Returns the measure of the iterate that it started from: the sum of squares of the residual, or with a
  /// floor the largest |min(x - floor, -residual)|. `near` must hold the products with the start: those that the sweep
  /// before left there, or near_products().
  virtual double sweep(bool forward, const Sweep<Real>& s) const = 0;
  /// Sweeps without measure or `near`.
  virtual void sweeps(bool forward, const Sweep<Real>& s, std::int64_t count) const = 0;
  virtual void near_products(bool forward, const Real* x, Real* near) const = 0;

  /// x = (D / omega + N)^-1 (p - shift * D t), with N the strictly lower (forward) or upper triangle. Returns p' (t +
  /// x); t may be null, then zero is returned.
  virtual double solve_triangle(bool forward, Real omega, const Real* p, Real shift, const Real* t, Real* x) const = 0;

  /// p = D z + beta p, with a constant D left out, then x = (D / omega + U)^-1 p.
  virtual void next_direction(Real omega, const Real* z, Real beta, Real* p, Real* x) const = 0;

  /// The same matrix for several vectors at once, null where that saves nothing.
  virtual const ColumnsOperator<Real>* for_columns() const { return nullptr; }
  /// The same matrix for red-black sweeps, null if it has no two colors. Made by the first call.
  virtual const ColorOperator<Real>* red_black() const { return nullptr; }
  /// The same matrix with its rows sorted by color. Made by the first call.
  virtual const Operator<Real>* multicolored() const = 0;
};

template <class Real>
using Vector = LongVector<Real>;

/// The larger number, lane by lane; NaN in b wins.
template <class Value>
inline Value larger(Value a, Value b) {
  return (b > a) | (b != b) ? b : a;
}

/// A number, or one in each lane, in double precision.
template <class Value>
inline auto widened(const Value& v) {
  if constexpr (std::is_arithmetic_v<Value>) {
    return static_cast<double>(v);
  } else {
    typedef double Doubles __attribute__((vector_size(simd::lanes<Value> * sizeof(double))));
    return __builtin_convertvector(v, Doubles);
  }
}

/// What row i adds to the measure of an iterate x whose residual there is r.
template <class Value>
inline auto measure_of(const Value& r, const Value& x, const Value* floor, std::ptrdiff_t i) {
  if (!floor) return widened(r) * widened(r);
  const Value above = x - floor[i], excess = -r;
  const auto least = widened(Value(excess < above ? excess : above));
  return least < 0 ? -least : least;
}

/// The operator whose row order is `order`.
template <class Real>
const Operator<Real>& in_order(const Operator<Real>& a, Order order) {
  return order == Order::multicolor ? *a.multicolored() : a;
}

/// The kernels for each kind of matrix, one source file a kind.
template <class Real, class Index>
std::unique_ptr<Operator<Real>> make_csr(const Csr<Real, Index>& a, int threads);
template <class Real, class Index>
std::unique_ptr<Operator<Real>> make_colored(const Csr<Real, Index>& a, int threads);
template <class Real, int points>
std::unique_ptr<Operator<Real>> make_stencil(const Stencil<Real>& a, int threads);

/// Bad arguments of every solver.
void check_options(double omega, const StopOptions& stop);
template <class Real>
void check_vector(const char* name, std::span<const Real> v, std::size_t rows);
/// Of `total` right-hand sides and starts, one after the other.
template <class Real>
void check_columns(std::span<const Real> b, std::span<const Real> x, std::size_t rows, std::size_t total);

}  // namespace trimtab::relax
