#pragma once

#include <trimtab/sde/adjoint.hpp>
#include <trimtab/sde/solver.hpp>

namespace trimtab::sde {

/// An explicit Runge-Kutta method for dy = f dt + g dW with W and H of each step:
///
///     z_i = y + sum_j (a_ij h f_j + aw_ij g_j W + ah_ij g_j H),   f_i = f(t + c_i h, z_i),   g_i = g(t + d_i h, z_i)
///     y1  = y + sum_j (b_j h f_j + bw_j g_j W + bh_j g_j H)
///
/// and likewise the error with e, ew, eh. A stage whose column is empty is not evaluated.
struct Tableau {
  static constexpr int max_stages = 7;
  using Row = double[max_stages];

  int stages;
  double stability_size = 2;  ///< of the drift's stability polynomial on the negative real axis
  Row c = {}, d = {};
  Row a[max_stages] = {}, aw[max_stages] = {}, ah[max_stages] = {};
  Row b = {}, bw = {}, bh = {};
  Row e = {}, ew = {}, eh = {};
  bool estimates = false;              ///< e is there
  int stiff[2] = {0, 0};               ///< the stages that tell the stiffness; one stage twice tells nothing
  const double (*dense)[4] = nullptr;  ///< b_j(theta) = sum_p dense[j][p] theta^(p + 1)

  bool uses_drift(int j) const {
    return in_column(j, a, b, e) || (stiff[0] != stiff[1] && (j == stiff[0] || j == stiff[1]));
  }
  bool uses_noise(int j) const { return in_column(j, aw, bw, ew) || in_column(j, ah, bh, eh); }

  /// b_j(theta); b_j where there is no interpolant or theta = 1.
  double weight(int j, double theta) const {
    if (!dense || theta == 1) return b[j];
    const double* q = dense[j];
    return theta * (q[0] + theta * (q[1] + theta * (q[2] + theta * q[3])));
  }

  /// The same method for a g that is the same in all stages, so that one product serves.
  Tableau with_steady_noise() const;

 private:
  bool in_column(int j, const Row* stage, const Row& end, const Row& error) const {
    bool used = end[j] != 0 || error[j] != 0;
    for (int i = j + 1; i < stages; ++i) used = used || stage[i][j] != 0;
    return used;
  }
};

/// Foster, dos Reis, Strange, High order splitting methods for SDEs satisfying a commutativity condition (SIAM J.
/// Numer. Anal. 62, 2024) for SEA, ShARK, SPaRK and SlowRK; Roessler, Runge-Kutta methods for the strong approximation
/// of solutions of stochastic differential equations (SIAM J. Numer. Anal. 48, 2010) for SRA1.
/// @pre the solver is of Runge-Kutta type
const Tableau& tableau(Solver solver);

/// Tsitouras, Comput. Math. Appl. 62 (2011) 770, for tsit5.
const Tableau& tableau(Method method);

}  // namespace trimtab::sde
