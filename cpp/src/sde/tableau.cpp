#include "tableau.hpp"

#include <trimtab/core/error.hpp>

#include <utility>

namespace trimtab::sde {
namespace {

constexpr double tsit5_dense[7][4] = {
    {1.0, -2.763706197274826, 2.9132554618219126, -1.0530884977290216},
    {0.0, 0.1317, -0.2234, 0.1017},
    {0.0, 3.9302962368947516, -5.941033872131505, 2.490627285651253},
    {0.0, -12.411077166933676, 30.33818863028232, -16.548102889244902},
    {0.0, 37.50931341651104, -88.1789048947664, 47.37952196281928},
    {0.0, -27.896526289197286, 65.09189467479366, -34.87065786149661},
    {0.0, 1.5, -4.0, 2.5},
};

constexpr Tableau tsit5 = {
    .stages = 7,
    .stability_size = 3.5068,
    .c = {0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1},
    .a = {{},
          {0.161},
          {-0.008480655492356989, 0.335480655492357},
          {2.8971530571054935, -6.359448489975075, 4.3622954328695815},
          {5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525},
          {5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383},
          {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774}},
    .b = {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774, 0},
    .e = {-0.001780011052225777, -0.000816434459656747, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552,
          -0.45808210592918697, 1.0 / 66},
    .estimates = true,
    .stiff = {5, 6},
    .dense = tsit5_dense,
};

constexpr Tableau euler_maruyama = {.stages = 1, .b = {1}, .bw = {1}};

// Both diffusions are of time t.
constexpr Tableau euler_heun = {.stages = 2, .aw = {{}, {1}}, .b = {1}, .bw = {.5, .5}};

constexpr Tableau heun = {
    .stages = 2,
    .c = {0, 1},
    .d = {0, 1},
    .a = {{}, {1}},
    .aw = {{}, {1}},
    .b = {.5, .5},
    .bw = {.5, .5},
    .e = {-.5, .5},
    .ew = {-.5, .5},
    .estimates = true,
    .stiff = {0, 1},
};

// Those for additive noise have g at both ends: g0 W + (g1 - g0)(W / 2 - H) = (g0 + g1) W / 2 + (g0 - g1) H. A drift
// stage that is shifted by g0 H needs a stage before it for g0.

constexpr Tableau sea = {
    .stages = 2,
    .d = {0, 1},
    .aw = {{}, {.5}},
    .ah = {{}, {1}},
    .b = {0, 1},
    .bw = {.5, .5},
    .bh = {1, -1},
};

constexpr Tableau sra1 = {
    .stages = 2,
    .c = {0, 3. / 4},
    .d = {0, 1},
    .a = {{}, {3. / 4}},
    .aw = {{}, {3. / 4}},
    .ah = {{}, {3. / 2}},
    .b = {1. / 3, 2. / 3},
    .bw = {.5, .5},
    .bh = {1, -1},
    .e = {-2. / 3, 2. / 3},
    .estimates = true,
    .stiff = {0, 1},
};

constexpr Tableau shark = {
    .stages = 3,
    .c = {0, 0, 5. / 6},
    .d = {0, 1, 1},
    .a = {{}, {}, {0, 5. / 6}},
    .aw = {{}, {}, {5. / 6}},
    .ah = {{}, {1}, {1}},
    .b = {0, 2. / 5, 3. / 5},
    .bw = {.5, .5},
    .bh = {1, -1},
    .e = {0, -3. / 5, 3. / 5},
    .estimates = true,
    .stiff = {1, 2},
};

constexpr double root3 = 1.7320508075688772, outer = (3 - root3) / 6;

constexpr Tableau spark = {
    .stages = 3,
    .stability_size = 3.5665,
    .c = {0, .5, 1},
    .d = {0, .5, 1},
    .a = {{}, {.5}, {0, 1}},
    .aw = {{}, {.5}, {0, 1}},
    .ah = {{}, {root3}},
    .b = {outer, root3 / 3, outer},
    .bw = {outer, root3 / 3, outer},
    .bh = {1, 0, -1},
    .e = {outer - .5, root3 / 3, outer - .5},
    .ew = {outer - .5, root3 / 3, outer - .5},
    .eh = {1, 0, -1},
    .estimates = true,
    .stiff = {1, 2},
};

constexpr Tableau general_shark = {
    .stages = 3,
    .c = {0, 0, 5. / 6},
    .d = {0, 0, 5. / 6},
    .a = {{}, {}, {0, 5. / 6}},
    .aw = {{}, {}, {0, 5. / 6}},
    .ah = {{}, {1}, {1}},
    .b = {0, 2. / 5, 3. / 5},
    .bw = {0, 2. / 5, 3. / 5},
    .bh = {0, 6. / 5, -6. / 5},
    .stiff = {1, 2},
};

constexpr Tableau slow_rk = {
    .stages = 7,
    .c = {0, .5, .5, .5, .5, .75, 1},
    .d = {0, .5, .5, .5, .5, .75, 1},
    .a = {{}, {.5}, {.5}, {.5}, {.5}, {.75}, {1}},
    .aw = {{}, {}, {0, .5}, {0, 0, .5}, {0, 0, 0, 1}, {0, 0, 0, .75}, {0, 0, .5}},
    .ah = {{}, {}, {}, {}, {}, {0, 0, 0, 1.5}},
    .b = {1. / 3, 0, 0, 0, 0, 2. / 3},
    .bw = {0, 1. / 6, 1. / 3, 1. / 3, 1. / 6},
    .bh = {0, 0, 0, 2, 0, 0, -2},
    .stiff = {0, 5},
};

}  // namespace

Tableau Tableau::with_steady_noise() const {
  Tableau t = *this;
  const auto gather = [](Row& row) {
    for (int j = 1; j < max_stages; ++j) row[0] += std::exchange(row[j], 0.0);
  };
  for (int i = 0; i < stages; ++i) gather(t.aw[i]), gather(t.ah[i]);
  for (Row* row : {&t.bw, &t.bh, &t.ew, &t.eh}) gather(*row);
  return t;
}

const Tableau& tableau(Solver solver) {
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

const Tableau& tableau(Method method) {
  switch (method) {
    case Method::tsit5:
      return tsit5;
    case Method::euler:
      return euler_maruyama;
    case Method::heun:
      return heun;
    case Method::sra1:
      return sra1;
    case Method::shark:
      return shark;
    case Method::spark:
      return spark;
  }
  reject("method", "a method of this header", static_cast<double>(method));
}

}  // namespace trimtab::sde
