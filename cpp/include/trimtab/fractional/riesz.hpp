#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/fractional/bspline.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// @file riesz.hpp
/// The Riesz operator L = (-Laplace)^(alpha/2) = -d^alpha/d|x|^alpha on splines, sampled at Greville points.

namespace trimtab::fractional {

/// What the operator means for functions that do not vanish smoothly at the ends.
enum class Kind {
  riesz,  ///< Riemann-Liouville derivatives: the fractional Laplacian of the function extended by zero
  caputo  ///< second derivative inside the integral; differs where the slope at an end is not zero
};

struct RieszOptions {
  int degree = 4;      ///< of the splines, 2 ... 20
  double alpha = 1.5;  ///< order, in (0, 2)
  double a = 0, b = 1;
  Kind kind = Kind::riesz;  ///< caputo needs alpha > 1
  /// Factors of the two one-sided derivatives in (w_left D_left + w_right D_right) / (2 cos(pi alpha / 2)); equal ones
  /// are a multiple of the Riesz operator, unequal ones need alpha > 1.
  double weight_left = 1, weight_right = 1;
  int threads = 0;  ///< for many vectors at once; 0 for the default of resolve_threads()
};

class RieszMatrix;

/// Matrix of L from spline coefficients to values at the Greville points,
///
///   A = h^-alpha (T + border),   T_uv = t_(u - v),
///
/// where only degree - 1 columns and degree - 2 rows at each end are not Toeplitz. A product costs two real transforms.
/// The eigenvalues of the circulant that T is cut from are differences of the symbol and of a small smooth remainder,
/// never sums of entries, and thus have full relative accuracy: the error of a solution does not grow with n as it
/// would if they came from a transform of the entries.
/// Immutable; safe to share between threads. Results do not depend on the number of threads.
class TRIMTAB_API Riesz {
 public:
  /// @param n number of cells, at least 2
  /// @throws std::invalid_argument if an argument is out of its range
  explicit Riesz(std::int64_t n, const RieszOptions& options = {});
  ~Riesz();
  Riesz(const Riesz&);
  Riesz& operator=(const Riesz&);

  SplineSpace space() const;
  std::int64_t size() const { return space().size(); }
  double spacing() const;  ///< h

  /// Greville points, where right-hand sides are sampled.
  void points(std::span<double> x) const;

  /// First column and first row of h^-alpha T.
  void toeplitz(std::span<double> column, std::span<double> row) const;

  /// What A has beyond the Toeplitz part at its first end: degree - 1 columns and degree - 2 rows of size() numbers
  /// each. The other end is the same backwards, with swapped weights.
  /// @throws std::invalid_argument for n < 2 degree, where the ends meet
  void border(std::span<double> columns, std::span<double> rows) const;

  /// A as size() rows.
  void dense(std::span<double> a) const;

  /// L B_u(x) for each unknown u, a row for each x inside (a, b).
  void rows(std::span<const double> x, std::span<double> out) const;

  /// B_u(x) or its derivative for each unknown u, a row for each x.
  void basis(std::span<const double> x, int derivative, std::span<double> out) const;

  /// y = A v, or its transpose; rows of size() numbers.
  void apply(std::span<const double> v, std::span<double> y, bool transposed = false) const;

  /// y = M v, values of the splines at the Greville points; or the transpose.
  void mass(std::span<const double> v, std::span<double> y, bool transposed = false) const;

  /// Coefficients of the splines with these values at the Greville points.
  void interpolate(std::span<const double> values, std::span<double> coefficients) const;

  /// Derivative of one spline at points of [a, b], in the user's unit of length; zero outside.
  void evaluate(std::span<const double> coefficients, std::span<const double> x, int derivative,
                std::span<double> out) const;

  const std::shared_ptr<const RieszMatrix>& matrix() const { return matrix_; }  ///< for the solvers of this room

 private:
  std::shared_ptr<const RieszMatrix> matrix_;
};

/// Entries t_0, t_1, ... of the Riesz matrix in units of the cell. Error at most a few units in the last place of t_0
/// where the splines overlap, of the entry beyond.
/// @throws std::invalid_argument if a parameter is out of range
TRIMTAB_API void cardinal_entries(int degree, double alpha, std::span<double> t);

/// t at one distance, however large.
TRIMTAB_API double cardinal_entry(int degree, double alpha, std::int64_t distance);

}  // namespace trimtab::fractional
