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

/// As many Reals as a register of 64-bit words has lanes: a full register of doubles, half a one of floats.
template <class Real>
struct WordLanesOf {
  typedef Real type __attribute__((vector_size(bytes / 8 * sizeof(Real))));
};
template <class Real>
using WordLanes = typename WordLanesOf<Real>::type;

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
    T r = a;
    for (std::size_t l = 0; l < lanes<T>; ++l) r[l] = std::sqrt(a[l]);
    return r;
  }
}

/// Calls body.operator()<T>(i) for i in [0, n): whole packs first (T = Pack<Real>), then one by one (T = Real).
template <class Real, class Body>
inline void for_each(std::size_t n, Body&& body) {
  std::size_t i = 0;
  for (; i + lanes<Pack<Real>> <= n; i += lanes<Pack<Real>>) body.template operator()<Pack<Real>>(i);
  for (; i < n; ++i) body.template operator()<Real>(i);
}

/// Collects masks over a for_each; `found` says whether one held in any lane. One horizontal step for the whole loop.
template <class Real>
class Any {
 public:
  template <class Mask>
  void add(const Mask& mask) {
    if constexpr (std::is_same_v<Mask, bool>) {
      scalar_ |= mask;
    } else {
      packs_ |= mask;
    }
  }
  bool found() const {
    bool r = scalar_;
    for (std::size_t l = 0; l < lanes<Pack<Real>>; ++l) r |= packs_[l] != 0;
    return r;
  }

 private:
  decltype(Pack<Real>{} < Pack<Real>{}) packs_{};
  bool scalar_ = false;
};

/// Largest number of a for_each, at least zero. NaN does not count.
template <class Real>
class Largest {
 public:
  template <class T>
  void add(const T& x) {
    if constexpr (lanes<T> == 1) {
      scalar_ = max(x, scalar_);
    } else {
      packs_ = max(x, packs_);
    }
  }
  Real value() const {
    Real r = scalar_;
    for (std::size_t l = 0; l < lanes<Pack<Real>>; ++l) r = max(Real(packs_[l]), r);
    return r;
  }

 private:
  Pack<Real> packs_{};
  Real scalar_{};
};

}  // namespace trimtab::simd
