#pragma once

#include "cache.hpp"
#include "pass.hpp"
#include "roots.hpp"
#include "scratch.hpp"
#include "transform.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace trimtab::fft_detail {

/// Real rows of odd length n = R m. The R rows x_r, x_(r + R), ... of m real numbers are taken in twos as the parts of
/// complex rows, transformed, separated by symmetry, and joined by one pass of radix R over half of its butterflies:
/// the others are complex conjugates. About (R + 1) / 2R of the work of a complex row.
template <class Real>
class OddReal {
 public:
  explicit OddReal(std::size_t n)
      : radix_(n % 9 == 0   ? 9
               : n % 5 == 0 ? 5
                            : 3),
        n_(n),
        m_(n / static_cast<std::size_t>(radix_)),
        rows_(cached<Transform<Real>>(m_)) {
    const std::size_t half = m_ / 2 + 1;
    roots_.resize(2 * half * static_cast<std::size_t>(radix_));
    for (std::size_t r = 0; r < static_cast<std::size_t>(radix_); ++r)
      for (std::size_t k = 0; k < half; ++k) {
        const Complex<long double> w = root_of_unity(r * k, n);
        roots_[2 * r * half + k] = static_cast<Real>(w.re);
        roots_[(2 * r + 1) * half + k] = static_cast<Real>(w.im);
      }
  }

  /// Rows of n numbers to rows of n/2 + 1 complex ones.
  void forward(const Real* x, Real* out, std::size_t rows, int threads) const {
    with_odd_radix([&]<int R>() {
      constexpr std::size_t pairs = R / 2 + 1;
      const Scratch<Real> scratch(rows * pairs * m_, 1);
      const std::size_t step = 2 * pairs * m_;
      Real* z = scratch[0].re;
      for (std::size_t row = 0; row < rows; ++row, z += step, x += n_)
        for (std::size_t j = 0; j < m_; ++j)
          unrolled<R + 1>([&](auto r) { z[2 * (r / 2 * m_ + j) + r % 2] = r < R ? x[j * R + r] : 0; });
      z = scratch[0].re;
      rows_->run({z}, m_, {z, Real(0.5), Real(0.5)}, m_, rows * pairs, threads);  // half, for the symmetry below
      for (std::size_t row = 0; row < rows; ++row, z += step, out += n_ + 1) {
        for_each_k([&]<class T>(std::size_t k) { join<T, R>({z}, {out}, k); });
        out[1] = 0;
      }
    });
  }

  /// The way back.
  void inverse(const Real* in, Real* x, std::size_t rows, int threads) const {
    with_odd_radix([&]<int R>() {
      constexpr std::size_t pairs = R / 2 + 1;
      const Scratch<Real> scratch(rows * pairs * m_, 1);
      const std::size_t step = 2 * pairs * m_;
      Real* z = scratch[0].re;
      for (std::size_t row = 0; row < rows; ++row, z += step, in += n_ + 1)
        for_each_k([&]<class T>(std::size_t k) { part<T, R>({in}, {z}, k); });
      z = scratch[0].re;
      const Real scale = 1 / static_cast<Real>(n_);
      rows_->run({z, 1, -1}, m_, {z, scale, -scale}, m_, rows * pairs, threads);
      for (std::size_t row = 0; row < rows; ++row, z += step, x += n_)
        for (std::size_t j = 0; j < m_; ++j)
          unrolled<R>([&](auto r) { x[j * R + r] = z[2 * (r / 2 * m_ + j) + r % 2]; });
    });
  }

 private:
  template <class Body>
  void with_odd_radix(Body&& body) const {
    switch (radix_) {
      case 3:
        return body.template operator()<3>();
      case 5:
        return body.template operator()<5>();
      default:
        return body.template operator()<9>();
    }
  }

  /// body(register type, k) for k = 0, alone, and all k up to m/2.
  template <class Body>
  void for_each_k(Body&& body) const {
    body.template operator()<Real>(0);
    if (m_ == 1) return;
    with_register<Real>(m_ / 2, [&]<class T>() {
      for_each_register<simd::lanes<T>>(m_ / 2, [&](std::size_t i) { body.template operator()<T>(1 + i); });
    });
  }

  template <class T>
  Complex<T> root(int r, std::size_t k) const {
    const Real* w = roots_.data() + 2 * static_cast<std::size_t>(r) * (m_ / 2 + 1) + k;
    return {simd::load<T>(w), simd::load<T>(w + m_ / 2 + 1)};
  }

  /// Where m - k lies, or the lowest of them for a register.
  template <class T>
  std::size_t partner(std::size_t k) const {
    return m_ - k + 1 - simd::lanes<T>;
  }

  template <class T, int R>
  TRIMTAB_FLATTEN void join(const Interleaved<const Real>& z, const Interleaved<Real>& out, std::size_t k) const {
    Complex<T> y[R];
    unrolled<R / 2 + 1>([&](auto p) {
      const Complex<T> a = z.template load<T>(p * m_ + k);
      const Complex<T> b = reversed(z.template load<T>(p * m_ + (k == 0 ? 0 : partner<T>(k))));
      y[2 * p] = {a.re + b.re, a.im - b.im};
      if constexpr (2 * p + 1 < R) y[2 * p + 1] = {a.im + b.im, b.re - a.re};
    });
    unrolled<R - 1>([&](auto r) { y[r + 1] = y[r + 1] * root<T>(r + 1, k); });
    butterfly(y);
    unrolled<R>([&](auto q) {
      if constexpr (q <= R / 2)
        out.store(q * m_ + k, y[q]);
      else if (k > 0)
        out.store((R - 1 - q) * m_ + partner<T>(k), reversed(Complex<T>{y[q].re, -y[q].im}));
    });
  }

  /// The way back; a forward butterfly on numbers with their parts exchanged is an inverse one.
  template <class T, int R>
  TRIMTAB_FLATTEN void part(const Interleaved<const Real>& in, const Interleaved<Real>& z, std::size_t k) const {
    Complex<T> y[R];
    unrolled<R>([&](auto q) {
      if constexpr (q <= R / 2) {
        const Complex<T> x = in.template load<T>(q * m_ + k);
        y[q] = {q == 0 && k == 0 ? T{} : x.im, x.re};
      } else {
        const Complex<T> x = reversed(in.template load<T>((R - 1 - q) * m_ + partner<T>(k)));
        y[q] = {-x.im, x.re};
      }
    });
    butterfly(y);
    unrolled<R - 1>([&](auto r) { y[r + 1] = y[r + 1] * root<T>(r + 1, k); });
    unrolled<R / 2 + 1>([&](auto p) {
      const Complex<T> a{y[2 * p].im, y[2 * p].re};
      Complex<T> b{T{}, T{}};
      if constexpr (2 * p + 1 < R) b = {y[2 * p + 1].im, y[2 * p + 1].re};
      z.store(p * m_ + k, plus_i(a, b));
      const Complex<T> mirrored = minus_i(a, b);
      if (k > 0) z.store(p * m_ + partner<T>(k), reversed(Complex<T>{mirrored.re, -mirrored.im}));
    });
  }

  int radix_;
  std::size_t n_, m_;
  std::shared_ptr<const Transform<Real>> rows_;
  std::vector<Real> roots_;  ///< exp(-2 pi i r k / n): for each r, m/2 + 1 real parts, then the imaginary ones
};

}  // namespace trimtab::fft_detail
