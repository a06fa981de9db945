#pragma once

#include "layout.hpp"
#include "pass.hpp"

#include <algorithm>
#include <cstddef>

/// @file group.hpp
/// Groups of transforms side by side: number j of transform b is at j * group_size + b. Every register is then full,
/// and the rows are whole cache lines.

namespace trimtab::fft_detail {

/// Register in which squares are transposed.
template <class Real>
inline constexpr std::size_t square_lanes = std::min<std::size_t>(4, max_lanes<Real>);

/// A square of complex numbers read with load(i), transposed, and written with store(i, x).
template <class T, class Load, class Store>
inline void transpose_square(Load&& load, Store&& store) {
  constexpr int L = static_cast<int>(simd::lanes<T>);
  T re[L], im[L];
  unrolled<L>([&](auto i) {
    const Complex<T> x = load(i);
    re[i] = x.re;
    im[i] = x.im;
  });
  transpose(re);
  transpose(im);
  unrolled<L>([&](auto i) { store(i, Complex<T>{re[i], im[i]}); });
}

/// Brings `count` <= group_size transforms of n numbers, `stride` apart, into a group; the last one fills missing
/// places.
template <class Real>
TRIMTAB_FLATTEN void gather_group(const Interleaved<const Real>& in, std::size_t n, std::size_t stride,
                                  std::size_t count, const Split<Real>& group) {
  with_register<Real, square_lanes<Real>>(n, [&]<class T>() {
    for (std::size_t b = 0; b < group_size<Real>; b += simd::lanes<T>)
      for_each_register<simd::lanes<T>>(n, [&](std::size_t j) {
        transpose_square<T>([&](auto i) { return in.template load<T>(std::min(b + i, count - 1) * stride + j); },
                            [&](auto i, const auto& x) { group.store((j + i) * group_size<Real> + b, x); });
      });
  });
}

/// The way back.
template <class Real>
TRIMTAB_FLATTEN void scatter_group(const Split<Real>& group, std::size_t n, std::size_t stride, std::size_t count,
                                   const Interleaved<Real>& out) {
  with_register<Real, square_lanes<Real>>(n, [&]<class T>() {
    for (std::size_t b = 0; b < count; b += simd::lanes<T>)
      for_each_register<simd::lanes<T>>(n, [&](std::size_t k) {
        transpose_square<T>([&](auto i) { return group.template load<T>((k + i) * group_size<Real> + b); },
                            [&](auto i, const auto& x) {
                              if (b + i < count) out.store((b + i) * stride + k, x);
                            });
      });
  });
}

}  // namespace trimtab::fft_detail
