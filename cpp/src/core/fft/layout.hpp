#pragma once

#include "butterfly.hpp"

#include <trimtab/core/simd.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

/// @file layout.hpp
/// Ways in which complex numbers lie in memory, and transposition on registers.

namespace trimtab::fft_detail {

template <class Real, std::size_t L>
struct RegisterOf {
  typedef Real type __attribute__((vector_size(L * sizeof(Real))));
};
template <class Real>
struct RegisterOf<Real, 1> {
  using type = Real;
};

/// L numbers in one register, L a power of two; for L = 1 a plain number.
template <class Real, std::size_t L>
using Register = typename RegisterOf<Real, L>::type;

/// Lanes of the widest register; long double has none.
template <class Real>
inline constexpr std::size_t max_lanes = sizeof(Real) > 8 ? 1 : simd::bytes / sizeof(Real);

/// Transforms in a group; 128 bytes of complex numbers.
template <class Real>
inline constexpr std::size_t group_size = 64 / sizeof(Real);

/// Lanes index(0), index(1), ... of (a, b), counted through a and then b.
template <class T, class Index>
inline T shuffle(const T& a, const T& b, Index index) {
  using Integer = std::conditional_t<sizeof(simd::Scalar<T>) == 4, std::int32_t, std::int64_t>;
  using Mask = Register<Integer, simd::lanes<T>>;
  return [&]<std::size_t... lane>(std::index_sequence<lane...>) {
    constexpr Mask mask{static_cast<Integer>(index(lane))...};
    return __builtin_shuffle(a, b, mask);
  }(std::make_index_sequence<simd::lanes<T>>{});
}

/// Real and imaginary parts in arrays of their own.
template <class Real>
struct Split {
  Real* re;
  Real* im;

  template <class T>
  Complex<T> load(std::size_t i) const {
    return {simd::load<T>(re + i), simd::load<T>(im + i)};
  }
  template <class T>
  void store(std::size_t i, const Complex<T>& x) const {
    simd::store(re + i, x.re);
    simd::store(im + i, x.im);
  }
};

/// std::complex, read and written with a factor for each part: -1 for im turns the transform around, and the closing
/// pass scales.
template <class Real>
struct Interleaved {
  Real* data;
  Real re_factor = 1, im_factor = 1;

  template <class T>
  Complex<T> load(std::size_t i) const {
    if constexpr (simd::lanes<T> == 1) {
      return {data[2 * i], data[2 * i + 1] * im_factor};
    } else {
      const T a = simd::load<T>(data + 2 * i), b = simd::load<T>(data + 2 * i + simd::lanes<T>);
      return {shuffle(a, b, [](std::size_t l) { return 2 * l; }),
              shuffle(a, b, [](std::size_t l) { return 2 * l + 1; }) * im_factor};
    }
  }
  template <class T>
  void store(std::size_t i, const Complex<T>& x) const {
    constexpr std::size_t L = simd::lanes<T>;
    const T re = x.re * re_factor, im = x.im * im_factor;
    if constexpr (L == 1) {
      data[2 * i] = re;
      data[2 * i + 1] = im;
    } else {
      simd::store(data + 2 * i, shuffle(re, im, [](std::size_t l) { return l / 2 + l % 2 * L; }));
      simd::store(data + 2 * i + L, shuffle(re, im, [](std::size_t l) { return l / 2 + l % 2 * L + L / 2; }));
    }
  }
};

/// The lanes in reverse order.
template <class T>
inline Complex<T> reversed(const Complex<T>& x) {
  if constexpr (simd::lanes<T> == 1) {
    return x;
  } else {
    const auto last_first = [](std::size_t l) { return simd::lanes<T> - 1 - l; };
    return {shuffle(x.re, x.re, last_first), shuffle(x.im, x.im, last_first)};
  }
}

/// Transposes a square of 1, 2 or 4 registers.
template <class T>
inline void transpose(T (&v)[simd::lanes<T>]) {
  constexpr std::size_t L = simd::lanes<T>;
  static_assert(L <= 4);
  if constexpr (L == 2) {
    const T a = v[0], b = v[1];
    v[0] = shuffle(a, b, [](std::size_t l) { return 2 * l; });
    v[1] = shuffle(a, b, [](std::size_t l) { return 2 * l + 1; });
  } else if constexpr (L == 4) {
    const auto low = [](std::size_t l) { return l / 2 * 2 + l % 2 * 4; };       // 0 4 2 6
    const auto high = [](std::size_t l) { return l / 2 * 2 + l % 2 * 4 + 1; };  // 1 5 3 7
    const auto front = [](std::size_t l) { return l % 2 + l / 2 * 4; };         // 0 1 4 5
    const auto back = [](std::size_t l) { return l % 2 + l / 2 * 4 + 2; };      // 2 3 6 7
    const T a = shuffle(v[0], v[1], low), b = shuffle(v[0], v[1], high);
    const T c = shuffle(v[2], v[3], low), d = shuffle(v[2], v[3], high);
    v[0] = shuffle(a, c, front);
    v[1] = shuffle(b, d, front);
    v[2] = shuffle(a, c, back);
    v[3] = shuffle(b, d, back);
  }
}

/// Lower (Upper = 0) or upper half of a register.
template <class Half, int Upper, class T>
inline Half half_of(const T& v) {
  return [&]<std::size_t... lane>(std::index_sequence<lane...>) {
    return __builtin_shufflevector(v, v, (lane + Upper * sizeof...(lane))...);
  }(std::make_index_sequence<simd::lanes<Half>>{});
}

/// p[lane * R + k] = v[k][lane], in squares of at most 4 x 4; where R is no multiple of the square, the last two
/// overlap.
template <int R, class T>
inline void store_transposed(simd::Scalar<T>* p, const T (&v)[R]) {
  constexpr int L = static_cast<int>(simd::lanes<T>);
  if constexpr (L > 4) {
    using Half = Register<simd::Scalar<T>, L / 2>;
    unrolled<2>([&](auto upper) {
      Half half[R];
      unrolled<R>([&](auto k) { half[k] = half_of<Half, upper>(v[k]); });
      store_transposed<R>(p + upper * (L / 2) * R, half);
    });
  } else {
    static_assert(L <= R);
    unrolled<(R + L - 1) / L>([&](auto block) {
      constexpr int k = std::min(block * L, R - L);
      T square[L];
      unrolled<L>([&](auto i) { square[i] = v[k + i]; });
      transpose(square);
      unrolled<L>([&](auto i) { simd::store(p + i * R + k, square[i]); });
    });
  }
}

}  // namespace trimtab::fft_detail
