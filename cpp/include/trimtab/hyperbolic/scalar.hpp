#pragma once

#include <trimtab/hyperbolic/law.hpp>

/// @file scalar.hpp
/// Scalar laws: linear advection and the inviscid Burgers equation.

namespace trimtab::hyperbolic {

/// What scalar laws share. Derived provides flux and speeds.
template <class Real_>
struct ScalarLaw {
  using Real = Real_;
  static constexpr int n_dims = 1;
  static constexpr int n_vars = 1;
  static constexpr int n_positive = 0;
  static constexpr bool has_contacts = false;

  Real scale = Real(1);  ///< magnitude of u against which the defect is measured

  template <class T>
  using S = State<T, 1>;

  template <class T>
  S<T> primitive(const S<T>& u) const {
    return u;
  }
  template <class T>
  S<T> conservative(const S<T>& w) const {
    return w;
  }
  template <class T>
  S<T> primitive_rate(const S<T>&, const S<T>& r) const {
    return r;
  }
  template <class T>
  Defect<T> defect(const S<T>&, const S<T>& u1, const S<T>& w1) const {
    const T d = simd::abs(u1[0] - w1[0]) / scale;
    return {d, d};
  }
  template <class T>
  ComponentFrame frame(const S<T>&, int) const {
    return {};
  }
  template <class T>
  auto above(const S<T>& u, const State<Real, 1>&) const {
    return u[0] == u[0];
  }
  static constexpr int normal(int) { return -1; }
};

/// u_t + speed u_x = 0.
template <class Real>
struct Advection : ScalarLaw<Real> {
  Real speed = Real(1);

  template <class T>
  State<T, 1> flux(const State<T, 1>& u, const State<T, 1>&, int) const {
    return {speed * u[0]};
  }
  template <class T>
  Speeds<T> speeds(const State<T, 1>&, int) const {
    return {simd::broadcast<T>(speed), simd::broadcast<T>(speed)};
  }
  template <class T>
  State<T, 1> quasilinear(const State<T, 1>&, const State<T, 1>& du, int) const {
    return {speed * du[0]};
  }
};

/// u_t + (u^2/2)_x = 0.
template <class Real>
struct Burgers : ScalarLaw<Real> {
  template <class T>
  State<T, 1> flux(const State<T, 1>& u, const State<T, 1>&, int) const {
    return {Real(0.5) * u[0] * u[0]};
  }
  template <class T>
  Speeds<T> speeds(const State<T, 1>& u, int) const {
    return {u[0], u[0]};
  }
  template <class T>
  State<T, 1> quasilinear(const State<T, 1>& u, const State<T, 1>& du, int) const {
    return {u[0] * du[0]};
  }
};

}  // namespace trimtab::hyperbolic
