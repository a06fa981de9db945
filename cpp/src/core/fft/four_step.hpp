#pragma once

#include "group.hpp"
#include "plan.hpp"
#include "roots.hpp"
#include "scratch.hpp"

#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace trimtab::fft_detail {

/// Transforms too long for the cache, as a matrix of n1 rows and n2 columns: transform the columns, multiply by
/// exp(-2 pi i k1 c / n), transpose, transform again. Memory is crossed twice instead of once per pass; groups of
/// columns stay in the cache between. Bailey, FFTs in external or hierarchical memory, J. Supercomputing 4 (1990).
template <class Real>
class FourStep {
 public:
  explicit FourStep(std::size_t n)
      : n1_(balanced_divisor(n)),
        n2_(n / n1_),
        columns_(n1_),
        rows_(n2_),
        start_(2 * n1_ * groups(n2_)),
        near_(2 * n1_ * B) {
    for (std::size_t k = 0; k < n1_; ++k) {
      for (std::size_t g = 0; g < groups(n2_); ++g) put(start_, n1_, g, k, root_of_unity(k * first(g, n2_) % n, n));
      for (std::size_t b = 0; b < B; ++b) put(near_, n1_ * B, 0, k * B + b, root_of_unity(k * b % n, n));
    }
  }

  void run(const Interleaved<const Real>& in, const Interleaved<Real>& out, int threads) const {
    const Scratch<Real> scratch(groups(n1_) * B * n2_, 1);
    const Split<Real> turned = scratch[0];
    for_each_group(n2_, threads, [&](std::size_t g) { column_group(in, g, turned); });
    for_each_group(n1_, threads, [&](std::size_t g) {
      const Scratch<Real> work(n2_ * B, 2);
      Interleaved<Real> to = out;
      to.data += 2 * first(g, n1_);
      const std::size_t from = g * B * n2_;
      rows_.run_group(Split<Real>{turned.re + from, turned.im + from}, B, to, n1_, work[0], work[1]);
    });
  }

 private:
  static constexpr std::size_t B = group_size<Real>;

  /// Groups of B that cover n; the last one is moved back to end at n.
  static std::size_t groups(std::size_t n) { return (n + B - 1) / B; }
  static std::size_t first(std::size_t group, std::size_t n) { return std::min(group * B, n - B); }

  /// Groups that overlap write the same numbers; they do so in one task.
  template <class Body>
  static void for_each_group(std::size_t n, int threads, Body&& body) {
    const std::size_t tasks = n / B;
    parallel_for(tasks, threads, [&](std::size_t task) {
      body(task);
      if (task + 1 == tasks && groups(n) > tasks) body(tasks);
    });
  }

  /// Table of roots: rows of `size` real parts, then of imaginary parts.
  static void put(std::vector<Real>& table, std::size_t size, std::size_t row, std::size_t i, Complex<long double> w) {
    table[2 * row * size + i] = static_cast<Real>(w.re);
    table[(2 * row + 1) * size + i] = static_cast<Real>(w.im);
  }

  /// Columns first(g) .. + B - 1, left in `turned`: number c of row k1 = first(h) + i is at (h * n2 + c) * B + i.
  TRIMTAB_FLATTEN void column_group(Interleaved<const Real> in, std::size_t g, const Split<Real>& turned) const {
    using T = Register<Real, square_lanes<Real>>;
    constexpr std::size_t L = simd::lanes<T>;
    const Scratch<Real> scratch(n1_ * B, 3);
    const Split<Real> result = scratch[2];
    const std::size_t c = first(g, n2_);
    in.data += 2 * c;
    columns_.run_group(in, n2_, result, B, scratch[0], scratch[1]);
    const Split<const Real> start{start_.data() + 2 * g * n1_, start_.data() + (2 * g + 1) * n1_};
    const Split<const Real> near{near_.data(), near_.data() + n1_ * B};
    for (std::size_t h = 0; h < groups(n1_); ++h)
      for (std::size_t i = 0; i < B; i += L)
        for (std::size_t b = 0; b < B; b += L) {
          const std::size_t k = first(h, n1_) + i;
          transpose_square<T>(
              [&](auto l) {
                const Complex<T> w{simd::broadcast<T>(start.re[k + l]), simd::broadcast<T>(start.im[k + l])};
                const std::size_t at = (k + l) * B + b;
                return result.template load<T>(at) * (w * near.template load<T>(at));
              },
              [&](auto l, const auto& x) { turned.store((h * n2_ + c + b + l) * B + i, x); });
        }
  }

  std::size_t n1_, n2_;
  Plan<Real> columns_, rows_;
  std::vector<Real> start_;  ///< exp(-2 pi i k first(g) / n)
  std::vector<Real> near_;   ///< exp(-2 pi i k b / n), b < B
};

}  // namespace trimtab::fft_detail
