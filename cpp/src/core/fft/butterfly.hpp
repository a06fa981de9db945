#pragma once

#include <trimtab/core/simd.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

/// @file butterfly.hpp
/// Fourier transforms of fixed small length on registers: T is a number or a pack of them.

/// Inlines everything that a kernel calls, so that its numbers live in registers. Not under sanitizers, whose checks
/// would make the kernels too long to compile.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRIMTAB_FLATTEN
#else
#define TRIMTAB_FLATTEN [[gnu::flatten]]
#endif

namespace trimtab::fft_detail {

/// body(k) for k = 0 .. N - 1 as compile-time constants: arrays indexed by them stay in registers.
template <int N, class Body>
inline void unrolled(Body&& body) {
  [&]<int... k>(std::integer_sequence<int, k...>) {
    (body(std::integral_constant<int, k>{}), ...);
  }(std::make_integer_sequence<int, N>{});
}

template <class T>
struct Complex {
  T re, im;

  Complex operator+(const Complex& b) const { return {re + b.re, im + b.im}; }
  Complex operator-(const Complex& b) const { return {re - b.re, im - b.im}; }
  Complex operator*(const Complex& b) const { return {re * b.re - im * b.im, re * b.im + im * b.re}; }
};

template <class T>
Complex<T> scale(const Complex<T>& x, simd::Scalar<T> factor) {
  return {x.re * factor, x.im * factor};
}

/// x - i y
template <class T>
Complex<T> minus_i(const Complex<T>& x, const Complex<T>& y) {
  return {x.re + y.im, x.im - y.re};
}

/// x + i y
template <class T>
Complex<T> plus_i(const Complex<T>& x, const Complex<T>& y) {
  return {x.re - y.im, x.im + y.re};
}

template <class T>
inline void dft2(Complex<T>& a, Complex<T>& b) {
  const Complex<T> difference = a - b;
  a = a + b;
  b = difference;
}

template <class T>
inline void dft3(Complex<T>& a, Complex<T>& b, Complex<T>& c) {
  using Real = simd::Scalar<T>;
  const Complex<T> sum = b + c, turned = scale(b - c, Real(0.866025403784438646763723170752936183L));
  const Complex<T> mean = a - scale(sum, Real(0.5));
  a = a + sum;
  b = minus_i(mean, turned);
  c = plus_i(mean, turned);
}

template <class T>
inline void dft4(Complex<T>& a, Complex<T>& b, Complex<T>& c, Complex<T>& d) {
  const Complex<T> even = a + c, even_ = a - c, odd = b + d, odd_ = b - d;
  a = even + odd;
  b = minus_i(even_, odd_);
  c = even - odd;
  d = plus_i(even_, odd_);
}

template <class T>
inline void dft5(Complex<T>& a, Complex<T>& b, Complex<T>& c, Complex<T>& d, Complex<T>& e) {
  using Real = simd::Scalar<T>;
  constexpr Real c1 = 0.309016994374947424102293417182819059L, c2 = -0.809016994374947424102293417182819059L;
  constexpr Real s1 = 0.951056516295153572116439333379382143L, s2 = 0.587785252292473129168705954639072769L;
  const Complex<T> be = b + e, cd = c + d, be_ = b - e, cd_ = c - d;
  const Complex<T> near = a + (scale(be, c1) + scale(cd, c2)), far = a + (scale(be, c2) + scale(cd, c1));
  const Complex<T> near_ = scale(be_, s1) + scale(cd_, s2), far_ = scale(be_, s2) - scale(cd_, s1);
  a = a + (be + cd);
  b = minus_i(near, near_);
  c = minus_i(far, far_);
  d = plus_i(far, far_);
  e = plus_i(near, near_);
}

/// exp(-2 pi i k / R) for the composite lengths below.
template <class Real>
constexpr Complex<Real> root6[] = {{1, 0},
                                   {Real(0.5L), Real(-0.866025403784438646763723170752936183L)},
                                   {Real(-0.5L), Real(-0.866025403784438646763723170752936183L)}};
template <class Real>
constexpr Complex<Real> root9[] = {
    {1, 0},
    {Real(0.766044443118978035202392650555416674L), Real(-0.642787609686539326322643409907263433L)},
    {Real(0.173648177666930348851716626769314796L), Real(-0.984807753012208059366743024589523013L)},
    {0, 0},
    {Real(-0.939692620785908384054109277324731470L), Real(-0.342020143325668733044099614682259581L)}};

/// Times a constant root of unity.
template <class T>
Complex<T> turn(const Complex<T>& x, const Complex<simd::Scalar<T>>& root) {
  return {x.re * root.re - x.im * root.im, x.re * root.im + x.im * root.re};
}

/// The transform of x[0..R-1], in place and in natural order: x_k <- sum_j x_j exp(-2 pi i j k / R). The composite
/// lengths are two steps with constant roots between them.
template <int R, class T>
inline void butterfly(Complex<T> (&x)[R]) {
  using Real = simd::Scalar<T>;
  static_assert((R >= 2 && R <= 6) || R == 8 || R == 9);
  if constexpr (R == 2) {
    dft2(x[0], x[1]);
  } else if constexpr (R == 3) {
    dft3(x[0], x[1], x[2]);
  } else if constexpr (R == 4) {
    dft4(x[0], x[1], x[2], x[3]);
  } else if constexpr (R == 5) {
    dft5(x[0], x[1], x[2], x[3], x[4]);
  } else if constexpr (R == 6) {
    dft3(x[0], x[2], x[4]);
    dft3(x[1], x[3], x[5]);
    Complex<T> odd[3] = {x[1], turn(x[3], root6<Real>[1]), turn(x[5], root6<Real>[2])};
    Complex<T> even[3] = {x[0], x[2], x[4]};
    unrolled<3>([&](auto k) {
      x[k] = even[k] + odd[k];
      x[k + 3] = even[k] - odd[k];
    });
  } else if constexpr (R == 8) {
    constexpr Real h = 0.707106781186547524400844362104849039L;
    dft4(x[0], x[2], x[4], x[6]);
    dft4(x[1], x[3], x[5], x[7]);
    const Complex<T> odd1 = {(x[3].re + x[3].im) * h, (x[3].im - x[3].re) * h};
    const Complex<T> odd3 = {(x[7].im - x[7].re) * h, (x[7].re + x[7].im) * -h};
    const Complex<T> even0 = x[0], even1 = x[2], even2 = x[4], even3 = x[6], odd0 = x[1], odd2 = x[5];
    x[0] = even0 + odd0;
    x[1] = even1 + odd1;
    x[2] = minus_i(even2, odd2);
    x[3] = even3 + odd3;
    x[4] = even0 - odd0;
    x[5] = even1 - odd1;
    x[6] = plus_i(even2, odd2);
    x[7] = even3 - odd3;
  } else {
    dft3(x[0], x[3], x[6]);
    dft3(x[1], x[4], x[7]);
    dft3(x[2], x[5], x[8]);
    Complex<T> y[9] = {x[0],
                       x[1],
                       x[2],
                       x[3],
                       turn(x[4], root9<Real>[1]),
                       turn(x[5], root9<Real>[2]),
                       x[6],
                       turn(x[7], root9<Real>[2]),
                       turn(x[8], root9<Real>[4])};
    unrolled<3>([&](auto k) {
      dft3(y[3 * k], y[3 * k + 1], y[3 * k + 2]);
      x[k] = y[3 * k];
      x[k + 3] = y[3 * k + 1];
      x[k + 6] = y[3 * k + 2];
    });
  }
}

}  // namespace trimtab::fft_detail
