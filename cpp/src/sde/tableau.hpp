#pragma once

#include <trimtab/sde/solver.hpp>

/// @file tableau.hpp
/// Coefficients of the stochastic Runge-Kutta methods:
///
///     z_i = y + sum_j a_ij k_j + aw_ij G_j W + ah_ij G_j H,   k_i = h f(t + c_i h, z_i),   G_i = g(t + c_i h, z_i)
///     y1  = y + sum_i b_i k_i + bw_i G_i W + bh_i G_i H
///
/// and the estimated error with e, ew, eh in place of b, bw, bh. Those for additive noise have one G, of time t, in
/// place of all (column 0 of aw, ah), and y1 has (g(t + h) - g(t)) (W / 2 - H) besides.
///
/// Foster, dos Reis, Strange, High order splitting methods for SDEs satisfying a commutativity condition (SIAM J.
/// Numer. Anal. 62, 2024) for SEA, ShARK, SPaRK and SlowRK; Roessler, Runge-Kutta methods for the strong approximation
/// of solutions of stochastic differential equations (SIAM J. Numer. Anal. 48, 2010) for SRA1.

namespace trimtab::sde {

struct StochasticTableau {
  static constexpr int most = 7;
  using Row = double[most];

  int stages = 1;
  bool additive = false;
  double c[most] = {};
  Row a[most] = {}, aw[most] = {}, ah[most] = {};
  double b[most] = {}, bw[most] = {}, bh[most] = {};
  double e[most] = {}, ew[most] = {}, eh[most] = {};

  /// Whether some stage or the result reads k_i.
  bool uses_drift(int i) const {
    bool used = b[i] != 0 || e[i] != 0;
    for (int s = i + 1; s < stages; ++s) used |= a[s][i] != 0;
    return used;
  }
  /// Whether some stage or the result reads G_i.
  bool uses_diffusion(int i) const {
    bool used = bw[i] != 0 || bh[i] != 0;
    for (int s = i + 1; s < stages; ++s) used |= aw[s][i] != 0 || ah[s][i] != 0;
    return used;
  }
};

/// @pre the solver is of Runge-Kutta type
const StochasticTableau& tableau(Solver solver);

}  // namespace trimtab::sde
