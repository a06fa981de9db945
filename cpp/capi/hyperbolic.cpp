#include "options.hpp"
#include "status.hpp"

#include <trimtab/hyperbolic/solve.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

using namespace trimtab;
using namespace trimtab::hyperbolic;
using capi::named;
using capi::number;
using capi::require;
using capi::whole_number;

/// A solver with what it was made from: boundary functions and sources are added before it has a state.
struct trimtab_hyperbolic {
  Problem problem;
  SchemeOptions options;
  std::optional<Solver> solver;

  void build() { solver.emplace(problem, options); }
};

namespace {

/// Name of the one parameter of a law.
const char* parameter_of(LawName law) {
  switch (law) {
    case LawName::euler:
      return "gamma";
    case LawName::advection:
      return "speed";
    case LawName::shallow_water:
      return "g";
    case LawName::burgers:
      break;
  }
  return "";
}

void set_option(trimtab_hyperbolic& s, const std::string& key, const std::string& value) {
  SchemeOptions& o = s.options;
  const auto side = [&] { return named<Boundary>(key, value, {"periodic", "outflow", "reflect"}); };
  if (key == parameter_of(s.problem.law)) {
    s.problem.parameter = number(key, value);
  } else if (key == "bc") {
    o.sides[0].kind = o.sides[1].kind = side();
  } else if (key == "bc_lower") {
    o.sides[0].kind = side();
  } else if (key == "bc_upper") {
    o.sides[1].kind = side();
  } else if (key == "scheme") {
    o.variant = named<Variant>(key, value, {"adaptive", "aweno", "aweno-ldcu", "linear"});
  } else if (key == "si") {
    o.indicator = named<Indicator>(key, value, {"defect", "dual"});
  } else if (key == "dtype") {
    s.problem.precision = named<Precision>(key, value, {"float64", "float32"});
  } else if (key == "tol") {
    o.classes.tol = number(key, value);
  } else if (key == "cfl") {
    o.cfl = number(key, value);
  } else if (key == "kappa") {
    o.classes.kappa = number(key, value);
  } else if (key == "grow") {
    o.classes.grow = static_cast<int>(whole_number(key, value));
  } else if (key == "contact") {
    o.classes.contact = number(key, value) != 0;
  } else if (key == "hysteresis") {
    o.classes.hysteresis = number(key, value) != 0;
  } else if (key == "threads") {
    o.threads = static_cast<int>(whole_number(key, value));
  } else {
    reject("options", "a key of this law", key);
  }
}

std::string describe(const trimtab_hyperbolic& s, const RunReport& r) {
  const char* what = r.status == Status::not_finite     ? "NaN or infinity arose"
                     : r.status == Status::not_positive ? "a quantity that must be positive lost its sign"
                                                        : "the time step fell below 1e-14 of t_end";
  char text[256];
  std::snprintf(text, sizeof text, "%s in step %lld, t = %.6g, cell %lld, stage %d, dt = %.3g; state there:", what,
                static_cast<long long>(s.solver->clock().steps + 1), s.solver->clock().t,
                static_cast<long long>(r.bad_cell), r.bad_stage, r.dt);
  std::string message = text;
  for (int k = 0; k < s.solver->n_vars(); ++k) {
    std::snprintf(text, sizeof text, " %.6g", r.bad_state[k]);
    message += text;
  }
  return message;
}

}  // namespace

extern "C" {

trimtab_status trimtab_hyperbolic_create(const char* law, int n_dims, const int64_t* n, const double* lower,
                                         const double* upper, const char* options, trimtab_hyperbolic** solver) {
  return capi::guarded([&] {
    require("law", law), require("n", n), require("lower", lower), require("upper", upper), require("solver", solver);
    if (n_dims != 1) reject("n_dims", "1", std::to_string(n_dims));
    auto made = std::make_unique<trimtab_hyperbolic>();
    made->problem.law = named<LawName>("law", law, {"euler", "advection", "burgers", "shallow_water"});
    constexpr double defaults[] = {1.4, 1, 0, 9.81};
    made->problem.parameter = defaults[static_cast<int>(made->problem.law)];
    made->problem.n = *n, made->problem.lower = *lower, made->problem.upper = *upper;
    capi::for_each_option(options,
                          [&](const std::string& key, const std::string& value) { set_option(*made, key, value); });
    made->build();
    *solver = made.release();
  });
}

void trimtab_hyperbolic_destroy(trimtab_hyperbolic* solver) { delete solver; }

trimtab_status trimtab_hyperbolic_set_ghosts(trimtab_hyperbolic* solver, int side, trimtab_ghost_fill fill, void* ctx) {
  return capi::guarded([&] {
    require("solver", solver), require("fill", fill);
    if (side != 0 && side != 1) reject("side", "0 or 1", std::to_string(side));
    solver->options.sides[side].kind = Boundary::custom;
    solver->options.sides[side].fill = fill;
    solver->options.sides[side].ctx = ctx;
    solver->build();
  });
}

trimtab_status trimtab_hyperbolic_set_source(trimtab_hyperbolic* solver, trimtab_source_fill fill, void* ctx) {
  return capi::guarded([&] {
    require("solver", solver), require("fill", fill);
    solver->options.source = fill;
    solver->options.source_ctx = ctx;
    solver->build();
  });
}

int trimtab_hyperbolic_n_vars(const trimtab_hyperbolic* solver) { return solver->solver->n_vars(); }

double trimtab_hyperbolic_time(const trimtab_hyperbolic* solver) { return solver->solver->clock().t; }

trimtab_status trimtab_hyperbolic_set_primitive(trimtab_hyperbolic* solver, double t, const double* w) {
  return capi::guarded([&] {
    require("solver", solver);
    solver->solver->set_primitive(w, t);
  });
}

trimtab_status trimtab_hyperbolic_primitive(const trimtab_hyperbolic* solver, double* w) {
  return capi::guarded([&] {
    require("solver", solver);
    solver->solver->primitive(w);
  });
}

trimtab_status trimtab_hyperbolic_conservative(const trimtab_hyperbolic* solver, double* u) {
  return capi::guarded([&] {
    require("solver", solver);
    solver->solver->conservative(u);
  });
}

trimtab_status trimtab_hyperbolic_classes(const trimtab_hyperbolic* solver, uint8_t* classes) {
  return capi::guarded([&] {
    require("solver", solver);
    solver->solver->classes(classes);
  });
}

trimtab_status trimtab_hyperbolic_run(trimtab_hyperbolic* solver, double t_end, double dt, int64_t max_steps,
                                      int64_t* steps) {
  bool stopped = false;
  const auto status = capi::guarded([&] {
    require("solver", solver);
    RunOptions options{.dt = dt};
    if (max_steps > 0) options.max_steps = max_steps;
    const RunReport report = solver->solver->run(t_end, options);
    if (steps) *steps = report.steps;
    stopped = report.status == Status::max_steps;
    if (report.status != Status::success && !stopped) throw Failure(describe(*solver, report));
  });
  if (status == TRIMTAB_OK && stopped) {
    capi::remember("max_steps was reached");
    return TRIMTAB_STOPPED;
  }
  return status;
}
}
