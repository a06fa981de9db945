#pragma once

#include "butterfly.hpp"
#include "layout.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

/// @file pass.hpp
/// One pass of the Stockham transform. The data are a matrix of rows x columns, columns contiguous; a pass of radix R
/// takes rows p, p + m, p + 2m, ... through a butterfly, times the roots exp(-2 pi i p k / (R m)), and puts the results
/// side by side, which leaves the whole in natural order after the last pass. Registers run along the columns, so their
/// width does not touch the arithmetic of any number.

namespace trimtab::fft_detail {

/// What a pass works on. Number q of row j of butterfly p is at p * in_p + j * in_j + q, and accordingly for out.
template <class Real>
struct Pass {
  std::size_t m;        ///< butterflies per column
  std::size_t columns;  ///< at least the lanes of the registers
  std::size_t in_p, in_j, out_p, out_k;
  const Real* roots;  ///< for each k = 1 .. R - 1: m real parts, then m imaginary parts
};

/// Calls body(i) for i = 0, L, 2L, ...; the last one is moved back to end at n, doing some work twice.
template <std::size_t L, class Body>
inline void for_each_register(std::size_t n, Body&& body) {
  for (std::size_t i = 0; i < n; i += L) body(std::min(i, n - L));
}

/// Butterflies whose results are multiplied by roots. Those of p = 0 are ones.
enum class Turn { none, but_first, all };

/// Rows by columns, as above.
template <class T, int R, Turn turn, class Real, class In, class Out>
TRIMTAB_FLATTEN void run_pass(const Pass<Real>& pass, const In& in, const Out& out) {
  const Pass<Real> local = pass;
  const auto butterflies = [&]<bool turned>(std::size_t p) {
    Complex<T> root[R];
    if constexpr (turned)
      unrolled<R - 1>([&](auto k) {
        const Real* r = local.roots + k * 2 * local.m + p;
        root[k + 1] = {simd::broadcast<T>(r[0]), simd::broadcast<T>(r[local.m])};
      });
    const std::size_t from = p * local.in_p, to = p * local.out_p;
    for_each_register<simd::lanes<T>>(local.columns, [&](std::size_t q) {
      Complex<T> x[R];
      unrolled<R>([&](auto j) { x[j] = in.template load<T>(from + j * local.in_j + q); });
      butterfly(x);
      unrolled<R>([&](auto k) {
        if constexpr (turned && k > 0) x[k] = x[k] * root[k];
        out.store(to + k * local.out_k + q, x[k]);
      });
    });
  };
  if constexpr (turn == Turn::but_first) butterflies.template operator()<false>(0);
  for (std::size_t p = turn == Turn::but_first; p < local.m; ++p)
    butterflies.template operator()<turn != Turn::none>(p);
}

/// The first pass over a single column: registers run along p, and the results are transposed on their way out.
template <class T, int R, class Real, class In>
TRIMTAB_FLATTEN void run_first_pass(std::size_t m, const Real* roots, const In& in, const Split<Real>& out) {
  for_each_register<simd::lanes<T>>(m, [&](std::size_t p) {
    Complex<T> x[R];
    unrolled<R>([&](auto j) { x[j] = in.template load<T>(j * m + p); });
    butterfly(x);
    T re[R], im[R];
    unrolled<R>([&](auto k) {
      if constexpr (k > 0) {
        const Real* r = roots + (k - 1) * 2 * m + p;
        x[k] = x[k] * Complex<T>{simd::load<T>(r), simd::load<T>(r + m)};
      }
      re[k] = x[k].re;
      im[k] = x[k].im;
    });
    store_transposed<R>(out.re + p * R, re);
    store_transposed<R>(out.im + p * R, im);
  });
}

/// Calls body with a register of the widest kind that holds no more than n numbers.
template <class Real, std::size_t L = max_lanes<Real>, class Body>
inline void with_register(std::size_t n, Body&& body) {
  if constexpr (L > 1) {
    if (n < L) return with_register<Real, L / 2>(n, body);
  }
  body.template operator()<Register<Real, L>>();
}

/// Calls body with the radix as a template argument.
template <class Body>
inline void with_radix(int radix, Body&& body) {
  switch (radix) {
    case 2:
      return body.template operator()<2>();
    case 3:
      return body.template operator()<3>();
    case 4:
      return body.template operator()<4>();
    case 5:
      return body.template operator()<5>();
    case 6:
      return body.template operator()<6>();
    case 8:
      return body.template operator()<8>();
    default:
      return body.template operator()<9>();
  }
}

}  // namespace trimtab::fft_detail
