#pragma once

#include <trimtab/hyperbolic/law.hpp>

/// @file shallow_water.hpp
/// Shallow-water (Saint-Venant) equations over a flat bottom, in one dimension.

namespace trimtab::hyperbolic {

/// Characteristic variables of the shallow-water equations at a mean state.
template <class T>
struct ShallowWaterFrame {
  T v, c;

  State<T, 2> project(const State<T, 2>& u) const {
    const T y = (u[1] - v * u[0]) / (c + c), half = simd::Scalar<T>(0.5) * u[0];
    return {half - y, half + y};
  }
  State<T, 2> recover(const State<T, 2>& w) const {
    const T sum = w[0] + w[1];
    return {sum, v * sum + c * (w[1] - w[0])};
  }
};

/// U = (h, h v), W = (h, v): depth and velocity, with gravity g.
template <class Real_>
struct ShallowWater {
  using Real = Real_;
  static constexpr int n_dims = 1;
  static constexpr int n_vars = 2;
  static constexpr int n_positive = 1;  ///< depth
  static constexpr bool has_contacts = false;

  Real g = Real(9.81);

  template <class T>
  using S = State<T, 2>;

  template <class T>
  S<T> primitive(const S<T>& u) const {
    return {u[0], u[1] / u[0]};
  }
  template <class T>
  S<T> conservative(const S<T>& w) const {
    return {w[0], w[0] * w[1]};
  }
  template <class T>
  S<T> flux(const S<T>& u, const S<T>& w, int) const {
    return {u[1], u[1] * w[1] + Real(0.5) * g * u[0] * u[0]};
  }
  template <class T>
  Speeds<T> speeds(const S<T>& w, int) const {
    const T c = simd::sqrt(g * w[0]);
    return {w[1] - c, w[1] + c};
  }
  template <class T>
  S<T> quasilinear(const S<T>& w, const S<T>& dw, int) const {
    return {w[1] * dw[0] + w[0] * dw[1], w[1] * dw[1] + g * dw[0]};
  }
  template <class T>
  S<T> primitive_rate(const S<T>& w, const S<T>& r) const {
    return {r[0], (r[1] - w[1] * r[0]) / w[0]};
  }
  template <class T>
  Defect<T> defect(const S<T>& w, const S<T>& u1, const S<T>& w1) const {
    const T speed = simd::sqrt(g * w[0]) + simd::abs(w[1]);
    const T d = simd::max(simd::abs(u1[0] - w1[0]), simd::abs(u1[1] - w1[0] * w1[1]) / speed) / w[0];
    return {d, d};
  }
  template <class T>
  ShallowWaterFrame<T> frame(const S<T>& w, int) const {
    return {w[1], simd::sqrt(g * w[0])};
  }
  template <class T>
  State<T, 1> positive(const S<T>& u) const {
    return {u[0]};
  }
  template <class T>
  auto is_admissible(const S<T>& w) const {
    return w[0] > T{};
  }
  template <class T>
  auto above(const S<T>& u, const State<Real, 1>& floor) const {
    return (u[0] > floor[0]) & (u[1] == u[1]);
  }
  /// Lifts the depth to the floor; velocity stays.
  void raise(S<Real>& u, const State<Real, 1>& floor) const {
    auto w = primitive(u);
    w[0] = simd::max(w[0], floor[0]);
    u = conservative(w);
  }

  static constexpr int normal(int axis) { return 1 + axis; }
};

}  // namespace trimtab::hyperbolic
