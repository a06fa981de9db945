#pragma once

#include <trimtab/core/stop.hpp>
#include <trimtab/sde/brownian.hpp>
#include <trimtab/sde/solver.hpp>
#include <trimtab/sde/system.hpp>

#include <cstdint>
#include <memory>
#include <span>

/// @file solve.hpp
/// Many paths of a stochastic differential equation, each with steps of its own on a Brownian tree.

namespace trimtab::sde {

/// What decides the lengths of steps.
enum class Stepping {
  constant,  ///< n equal steps
  dyadic,    ///< a step is a node of the tree, and a rejected one is replaced by its halves
  free,      ///< any length; the ends of rejected steps are visited all the same
  cir        ///< nodes of the tree no longer than (ctol y)^(2/3), for Cir
};

struct SteppingOptions {
  Stepping kind = Stepping::constant;
  std::uint64_t n = 1;                ///< steps, if constant
  double rtol = 1e-3;                 ///< of the error of a step, scaled by atol + rtol max |y|
  std::span<const double> atol = {};  ///< one number a component; 1e-6 if empty
  double ctol = 0.125;
  double first_step = 0;              ///< 0: a 64th of the interval
  double min_step = 0, max_step = 0;  ///< 0: a tick, and the whole interval. A shortest step is accepted and counted
  bool half_steps = false;            ///< estimate errors by two half steps, and go on from them
  bool revisit_rejected = true;       ///< if free
};

/// Why a path ended.
enum class Status : std::int8_t { success = 0, event = 1, nan = 2, max_steps = 3, stopped = 4 };

/// A step that was tried.
struct StepRecord {
  std::uint64_t path;
  double t, h;
  double error;      ///< scaled: accepted below 1. NaN where nothing was estimated
  double stiffness;  ///< estimated rate per unit time; 0 where there is no estimate
  std::int64_t accepted;
};

struct StepLogState;

/// All steps of a solve, path by path in the order of their attempts.
class TRIMTAB_API StepLog {
 public:
  StepLog();
  ~StepLog();
  std::size_t size() const;
  /// @param out  size() records
  void copy(StepRecord* out) const;

  StepLogState& state() { return *state_; }

 private:
  std::unique_ptr<StepLogState> state_;
};

struct SolveOptions {
  SteppingOptions stepping;
  std::span<const double> save_at;   ///< ascending times. One inside a step costs a shorter one on the same noise
  std::int64_t max_steps = 1 << 20;  ///< attempts a path
  Function event;                    ///< (m); a path ends where it changes sign, found by halving the step
  int event_direction = 0;           ///< -1: falling, 1: rising, 0: both
  double event_tol = 0;              ///< width in time to which it is located; 0: 2^-30 of the interval
  StepLog* log = nullptr;
  WatchOptions watch;
  std::size_t chunk = 256;  ///< paths that go together. Answers do not depend on it
  int threads = 1;          ///< as resolve_threads() takes it. Answers do not depend on it
};

/// Sums over all paths.
struct Totals {
  std::uint64_t accepted = 0, rejected = 0, forced = 0, evaluations = 0, splits = 0;
};

/// Where answers go.
struct Answer {
  double* y;              ///< (paths, save_at.size(), components), row-major; NaN after a path's end
  Status* status;         ///< (paths)
  double *t_end, *y_end;  ///< (paths) and (paths, components): the last good state
};

/// Initial states (paths, components), row-major; one for all if `shared`.
struct Start {
  const double* y;
  bool shared;
};

/// One step of m paths, each of its own length. Arrays of components are (components, m).
struct Step {
  std::size_t m;
  const double *t, *h;
  const double* y;
  Increments<const double> noise;  ///< over [t, t + h]
  double* y1;
  double* error = nullptr;      ///< as y, if wanted: of a solver with an estimate of its own
  double* stiffness = nullptr;  ///< (m), if wanted: rate per unit time; 0 where there is no estimate
};

/// Takes one step with increments that the caller has.
/// @throws std::invalid_argument if the solver is not made for the equation
TRIMTAB_API void step(const System& system, Solver solver, const Step& step);
TRIMTAB_API void step(const Langevin& langevin, Solver solver, const Step& step);
TRIMTAB_API void step(const Cir& cir, Solver solver, const Step& step);

/// Looks once at the diffusion at and near the first state, to see whether the noise is of the kind that the system
/// says.
/// @throws std::invalid_argument if the solver is not made for the equation, the noise is of another kind, the tree
/// lacks H or K or has another number of components, a time lies outside the tree, or an option is out of range
TRIMTAB_API Totals solve(const System& system, Solver solver, const BrownianTree& tree, const Paths& paths, Start start,
                         const SolveOptions& options, const Answer& answer);
TRIMTAB_API Totals solve(const Langevin& langevin, Solver solver, const BrownianTree& tree, const Paths& paths,
                         Start start, const SolveOptions& options, const Answer& answer);
TRIMTAB_API Totals solve(const Cir& cir, Solver solver, const BrownianTree& tree, const Paths& paths, Start start,
                         const SolveOptions& options, const Answer& answer);

}  // namespace trimtab::sde
