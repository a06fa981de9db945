#pragma once

#include "cache.hpp"
#include "odd_real.hpp"
#include "roots.hpp"
#include "scratch.hpp"
#include "transform.hpp"

#include <trimtab/core/parallel.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace trimtab::fft_detail {

/// Real transforms of one length n. Even: the numbers in twos are a complex row of half the length, whose transform Z
/// holds those of the even and of the odd numbers, E + i O; X_k = E_k + exp(-2 pi i k / n) O_k. Odd: a complex
/// transform.
template <class Real>
class RealTransform {
 public:
  explicit RealTransform(std::size_t n) : n_(n), half_(n / 2) {
    if (n % 2 == 1 && n >= shortest_interlaced) {
      odd_.emplace(n);
      return;
    }
    transform_ = cached<Transform<Real>>(n % 2 == 0 ? half_ : n);
    if (n % 2 == 1) return;
    roots_.resize(half_ + 2);
    for (std::size_t k = 0; k <= half_ / 2; ++k) {
      const Complex<long double> w = root_of_unity(k, n);
      roots_[k] = static_cast<Real>(w.re);
      roots_[half_ / 2 + 1 + k] = static_cast<Real>(w.im);
    }
  }

  /// Rows of n numbers to rows of n/2 + 1 complex ones; a single row may stay where it is.
  void forward(const Real* in, Real* out, std::size_t rows, int threads) const {
    for_each_task(rows, threads, [&](std::size_t first, std::size_t count) {
      const Real* x = in + first * n_;
      Real* X = out + first * 2 * (half_ + 1);
      if (odd_) {
        odd_->forward(x, X, count, threads);
      } else if (n_ % 2 == 1) {
        odd_forward(x, X, count, threads);
      } else {  // half of Z, which is exact, saves the halves below
        transform_->run({x}, half_, {X, Real(0.5), Real(0.5)}, half_ + 1, count, threads);
        for (std::size_t row = 0; row < count; ++row) untangle(X + row * 2 * (half_ + 1));
      }
    });
  }

  /// The way back.
  void inverse(const Real* in, Real* out, std::size_t rows, int threads) const {
    const Real scale = 1 / static_cast<Real>(n_);
    for_each_task(rows, threads, [&](std::size_t first, std::size_t count) {
      const Real* X = in + first * 2 * (half_ + 1);
      Real* x = out + first * n_;
      if (odd_) {
        odd_->inverse(X, x, count, threads);
      } else if (n_ % 2 == 1) {
        odd_inverse(X, x, count, scale, threads);
      } else {
        for (std::size_t row = 0; row < count; ++row) tangle(X + row * 2 * (half_ + 1), x + row * n_);
        transform_->run({x, 1, -1}, half_, {x, scale, -scale}, half_, count, threads);
      }
    });
  }

 private:
  static constexpr std::size_t task_size = 16384;         ///< numbers
  static constexpr std::size_t shortest_interlaced = 75;  ///< odd length from which OddReal is quicker

  template <class Body>
  void for_each_task(std::size_t rows, int threads, Body&& body) const {
    const std::size_t task_rows = std::max(group_size<Real>, task_size / n_ / group_size<Real> * group_size<Real>);
    const std::size_t tasks = (rows + task_rows - 1) / task_rows;
    if (tasks == 1) return body(0, rows);  // leaves the threads to the transform
    parallel_for(tasks, threads,
                 [&](std::size_t task) { body(task * task_rows, std::min(task_rows, rows - task * task_rows)); });
  }

  /// Calls pair(register type, k) such that each k in 1 .. half/2 comes with its partner half - k.
  template <class PairOf>
  void for_each_pair(PairOf&& pair) const {
    constexpr std::size_t L = max_lanes<Real>;
    std::size_t k = 1;
    for (; 2 * (k + L) <= half_ + 1; k += L) pair.template operator()<Register<Real, L>>(k);
    for (; 2 * k <= half_; ++k) pair.template operator()<Real>(k);
  }

  template <class T>
  Complex<T> root(std::size_t k) const {
    return {simd::load<T>(roots_.data() + k), simd::load<T>(roots_.data() + half_ / 2 + 1 + k)};
  }

  /// Z to X, where it lies.
  TRIMTAB_FLATTEN void untangle(Real* data) const {
    const Interleaved<Real> z{data};
    const Real re = data[0], im = data[1];
    for_each_pair([&]<class T>(std::size_t k) {
      const std::size_t partner = half_ - k + 1 - simd::lanes<T>;
      const Complex<T> a = z.template load<T>(k), b = reversed(z.template load<T>(partner));
      const Complex<T> even{a.re + b.re, a.im - b.im}, odd{a.im + b.im, b.re - a.re};
      const Complex<T> turned = odd * root<T>(k);
      const Complex<T> low = even + turned, high = even - turned;
      z.store(k, low);
      z.store(partner, reversed(Complex<T>{high.re, -high.im}));
    });
    data[0] = 2 * (re + im);
    data[1] = 0;
    data[2 * half_] = 2 * (re - im);
    data[2 * half_ + 1] = 0;
  }

  /// X to twice Z.
  TRIMTAB_FLATTEN void tangle(const Real* in, Real* out) const {
    const Interleaved<const Real> x{in};
    const Interleaved<Real> z{out};
    for_each_pair([&]<class T>(std::size_t k) {
      const std::size_t partner = half_ - k + 1 - simd::lanes<T>;
      const Complex<T> a = x.template load<T>(k), b = reversed(x.template load<T>(partner));
      const Complex<T> even{a.re + b.re, a.im - b.im}, turned{a.re - b.re, a.im + b.im}, w = root<T>(k);
      const Complex<T> odd = turned * Complex<T>{w.re, -w.im};
      const Complex<T> low = plus_i(even, odd), high = minus_i(even, odd);
      z.store(k, low);
      z.store(partner, reversed(Complex<T>{high.re, -high.im}));
    });
    const Real first = in[0], last = in[2 * half_];
    out[0] = first + last;
    out[1] = first - last;
  }

  void odd_forward(const Real* x, Real* X, std::size_t rows, int threads) const {
    const Scratch<Real> scratch(n_ * rows, 1);
    Real* z = scratch[0].re;
    for (std::size_t j = 0; j < n_ * rows; ++j) z[2 * j] = x[j], z[2 * j + 1] = 0;
    transform_->run({z}, n_, {z}, n_, rows, threads);
    for (std::size_t row = 0; row < rows; ++row, z += 2 * n_, X += 2 * (half_ + 1)) {
      std::copy(z, z + 2 * (half_ + 1), X);
      X[1] = 0;
    }
  }

  void odd_inverse(const Real* X, Real* x, std::size_t rows, Real scale, int threads) const {
    const Scratch<Real> scratch(n_ * rows, 1);
    Real* z = scratch[0].re;
    for (std::size_t row = 0; row < rows; ++row, z += 2 * n_, X += 2 * (half_ + 1)) {
      z[0] = X[0];
      z[1] = 0;
      for (std::size_t k = 1; k <= half_; ++k) {
        z[2 * k] = z[2 * (n_ - k)] = X[2 * k];
        z[2 * k + 1] = X[2 * k + 1];
        z[2 * (n_ - k) + 1] = -X[2 * k + 1];
      }
    }
    z = scratch[0].re;
    transform_->run({z, 1, -1}, n_, {z, scale, -scale}, n_, rows, threads);
    for (std::size_t j = 0; j < n_ * rows; ++j) x[j] = z[2 * j];
  }

  std::size_t n_, half_;
  std::shared_ptr<const Transform<Real>> transform_;
  std::optional<OddReal<Real>> odd_;
  std::vector<Real> roots_;  ///< half/2 + 1 real parts, then the imaginary ones
};

}  // namespace trimtab::fft_detail
