#pragma once

#include "grid_operator.hpp"
#include "wavefront.hpp"

/// @file stencil_colors.hpp
/// Red-black sweeps of 5- and 7-point stencils. Rows lag by one column, so all points of a step have the same color and
/// all their neighbors lie in the steps beside it. The black points of a band follow as soon as the red ones around
/// them are done, while the band is in the cache.

namespace trimtab::relax {

template <class Real, int points, bool variable>
class StencilColors final : public GridOperator<ColorOperator<Real>, StencilLayout<Real, points, variable, 1>> {
  using Base = GridOperator<ColorOperator<Real>, StencilLayout<Real, points, variable, 1>>;
  using Base::packs, Base::grid_, Base::threads_;
  static constexpr int center = points / 2;
  using T = BandPack<Real>;

 public:
  using Base::Base;

  int worthwhile_sweeps() const override { return this->sweeps_together(); }

  void sweep(const Sweep<Real>& s, std::span<double> before, std::span<double> after) const override {
    // stage after stage, a red one, a black one and so on, each as many bands behind the one before as its neighbors
    // are away: all sweeps go over memory together
    const bool projected = s.floor;
    const std::int64_t n = grid_.nz() * grid_.bands(), lag = grid_.reach(), stages = 2 * std::ssize(before);
    std::vector<double> measures(static_cast<std::size_t>(stages * n));
    std::vector<Count> done(static_cast<std::size_t>(n));  // stages of each band
    in_turns(n + (stages - 1) * lag, [&](std::int64_t turn) {
      for (std::int64_t stage = 0; stage < stages; ++stage) {
        const std::int64_t band = turn - stage * lag;
        if (band < 0 || band >= n) continue;
        for (const std::int64_t neighbor : {band - lag, band - 1, band, band + 1, band + lag})
          if (neighbor >= 0 && neighbor < n) done[static_cast<std::size_t>(neighbor)].wait(stage);
        measures[static_cast<std::size_t>(stage * n + band)] = stage % 2 == 0 ? color<0>(s, band) : color<1>(s, band);
        done[static_cast<std::size_t>(band)].set(stage + 1);
      }
    });
    for (std::int64_t stage = 0; stage < stages; ++stage) {
      double total = 0;
      for (std::int64_t band = 0; band < n; ++band) {
        const double m = measures[static_cast<std::size_t>(stage * n + band)];
        total = projected ? larger(total, m) : total + m;
      }
      // the neighbors of a black point stay, so its step leaves 1 - omega of its residual
      const double left = 1 - double(s.omega);
      if (stage % 2 == 0)
        before[static_cast<std::size_t>(stage / 2)] = total;
      else
        after[static_cast<std::size_t>(stage / 2)] = projected ? total : total * (left * left);
    }
  }

 private:
  /// turn(i) for i in [0, n), begun in order: what an earlier turn does can be waited for.
  template <class Turn>
  void in_turns(std::int64_t n, Turn&& turn) const {
    std::atomic<std::int64_t> next{0};
    parallel_parts(threads_, [&](int, int) {
      for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < n;) turn(i);
    });
  }

  /// One color of a band; its measure before the step (red) or after it (black, but for the factor if not projected).
  template <int parity>
  TRIMTAB_KERNEL double color(const Sweep<Real>& sweep, std::int64_t number) const {
    const auto a = grid_.stencil(sweep.omega);
    const Sweep<Real> s = sweep;
    Segment band = grid_.whole(number / grid_.bands(), number % grid_.bands());
    band.first = (band.parity + parity) % 2;
    BandSum<Real> sum_of_squares;
    BandLargest<Real> largest;
    travel<true, 2>(grid_, band, [&](const auto& here) {
      unrolled<packs>([&](auto v) {
        const std::ptrdiff_t q = here.p + v * a.lanes;
        T sum = a.template entry<0>(q) * a.template neighbor<0, v>(s.x, here);
        unrolled<points>([&](auto e) {
          if constexpr (e != 0 && e != center) sum += a.template entry<e>(q) * a.template neighbor<e, v>(s.x, here);
        });
        const T old = simd::load<T>(s.x + q), d = a.template entry<center>(q);
        const T rest = (simd::load<T>(s.b + q) - sum) - d * old;
        T x = old + a.step(q) * rest;
        if (s.floor) {
          const T floor = simd::load<T>(s.floor + q);
          x = simd::max(x, floor);
          const T r = parity == 0 ? rest : T(rest - d * (x - old));
          largest.add(v, here.only(v, simd::min(T((parity == 0 ? old : x) - floor), T(-r))));
        } else {
          const T r = here.only(v, rest);
          sum_of_squares.add(v, r, r);
        }
        simd::store(s.x + q, here.only(v, x));
      });
    });
    return s.floor ? largest.value() : sum_of_squares.value();
  }
};

}  // namespace trimtab::relax
