#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

/// @file simd.hpp
/// One vector register of numbers, as wide as the instruction set this file is compiled for. Kernels are templates of
/// the number type and run unchanged on Pack<double>, float or double; lanes never meet, so all give the same bits.

namespace trimtab::simd {

#if defined(__AVX512F__)
inline constexpr std::size_t bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t bytes = 32;
#else
inline constexpr std::size_t bytes = 16;
#endif

template <class Real>
struct PackOf {
  typedef Real type __attribute__((vector_size(bytes)));
};

/// A register of Real (float or double).
template <class Real>
using Pack = typename PackOf<Real>::type;

/// Scalar type behind T: T itself, or the element of a pack.
template <class T>
struct ScalarOf {
  using type = std::remove_cvref_t<decltype(std::declval<T>()[0])>;
};
template <class T>
  requires std::is_arithmetic_v<T>
struct ScalarOf<T> {
  using type = T;
};
template <class T>
using Scalar = typename ScalarOf<T>::type;

/// Numbers held by one T.
template <class T>
inline constexpr std::size_t lanes = sizeof(T) / sizeof(Scalar<T>);

/// T with every lane equal to x.
template <class T>
inline T broadcast(Scalar<T> x) {
  return x - T{};  // not T{} + x, which would lose the sign of -0
}

/// Reads lanes<T> numbers from any address.
template <class T>
inline T load(const Scalar<T>* p) {
  T x;
  std::memcpy(&x, p, sizeof x);
  return x;
}

/// Writes lanes<T> numbers to any address.
template <class T>
inline void store(Scalar<T>* p, const T& x) {
  std::memcpy(p, &x, sizeof x);
}

/// Reads p[index[lane]] into each lane.
template <class T>
inline T gather(const Scalar<T>* p, const std::int32_t* index) {
  if constexpr (lanes<T> == 1) {
    return p[*index];
  } else {
    return [&]<std::size_t... lane>(std::index_sequence<lane...>) {
      return T{p[index[lane]]...};
    }(std::make_index_sequence<lanes<T>>{});
  }
}

/// a where the mask holds, else b, lane by lane.
template <class Mask, class T>
inline T select(const Mask& mask, const T& a, const T& b) {
  return mask ? a : b;
}

template <class T>
inline T min(const T& a, const T& b) {
  return select(a < b, a, b);
}
template <class T>
inline T max(const T& a, const T& b) {
  return select(a > b, a, b);
}
template <class T>
inline T abs(const T& a) {
  return max(a, -a);
}

template <class T>
inline T sqrt(const T& a) {
  if constexpr (lanes<T> == 1) {
    return std::sqrt(a);
  } else {
    T r;
    for (std::size_t l = 0; l < lanes<T>; ++l) r[l] = std::sqrt(a[l]);
    return r;
  }
}

/// True if the mask holds in any lane.
template <class Mask>
inline bool any(const Mask& mask) {
  if constexpr (std::is_same_v<Mask, bool>) {
    return mask;
  } else {
    bool r = false;
    for (std::size_t l = 0; l < sizeof(Mask) / sizeof(mask[0]); ++l) r |= mask[l] != 0;
    return r;
  }
}

}  // namespace trimtab::simd
