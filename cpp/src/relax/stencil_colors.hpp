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
    // stage after stage, a red one, a black one and so on: all sweeps go over memory together
    const bool projected = s.floor;
    const std::int64_t n = grid_.n_bands(), stages = 2 * std::ssize(before);
    const auto work = [&](const Segment& segment, BandMeasure<Real>& measure, std::int64_t stage) {
      stage % 2 == 0 ? color<0>(s, segment, measure) : color<1>(s, segment, measure);
    };
    const auto measures = in_row_order<true, BandMeasure<Real>>(grid_, threads_, stages, work);
    for (std::int64_t stage = 0; stage < stages; ++stage) {
      double total = 0;
      for (std::int64_t band = 0; band < n; ++band)
        total = measures[static_cast<std::size_t>(stage * n + band)].joined(total, projected);
      // the neighbors of a black point stay, so its step leaves 1 - omega of its residual
      const double left = 1 - double(s.omega);
      if (stage % 2 == 0)
        before[static_cast<std::size_t>(stage / 2)] = total;
      else
        after[static_cast<std::size_t>(stage / 2)] = projected ? total : total * (left * left);
    }
  }

 private:
  /// One color of a segment; its measure before the step (red) or after it (black, but for the factor if not
  /// projected).
  template <int parity>
  TRIMTAB_KERNEL void color(const Sweep<Real>& sweep, Segment segment, BandMeasure<Real>& measure) const {
    const auto a = grid_.stencil(sweep.omega);
    const Sweep<Real> s = sweep;
    segment.first += (segment.first + segment.parity + parity) % 2;
    auto [sum_of_squares, largest] = measure;
    travel<true, 2>(grid_, segment, [&](const auto& here) {
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
    measure = {sum_of_squares, largest};
  }
};

}  // namespace trimtab::relax
