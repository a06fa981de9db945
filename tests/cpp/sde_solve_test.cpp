#include "../../cpp/src/sde/langevin_coefficients.hpp"
#include "check.hpp"

#include <trimtab/sde/models.hpp>
#include <trimtab/sde/solve.hpp>

#include <cmath>
#include <stdexcept>
#include <vector>

using namespace trimtab::sde;

namespace {

struct Outcome {
  std::vector<double> y, t_end, y_end;
  std::vector<Status> status;
  Totals totals;
};

template <class Equation>
Outcome run(const Equation& equation, Solver solver, const BrownianTree& tree, std::size_t dim, std::size_t n_paths,
            const SolveOptions& options) {
  const std::vector<double> start(dim, 0.5);
  const std::size_t n = n_paths * dim;
  Outcome o{std::vector<double>(n * options.save_at.size()),
            std::vector<double>(n_paths),
            std::vector<double>(n),
            std::vector<Status>(n_paths),
            {}};
  o.totals = solve(equation, solver, tree, {.count = n_paths}, {start.data(), true}, options,
                   {o.y.data(), o.status.data(), o.t_end.data(), o.y_end.data()});
  return o;
}

/// Values of 150-digit arithmetic.
void coefficients_lose_no_digits_for_small_friction() {
  const double expected[][6] = {
      {1e-8, 0.999999995, 0.499999998333333, 0.999999995, -9.99999995e-09, 0.4999999990625},
      {1e-3, 0.999500166625008, 0.499833374991668, 0.999500149966673, -0.000999500142827386, 0.499906262498698},
      {0.1, 0.951625819640404, 0.483741803595957, 0.951467253090622, -0.0951399298694393, 0.490748708996515},
      {1.5, 0.517913226567713, 0.321391182288191, 0.499476552034675, -0.737466981321558, 0.383614105944092},
      {10, 0.0999954600070238, 0.0900004539992976, 0.0480032687949429, -0.311953147272485, 0.138485132183934}};
  for (const auto& e : expected) {
    const double x = e[0];
    const double found[] = {langevin::p1(x), langevin::p2(x), langevin::q1(x), langevin::q2(x), langevin::q_half(x)};
    for (int i = 0; i < 5; ++i) CHECK_NEAR(found[i] / e[i + 1], 1, 1e-13);
  }
}

constexpr double atol[] = {1e-2, 1e-2, 1e-2, 1e-2};

void threads_change_no_bit() {
  const DoubleWell well{2, 2.0, 0.7};
  const BrownianTree tree(5, 0, 1, 2, Levy::H);
  const double times[] = {0, 0.3, 0.5, 1};
  for (const Stepping kind : {Stepping::constant, Stepping::dyadic, Stepping::free}) {
    SolveOptions options;
    options.stepping = {.kind = kind, .n = 24, .rtol = 1e-2, .atol = {atol, 2}};
    options.save_at = times;
    options.chunk = 16;
    StepLog log;
    options.log = &log;
    const Outcome one = run(well.system(), Solver::shark, tree, 2, 100, options);
    CHECK(log.size() == one.totals.accepted + one.totals.rejected);
    options.threads = 3;
    const Outcome three = run(well.system(), Solver::shark, tree, 2, 100, options);
    CHECK(one.y == three.y && one.y_end == three.y_end);
    CHECK(one.totals.accepted == three.totals.accepted && one.totals.splits == three.totals.splits);
    for (const Status s : one.status) CHECK(s == Status::success);
  }
}

void every_solver_goes_to_the_end() {
  const BrownianTree tree(7, 0, 1, 2, Levy::K), single(7, 0, 1, 1, Levy::K);
  const GeometricBrownianMotion gbm{2, 0.1, 0.3};
  const OrnsteinUhlenbeck ou{2, 1, 0, 1};
  const Heston heston;
  const double gamma[] = {1, 2}, u[] = {1, 0.5};
  const DoubleWellPotential well{2, 1};
  const Langevin langevin{2, gamma, u, well.gradient()};
  const Cir cir{1, 1, 1.5};
  for (std::size_t i = 0; i < n_solvers; ++i) {
    const auto solver = static_cast<Solver>(i);
    SolveOptions options;
    options.stepping = {.kind = Stepping::dyadic,
                        .rtol = 1e-2,
                        .atol = {atol, traits(solver).kind == Kind::langevin ? 4u
                                       : traits(solver).kind == Kind::cir    ? 1u
                                                                             : 2u},
                        .min_step = 1e-3,
                        .half_steps = !traits(solver).embedded};
    Outcome o;
    if (traits(solver).kind == Kind::langevin) {
      o = run(langevin, solver, tree, 4, 20, options);
    } else if (traits(solver).kind == Kind::cir) {
      o = run(cir, solver, single, 1, 20, options);
    } else {
      o = run(traits(solver).additive_only ? ou.system() : gbm.system(), solver, tree, 2, 20, options);
      System full = heston.system();
      full.finite_differences = solver == Solver::milstein;
      if (!traits(solver).additive_only) run(full, solver, tree, 2, 20, options);
    }
    for (const Status s : o.status) CHECK(s == Status::success);
    for (const double y : o.y_end) CHECK(std::isfinite(y));
  }
}

void paths_end_at_events_and_failures() {
  const BrownianTree tree(3, 0, 4, 1, Levy::H);
  const OrnsteinUhlenbeck ou{1, 0.1, 2, 0.5};
  const auto above = [](const double*, const double* y, double* out, std::int64_t m) {
    for (std::int64_t i = 0; i < m; ++i) out[i] = y[i] - 0.9;
  };
  SolveOptions options;
  options.stepping = {.kind = Stepping::constant, .n = 64};
  options.event = function_of(above);
  const Outcome o = run(ou.system(), Solver::shark, tree, 1, 50, options);
  int events = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    if (o.status[i] != Status::event) continue;
    ++events;
    CHECK_NEAR(o.y_end[i], 0.9, 1e-3);
  }
  CHECK(events > 10);
  options.event = {};
  options.max_steps = 5;
  for (const Status s : run(ou.system(), Solver::shark, tree, 1, 5, options).status) CHECK(s == Status::max_steps);
  const auto nowhere = [](const double*, const double*, double* out, std::int64_t m) {
    for (std::int64_t i = 0; i < m; ++i) out[i] = std::nan("");
  };
  System broken = ou.system();
  broken.drift = function_of(nowhere);
  const Outcome failed = run(broken, Solver::shark, tree, 1, 5, options);
  for (std::size_t i = 0; i < 5; ++i) CHECK(failed.status[i] == Status::nan && failed.y_end[i] == 0.5);
  CHECK_THROWS(run(ou.system(), Solver::spark, BrownianTree(3, 0, 4), 1, 5, options), std::invalid_argument,
               "levy: expected a tree with H");
}

}  // namespace

int main() {
  coefficients_lose_no_digits_for_small_friction();
  threads_change_no_bit();
  every_solver_goes_to_the_end();
  paths_end_at_events_and_failures();
}
