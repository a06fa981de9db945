#include "explicit_tableau.hpp"

#include <trimtab/core/error.hpp>

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
    .d = {},
    .a = {{},
          {0.161},
          {-0.008480655492356989, 0.335480655492357},
          {2.8971530571054935, -6.359448489975075, 4.3622954328695815},
          {5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525},
          {5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383},
          {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774}},
    .aw = {},
    .ah = {},
    .b = {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774, 0},
    .bw = {},
    .bh = {},
    .e = {-0.001780011052225777, -0.000816434459656747, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552,
          -0.45808210592918697, 1.0 / 66},
    .ew = {},
    .eh = {},
    .estimates = true,
    .stiff = {5, 6},
    .dense = tsit5_dense,
};

constexpr Tableau euler = {
    .stages = 1,
    .stability_size = 2,
    .c = {},
    .d = {},
    .a = {},
    .aw = {},
    .ah = {},
    .b = {1},
    .bw = {1},
    .bh = {},
    .e = {},
    .ew = {},
    .eh = {},
    .estimates = false,
    .stiff = {0, 0},
    .dense = nullptr,
};

constexpr Tableau heun = {
    .stages = 2,
    .stability_size = 2,
    .c = {0, 1},
    .d = {0, 1},
    .a = {{}, {1}},
    .aw = {{}, {1}},
    .ah = {},
    .b = {.5, .5},
    .bw = {.5, .5},
    .bh = {},
    .e = {-.5, .5},
    .ew = {-.5, .5},
    .eh = {},
    .estimates = true,
    .stiff = {0, 1},
    .dense = nullptr,
};

// Additive noise, g at both ends: g0 W + (g1 - g0)(W / 2 - H) = (g0 + g1) W / 2 + (g0 - g1) H.
constexpr Tableau sra1 = {
    .stages = 2,
    .stability_size = 2,
    .c = {0, 3. / 4},
    .d = {0, 1},
    .a = {{}, {3. / 4}},
    .aw = {{}, {3. / 4}},
    .ah = {{}, {3. / 2}},
    .b = {1. / 3, 2. / 3},
    .bw = {.5, .5},
    .bh = {1, -1},
    .e = {-2. / 3, 2. / 3},
    .ew = {},
    .eh = {},
    .estimates = true,
    .stiff = {0, 1},
    .dense = nullptr,
};

/// As sra1; the first drift stage is shifted by g0 H, so that g0 comes from a stage before it.
constexpr Tableau shark = {
    .stages = 3,
    .stability_size = 2,
    .c = {0, 0, 5. / 6},
    .d = {0, 1, 1},
    .a = {{}, {}, {0, 5. / 6}},
    .aw = {{}, {}, {5. / 6}},
    .ah = {{}, {1}, {1}},
    .b = {0, 2. / 5, 3. / 5},
    .bw = {.5, .5},
    .bh = {1, -1},
    .e = {0, -3. / 5, 3. / 5},
    .ew = {},
    .eh = {},
    .estimates = true,
    .stiff = {1, 2},
    .dense = nullptr,
};

constexpr double sqrt3 = 1.7320508075688772;

constexpr Tableau spark = {
    .stages = 3,
    .stability_size = 3.5665,
    .c = {0, .5, 1},
    .d = {0, .5, 1},
    .a = {{}, {.5}, {0, 1}},
    .aw = {{}, {.5}, {0, 1}},
    .ah = {{}, {sqrt3}},
    .b = {(3 - sqrt3) / 6, sqrt3 / 3, (3 - sqrt3) / 6},
    .bw = {(3 - sqrt3) / 6, sqrt3 / 3, (3 - sqrt3) / 6},
    .bh = {1, 0, -1},
    .e = {(3 - sqrt3) / 6 - .5, sqrt3 / 3, (3 - sqrt3) / 6 - .5},
    .ew = {(3 - sqrt3) / 6 - .5, sqrt3 / 3, (3 - sqrt3) / 6 - .5},
    .eh = {1, 0, -1},
    .estimates = true,
    .stiff = {1, 2},
    .dense = nullptr,
};

}  // namespace

const Tableau& tableau_of(Method method) {
  switch (method) {
    case Method::tsit5:
      return tsit5;
    case Method::euler:
      return euler;
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
