#pragma once

#include <trimtab/core/grid.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/hyperbolic/boundary.hpp>
#include <trimtab/hyperbolic/class_map.hpp>
#include <trimtab/hyperbolic/twin.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

/// @file dual.hpp
/// The twin's own Runge-Kutta step, for the indicator that lets it run along to the end of the step.

namespace trimtab::hyperbolic {

/// Weights of SSP-RK3: stage value = old * u^n + fresh * (u + dt L(u)), and where each stage reads and writes.
struct SspRk3 {
  static constexpr double old[3] = {0, 3.0 / 4, 1.0 / 3}, fresh[3] = {1, 1.0 / 4, 2.0 / 3};
  static constexpr int from[3] = {0, 1, 2}, to[3] = {1, 2, 1};
  static constexpr double time[3] = {0, 1, 0.5};
};

inline std::int64_t n_blocks(std::int64_t n) { return (n + block_cells - 1) / block_cells; }

/// Primitive variables that start each step from the conserved ones and are advanced in nonconservative form.
template <Law L>
class DualTwin {
 public:
  using Real = typename L::Real;
  static constexpr int n_vars = L::n_vars;

  DualTwin(std::int64_t n, std::ptrdiff_t stride) : n_(n), stride_(stride) {
    for (auto& field : fields_) field.assign(static_cast<std::size_t>(stride) * n_vars, Real(0));
  }

  void start(const L& law, Rows<const Real> u) {
    for (std::int64_t j = 0; j < n_; ++j) {
      const auto w = law.primitive(cell(u, j));
      for (int k = 0; k < n_vars; ++k) field(0)[k][j] = w[k];
    }
  }

  /// One stage. Where it would leave the admissible states the old value stays.
  /// @param source  n_vars x n rates of the conserved variables, or nullptr
  void advance(const L& law, int stage, double dt, double dx, double t, const Real* source,
               const Boundaries<L>& boundaries, int threads) {
    const Rows<Real> w = field(SspRk3::from[stage]), out = field(SspRk3::to[stage]), old = field(0);
    boundaries.fill(law, w, t, Form::primitive);
    const Real ratio = Real(dt / dx), step = Real(dt), a = Real(SspRk3::old[stage]), b = Real(SspRk3::fresh[stage]);
    parallel_for(static_cast<std::size_t>(n_blocks(n_)), threads, [&](std::size_t index) {
      const std::int64_t begin = static_cast<std::int64_t>(index) * block_cells;
      const std::int64_t size = std::min(block_cells, n_ - begin);
      Real lo[block_width], hi[block_width];  // from cell -1 of the block on
      simd::for_each<Real>(static_cast<std::size_t>(size + 2), [&]<class T>(std::size_t j) {
        const auto speeds = law.speeds(load<T>(w, begin + j - 1), 0);
        simd::store(lo + j, speeds.lo);
        simd::store(hi + j, speeds.hi);
      });
      const Twin<L> twin(law, w.from(begin), lo + 1, hi + 1, size);
      simd::for_each<Real>(static_cast<std::size_t>(size), [&]<class T>(std::size_t j) {
        const auto now = load<T>(w, begin + j);
        auto next = twin.template advanced<T>(j, ratio);
        if (source) {
          const auto s = law.primitive_rate(
              now, make_state<T, n_vars>([&](int k) { return simd::load<T>(source + k * n_ + begin + j); }));
          for (int k = 0; k < n_vars; ++k) next[k] = next[k] + step * s[k];
        }
        if (stage > 0) {
          const auto first = load<T>(old, begin + j);
          for (int k = 0; k < n_vars; ++k) next[k] = a * first[k] + b * next[k];
        }
        const auto good = law.above(law.conservative(next), State<Real, std::max(L::n_positive, 1)>{});
        for (int k = 0; k < n_vars; ++k) simd::store(out[k] + begin + j, simd::select(good, next[k], now[k]));
      });
    });
  }

  /// Classes from the disagreement with u, the conserved variables at the end of the step that began at u0.
  void compare(const L& law, Rows<const Real> u0, Rows<const Real> u, ClassMap<L>& classes, double cut, int threads) {
    parallel_for(static_cast<std::size_t>(n_blocks(n_)), threads, [&](std::size_t index) {
      const std::int64_t begin = static_cast<std::int64_t>(index) * block_cells;
      const std::int64_t size = std::min(block_cells, n_ - begin);
      Real wave[block_cells], pressure[block_cells];
      simd::for_each<Real>(static_cast<std::size_t>(size), [&]<class T>(std::size_t j) {
        const auto d = law.defect(law.primitive(load<T>(u0, begin + j)), load<T>(u, begin + j),
                                  load<T>(field(SspRk3::to[2]), begin + j));
        simd::store(wave + j, d.wave);
        simd::store(pressure + j, d.pressure);
        simd::store(classes.defect() + begin + j, simd::max(d.wave, d.pressure));
      });
      classes.classify(begin, begin + size, wave, pressure, true, cut);
    });
  }

 private:
  Rows<Real> field(int i) { return {fields_[i].data() + halo, stride_}; }
  static State<Real, n_vars> cell(Rows<const Real> u, std::int64_t j) { return load<Real>(u, j); }
  template <class T>
  static State<T, n_vars> load(Rows<const Real> rows, std::int64_t j) {
    return make_state<T, n_vars>([&](int k) { return simd::load<T>(rows[k] + j); });
  }

  std::int64_t n_;
  std::ptrdiff_t stride_;
  std::vector<Real> fields_[3];
};

}  // namespace trimtab::hyperbolic
