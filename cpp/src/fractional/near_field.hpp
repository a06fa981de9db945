#pragma once

#include "kernel.hpp"

#include <trimtab/fractional/bspline.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// The integral of kappa(|x - s|) B''(s) ds over the two sides of x, and the slope B'(x). With K = Kernel::near,
/// L B(x) = K (left + right); the left derivative alone, over 2 cos(pi alpha / 2), is K (left + slope / (1 - alpha)).
struct NearValue {
  Extended left = 0, right = 0, slope = 0;
};

/// Values of L B at points inside or close to the supports.
///
/// B'' is a polynomial on each cell. The cells that touch x are integrated in closed form. The others are cut so that
/// the distance from x grows at most threefold, and kappa is expanded about the middle of each piece: all terms that
/// meet an even power of the distance from there have one sign.
class NearField {
 public:
  NearField(const SplineSpace& space, const Kernel& kernel);

  /// Whether unknown u is to be taken from here at x.
  bool covers(std::int64_t u, Extended x) const;

  /// Values at x of the unknowns first, first + 1, ...; those that are not covered are left alone.
  void row(Extended x, std::int64_t first, std::span<NearValue> values);

 private:
  using Polynomial = std::vector<Extended>;  ///< powers of the distance from the middle of the cell

  const std::vector<Polynomial>& polynomials(std::int64_t cell);
  void add_touching(Extended x, std::int64_t cell, const Polynomial& b, NearValue& value) const;
  /// moments[q] = integral over the cell of kappa(|x - s|) (s - middle)^q ds
  void moments(Extended x, std::int64_t cell, std::span<Extended> moments) const;

  SplineSpace space_;
  Kernel kernel_;
  std::map<std::int64_t, std::vector<Polynomial>> cells_;
};

}  // namespace trimtab::fractional
