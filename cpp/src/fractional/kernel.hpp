#pragma once

#include <cmath>
#include <limits>
#include <numbers>

/// @file kernel.hpp
/// Constants of one order alpha, and the kernel of the second-derivative form. Entries are formed in long double and
/// rounded once; where long double is double they keep an error of some units in the last place.

namespace trimtab::fractional {

using Extended = long double;

/// x^y for x > 0. The quick way costs as many units in the last place of long double as y log x has bits before the
/// point: none that a rounding to double would show.
inline Extended power(Extended x, Extended y) {
  if constexpr (std::numeric_limits<Extended>::digits > std::numeric_limits<double>::digits)
    return std::exp2(y * std::log2(x));
  else
    return std::pow(x, y);
}

struct Kernel {
  explicit Kernel(double order) : alpha(order), gap(1 - alpha) {
    const Extended half_turn = std::numbers::pi_v<Extended> / 2 * gap;
    const Extended ratio = gap == 0 ? 1 : half_turn / std::sin(half_turn);
    near = ratio / (std::numbers::pi_v<Extended> * std::tgamma(2 - alpha));
    far = alpha * near;
  }

  /// (r^(1 - alpha) - 1) / (1 - alpha), ln r in the limit; r > 0
  Extended kappa(Extended r) const {
    const Extended l = std::log(r);
    return std::abs(gap) < 1e-12L ? l : std::expm1(gap * l) / gap;
  }

  Extended alpha;
  Extended gap;   ///< 1 - alpha
  Extended near;  ///< (1 - alpha) / (2 sin(pi (1 - alpha) / 2) Gamma(2 - alpha)), 1/pi at alpha = 1
  Extended far;   ///< Gamma(1 + alpha) sin(pi alpha / 2) / pi
};

}  // namespace trimtab::fractional
