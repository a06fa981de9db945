#pragma once

#include "stencil_colors.hpp"

#include <mutex>

/// @file stencil_operator.hpp
/// Row order on grids, without a matrix. Each point sees the operations of CsrOperator in their order.

namespace trimtab::relax {

template <class Real, int points, bool variable>
class StencilOperator final : public GridOperator<Operator<Real>, StencilLayout<Real, points, variable, 2>> {
  using Layout = StencilLayout<Real, points, variable, 2>;
  using Base = GridOperator<Operator<Real>, Layout>;
  using Base::center, Base::packs, Base::n_near, Base::grid_, Base::threads_;
  using T = BandPack<Real>;

 public:
  using Base::Base;

  const Real* diagonal() const override { return grid_.diagonals(); }
  bool has_constant_diagonal() const override { return !variable; }
  double jacobi_norm() const override { return grid_.jacobi_norm(); }

  void near_products(bool forward, const Real* x, Real* near) const override {
    if (forward) {
      this->template products<0, center>(x, near);
    } else {
      this->template products<points - 1, center>(x, near);
    }
  }

  double sweep(bool forward, const Sweep<Real>& s) const override {
    return forward ? run<true, true>(s, 1) : run<false, true>(s, 1);
  }

  void sweeps(bool forward, const Sweep<Real>& s, std::int64_t count) const override {
    for (const std::int64_t most = this->sweeps_together(); count > 0; count -= most) {
      const std::int64_t now = std::min(count, most);
      forward ? run<true, false>(s, now) : run<false, false>(s, now);
    }
  }

  double solve_triangle(bool forward, Real omega, const Real* p, Real shift, const Real* t, Real* x) const override {
    const auto with = [&]<bool ahead>(std::bool_constant<ahead>) {
      return t ? substitute<ahead, true>(omega, p, shift, t, x) : substitute<ahead, false>(omega, p, shift, t, x);
    };
    return forward ? with(std::true_type{}) : with(std::false_type{});
  }

  void next_direction(Real omega, const Real* z, Real beta, Real* p, Real* x) const override {
    const auto work = [&](const Segment& segment, Nothing&, std::int64_t) TRIMTAB_KERNEL {
      const auto a = grid_.stencil(omega);
      const auto base = [&, p, z](const auto& here, auto v) {
        const std::ptrdiff_t q = here.p + v * a.lanes;
        T fresh = simd::load<T>(z + q);
        if constexpr (variable) fresh *= a.template entry<center>(q);
        const T direction = fresh + beta * simd::load<T>(p + q);
        simd::store(p + q, direction);
        return T(a.step(q) * direction);
      };
      recur<false, false>(a, segment, x, base, [](auto&, auto, const T& value, const T&) { return value; });
    };
    in_row_order<false, Nothing>(grid_, threads_, 1, work);
  }

  const ColorOperator<Real>* red_black() const override {
    if constexpr (points == 9) {
      return nullptr;
    } else {
      std::call_once(coloring_, [this] { colors_ = recolor(); });
      return colors_.get();
    }
  }
  const Operator<Real>* multicolored() const override {
    std::call_once(assembly_, [this] {
      const auto a = grid_.assemble();
      assembled_ = make_colored<Real, std::int64_t>(
          {static_cast<std::int64_t>(this->size()), a.indptr.data(), a.indices.data(), a.data.data()}, threads_);
    });
    return assembled_.get();
  }

 private:
  struct Nothing {};

  /// The results of the last steps, from which a step takes its near neighbors without waiting for the memory.
  template <bool ahead>
  class Past {
   public:
    static constexpr int dir = ahead ? 1 : -1;
    static constexpr int lag = Layout::lag, depth = points == 9 ? lag + 1 : lag;

    /// Before the step at position p.
    Past(const Real* x, std::ptrdiff_t p) {
      unrolled<depth>([&](auto d) {
        unrolled<packs>(
            [&](auto v) { steps_[d][v] = simd::load<T>(x + p - dir * (d + 1) * band_rows + v * band_lanes<Real>); });
      });
    }

    template <int e, int v, class Points, class Here>
    T neighbor(const Points& a, const Real* x, const Here& here) const {
      constexpr Shift s = shift_of<points>(e);
      constexpr int back = -dir * (s.y * lag + s.x);
      const auto& step = steps_[back - 1];
      if constexpr (s.y == 0) return step[v];
      constexpr int other = v - dir;
      T from;
      if constexpr (other < 0 || other >= packs) {
        from = simd::broadcast<T>(a.template edge<e>(x, here));
      } else {
        from = step[other];
      }
      return ahead ? shift_up(step[v], from) : shift_down(step[v], from);
    }

    void push(const T (&now)[packs]) {
      unrolled<packs>([&](auto v) {
        unrolled<depth - 1>([&](auto d) { steps_[depth - 1 - d][v] = steps_[depth - 2 - d][v]; });
        steps_[0][v] = now[v];
      });
    }

   private:
    T steps_[depth][packs];
  };

  /// Entry number m of those before the center in the direction of the sweep, outward in, and of those behind it.
  template <bool ahead>
  static constexpr int near_entry(int m) {
    return ahead ? m : points - 1 - m;
  }
  template <bool ahead>
  static constexpr int far_entry(int m) {
    return ahead ? center + 1 + m : center - 1 - m;
  }

  /// x = base - sum of omega / d a_e x_e over the near neighbors e. base(here, integral_constant<int, pack>) is what
  /// else a point consists of; done(here, pack, x, sum of a_e x_e) gives what is stored.
  template <bool ahead, bool measured, class First, class Last>
  void recur(const typename Layout::Points& stencil, const Segment segment, Real* x, First&& base, Last&& done) const {
    const auto a = stencil;
    const std::int64_t start = ahead ? segment.first : segment.last - 1;
    Past<ahead> past(x, segment.origin + start * band_rows);
    travel<ahead>(grid_, segment, [&](const auto& here) {
      T now[packs];
      unrolled<packs>([&](auto v) {
        const std::ptrdiff_t p = here.p + v * a.lanes;
        const T step = a.step(p);
        T value = base(here, v), kept = {};
        unrolled<n_near>([&](auto m) {
          constexpr int e = near_entry<ahead>(m);
          const T entry = a.template entry<e>(p);
          T near;
          if constexpr (shift_of<points>(e).z != 0) {
            near = a.template neighbor<e, v>(x, here);
          } else {
            near = past.template neighbor<e, v>(a, x, here);
          }
          value -= (step * entry) * near;
          if constexpr (measured) kept += entry * near;
        });
        now[v] = here.only(v, done(here, v, value, kept));
      });
      unrolled<packs>([&](auto v) { simd::store(x + here.p + v * a.lanes, now[v]); });
      past.push(now);
    });
  }

  template <bool ahead, bool shifted>
  double substitute(Real omega, const Real* p, Real shift, const Real* t, Real* x) const {
    const auto work = [&](const Segment& segment, BandSum<Real>& product, std::int64_t) TRIMTAB_KERNEL {
      const auto a = grid_.stencil(omega);
      BandSum<Real> sum = product;
      const auto base = [&](const auto& here, auto v) {
        const std::ptrdiff_t q = here.p + v * a.lanes;
        T right = simd::load<T>(p + q);
        if constexpr (shifted) right -= shift * a.template entry<center>(q) * simd::load<T>(t + q);
        return a.step(q) * right;
      };
      const auto done = [&](const auto& here, auto v, const T& value, const T&) {
        const std::ptrdiff_t q = here.p + v * a.lanes;
        if constexpr (shifted) sum.add(v, simd::load<T>(p + q), simd::load<T>(t + q) + here.only(v, value));
        return value;
      };
      recur<ahead, false>(a, segment, x, base, done);
      product = sum;
    };
    double total = 0;
    for (const BandSum<Real>& band : in_row_order<ahead, BandSum<Real>>(grid_, threads_, 1, work))
      total += band.value();
    return total;
  }

  template <bool ahead, bool measured>
  double run(const Sweep<Real>& s, std::int64_t count) const {
    using State = std::conditional_t<measured, BandMeasure<Real>, Nothing>;
    const auto work = [&](const Segment& segment, State& state, std::int64_t) TRIMTAB_KERNEL {
      const auto a = grid_.stencil(s.omega);
      const Sweep<Real> local = s;
      const bool projected = local.floor;
      BandMeasure<Real> measure;
      if constexpr (measured) measure = state;
      const auto base = [&](const auto& here, auto v) {
        const std::ptrdiff_t q = here.p + v * a.lanes;
        T far = {};
        unrolled<n_near>([&](auto m) {
          constexpr int e = far_entry<ahead>(m);
          far += a.template entry<e>(q) * a.template neighbor<e, v>(local.x, here);
        });
        const T old = simd::load<T>(local.x + q);
        const T lacking = (simd::load<T>(local.b + q) - far) - a.template entry<center>(q) * old;
        if constexpr (measured) {
          const T r = here.only(v, lacking - simd::load<T>(local.near + q));
          if (projected) {
            measure.largest.add(v, simd::min(T(old - simd::load<T>(local.floor + q)), T(-r)));
          } else {
            measure.sum.add(v, r, r);
          }
        }
        return T(old + a.step(q) * lacking);
      };
      const auto done = [&](const auto& here, auto v, const T& value, const T& kept) {
        const std::ptrdiff_t q = here.p + v * a.lanes;
        if constexpr (measured) simd::store(local.near + q, here.only(v, kept));
        return projected ? simd::max(value, simd::load<T>(local.floor + q)) : value;
      };
      recur<ahead, measured>(a, segment, local.x, base, done);
      if constexpr (measured) state = measure;
    };
    const auto states = in_row_order<ahead, State>(grid_, threads_, count, work);
    double total = 0;
    if constexpr (measured)
      for (const State& band : states) total = band.joined(total, s.floor);
    return total;
  }

  std::unique_ptr<ColorOperator<Real>> recolor() const {
    const std::size_t n = variable ? grid_.size() : 1;
    Vector<Real> coefficients(points * n);
    for (int e = 0; e < points; ++e) {
      if constexpr (variable) {
        grid_.store(grid_.stencil().field[e], &coefficients[e * n], threads_);
      } else {
        coefficients[e] = grid_.stencil().constant[e];
      }
    }
    const Stencil<Real> a{grid_.nz(), grid_.ny(), grid_.nx(), points, variable, coefficients.data()};
    return std::make_unique<StencilColors<Real, points, variable>>(a, threads_);
  }

  mutable std::once_flag coloring_, assembly_;
  mutable std::unique_ptr<ColorOperator<Real>> colors_;
  mutable std::unique_ptr<Operator<Real>> assembled_;
};

template <class Real, int points>
std::unique_ptr<Operator<Real>> make_stencil(const Stencil<Real>& a, int threads) {
  if (a.variable) return std::make_unique<StencilOperator<Real, points, true>>(a, threads);
  return std::make_unique<StencilOperator<Real, points, false>>(a, threads);
}

}  // namespace trimtab::relax
