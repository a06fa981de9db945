#pragma once

#include <trimtab/core/rng.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

/// @file legendre.hpp
/// An increment in Legendre coordinates, and the three maps between increments: halve, cut anywhere, join.
///
/// With p_j the orthonormal Legendre polynomials of [0, 1], a_j = h^-1/2 int p_j((r - s)/h) dW_r are independent
/// standard normals, and W = sqrt(h) a_0, H = -sqrt(h/12) a_1, K = sqrt(h/720) a_2. All maps are orthogonal: nothing
/// cancels, underflows or loses digits, for whatever h and in whatever precision.
///
/// Randomness stands at the address of the node that is split (rng.hpp): kinds 0, 1 make the root, 2, 3 halve, 4, 5
/// cut. In double precision the first kind of a pair gives z_0 and z_1, the second z_2, where there is one; in single
/// precision the first gives all. T is a number or a vector of them with as many lanes as vectors of 64-bit words have.
///
/// Halving is the filter bank of Alpert's multiwavelets (SIAM J. Math. Anal. 24, 1993).

namespace trimtab::sde {

/// Coordinates a_0 ... a_(n-1) of an increment: n = 1 for W, 2 with H, 3 with K.
template <class T, std::size_t n>
using Coordinates = std::array<T, n>;

template <class T, std::size_t n>
struct Halves {
  Coordinates<T, n> left, right;
};

enum class Purpose : std::uint32_t { root = 0, halve = 2, cut = 4 };

/// The uniforms behind n normals, as box_muller() takes them.
template <class T, std::size_t n>
using Uniforms = std::array<rng::Pair<T>, (n + 1) / 2>;

/// Those of an address.
template <class T, std::size_t n, class Word>
inline Uniforms<T, n> uniforms_at(std::uint64_t seed, const Word& node, Purpose purpose, const Word& path,
                                  const Word& dim) {
  const auto block = [&](std::uint32_t i) {
    const Word kind = simd::broadcast<Word>(static_cast<std::uint32_t>(purpose) + i);
    return rng::philox(rng::counter(node, kind, path, dim), seed);
  };
  Uniforms<T, n> u;
  if constexpr (SinglePrecision<T>) {
    const auto words = block(0);
    for (std::size_t i = 0; i < u.size(); ++i) u[i] = rng::single_uniforms<T>(words, static_cast<int>(i));
  } else {
    for (std::size_t i = 0; i < u.size(); ++i) {
      u[i] = rng::uniforms<T>(block(static_cast<std::uint32_t>(i)));
      u[i].first = 1.0 - u[i].first;
    }
  }
  return u;
}

/// The n normals of them.
template <class T, std::size_t n>
inline Coordinates<T, n> normals(const Uniforms<T, n>& u) {
  Coordinates<T, n> z;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const rng::Pair<T> pair = rng::box_muller(u[i]);
    z[2 * i] = pair.first;
    if (2 * i + 1 < n) z[2 * i + 1] = pair.second;
  }
  return z;
}

/// The n normals of an address.
template <class T, std::size_t n, class Word>
inline Coordinates<T, n> normals_at(std::uint64_t seed, const Word& node, Purpose purpose, const Word& path,
                                    const Word& dim) {
  return normals<T, n>(uniforms_at<T, n>(seed, node, purpose, path, dim));
}

/// Both halves of an increment a, from n fresh normals z.
template <class T, std::size_t n>
inline Halves<T, n> halve(const Coordinates<T, n>& a, const Coordinates<T, n>& z) {
  using Real = simd::Scalar<T>;
  constexpr Real c1 = Real(0.70710678118654752440);                                     // 1 / sqrt(2)
  constexpr Real c2 = Real(0.61237243569579452455), c3 = Real(0.35355339059327376220);  // sqrt(6) / 4, sqrt(2) / 4
  constexpr Real c4 = Real(0.68465319688145764182), c5 = Real(0.17677669529663688110);  // sqrt(30) / 8, sqrt(2) / 8
  Halves<T, n> halves;
  const auto pair = [&halves](int j, const T& even, const T& odd) {
    halves.left[j] = even + odd;
    halves.right[j] = even - odd;
  };
  if constexpr (n == 1) pair(0, c1 * a[0], c1 * z[0]);
  if constexpr (n > 1) pair(0, c1 * a[0], c3 * z[0] - c2 * a[1]);
  if constexpr (n == 2) pair(1, c3 * a[1] + c2 * z[0], -(c1 * z[1]));
  if constexpr (n == 3) {
    pair(1, c3 * a[1] + c2 * z[0], -(c4 * a[2] + c5 * z[1]));
    pair(2, c5 * a[2] - c4 * z[1], c1 * z[2]);
  }
  return halves;
}

/// Lower triangle of the map from an increment over a part, the left `share` of the whole and `rest` beside it, to its
/// contribution to the whole: the coordinates of the part's polynomials, stretched over the whole.
template <class Real>
struct PartMap {
  Real m00, m10, m11, m20, m21, m22;

  PartMap(Real share, Real rest) {
    constexpr Real root3 = Real(1.7320508075688772935), root5 = Real(2.2360679774997896964);
    constexpr Real root15 = Real(3.8729833462074168852);
    m00 = simd::sqrt(share);
    m10 = -(root3 * rest) * m00;
    m11 = share * m00;
    m20 = root5 * rest * (rest - share) * m00;
    m21 = -(root15 * rest) * m11;
    m22 = share * m11;
  }

  /// The map of the right part: by symmetry the left one's with p_1, which is odd, turned.
  static PartMap right(Real share, Real rest) {
    PartMap map(share, rest);
    map.m10 = -map.m10;
    map.m21 = -map.m21;
    return map;
  }

  template <class T, std::size_t n>
  Coordinates<T, n> operator()(const Coordinates<T, n>& a) const {
    Coordinates<T, n> b;
    b[0] = m00 * a[0];
    if constexpr (n > 1) b[1] = m10 * a[0] + m11 * a[1];
    if constexpr (n > 2) b[2] = m20 * a[0] + m21 * a[1] + m22 * a[2];
    return b;
  }
};

/// Joins neighbors of given lengths; exact up to rounding for any lengths (Chen's relation in these coordinates).
template <class Real>
struct Join {
  PartMap<Real> left, right;

  /// @param first,second  ticks of the left and of the right part
  Join(std::uint64_t first, std::uint64_t second) : Join(share(first, first + second), share(second, first + second)) {}

  template <class T, std::size_t n>
  Coordinates<T, n> operator()(const Coordinates<T, n>& a, const Coordinates<T, n>& b) const {
    const Coordinates<T, n> p = left(a), q = right(b);
    Coordinates<T, n> sum;
    for (std::size_t j = 0; j < n; ++j) sum[j] = p[j] + q[j];
    return sum;
  }

 private:
  static Real share(std::uint64_t part, std::uint64_t whole) {
    return static_cast<Real>(static_cast<double>(part) / static_cast<double>(whole));
  }
  Join(Real first, Real second) : left(first, second), right(PartMap<Real>::right(second, first)) {}
};

/// Factors from coordinates to W, H, K over a length in time.
struct Scales {
  std::array<double, 3> factor;

  explicit Scales(double h) {
    const double root = simd::sqrt(h);
    factor = {root, -(root * 0.28867513459481288225), root * 0.037267799624996494940};  // 1/sqrt(12), 1/sqrt(720)
  }
};

}  // namespace trimtab::sde
