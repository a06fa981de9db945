#pragma once

#include "stencil_layout.hpp"

#include <trimtab/core/simd.hpp>

/// @file colors.hpp
/// Red-black sweeps of 5- and 7-point stencils, both colors in one pass over memory: the black points of a row (in
/// three dimensions: of a plane) follow as soon as the red ones around them are done.

namespace trimtab::relax {

template <class Layout, bool projected>
class ColorSweep {
 public:
  using Real = typename Layout::Real;

  ColorSweep(const Layout& grid, const Sweep<Real>& s, int threads) : grid_(grid), s_(s), threads_(threads) {}

  /// Measures of the red points before and of the black ones after the sweep.
  void run(double& before, double& after) {
    const std::int64_t n = slabs(), height = grid_.nz() == 1 ? 64 : 8;
    red_.assign(static_cast<std::size_t>(grid_.nz() * grid_.ny()), 0.0);
    black_ = red_;
    if (threads_ == 1) {
      for (std::int64_t s = 0; s < n; ++s) {
        slab<0, true>(s);
        if (s > 0) slab<1, true>(s - 1);
      }
      slab<1, true>(n - 1);
    } else {
      // where two threads meet, only single numbers are touched and the black ones wait for the others' red ones
      const std::size_t blocks = static_cast<std::size_t>((n + height - 1) / height);
      parallel_for(blocks, threads_, [&](std::size_t block) {
        const std::int64_t begin = static_cast<std::int64_t>(block) * height, end = std::min(n, begin + height);
        const auto at_edge = [&](std::int64_t s) { return s == begin || s == end - 1; };
        for (std::int64_t s = begin; s < end; ++s) {
          at_edge(s) ? slab<0, false>(s) : slab<0, true>(s);
          if (s - 1 > begin) slab<1, true>(s - 1);
        }
      });
      parallel_for(blocks, threads_, [&](std::size_t block) {
        const std::int64_t begin = static_cast<std::int64_t>(block) * height, end = std::min(n, begin + height);
        slab<1, false>(begin);
        if (end - 1 > begin) slab<1, false>(end - 1);
      });
    }
    before = after = 0;
    for (const double r : red_) before = projected ? larger(before, r) : before + r;
    for (const double r : black_) after = projected ? larger(after, r) : after + r;
    // the neighbors of a black point stay, so its step leaves 1 - omega of its residual
    if (!projected) after *= (1 - double(s_.omega)) * (1 - double(s_.omega));
  }

 private:
  static constexpr int points = Layout::points, center = Layout::center;
  static constexpr std::int64_t width = 64 / sizeof(Real);  ///< columns at a time, on any instruction set

  std::int64_t slabs() const { return points == 7 ? grid_.nz() : grid_.ny(); }

  /// One color of a row, or of a plane.
  template <int color, bool packed>
  void slab(std::int64_t s) {
    if constexpr (points == 7) {
      for (std::int64_t i = 0; i < grid_.ny(); ++i) row<color, packed>(s, i);
    } else {
      row<color, packed>(0, s);
    }
  }

  /// What the loops over a row need, held by value.
  struct Local {
    StencilPoints<Real, points, Layout::variable> a;
    const Real* b;
    Real* x;
    Real omega, factor;  ///< factor: omega over a constant diagonal

    template <class T>
    T entry(int e, std::ptrdiff_t q) const {
      if constexpr (Layout::variable) return simd::load<T>(a.field[e] + q);
      return simd::broadcast<T>(a.constant[e]);
    }

    /// omega / d
    template <class T>
    T step(const T& d) const {
      if constexpr (Layout::variable) return omega / d;
      return simd::broadcast<T>(factor);
    }

    /// b - A x at position q, the western neighbor being given.
    template <class T>
    T lacking(std::ptrdiff_t q, const T& west, const T& d, const T& old) const {
      T sum = entry<T>(0, q) * simd::load<T>(x + q + a.offset[0]);
      unrolled<points>([&](auto e) {
        if constexpr (e == center - 1) {
          sum += entry<T>(e, q) * west;
        } else if constexpr (e != center && e != 0) {
          sum += entry<T>(e, q) * simd::load<T>(x + q + a.offset[e]);
        }
      });
      return (simd::load<T>(b + q) - sum) - d * old;
    }
  };

  template <int color, bool packed>
  void row(std::int64_t k, std::int64_t i) {
    const auto& a = grid_.stencil();
    const Local here{a, s_.b, s_.x, s_.omega, s_.omega / a.constant[center]};
    const std::ptrdiff_t p = grid_.at(k, i);
    const std::int64_t parity = (k + i + color) % 2, nx = grid_.nx();
    Real lane[width] = {};
    double largest = 0;
    std::int64_t j = 0;
    if constexpr (packed && !projected) j = packs<color>(here, p, nx, parity, lane);
    for (j += parity; j < nx; j += 2) {
      const std::ptrdiff_t q = p + j;
      const Real old = here.x[q], d = here.template entry<Real>(center, q);
      const Real rest = here.template lacking<Real>(q, here.x[q - 1], d, old);
      Real x = old + here.step(d) * rest;
      if constexpr (projected) x = std::max(x, s_.floor[q]);
      if constexpr (projected) {
        const Real r = color == 0 ? rest : rest - d * (x - old);
        largest = larger(largest, measure_of<true>(r, color == 0 ? old : x, s_.floor, q));
      } else {
        lane[j % width] += rest * rest;
      }
      here.x[q] = x;
    }
    double sum = 0;
    for (const Real l : lane) sum += double(l);
    (color == 0 ? red_ : black_)[static_cast<std::size_t>(k * grid_.ny() + i)] = projected ? largest : sum;
  }

  /// Whole packs of a row: every point is computed, every second one kept. Returns the columns done.
  template <int color>
  static std::int64_t packs(const Local here, std::ptrdiff_t p, std::int64_t nx, std::int64_t parity, Real* lane) {
    using T = simd::Pack<Real>;
    constexpr std::int64_t lanes = simd::lanes<T>, n = width / lanes;
    Real pattern[lanes];
    for (std::int64_t l = 0; l < lanes; ++l) pattern[l] = l % 2 == parity ? Real(1) : Real(0);
    const auto ours = simd::load<T>(pattern) > T{};
    T sum[n] = {}, west[n], x[n];
    std::int64_t j = 0;
    if (nx >= width) unrolled<n>([&](auto m) { west[m] = simd::load<T>(here.x + p - 1 + m * lanes); });
    for (; j + width <= nx; j += width) {
      unrolled<n>([&](auto m) {
        const std::ptrdiff_t q = p + j + m * lanes;
        const T old = simd::load<T>(here.x + q), d = here.template entry<T>(center, q);
        const T rest = here.template lacking<T>(q, west[m], d, old);
        x[m] = simd::select(ours, old + here.step(d) * rest, old);
        sum[m] += simd::select(ours, rest * rest, T{});
      });
      // western neighbors of the next columns, before the stores that a load across them would have to wait for
      if (j + 2 * width <= nx)
        unrolled<n>([&](auto m) { west[m] = simd::load<T>(here.x + p + j + width - 1 + m * lanes); });
      unrolled<n>([&](auto m) { simd::store(here.x + p + j + m * lanes, x[m]); });
    }
    unrolled<n>([&](auto m) { simd::store(lane + m * lanes, sum[m]); });
    return j;
  }

  const Layout& grid_;
  const Sweep<Real>& s_;
  const int threads_;
  std::vector<double> red_, black_;  ///< by row
};

}  // namespace trimtab::relax
