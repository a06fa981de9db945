#pragma once

#include <trimtab/sde/adjoint.hpp>

#include <cstddef>

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
  double stability_size;  ///< of the drift's stability polynomial on the negative real axis
  Row c, d;
  Row a[max_stages], aw[max_stages], ah[max_stages];
  Row b, bw, bh;
  Row e, ew, eh;
  bool estimates;            ///< e is there
  int stiff[2];              ///< the stages that tell the stiffness
  const double (*dense)[4];  ///< b_j(theta) = sum_p dense[j][p] theta^(p + 1), or null

  bool uses_drift(int j) const { return in_column(j, a, b, e); }
  bool uses_noise(int j) const { return in_column(j, aw, bw, ew) || in_column(j, ah, bh, eh); }

  /// b_j(theta); b_j where there is no interpolant or theta = 1.
  double weight(int j, double theta) const {
    if (!dense || theta == 1) return b[j];
    const double* q = dense[j];
    return theta * (q[0] + theta * (q[1] + theta * (q[2] + theta * q[3])));
  }

 private:
  bool in_column(int j, const Row* stage, const Row& end, const Row& error) const {
    bool used = end[j] != 0 || error[j] != 0;
    for (int i = j + 1; i < stages; ++i) used = used || stage[i][j] != 0;
    return used;
  }
};

/// Tsitouras, Comput. Math. Appl. 62 (2011) 770; Foster, dos Reis, Strange, High order splitting methods for
/// SDEs satisfying a commutativity condition (SIAM J. Numer. Anal. 62, 2024) for ShARK and SPaRK; Roessler,
/// SIAM J. Numer. Anal. 48 (2010) 922 for SRA1.
const Tableau& tableau_of(Method method);

}  // namespace trimtab::sde
