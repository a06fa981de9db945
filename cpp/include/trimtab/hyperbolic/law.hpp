#pragma once

#include <trimtab/core/simd.hpp>

#include <concepts>
#include <utility>

/// @file law.hpp
/// What a conservation law U_t + div F(U) = S must offer to be solved here.

namespace trimtab::hyperbolic {

/// One number per variable; T is a scalar or a simd::Pack.
template <class T, int n>
struct State {
  T v[n];

  T& operator[](int k) { return v[k]; }
  const T& operator[](int k) const { return v[k]; }
};

/// State whose entry k is f(k).
template <class T, int n, class F>
inline State<T, n> make_state(F&& f) {
  return [&]<int... k>(std::integer_sequence<int, k...>) {
    return State<T, n>{{f(k)...}};
  }(std::make_integer_sequence<int, n>{});
}

/// Slowest and fastest signal.
template <class T>
struct Speeds {
  T lo, hi;
};

/// Disagreement of the conservative and the primitive form after one step, without units.
template <class T>
struct Defect {
  T wave;      ///< what every discontinuity disturbs
  T pressure;  ///< what a contact leaves alone; laws without contacts repeat `wave`
};

/// A law is a small struct of parameters with inline member templates over the number type T.
///
/// U are conserved variables, W primitive ones, of the same number; `axis` is the direction of the sweep.
///   primitive(U), conservative(W)   change of variables
///   flux(U, W, axis)                F(U) along the axis
///   speeds(W, axis)                 bounds of the characteristic speeds
///   quasilinear(W, dW, axis)        A(W) dW, with W_t + A(W) W_x = 0
///   primitive_rate(W, R)            dW/dU R, which carries a source term over to W
///   defect(W, U1, W1)               disagreement of U1 and W1, both one step after W
///   frame(W, axis)                  characteristic variables at W: project(U), recover(C)
///   positive(U)[n_positive]         quantities that must stay positive: linear ones first, then concave ones
///   is_admissible(W)                mask: every positive quantity is positive
///   above(U, floor)                 mask: every positive quantity exceeds its floor
///   raise(U, floor)                 lifts a scalar state to the floor
///   normal(axis)                    variable that changes sign in a mirror across the axis, or -1
/// A law with `has_contacts` also offers
///   anti_diffusion(...)             LDCU correction of the central-upwind flux
///   layer(W, axis, k)[n_layer]      quantities that jump at contacts, and layer_scale(Wl, Wr)[n_layer]
template <class L>
concept Law = requires(const L& law, State<typename L::Real, L::n_vars> u) {
  requires std::floating_point<typename L::Real>;
  requires L::n_vars > 0 && L::n_dims > 0 && L::n_positive >= 0;
  { L::has_contacts } -> std::convertible_to<bool>;
  { law.primitive(u) } -> std::same_as<decltype(u)>;
  { law.conservative(u) } -> std::same_as<decltype(u)>;
  { law.flux(u, u, 0) } -> std::same_as<decltype(u)>;
  { law.speeds(u, 0) } -> std::same_as<Speeds<typename L::Real>>;
  { law.quasilinear(u, u, 0) } -> std::same_as<decltype(u)>;
  { law.primitive_rate(u, u) } -> std::same_as<decltype(u)>;
  { law.defect(u, u, u) } -> std::same_as<Defect<typename L::Real>>;
  { law.frame(u, 0).project(u) } -> std::same_as<decltype(u)>;
};

/// Characteristic variables of a law that has no better ones: its own components.
struct ComponentFrame {
  template <class S>
  S project(const S& u) const {
    return u;
  }
  template <class S>
  S recover(const S& c) const {
    return c;
  }
};

}  // namespace trimtab::hyperbolic
