#pragma once

#include "stencil_layout.hpp"

/// @file grid_operator.hpp
/// What needs no order of the points.

namespace trimtab::relax {

/// What a sweep measures on a band: of a residual the sum of its squares, of an obstacle problem the largest entry.
template <class Real>
struct BandMeasure {
  BandSum<Real> sum;
  BandLargest<Real> largest;

  /// The measure of the bands before, and of this one.
  double joined(double total, bool projected) const {
    return projected ? larger(total, largest.value()) : total + sum.value();
  }
};

/// Base: Operator or ColorOperator.
template <class Base, class Layout>
class GridOperator : public Base {
 public:
  using Real = typename Layout::Real;
  using T = BandPack<Real>;

  GridOperator(const Stencil<Real>& a, int threads)
      : grid_(a, resolve_threads(threads)), threads_(resolve_threads(threads)) {
    if (!exceeds_cache()) threads_ = grid_.sweeping_threads(threads_);  // what one thread swept stays in its cache
  }

  std::size_t size() const override { return grid_.size(); }
  std::size_t storage() const override { return grid_.storage(); }
  int threads() const override { return threads_; }
  void load(const Real* user, Real* own) const override { grid_.load(user, own, threads_); }
  void store(const Real* own, Real* user) const override { grid_.store(own, user, threads_); }

  void multiply(const Real* x, Real* y) const override { products<0, points>(x, y); }

 protected:
  /// Sweeps that are faster together than one by one: several once the vectors of a sweep exceed the cache.
  int sweeps_together() const { return exceeds_cache() ? 8 : 1; }

  static constexpr int points = Layout::points, center = Layout::center, packs = band_packs<Real>;
  static constexpr int n_near = points / 2;  ///< neighbors before the center, and as many behind it

  /// y = sum of a_e x_e over the entries from the first one to, but without, the last one.
  template <int first, int last>
  void products(const Real* x, Real* y) const {
    for_bands([&](const Segment& band) TRIMTAB_KERNEL {
      const auto a = grid_.stencil();
      travel<true>(grid_, band, [&](const auto& here) {
        unrolled<packs>([&](auto v) {
          T sum = {};
          unrolled<std::abs(last - first)>([&](auto m) {
            constexpr int e = first < last ? first + m : first - m;
            sum += a.template entry<e>(here.p + v * a.lanes) * a.template neighbor<e, v>(x, here);
          });
          simd::store(y + here.p + v * a.lanes, here.only(v, sum));
        });
      });
    });
  }

  template <class Body>
  void for_bands(Body&& body) const {
    parallel_for(static_cast<std::size_t>(grid_.n_bands()), threads_,
                 [&](std::size_t number) { body(grid_.whole(static_cast<std::int64_t>(number))); });
  }

  /// Whether the vectors of a sweep exceed the second-level cache.
  bool exceeds_cache() const {
    constexpr std::size_t cache = 4 << 20;
    return 2 * storage() * sizeof(Real) > cache;
  }

  Layout grid_;
  int threads_;
};

}  // namespace trimtab::relax
