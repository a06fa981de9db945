#pragma once

#include <trimtab/hyperbolic/law.hpp>

/// @file flux.hpp
/// Numerical flux at a face from the values on its two sides.

namespace trimtab::hyperbolic {

/// Speeds of the Riemann fan at a face, zero included.
template <class T>
inline Speeds<T> fan(const Speeds<T>& left, const Speeds<T>& right) {
  return {simd::min(simd::min(left.lo, right.lo), T{}), simd::max(simd::max(left.hi, right.hi), T{})};
}

/// Central-upwind flux (Kurganov, Noelle, Petrova, SIAM J. Sci. Comput. 23 (2001) 707). Where nothing moves it is the
/// mean of the two fluxes.
template <class T, int n>
inline State<T, n> central_upwind(const State<T, n>& ul, const State<T, n>& ur, const State<T, n>& fl,
                                  const State<T, n>& fr, const Speeds<T>& a) {
  using R = simd::Scalar<T>;
  const T width = a.hi - a.lo;
  const auto still = width < simd::broadcast<T>(R(1e-14));
  const T inverse = R(1) / simd::select(still, simd::broadcast<T>(R(1)), width);
  const T hi = simd::select(still, simd::broadcast<T>(R(0.5)), a.hi * inverse);
  const T lo = simd::select(still, simd::broadcast<T>(R(-0.5)), a.lo * inverse);
  const T spread = a.hi * lo;
  return make_state<T, n>([&](int k) { return (hi * fl[k] - lo * fr[k]) + spread * (ur[k] - ul[k]); });
}

/// Flux at a face from the conserved and primitive values of its two sides; `low_dissipation` adds the LDCU correction.
template <bool low_dissipation, class L, class T>
inline State<T, L::n_vars> face_flux(const L& law, const State<T, L::n_vars>& ul, const State<T, L::n_vars>& ur,
                                     const State<T, L::n_vars>& wl, const State<T, L::n_vars>& wr, int axis) {
  const auto fl = law.flux(ul, wl, axis), fr = law.flux(ur, wr, axis);
  const auto a = fan(law.speeds(wl, axis), law.speeds(wr, axis));
  auto f = central_upwind(ul, ur, fl, fr, a);
  if constexpr (low_dissipation) {
    const auto q = law.anti_diffusion(ul, ur, fl, fr, a, axis);
    for (int k = 0; k < L::n_vars; ++k) f[k] = f[k] + q[k];
  }
  return f;
}

/// High-order correction of A-WENO, -dx^2/24 F_xx + 7 dx^4/5760 F_xxxx, from the point fluxes F_{j-2}..F_{j+3} around
/// face j+1/2 (Jiang, Shu, Zhang, SIAM J. Sci. Comput. 35 (2013) A1137). Summed in mirrored pairs.
template <class T>
inline T correction(const T& a, const T& b, const T& c, const T& d, const T& e, const T& f) {
  using R = simd::Scalar<T>;
  return (R(19.0 / 3840) * (a + f) - R(137.0 / 3840) * (b + e)) + R(59.0 / 1920) * (c + d);
}

}  // namespace trimtab::hyperbolic
