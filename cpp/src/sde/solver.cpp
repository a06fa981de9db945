#include <trimtab/sde/solver.hpp>

namespace trimtab::sde {

const SolverTraits& traits(Solver solver) {
  using enum Kind;
  using enum Levy;
  static constexpr SolverTraits all[n_solvers] = {
      {"euler_maruyama", system, W, true, false, false, false, 0.5, 0.5, 1},
      {"milstein", system, W, true, true, false, false, 0.5, 1, 1},
      {"euler_heun", system, W, false, true, false, false, 0.5, 1, 1},
      {"heun", system, W, false, true, false, true, 0.5, 1, 1},
      {"sea", system, H, true, true, true, false, 0, 0, 1},
      {"sra1", system, H, true, true, true, true, 0, 0, 1.5},
      {"shark", system, H, true, true, true, true, 0, 0, 1.5},
      {"spark", system, H, false, true, false, true, 0.5, 1, 1.5},
      {"general_shark", system, H, false, true, false, false, 0.5, 1, 1.5},
      {"slow_rk", system, H, false, true, false, false, 0.5, 1.5, 1.5},
      {"ubu", langevin, H, true, true, true, false, 0, 0, 2},
      {"align", langevin, H, true, true, true, true, 0, 0, 2},
      {"should", langevin, K, true, true, true, false, 0, 0, 3},
      {"quicsort", langevin, K, true, true, true, false, 0, 0, 3},
      {"hosts", cir, H, true, true, false, false, 0, 1, 0},
      {"die", cir, W, true, true, false, false, 0, 1, 0},
  };
  return all[static_cast<std::size_t>(solver)];
}

}  // namespace trimtab::sde
