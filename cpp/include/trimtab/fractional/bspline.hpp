#pragma once

#include <trimtab/core/export.hpp>

#include <algorithm>
#include <cstdint>
#include <span>

/// @file bspline.hpp
/// Splines on n equal cells that vanish at both ends. Lengths are in cells: the interval is [0, n].

namespace trimtab::fractional {

/// Splines of one degree p. The knots are 0 (p + 1 times), 1, ..., n - 1, n (p + 1 times). Unknown u = 0 ... size() - 1
/// belongs to the B-spline on the knots u + 1 ... u + p + 2: the first and the last B-spline are left out.
struct SplineSpace {
  std::int64_t n = 0;
  int degree = 4;

  std::int64_t size() const { return n + degree - 2; }
  std::int64_t knot(std::int64_t i) const { return std::clamp<std::int64_t>(i - degree, 0, n); }

  /// Greville point of unknown u, the mean of the knots inside its support.
  template <class Real = double>
  Real greville(std::int64_t u) const {
    std::int64_t sum = 0;
    for (std::int64_t i = u + 2; i < u + 2 + degree; ++i) sum += knot(i);
    return static_cast<Real>(sum) / static_cast<Real>(degree);
  }
};

/// Values of all B-splines that are not zero at x, or of their derivatives: the unknowns cell - 1 ... cell + p - 1,
/// of which -1 and size() stand for the two left out.
/// @param values receives degree + 1 numbers
/// @return the cell of x in [0, n]
TRIMTAB_API std::int64_t basis(const SplineSpace& space, double x, int derivative, std::span<double> values);

/// Derivative of the spline with these coefficients at each point; zero outside [0, n]. Unit: per cell to the power of
/// the derivative.
/// @param coefficients size() numbers
/// @throws std::invalid_argument if sizes do not fit or derivative < 0
TRIMTAB_API void evaluate(const SplineSpace& space, std::span<const double> coefficients, std::span<const double> x,
                          int derivative, std::span<double> out);

}  // namespace trimtab::fractional
