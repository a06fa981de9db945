#include "tableau.hpp"

namespace trimtab::sde {
namespace {

constexpr double root3 = 1.7320508075688772935;

/// Two stages for additive noise: the second at c2 = a21 = aw2.
constexpr StochasticTableau additive(double c2, double b1, double b2, double ah1, double ah2, double error) {
  StochasticTableau t{.stages = 2, .additive = true};
  t.c[1] = t.a[1][0] = t.aw[1][0] = c2;
  t.ah[0][0] = ah1;
  t.ah[1][0] = ah2;
  t.b[0] = b1;
  t.b[1] = b2;
  t.bw[0] = 1;
  t.e[0] = -error;
  t.e[1] = error;
  return t;
}

constexpr StochasticTableau make_sea() {
  StochasticTableau t{.stages = 1, .additive = true};
  t.aw[0][0] = 0.5;
  t.ah[0][0] = t.b[0] = t.bw[0] = 1;
  return t;
}

constexpr StochasticTableau make_euler_maruyama() {
  StochasticTableau t;
  t.b[0] = t.bw[0] = 1;
  return t;
}

constexpr StochasticTableau make_euler_heun() {
  StochasticTableau t{.stages = 2};
  t.aw[1][0] = t.b[0] = 1;  // both diffusions are of time t
  t.bw[0] = t.bw[1] = 0.5;
  return t;
}

constexpr StochasticTableau make_heun() {
  StochasticTableau t{.stages = 2};
  t.c[1] = t.a[1][0] = t.aw[1][0] = 1;
  t.b[0] = t.b[1] = t.bw[0] = t.bw[1] = 0.5;
  t.e[0] = t.ew[0] = -0.5;
  t.e[1] = t.ew[1] = 0.5;
  return t;
}

constexpr StochasticTableau make_spark() {
  StochasticTableau t{.stages = 3};
  t.c[1] = t.a[1][0] = t.aw[1][0] = 0.5;
  t.c[2] = t.a[2][1] = t.aw[2][1] = 1;
  t.ah[1][0] = root3;
  const double outer = (3 - root3) / 6, weights[3] = {outer, root3 / 3, outer},
               error[3] = {outer - 0.5, root3 / 3, outer - 0.5};
  for (int i = 0; i < 3; ++i) {
    t.b[i] = t.bw[i] = weights[i];
    t.e[i] = t.ew[i] = error[i];
  }
  t.bh[0] = t.eh[0] = 1;
  t.bh[2] = t.eh[2] = -1;
  return t;
}

constexpr StochasticTableau make_general_shark() {
  StochasticTableau t{.stages = 3};
  t.c[2] = t.a[2][1] = t.aw[2][1] = 5.0 / 6;
  t.ah[1][0] = t.ah[2][0] = 1;
  t.b[1] = t.bw[1] = 0.4;
  t.b[2] = t.bw[2] = 0.6;
  t.bh[1] = 1.2;
  t.bh[2] = -1.2;
  return t;
}

constexpr StochasticTableau make_slow_rk() {
  StochasticTableau t{.stages = 7};
  const double first[7] = {0, 0.5, 0.5, 0.5, 0.5, 0.75, 1};
  for (int i = 1; i < 7; ++i) t.c[i] = t.a[i][0] = first[i];
  t.b[0] = 1.0 / 3;
  t.b[5] = 2.0 / 3;
  t.aw[2][1] = t.aw[3][2] = 0.5;
  t.aw[4][3] = 1;
  t.aw[5][3] = 0.75;
  t.aw[6][2] = 0.5;
  t.ah[5][3] = 1.5;
  t.bw[1] = t.bw[4] = 1.0 / 6;
  t.bw[2] = t.bw[3] = 1.0 / 3;
  t.bh[3] = 2;
  t.bh[6] = -2;
  return t;
}

}  // namespace

const StochasticTableau& tableau(Solver solver) {
  static constexpr StochasticTableau euler_maruyama = make_euler_maruyama(), euler_heun = make_euler_heun(),
                                     heun = make_heun();
  static constexpr StochasticTableau sea = make_sea(), sra1 = additive(0.75, 1.0 / 3, 2.0 / 3, 0, 1.5, 2.0 / 3);
  static constexpr StochasticTableau shark = additive(5.0 / 6, 0.4, 0.6, 1, 1, 0.6);
  static constexpr StochasticTableau spark = make_spark(), general_shark = make_general_shark(),
                                     slow_rk = make_slow_rk();
  switch (solver) {
    case Solver::euler_heun:
      return euler_heun;
    case Solver::heun:
      return heun;
    case Solver::sea:
      return sea;
    case Solver::sra1:
      return sra1;
    case Solver::shark:
      return shark;
    case Solver::spark:
      return spark;
    case Solver::general_shark:
      return general_shark;
    case Solver::slow_rk:
      return slow_rk;
    default:
      return euler_maruyama;
  }
}

}  // namespace trimtab::sde
