#pragma once

#include <trimtab/hyperbolic/law.hpp>

/// @file euler.hpp
/// Compressible Euler equations of an ideal gas in 1, 2 or 3 dimensions.

namespace trimtab::hyperbolic {

/// Characteristic variables of the Euler equations at a mean state: (acoustic -, acoustic +, entropy, shear...).
/// The eigenvectors are used in product form, which needs no matrix.
template <class T, int dims>
struct EulerFrame {
  State<T, dims> v;            ///< velocity
  T c, enthalpy, b1, half_q2;  ///< sound speed, H = c^2/(gamma-1) + |v|^2/2, (gamma-1)/c^2, |v|^2/2
  int axis;

  State<T, dims + 2> project(const State<T, dims + 2>& u) const {
    using R = simd::Scalar<T>;
    T vm = v[0] * u[1];
    for (int i = 1; i < dims; ++i) vm = vm + v[i] * u[1 + i];
    const T z = R(0.5) * (b1 * half_q2 * u[0] - b1 * (vm - u[dims + 1]));
    const T y = (u[1 + axis] - v[axis] * u[0]) / (c + c);
    State<T, dims + 2> w;
    w[0] = z - y;
    w[1] = z + y;
    w[2] = u[0] - (z + z);
    if constexpr (dims > 1)
      for (int i = 0, k = 3; i < dims; ++i)
        if (i != axis) w[k++] = u[1 + i] - v[i] * u[0];
    return w;
  }

  State<T, dims + 2> recover(const State<T, dims + 2>& w) const {
    // the acoustic pair is added first: mirrored data give mirrored bits
    const T sum = w[0] + w[1], difference = w[1] - w[0];
    State<T, dims + 2> u;
    u[0] = sum + w[2];
    u[1 + axis] = v[axis] * u[0] + c * difference;
    u[dims + 1] = enthalpy * sum + v[axis] * (c * difference) + half_q2 * w[2];
    if constexpr (dims > 1)
      for (int i = 0, k = 3; i < dims; ++i)
        if (i != axis) {
          u[1 + i] = v[i] * u[0] + w[k];
          u[dims + 1] = u[dims + 1] + v[i] * w[k++];
        }
    return u;
  }
};

/// U = (rho, rho v_1..v_d, E), W = (rho, v_1..v_d, p), p = (gamma-1)(E - rho |v|^2/2).
template <class Real_, int dims>
struct Euler {
  using Real = Real_;
  static constexpr int n_dims = dims;
  static constexpr int n_vars = dims + 2;
  static constexpr int n_positive = 2;  ///< density, pressure
  static constexpr bool has_contacts = true;
  static constexpr int n_layer = dims;  ///< density, tangential velocities

  Real gamma = Real(1.4);

  template <class T>
  using S = State<T, n_vars>;

  template <class T>
  S<T> primitive(const S<T>& u) const {
    const T inverse = Real(1) / u[0];
    S<T> w;
    w[0] = u[0];
    for (int i = 1; i <= dims; ++i) w[i] = u[i] * inverse;
    T kinetic = u[1] * w[1];
    for (int i = 2; i <= dims; ++i) kinetic = kinetic + u[i] * w[i];
    w[dims + 1] = (gamma - Real(1)) * (u[dims + 1] - Real(0.5) * kinetic);
    return w;
  }

  template <class T>
  S<T> conservative(const S<T>& w) const {
    S<T> u;
    u[0] = w[0];
    for (int i = 1; i <= dims; ++i) u[i] = w[0] * w[i];
    T kinetic = u[1] * w[1];
    for (int i = 2; i <= dims; ++i) kinetic = kinetic + u[i] * w[i];
    u[dims + 1] = w[dims + 1] / (gamma - Real(1)) + Real(0.5) * kinetic;
    return u;
  }

  template <class T>
  S<T> flux(const S<T>& u, const S<T>& w, int axis) const {
    const T un = w[1 + axis];
    S<T> f;
    f[0] = u[1 + axis];
    for (int i = 1; i <= dims; ++i) f[i] = u[i] * un;
    f[1 + axis] = f[1 + axis] + w[dims + 1];
    f[dims + 1] = un * (u[dims + 1] + w[dims + 1]);
    return f;
  }

  template <class T>
  T sound_speed(const S<T>& w) const {
    return simd::sqrt(gamma * w[dims + 1] * (Real(1) / w[0]));  // the division is shared with primitive()
  }

  /// |v|
  template <class T>
  T gas_speed(const S<T>& w) const {
    if constexpr (dims == 1) return simd::abs(w[1]);
    T v2 = w[1] * w[1];
    for (int i = 2; i <= dims; ++i) v2 = v2 + w[i] * w[i];
    return simd::sqrt(v2);
  }

  template <class T>
  Speeds<T> speeds(const S<T>& w, int axis) const {
    const T c = sound_speed(w);
    return {w[1 + axis] - c, w[1 + axis] + c};
  }

  template <class T>
  S<T> quasilinear(const S<T>& w, const S<T>& dw, int axis) const {
    const T un = w[1 + axis], dun = dw[1 + axis];
    S<T> r;
    r[0] = un * dw[0] + w[0] * dun;
    for (int i = 1; i <= dims; ++i) r[i] = un * dw[i];
    r[1 + axis] = r[1 + axis] + dw[dims + 1] * (Real(1) / w[0]);
    r[dims + 1] = un * dw[dims + 1] + gamma * w[dims + 1] * dun;
    return r;
  }

  template <class T>
  S<T> primitive_rate(const S<T>& w, const S<T>& r) const {
    S<T> q;
    q[0] = r[0];
    T work = r[dims + 1];
    for (int i = 1; i <= dims; ++i) {
      q[i] = (r[i] - w[i] * r[0]) / w[0];
      work = work - w[i] * (r[i] - Real(0.5) * w[i] * r[0]);
    }
    q[dims + 1] = (gamma - Real(1)) * work;
    return q;
  }

  template <class T>
  Defect<T> defect(const S<T>& w, const S<T>& u1, const S<T>& w1) const {
    T momentum = simd::abs(u1[1] - w1[0] * w1[1]);
    for (int i = 2; i <= dims; ++i) momentum = simd::max(momentum, simd::abs(u1[i] - w1[0] * w1[i]));
    const T inverse = Real(1) / w[0];
    const T speed = sound_speed(w) + gas_speed(w);
    const T density = simd::abs(u1[0] - w1[0]) * inverse;
    return {simd::max(density, momentum * inverse / speed),
            simd::abs(primitive(u1)[dims + 1] - w1[dims + 1]) / w[dims + 1]};
  }

  template <class T>
  EulerFrame<T, dims> frame(const S<T>& w, int axis) const {
    EulerFrame<T, dims> f;
    f.axis = axis;
    T q2 = w[1] * w[1];
    for (int i = 0; i < dims; ++i) f.v[i] = w[1 + i];
    for (int i = 2; i <= dims; ++i) q2 = q2 + w[i] * w[i];
    const T c2 = gamma * w[dims + 1] * (Real(1) / w[0]);
    f.c = simd::sqrt(c2);
    f.half_q2 = Real(0.5) * q2;
    f.b1 = (gamma - Real(1)) / c2;
    f.enthalpy = c2 / (gamma - Real(1)) + f.half_q2;
    return f;
  }

  template <class T>
  State<T, 2> positive(const S<T>& u) const {
    return {u[0], primitive(u)[dims + 1]};
  }

  template <class T>
  auto is_admissible(const S<T>& w) const {
    return (w[0] > T{}) & (w[dims + 1] > T{});
  }

  /// Free of divisions: p > floor as 2 rho (E - floor/(gamma-1)) > |m|^2.
  template <class T>
  auto above(const S<T>& u, const State<Real, 2>& floor) const {
    T m2 = u[1] * u[1];
    for (int i = 2; i <= dims; ++i) m2 = m2 + u[i] * u[i];
    return (u[0] > floor[0]) & ((u[0] + u[0]) * (u[dims + 1] - floor[1] / (gamma - Real(1))) > m2);
  }

  /// Lifts density and pressure to the floor; velocity stays.
  void raise(S<Real>& u, const State<Real, 2>& floor) const {
    auto w = primitive(u);
    w[0] = simd::max(w[0], floor[0]);
    w[dims + 1] = simd::max(w[dims + 1], floor[1]);
    u = conservative(w);
  }

  static constexpr int normal(int axis) { return 1 + axis; }

  /// Low-dissipation central-upwind correction: the fan average is split at the contact speed u*, where only density
  /// and tangential momentum jump (after Kurganov and Xin, J. Sci. Comput. 96 (2023) 56). Exact for isolated contacts.
  template <class T>
  S<T> anti_diffusion(const S<T>& ul, const S<T>& ur, const S<T>& fl, const S<T>& fr, const Speeds<T>& a,
                      int axis) const {
    const T width = a.hi - a.lo;
    const auto fan =
        make_state<T, n_vars>([&](int k) { return ((a.hi * ur[k] - a.lo * ul[k]) - (fr[k] - fl[k])) / width; });
    const T speed = fan[1 + axis] / fan[0];
    const T xl = speed - a.lo, xr = a.hi - speed;
    const auto inside = (a.hi > T{}) & (a.lo < T{}) & (xl > T{}) & (xr > T{});
    const auto jump = [&](int k) {
      const T l = xl * (fan[k] - ul[k]), r = xr * (ur[k] - fan[k]);
      return simd::select(l * r > T{}, simd::select(simd::abs(l) < simd::abs(r), l, r), T{});
    };
    const T share = simd::select(speed < T{}, a.hi / xr, -(a.lo / xl));
    const T d_rho = jump(0);
    S<T> q;
    q[0] = share * d_rho;
    T shear{};
    if constexpr (dims > 1) {
      const T rho_l = fan[0] - d_rho / xl, rho_r = fan[0] + d_rho / xr;
      T kl{}, kr{};
      for (int i = 0; i < dims; ++i) {
        if (i == axis) continue;
        const T d = jump(1 + i);
        const T ml = fan[1 + i] - d / xl, mr = fan[1 + i] + d / xr;
        kl = kl + ml * ml / (rho_l + rho_l);
        kr = kr + mr * mr / (rho_r + rho_r);
        q[1 + i] = share * d;
      }
      shear = share * xl * xr / width * (kr - kl);
    }
    q[1 + axis] = speed * q[0];
    q[dims + 1] = Real(0.5) * speed * speed * q[0] + shear;
    return make_state<T, n_vars>([&](int k) { return simd::select(inside, q[k], T{}); });
  }

  /// Density and tangential velocities, which jump at contacts.
  template <class T>
  State<T, n_layer> layer(const S<T>& w, int axis) const {
    State<T, n_layer> q;
    q[0] = w[0];
    if constexpr (dims > 1)
      for (int i = 0, k = 1; i < dims; ++i)
        if (i != axis) q[k++] = w[1 + i];
    return q;
  }

  /// Their scales at a face: the larger density, the sound speed of the mean.
  template <class T>
  State<T, n_layer> layer_scale(const S<T>& wl, const S<T>& wr) const {
    State<T, n_layer> s;
    s[0] = simd::max(wl[0], wr[0]);
    if constexpr (dims > 1) {
      const T c = simd::sqrt(gamma * (wl[dims + 1] + wr[dims + 1]) / (wl[0] + wr[0]));
      for (int k = 1; k < n_layer; ++k) s[k] = c;
    }
    return s;
  }
};

}  // namespace trimtab::hyperbolic
