#pragma once

#include "colors.hpp"
#include "../core/sums.hpp"
#include "wavefront.hpp"

/// @file stencil_operator.hpp
/// Kernels on grids, without a matrix. What a point takes from neighbors that are not updated yet is computed for a
/// piece of a row at once; the rest follows point by point.

namespace trimtab::relax {

template <class Real, int points, bool variable>
class StencilOperator final : public Operator<Real> {
 public:
  StencilOperator(const Stencil<Real>& a, int threads) : grid_(a), threads_(resolve_threads(threads)) {}

  std::size_t size() const override { return static_cast<std::size_t>(grid_.nz() * grid_.ny() * grid_.nx()); }
  std::size_t storage() const override { return grid_.storage(); }
  int threads() const override { return threads_; }
  void load(const Real* user, Real* own) const override { grid_.load(user, own); }
  void store(const Real* own, Real* user) const override { grid_.store(own, user); }
  const Real* diagonal() const override { return grid_.diagonals(); }
  bool has_constant_diagonal() const override { return !variable; }
  double jacobi_norm() const override { return grid_.jacobi_norm(); }

  void multiply(const Real* x, Real* y) const override {
    grid_.by_rows(threads_, [&](std::ptrdiff_t p) {
      const auto a = grid_.stencil();
      Real* __restrict out = y;
      for (std::ptrdiff_t q = p; q < p + grid_.nx(); ++q) {
        Real sum = 0;
        unrolled<points>([&](auto e) { sum += a(e, q) * x[q + a.offset[e]]; });
        out[q] = sum;
      }
    });
  }

  void near_products(bool forward, const Real* x, Real* near) const override {
    grid_.by_rows(threads_, [&](std::ptrdiff_t p) {
      const auto a = grid_.stencil();
      Real* __restrict out = near;
      for (std::ptrdiff_t q = p; q < p + grid_.nx(); ++q) {
        Real sum = 0;
        unrolled<n_near>([&](auto m) {
          const int e = forward ? int(m) : points - 1 - int(m);
          sum += a(e, q) * x[q + a.offset[e]];
        });
        out[q] = sum;
      }
    });
  }

  double sweep(bool forward, const Sweep<Real>& s) const override {
    const auto with = [&]<bool ahead>(std::bool_constant<ahead>) {
      if (s.floor) return s.near ? run<ahead, true, true>(s) : run<ahead, true, false>(s);
      return s.near ? run<ahead, false, true>(s) : run<ahead, false, false>(s);
    };
    return forward ? with(std::true_type{}) : with(std::false_type{});
  }

  bool has_colors() const override { return points != 9; }

  void sweep_colors(const Sweep<Real>& s, double& before, double& after) const override {
    if constexpr (points != 9) {
      if (s.floor) {
        ColorSweep<Layout, true>(grid_, s, threads_).run(before, after);
      } else {
        ColorSweep<Layout, false>(grid_, s, threads_).run(before, after);
      }
    }
  }

  double solve_triangle(bool forward, Real omega, const Real* p, Real shift, const Real* t, Real* x) const override {
    if (!t) return forward ? substitute<true>(omega, p, x) : substitute<false>(omega, p, x);
    return forward ? substitute<true>(omega, p, x, shift, t) : substitute<false>(omega, p, x, shift, t);
  }

 private:
  using Layout = StencilLayout<Real, points, variable>;
  static constexpr int center = Layout::center, n_near = Layout::n_near;

  static double sum_of(double a, double b) { return a + b; }

  template <bool ahead>
  double substitute(Real omega, const Real* p, Real* x) const {
    const auto work = [&]<int rows>(std::integral_constant<int, rows>, std::ptrdiff_t first, std::ptrdiff_t columns,
                                    Real*) {
      eliminate<ahead, rows>(omega, first, columns, x, [p](std::ptrdiff_t q, std::ptrdiff_t) { return p[q]; });
      return 0.0;
    };
    return in_tiles<ahead>(grid_, threads_, work, sum_of);
  }

  template <bool ahead>
  double substitute(Real omega, const Real* p, Real* x, Real shift, const Real* t) const {
    const auto work = [&]<int rows>(std::integral_constant<int, rows>, std::ptrdiff_t first, std::ptrdiff_t columns,
                                    Real* buffer) {
      const auto a = grid_.stencil();
      for (int q = 0; q < rows; ++q) {
        const std::ptrdiff_t row = first + q * grid_.stride();
        Real* __restrict out = buffer + q * columns;
        for (std::ptrdiff_t j = 0; j < columns; ++j) out[j] = p[row + j] - shift * a.diagonal(row + j) * t[row + j];
      }
      eliminate<ahead, rows>(omega, first, columns, x,
                             [buffer](std::ptrdiff_t, std::ptrdiff_t local) { return buffer[local]; });
      double sum = 0;  // while all of it is in the first-level cache
      for (int q = 0; q < rows; ++q) {
        const std::ptrdiff_t row = first + q * grid_.stride();
        sum += lane_sum(0, static_cast<std::size_t>(columns), [p = p + row, t = t + row, x = x + row](std::size_t j) {
          return double(p[j]) * double(t[j] + x[j]);
        });
      }
      return sum;
    };
    return in_tiles<ahead>(grid_, threads_, work, sum_of);
  }

  /// The recurrence of a triangular solve over a piece of some rows; right(position, index in the buffer).
  template <bool ahead, int rows, class Right>
  void eliminate(Real omega, std::ptrdiff_t first, std::ptrdiff_t columns, Real* x, Right&& right) const {
    const auto a = grid_.stencil();
    const Real constant = omega / a.constant[center];
    side_by_side<ahead, rows>(a, grid_.stride(), first, columns, static_cast<const Real*>(x),
                              [&](std::ptrdiff_t q, std::ptrdiff_t local, auto&& near) __attribute__((always_inline)) {
                                Real s = right(q, local);
                                near([&](Real product) __attribute__((always_inline)) { s -= product; });
                                return x[q] = s * (variable ? omega / a.diagonal(q) : constant);
                              });
  }

  template <bool ahead, bool projected, bool measured>
  double run(const Sweep<Real>& s) const {
    const auto work = [&]<int rows>(std::integral_constant<int, rows>, std::ptrdiff_t first, std::ptrdiff_t columns,
                                    Real* buffer) {
      const auto a = grid_.stencil();
      const Real omega = s.omega, constant = omega / a.constant[center];
      const Real* x = s.x;
      double measure = 0;
      for (int q = 0; q < rows; ++q) {
        const std::ptrdiff_t row = first + q * grid_.stride();
        Real* __restrict out = buffer + q * columns;
        for (std::ptrdiff_t j = 0; j < columns; ++j) {
          Real far = 0;
          unrolled<n_near>([&](auto m) {
            const int e = ahead ? center + 1 + int(m) : center - 1 - int(m);
            far += a(e, row + j) * x[row + j + a.offset[e]];
          });
          out[j] = (s.b[row + j] - far) - a.diagonal(row + j) * x[row + j];
        }
        if constexpr (measured && projected) {
          for (std::ptrdiff_t j = 0; j < columns; ++j)
            measure = larger(measure, measure_of<true>(out[j] - s.near[row + j], s.x[row + j], s.floor + row, j));
        } else if constexpr (measured) {
          measure += lane_sum(0, columns, [&](std::size_t j) {
            const double r = out[j] - s.near[row + j];
            return r * r;
          });
        }
      }
      side_by_side<ahead, rows>(a, grid_.stride(), first, columns, x,
                                [&](std::ptrdiff_t q, std::ptrdiff_t local, auto&& near)
                                    __attribute__((always_inline)) {
                                      Real rest = buffer[local], kept = 0;
                                      near([&](Real product) __attribute__((always_inline)) {
                                        rest -= product;
                                        if constexpr (measured) kept += product;
                                      });
                                      if constexpr (measured) s.near[q] = kept;
                                      Real next = x[q] + (variable ? omega / a.diagonal(q) : constant) * rest;
                                      if constexpr (projected) next = std::max(next, s.floor[q]);
                                      return s.x[q] = next;
                                    });
      return measure;
    };
    return in_tiles<ahead>(grid_, threads_, work, [](double a, double b) { return projected ? larger(a, b) : a + b; });
  }

  Layout grid_;
  int threads_;
};

template <class Real, int points>
std::unique_ptr<Operator<Real>> make_stencil(const Stencil<Real>& a, int threads) {
  if (a.variable) return std::make_unique<StencilOperator<Real, points, true>>(a, threads);
  return std::make_unique<StencilOperator<Real, points, false>>(a, threads);
}

}  // namespace trimtab::relax
