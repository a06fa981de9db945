#pragma once

#include <trimtab/core/simd.hpp>

#include <bit>
#include <cstdint>

/// @file elementary.hpp
/// Logarithm, exponential, sine and cosine from additions, multiplications and one division. The
/// C library's versions differ from one release and processor to the next; these give the same bits everywhere. Minimax
/// polynomials of fdlibm (Sun Microsystems, 1993).

namespace trimtab {

/// Unsigned integers as wide as the numbers, one for each lane of T: a double, a float or any vector of them.
template <class T>
struct BitsOf {
  using Word = std::conditional_t<sizeof(simd::Scalar<T>) == 8, std::uint64_t, std::uint32_t>;
  typedef Word type __attribute__((vector_size(sizeof(T))));
};
template <>
struct BitsOf<double> {
  using type = std::uint64_t;
};
template <>
struct BitsOf<float> {
  using type = std::uint32_t;
};
template <class T>
using Bits = typename BitsOf<T>::type;

/// A float, or a vector of floats.
template <class T>
concept SinglePrecision = std::is_same_v<simd::Scalar<T>, float>;

/// Natural logarithm of a positive, normal, finite x; error below 1 unit in the last place.
template <class T>
inline T log(const T& x) {
  using B = Bits<T>;
  constexpr std::uint64_t one = 0x3FF0000000000000, root_half = 0x3FE6A09E00000000;  // bits of 1 and, cut, of sqrt(1/2)
  const B shifted = std::bit_cast<B>(x) + (one - root_half);
  // x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); k comes through the mantissa of 2^52 + k, not by a conversion
  const T k = std::bit_cast<T>((shifted >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
  const T f = std::bit_cast<T>((shifted & 0x000FFFFFFFFFFFFF) + root_half) - 1.0;
  const T s = f / (2.0 + f), z = s * s, w = z * z, half_square = 0.5 * f * f;
  const T odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const T even = z * (6.666666666666735130e-01 +
                      w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  return k * ln2_high - ((half_square - (s * (half_square + (odd + even)) + k * ln2_low)) - f);
}

/// Exponential of a finite x; error below 1 unit in the last place. Below -708, where it would be subnormal, 0.
/// @pre x <= 709
inline double exp(double x) {
  if (x < -708) return 0;
  const double shifted = 1.44269504088896338700 * x + 0x1.8p52, k = shifted - 0x1.8p52;  // k is x / ln 2, rounded
  const double high = x - k * 6.93147180369123816490e-01, low = k * 1.90821492927058770002e-10, r = high - low;
  const double z = r * r;
  const double c =
      r -
      z * (1.66666666666666019037e-01 +
           z * (-2.77777777770155933842e-03 +
                z * (6.61375632143793436117e-05 + z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08))));
  const double y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
  return y * std::bit_cast<double>((std::bit_cast<std::uint64_t>(shifted) + 1023) << 52);
}

template <class T>
struct SinCos {
  T sin, cos;
};

/// Sine and cosine of 2 pi t for 0 <= t <= 1; absolute error below 2e-16. Exact at multiples of a quarter.
template <class T>
inline SinCos<T> sincos_turns(const T& t) {
  using B = Bits<T>;
  const T shifted = 4.0 * t + 0x1p52;  // adding 2^52 rounds to an integer and leaves it in the low bits
  const B quarter = std::bit_cast<B>(shifted);
  const T x = 6.283185307179586477 * (t - 0.25 * (shifted - 0x1p52)), z = x * x, w = z * z;  // |x| <= pi/4

  const T sin_tail = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * 2.75573137070700676789e-06) +
                     z * w * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10);
  const T s = x + z * x * (-1.66666666666666324348e-01 + z * sin_tail);

  const T cos_tail =
      z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * 2.48015872894767294178e-05)) +
      w * w * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11));
  const T half = 0.5 * z, high = 1.0 - half;
  const T c = high + (((1.0 - high) - half) + z * cos_tail);

  const auto swapped = (quarter & 1) != 0;
  const B sin_sign = (quarter & 2) << 62, cos_sign = ((quarter + 1) & 2) << 62;
  return {std::bit_cast<T>(std::bit_cast<B>(simd::select(swapped, c, s)) ^ sin_sign),
          std::bit_cast<T>(std::bit_cast<B>(simd::select(swapped, s, c)) ^ cos_sign)};
}

/// Natural logarithm of a positive, normal, finite x in single precision; error below 1 unit in the last place.
template <SinglePrecision T>
inline T log(const T& x) {
  using B = Bits<T>;
  constexpr std::uint32_t one = 0x3F800000, root_half = 0x3F3504F0;
  const B shifted = std::bit_cast<B>(x) + (one - root_half);
  const T k = std::bit_cast<T>((shifted >> 23) | 0x4B000000) - (0x1p23f + 127);
  const T f = std::bit_cast<T>((shifted & 0x007FFFFF) + root_half) - 1.0f;
  const T s = f / (2.0f + f), z = s * s, w = z * z, half_square = 0.5f * f * f;
  const T odd = w * (0xccce13.0p-25f + w * 0xf89e26.0p-26f), even = z * (0xaaaaaa.0p-24f + w * 0x91e9ee.0p-25f);
  constexpr float ln2_high = 6.9313812256e-01f, ln2_low = 9.0580006145e-06f;
  return k * ln2_high - ((half_square - (s * (half_square + (odd + even)) + k * ln2_low)) - f);
}

/// Sine and cosine of 2 pi t for 0 <= t <= 1 in single precision; absolute error below 1.2e-7. Exact at multiples of a
/// quarter. Polynomials of Cephes (Moshier, 1992).
template <SinglePrecision T>
inline SinCos<T> sincos_turns(const T& t) {
  using B = Bits<T>;
  const T shifted = 4.0f * t + 0x1p23f;
  const B quarter = std::bit_cast<B>(shifted);
  const T x = 6.283185307f * (t - 0.25f * (shifted - 0x1p23f)), z = x * x;
  const T s = x + z * x * (-1.6666654611e-1f + z * (8.3321608736e-3f + z * -1.9515295891e-4f));
  const T c =
      1.0f - 0.5f * z + z * z * (4.166664568298827e-2f + z * (-1.388731625493765e-3f + z * 2.443315711809948e-5f));
  const auto swapped = (quarter & 1) != 0;
  const B sin_sign = (quarter & 2) << 30, cos_sign = ((quarter + 1) & 2) << 30;
  return {std::bit_cast<T>(std::bit_cast<B>(simd::select(swapped, c, s)) ^ sin_sign),
          std::bit_cast<T>(std::bit_cast<B>(simd::select(swapped, s, c)) ^ cos_sign)};
}

}  // namespace trimtab
