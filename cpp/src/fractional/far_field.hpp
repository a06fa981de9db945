#pragma once

#include "kernel.hpp"

#include <trimtab/fractional/bspline.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// factor * sum_m terms[m] d^(-1 - order - m): what a function of bounded support looks like from outside. The terms of
/// a B-spline are its moments about the mean of its knots; those of a cardinal one are all positive, so nothing
/// cancels.
class FarField {
 public:
  /// L B at distance d to the right of the mean of the knots of unknown u.
  FarField(const SplineSpace& space, std::int64_t u, const Kernel& kernel);

  /// factor * d^-(1 + order)
  FarField(Extended factor, Extended order);

  /// The same to the left: L B at mean - d.
  FarField mirrored() const;

  /// @pre d >= nearest()
  Extended operator()(Extended d) const;

  /// Values at start, start + 1, ...: from afar by Taylor polynomials on blocks whose length grows with the distance.
  /// @pre start >= nearest()
  void progression(Extended start, Extended scale, std::span<double> out) const;

  /// c += Taylor coefficients of scale * value(middle + z) in z, 16 at most.
  void add_taylor(Extended middle, Extended scale, std::span<Extended> c) const;

  Extended nearest() const { return 1.2L * half_width_; }
  Extended center() const { return center_; }

  /// Coefficients of sum_(m >= 1) value(length * (m + x)) as a polynomial in x, |x| <= 1/2.
  std::vector<Extended> periodized(Extended length) const;

 private:
  Extended factor_, order_, center_ = 0, half_width_ = 0;
  std::vector<Extended> terms_{1};  ///< in units of the half width
};

}  // namespace trimtab::fractional
