#pragma once

#include <trimtab/core/simd.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

/// @file band.hpp
/// Eight rows of a grid at a time, one in each lane. A row lies `lag` columns behind the one above it, so that the
/// points of a step wait for none of the same step.

/// Has everything that a kernel calls compiled into it. Sanitizers do without, as their checks would swell it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRIMTAB_KERNEL
#else
#define TRIMTAB_KERNEL __attribute__((flatten))
#endif

namespace trimtab::relax {

inline constexpr int band_rows = 8;  ///< on any instruction set: sums then have the same order everywhere

/// body(integral_constant<int, i>) for i in [0, count).
template <int count, class Body>
inline void unrolled(Body&& body) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (body(std::integral_constant<int, int(i)>{}), ...);
  }(std::make_index_sequence<count>{});
}

template <class Real, int n>
struct LanesOf {
  typedef Real type __attribute__((vector_size(n * sizeof(Real))));
};

/// The rows of a band in registers: a few packs.
template <class Real>
inline constexpr int band_lanes = std::min<int>(band_rows, simd::lanes<simd::Pack<Real>>);
template <class Real>
inline constexpr int band_packs = band_rows / band_lanes<Real>;
template <class Real>
using BandPack = typename LanesOf<Real, band_lanes<Real>>::type;

/// Pushes the lanes of v up by one; the last lane of `from` comes in.
template <class T>
inline T shift_up(const T& v, const T& from) {
  return [&]<int... lane>(std::integer_sequence<int, lane...>) {
    return __builtin_shufflevector(from, v, (int(simd::lanes<T>) - 1 + lane)...);
  }(std::make_integer_sequence<int, int(simd::lanes<T>)>{});
}
/// Pushes the lanes of v down by one; the first lane of `from` comes in.
template <class T>
inline T shift_down(const T& v, const T& from) {
  return [&]<int... lane>(std::integer_sequence<int, lane...>) {
    return __builtin_shufflevector(v, from, (1 + lane)...);
  }(std::make_integer_sequence<int, int(simd::lanes<T>)>{});
}

/// Which rows of a band have a point of the grid at a step.
template <class Real>
class BandMask {
 public:
  using T = BandPack<Real>;
  using Mask = decltype(T{} < T{});

  BandMask(int lag, std::int64_t rows, std::int64_t nx) {
    for (int q = 0; q < band_rows; ++q) {
      first_[q / lanes][q % lanes] = static_cast<Int>(lag * q);
      last_[q / lanes][q % lanes] = static_cast<Int>(q < rows ? lag * q + nx : 0);
    }
  }
  Mask operator()(int pack, std::int64_t step) const {
    const Mask now = static_cast<Int>(step) - Mask{};
    return (now >= first_[pack]) & (now < last_[pack]);
  }

 private:
  static constexpr int lanes = band_lanes<Real>;
  using Int = simd::Scalar<Mask>;
  Mask first_[band_packs<Real>], last_[band_packs<Real>];
};

/// Sum of squares or products over the steps of a band, in double precision.
template <class Real>
class BandSum {
 public:
  using T = BandPack<Real>;
  void add(int pack, const T& a, const T& b) {
    lanes_[pack] += __builtin_convertvector(a, Wide) * __builtin_convertvector(b, Wide);
  }
  double value() const {
    double lane[band_rows];
    unrolled<band_rows>([&](auto q) { lane[q] = lanes_[q / band_lanes<Real>][q % band_lanes<Real>]; });
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
  }

 private:
  using Wide = typename LanesOf<double, band_lanes<Real>>::type;
  Wide lanes_[band_packs<Real>] = {};
};

/// Largest magnitude over the steps of a band; NaN wins.
template <class Real>
class BandLargest {
 public:
  using T = BandPack<Real>;
  void add(int pack, const T& v) {
    const T size = simd::abs(v);
    lanes_[pack] = simd::select((size > lanes_[pack]) | (size != size), size, lanes_[pack]);
  }
  double value() const {
    double largest = 0;
    unrolled<band_rows>([&](auto q) {
      const double b = double(lanes_[q / band_lanes<Real>][q % band_lanes<Real>]);
      if (b > largest || b != b) largest = b;
    });
    return largest;
  }

 private:
  T lanes_[band_packs<Real>] = {};
};

}  // namespace trimtab::relax
