#pragma once

#include <trimtab/sde/brownian.hpp>
#include <trimtab/sde/system.hpp>

#include <cstddef>

/// @file solver.hpp
/// The step formulas, and what each asks of an equation and of its noise.

namespace trimtab::sde {

enum class Solver {
  euler_maruyama,
  milstein,
  euler_heun,
  heun,
  sea,
  sra1,
  shark,
  spark,
  general_shark,
  slow_rk,
  ubu,
  align,
  should,
  quicsort,
  hosts,
  die
};
inline constexpr std::size_t n_solvers = 16;

/// Equations that a solver is made for.
enum class Kind { system, langevin, cir };

struct SolverTraits {
  const char* name;
  Kind kind;
  Levy levy;  ///< least increments it reads
  bool ito;   ///< for a system whose noise is not additive: the calculus that it integrates
  bool stratonovich;
  bool additive_only;
  bool embedded;                                            ///< estimates its own error
  double order_general, order_commutative, order_additive;  ///< strong orders; 0: not meant for that noise
};

TRIMTAB_API const SolverTraits& traits(Solver solver);

/// Strong order on noise of this kind.
inline double strong_order(Solver solver, Noise noise) {
  const SolverTraits& t = traits(solver);
  if (noise == Noise::additive) return t.order_additive;
  return noise == Noise::general ? t.order_general : t.order_commutative;
}

}  // namespace trimtab::sde
