#pragma once

#include <trimtab/core/simd.hpp>
#include <trimtab/hyperbolic/law.hpp>

#include <cstddef>
#include <cstdint>

/// @file smoothness.hpp
/// From the disagreement of the conservative scheme and its nonconservative twin to the class of each cell and face
/// (after Chertock, Fu, Kurganov, Micalizzi, arXiv 2601.20000; thresholds and the layer test are our own).

namespace trimtab::hyperbolic {

/// Class of a cell or of a face. Of a face's two cells the larger value wins.
enum class Class : std::uint8_t { smooth = 0, shock = 1, contact = 2 };

/// How defects become classes.
struct ClassOptions {
  double tol = 3e-4;        ///< relative defect per step that passes as smooth
  double kappa = 0.1;       ///< a contact has a pressure defect below kappa times the other one
  int grow = 1;             ///< cells by which rough regions are widened
  bool contact = true;      ///< false: contacts are treated as shocks
  bool hysteresis = false;  ///< a rough cell turns smooth only below tol / 2
};

/// Class of a cell from its defect; a defect that is not a number is a shock.
template <class Real>
inline Class classify(Real wave, Real pressure, Class before, const ClassOptions& options) {
  const Real tol = Real(options.hysteresis && before != Class::smooth ? 0.5 * options.tol : options.tol);
  if (wave <= tol && pressure <= tol) return Class::smooth;
  return options.contact && pressure < Real(options.kappa) * wave ? Class::contact : Class::shock;
}

/// Widens rough regions by one cell: to[j] from from[j-1..j+1], a shock overriding a contact.
inline void dilate(const Class* from, Class* to, std::size_t n) {
  const auto bits = [](Class c) { return static_cast<unsigned>(c); };
  for (std::ptrdiff_t j = 0; j < static_cast<std::ptrdiff_t>(n); ++j) {
    const unsigned all = bits(from[j - 1]) | bits(from[j]) | bits(from[j + 1]);
    to[j] = static_cast<Class>(all & 1u ? 1u : all);
  }
}

/// True if every quantity that may jump at a contact is monotone, up to small noise, over the six cells around the face
/// between w[2] and w[3]. Entropy waves fail: the overcompressive limiter would square them.
template <class L>
inline bool is_monotone_layer(const L& law, const State<typename L::Real, L::n_vars> (&w)[6], int axis) {
  using Real = typename L::Real;
  State<Real, L::n_layer> q[6];
  for (int s = 0; s < 6; ++s) q[s] = law.layer(w[s], axis);
  const auto scale = law.layer_scale(w[2], w[3]);
  for (int k = 0; k < L::n_layer; ++k) {
    Real d[5];
    for (int s = 0; s < 5; ++s) d[s] = simd::abs(q[s + 1][k] - q[s][k]);
    const Real variation = ((d[0] + d[4]) + (d[1] + d[3])) + d[2];
    if (variation - simd::abs(q[5][k] - q[0][k]) > Real(0.05) * variation + Real(1e-3) * scale[k]) return false;
  }
  return true;
}

}  // namespace trimtab::hyperbolic
