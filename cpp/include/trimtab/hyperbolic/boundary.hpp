#pragma once

#include <trimtab/core/grid.hpp>
#include <trimtab/hyperbolic/law.hpp>
#include <trimtab/hyperbolic/options.hpp>
#include <trimtab/hyperbolic/twin.hpp>

#include <algorithm>
#include <cstdint>

/// @file boundary.hpp
/// Ghost cells of a row: values and classes beyond its two ends.

namespace trimtab::hyperbolic {

/// In which variables a field is.
enum class Form { conserved, primitive };

template <Law L>
class Boundaries {
 public:
  using Real = typename L::Real;
  static constexpr int n_vars = L::n_vars;

  Boundaries(std::int64_t n, const Side (&sides)[2]) : n_(n), sides_{sides[0], sides[1]} {}

  /// Fills the ghost cells of u, whose cells 0..n-1 are given, at time t.
  void fill(const L& law, Rows<Real> u, double t, Form form) const {
    for (int s = 0; s < 2; ++s) {
      const Side& side = sides_[s];
      State<Real, n_vars> ghosts[halo] = {};
      if (side.kind == Boundary::custom) ask(law, u, t, form, s, ghosts);
      for (int g = 0; g < halo; ++g) {
        const std::int64_t j = s == 0 ? g - halo : n_ + g;  // in the order of the coordinate
        State<Real, n_vars> value;
        switch (side.kind) {
          case Boundary::periodic:
            value = cell(u, s == 0 ? j + n_ : j - n_);
            break;
          case Boundary::outflow:
            value = cell(u, s == 0 ? 0 : n_ - 1);
            break;
          case Boundary::reflect:
            value = cell(u, s == 0 ? -1 - j : 2 * n_ - 1 - j);
            if (L::normal(0) >= 0) value[L::normal(0)] = -value[L::normal(0)];
            break;
          case Boundary::inflow:
            value = in_form(law, make_state<Real, n_vars>([&](int k) { return Real(side.state[k]); }), form);
            break;
          case Boundary::custom:
            value = ghosts[g];
        }
        for (int k = 0; k < n_vars; ++k) u[k][j] = value[k];
      }
    }
  }

  /// Fills the ghost classes of c, whose cells 0..n-1 are given. What a custom side will bring is unknown: a shock.
  void fill(Class* c) const {
    for (int s = 0; s < 2; ++s)
      for (int g = 0; g < halo; ++g) {
        const std::int64_t j = s == 0 ? -1 - g : n_ + g;
        switch (sides_[s].kind) {
          case Boundary::periodic:
            c[j] = c[s == 0 ? j + n_ : j - n_];
            break;
          case Boundary::custom:
            c[j] = Class::shock;
            break;
          default:
            c[j] = c[s == 0 ? 0 : n_ - 1];
        }
      }
  }

 private:
  static State<Real, n_vars> cell(Rows<const Real> u, std::int64_t j) {
    return make_state<Real, n_vars>([&](int k) { return u[k][j]; });
  }
  static State<Real, n_vars> in_form(const L& law, const State<Real, n_vars>& w, Form form) {
    return form == Form::primitive ? w : law.conservative(w);
  }

  /// The caller's own ghost values for side s.
  void ask(const L& law, Rows<const Real> u, double t, Form form, int s, State<Real, n_vars> (&ghosts)[halo]) const {
    double inside[n_vars * halo], outside[n_vars * halo];
    for (int g = 0; g < halo; ++g) {
      auto w = cell(u, s == 0 ? g : n_ - halo + g);
      if (form == Form::conserved) w = law.primitive(w);
      for (int k = 0; k < n_vars; ++k) inside[k * halo + g] = w[k];
    }
    sides_[s].fill(sides_[s].ctx, t, inside, outside);
    for (int g = 0; g < halo; ++g)
      ghosts[g] = in_form(law, make_state<Real, n_vars>([&](int k) { return Real(outside[k * halo + g]); }), form);
  }

  std::int64_t n_;
  Side sides_[2];
};

}  // namespace trimtab::hyperbolic
