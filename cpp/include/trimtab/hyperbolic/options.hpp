#pragma once

#include <trimtab/core/stop.hpp>
#include <trimtab/hyperbolic/smoothness.hpp>

#include <cstdint>

/// @file options.hpp
/// What a caller chooses, and what a run reports.

namespace trimtab::hyperbolic {

/// Which flux is used where.
enum class Variant {
  adaptive,    ///< by the class of the face (default)
  aweno,       ///< Ai-WENO-Z and central-upwind flux everywhere
  aweno_ldcu,  ///< Ai-WENO-Z and low-dissipation central-upwind flux everywhere
  linear       ///< unlimited interpolation and central-upwind flux everywhere
};

/// How far the twin runs along before it is compared.
enum class Indicator {
  defect,  ///< one Euler stage, shared with the scheme's first stage
  dual     ///< the whole Runge-Kutta step
};

enum class Boundary { periodic, outflow, reflect, inflow, custom };

/// Fills the three ghost cells of one side at time t with primitive values. Both arrays are n_vars x 3, row-major, in
/// the order of increasing coordinate; `interior` holds the three cells next to the side.
using GhostFill = void (*)(void* ctx, double t, const double* interior, double* ghosts);

/// Source term S at time t: u and s are n_vars x n, row-major, conserved variables of the n cells and their rates.
using SourceFill = void (*)(void* ctx, double t, const double* u, double* s, std::int64_t n);

inline constexpr int max_vars = 8;  ///< variables of a law at the most

/// One side of the domain.
struct Side {
  Boundary kind = Boundary::outflow;
  double state[max_vars] = {};  ///< inflow: primitive state outside
  GhostFill fill = nullptr;     ///< custom
  void* ctx = nullptr;
};

struct SchemeOptions {
  Variant variant = Variant::adaptive;
  Indicator indicator = Indicator::defect;
  ClassOptions classes;
  double cfl = 0.45;
  bool use_floor = false;
  double floor[2] = {0, 0};     ///< opt-in floors of the positive quantities, density and pressure or depth
  Side sides[2];                ///< lower, upper
  SourceFill source = nullptr;  ///< nullptr: none
  void* source_ctx = nullptr;
  int threads = 0;  ///< 0: the default of resolve_threads()
};

/// Where a solver stands, beside its conserved values, classes and decisions.
struct Clock {
  double t = 0;
  std::int64_t steps = 0;
  double floor[2] = {0, 0};  ///< positivity thresholds, from the initial data
  double scale = 1;          ///< magnitude of the initial data, for scalar laws
};

struct RunOptions {
  double dt = 0;  ///< fixed time step; 0: from the CFL number
  std::int64_t max_steps = INT64_MAX;
  WatchOptions watch = {};
};

enum class Status {
  success = 0,
  stopped = 1,  ///< by the callback
  time_limit = 2,
  max_steps = 3,
  not_finite = 4,      ///< NaN or infinity arose
  not_positive = 5,    ///< density, pressure or depth lost positivity
  step_too_small = 6,  ///< the time step fell below 1e-14 of t_end
};

/// What happened. After a failure the solver holds the state before the failed step.
struct RunReport {
  Status status = Status::success;
  std::int64_t steps = 0;       ///< steps of this run
  double seconds = 0;           ///< wall clock
  std::int64_t blended = 0;     ///< faces whose flux was blended for positivity
  std::int64_t floored = 0;     ///< cells raised to the floor
  double share[3] = {0, 0, 0};  ///< mean share of cells in each class
  std::int64_t bad_cell = -1;   ///< where it failed
  int bad_stage = 0;            ///< Runge-Kutta stage that failed, from 1
  double dt = 0;                ///< last step, or the one that failed
  Class bad_class = Class::smooth;
  double bad_state[max_vars] = {};  ///< primitive state there
};

}  // namespace trimtab::hyperbolic
