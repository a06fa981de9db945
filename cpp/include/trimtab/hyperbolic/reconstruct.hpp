#pragma once

#include <trimtab/core/simd.hpp>

#include <limits>

/// @file reconstruct.hpp
/// Values at a face from the point values around it. Each function gives the value at the right face of cell j from
/// a..e = u_{j-2}..u_{j+2}; the value on the other side of a face is the same function of mirrored arguments.

namespace trimtab::hyperbolic {

/// Fifth-order interpolation without limiting.
template <class T>
inline T interpolate(const T& a, const T& b, const T& c, const T& d, const T& e) {
  using R = simd::Scalar<T>;
  return (R(3) * a - R(20) * b + R(90) * c + R(60) * d - R(5) * e) * R(1.0 / 128);
}

/// Affine-invariant WENO-Z interpolation of fifth order: interp(s u + k) = s interp(u) + k.
///
/// Wang, Don and others, Affine-invariant WENO weights and operator, Appl. Math. Comput. 448 (2023), with
/// epsilon = 1e-12 and power 2. The central value is taken off first, which keeps single precision accurate.
template <class T>
[[gnu::always_inline]] inline T ai_weno_z(T a, T b, const T& centre, T d, T e) {
  using R = simd::Scalar<T>;
  constexpr bool wide = std::numeric_limits<R>::max_exponent >= 1024;
  constexpr R epsilon = R(1e-12), mu0 = wide ? R(1e-40) : R(1e-15), guard = wide ? R(1e-100) : R(1e-18);
  a = a - centre, b = b - centre, d = d - centre, e = e - centre;  // c is now zero

  const auto square = [](const T& x) { return x * x; };
  const T b0 = R(13.0 / 12) * square(a - R(2) * b) + R(0.25) * square(a - R(4) * b);
  const T b1 = R(13.0 / 12) * square(b + d) + R(0.25) * square(b - d);
  const T b2 = R(13.0 / 12) * square(e - R(2) * d) + R(0.25) * square(e - R(4) * d);
  const T tau = simd::abs(b2 - b0);
  const T mean = R(0.2) * ((a + e) + (b + d));
  const T spread =
      ((simd::abs(a - mean) + simd::abs(e - mean)) + (simd::abs(b - mean) + simd::abs(d - mean))) + simd::abs(mean);
  const T floor = epsilon * square(R(0.2) * spread + mu0);
  const auto bound = [&](const T& x) { return simd::max(x + floor, simd::broadcast<T>(guard)); };
  const T d0 = bound(b0), d1 = bound(b1), d2 = bound(b2);
  T r0, r1, r2;          // tau / d_k
  if constexpr (wide) {  // one division for three: the guard keeps the product normal
    const T d12 = d1 * d2, scaled = tau / (d0 * d12);
    r0 = scaled * d12;
    r1 = scaled * (d0 * d2);
    r2 = scaled * (d0 * d1);
  } else {
    r0 = tau / d0, r1 = tau / d1, r2 = tau / d2;
  }
  const T w0 = R(1.0 / 16) * (R(1) + r0 * r0);
  const T w1 = R(10.0 / 16) * (R(1) + r1 * r1);
  const T w2 = R(5.0 / 16) * (R(1) + r2 * r2);
  const T p0 = R(3) * a - R(10) * b;
  const T p1 = R(3) * d - b;
  const T p2 = R(6) * d - e;
  return centre + (w0 * p0 + w1 * p1 + w2 * p2) / (R(8) * (w0 + w1 + w2));
}

/// Slope times spacing from the backward and forward differences: the overcompressive member (theta = 2, tau = -0.25)
/// of the SBM family, for contacts only. Lie and Noelle, SIAM J. Sci. Comput. 24 (2003) 1157.
template <class T>
inline T sbm_slope(const T& backward, const T& forward) {
  using R = simd::Scalar<T>;
  constexpr R theta = 2, tau = R(-0.25);
  const T x = simd::abs(backward), y = simd::abs(forward);
  const T lo = simd::min(x, y), hi = simd::max(x, y);
  const T size = simd::min(theta * lo, hi + tau * (lo - hi));
  return simd::select(backward * forward > T{}, simd::select(forward > T{}, size, -size), T{});
}

}  // namespace trimtab::hyperbolic
