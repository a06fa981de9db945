#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include <trimtab/core/elementary.hpp>
#include <trimtab/core/export.hpp>
#include <trimtab/core/simd.hpp>

/// @file rng.hpp
/// Random numbers that have an address instead of a state: seed contract, version 1.
///
/// Philox4x32-10 turns a key (the seed) and a counter into four 32-bit words w0..w3. The counter is the address:
///
///     c0 = node, low 32 bits          c1 = node >> 32 (24 bits) | kind << 24
///     c2 = path, low 32 bits          c3 = dim (24 bits) | path >> 32 (8 bits) << 24
///
/// Different addresses are different counters, so no two draws of one seed can collide, and any draw can be made at any
/// time, on any thread or device. One block holds two uniforms u0 = (w1:w0 >> 12) 2^-52 and u1 = (w3:w2 >> 12) 2^-52 in
/// [0, 1), or two normals r cos 2 pi u1 and r sin 2 pi u1 with r = sqrt(-2 ln(1 - u0)); |normal| <= 8.49.
///
/// In single precision one block holds four normals: two from w0 and w1, two from w2 and w3, by the same formulas with
/// 1 - u0 = (w + 1) 2^-32 and u1 = w 2^-32, each rounded to a float; |normal| <= 6.67. They are other numbers, not
/// roundings of the ones above.
///
/// Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC 2011); Box and Muller (1958).

namespace trimtab::rng {

inline constexpr std::uint64_t max_node = (std::uint64_t{1} << 53) - 1;  ///< a tree node of level 52 at most
inline constexpr std::uint32_t max_kind = 255;
inline constexpr std::uint64_t max_path = (std::uint64_t{1} << 40) - 1;
inline constexpr std::uint32_t max_dim = (std::uint32_t{1} << 24) - 1;

/// Counter or output of one block: four 32-bit words, each in the low half of a 64-bit lane. T is std::uint64_t, or
/// simd::Pack<std::uint64_t> for one block in each lane. The upper halves of counters are ignored.
template <class T>
using Block = std::array<T, 4>;

/// Counter of an address inside the limits above, which are not checked here.
template <class T>
inline Block<T> counter(const T& node, const T& kind, const T& path, const T& dim) {
  return {node, (node >> 32) | (kind << 24), path, dim | ((path >> 32) << 24)};
}

/// Product of the low 32 bits of a with m, in full.
template <class T>
inline T multiply_low(const T& a, std::uint32_t m) {
  if constexpr (simd::lanes<T> == 1) {
    return (a & 0xFFFFFFFF) * m;
  } else {
#if defined(__AVX512F__)  // with a mask of all lanes: GCC 12 warns of what the form without one leaves undefined
    return reinterpret_cast<T>(_mm512_maskz_mul_epu32(0xFF, reinterpret_cast<__m512i>(a), _mm512_set1_epi64(m)));
#elif defined(__AVX2__)
    return reinterpret_cast<T>(_mm256_mul_epu32(reinterpret_cast<__m256i>(a), _mm256_set1_epi64x(m)));
#elif defined(__SSE2__) && !defined(__AVX__)
    return reinterpret_cast<T>(_mm_mul_epu32(reinterpret_cast<__m128i>(a), _mm_set1_epi64x(m)));
#else
    return (a & 0xFFFFFFFF) * m;
#endif
  }
}

/// Philox4x32-10. The words come back with clean upper halves.
template <class T>
inline Block<T> philox(Block<T> c, std::uint64_t seed) {
  std::uint32_t key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const T a = multiply_low(c[0], 0xD2511F53), b = multiply_low(c[2], 0xCD9E8D57);
    c = {(b >> 32) ^ c[1] ^ key0, b, (a >> 32) ^ c[3] ^ key1, a};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  for (T& word : c) word = word & 0xFFFFFFFF;
  return c;
}

/// Two numbers of one block.
template <class Real>
struct Pair {
  Real first, second;
};

/// Two uniforms in [0, 1), multiples of 2^-52. Real is double for T = std::uint64_t, and the pack of doubles likewise.
template <class Real, class T>
inline Pair<Real> uniforms(const Block<T>& words) {
  constexpr std::uint64_t one = 0x3FF0000000000000;  // the mantissa of a number in [1, 2) takes the bits as they are
  return {std::bit_cast<Real>((((words[1] << 32) | words[0]) >> 12) | one) - 1.0,
          std::bit_cast<Real>((((words[3] << 32) | words[2]) >> 12) | one) - 1.0};
}

/// Two independent standard normals from u.first in (0, 1] and u.second in [0, 1], by Box and Muller.
template <class Real>
inline Pair<Real> box_muller(const Pair<Real>& u) {
  using Scalar = simd::Scalar<Real>;
  const Real r = simd::sqrt(Real(Scalar(-2) * log(u.first)));
  const auto [s, c] = sincos_turns(u.second);
  return {r * c, r * s};
}

/// Two independent standard normals.
template <class Real, class T>
inline Pair<Real> normals(const Block<T>& words) {
  const auto [u0, u1] = uniforms<Real>(words);
  return box_muller<Real>({1.0 - u0, u1});
}

/// words 2^-32 in lanes of float, for words up to 2^32.
template <class Real, class T>
inline Real fraction(const T& words) {
  if constexpr (simd::lanes<T> == 1) {
    return static_cast<float>(static_cast<double>(words) * 0x1p-32);
  } else {
    using Doubles = simd::WordLanes<double>;  // 2^52 + word, exactly, from bits; the only rounding is that to float
    const Doubles exact = std::bit_cast<Doubles>(words | 0x4330000000000000) - 0x1p52;
    return __builtin_convertvector(exact * 0x1p-32, Real);
  }
}

/// Half 0 or 1 of a block as box_muller() takes it, in single precision. Real is float for T = std::uint64_t, else
/// WordLanes<float>.
template <class Real, class T>
inline Pair<Real> single_uniforms(const Block<T>& words, int half) {
  return {fraction<Real>(T(words[2 * half] + 1)), fraction<Real>(words[2 * half + 1])};
}

/// A rectangle of addresses: paths path .. path + n_paths - 1 and dims dim .. dim + n_dims - 1 of one node. Each holds
/// n numbers, taken in twos from the blocks kind, kind + 1, ...
struct Draw {
  std::uint64_t seed = 0;
  std::uint64_t node = 0;
  std::uint32_t kind = 0;
  std::uint64_t path = 0;
  std::uint32_t dim = 0;
  std::size_t n_paths = 1;
  std::size_t n_dims = 1;
  std::size_t n = 2;
};

/// Standard normals of every address, out (n_paths, n_dims, n), row-major. Same bits for any thread count and any
/// instruction set, and as from the one-block functions.
/// @param threads as resolve_threads() takes it
/// @throws std::invalid_argument for an address beyond the limits, or an out of another size
TRIMTAB_API void fill_normals(const Draw& draw, std::span<double> out, int threads = 1);

/// Uniforms in [0, 1), otherwise as fill_normals().
TRIMTAB_API void fill_uniforms(const Draw& draw, std::span<double> out, int threads = 1);

}  // namespace trimtab::rng
