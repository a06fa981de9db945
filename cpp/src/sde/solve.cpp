#include "arguments.hpp"
#include "chunk.hpp"
#include "noise_check.hpp"
#include "step_log.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/sde/solve.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

namespace trimtab::sde {

StepLog::StepLog() : state_(std::make_unique<StepLogState>()) {}
StepLog::~StepLog() = default;

std::size_t StepLog::size() const {
  std::size_t n = 0;
  for (const auto& chunk : state_->chunks) n += chunk.size();
  return n;
}

void StepLog::copy(StepRecord* out) const {
  for (const auto& chunk : state_->chunks) out = std::copy(chunk.begin(), chunk.end(), out);
}

namespace {

constexpr const char* area_names[] = {"", "W", "H", "K"};

void check_kind(Kind kind, Solver solver) {
  if (traits(solver).kind != kind) reject("solver", "one made for this equation", traits(solver).name);
}

void check(Kind kind, Solver solver, const BrownianTree& tree, std::size_t dim, std::size_t noise_dim,
           const SolveOptions& o) {
  const SolverTraits& t = traits(solver);
  const SteppingOptions& s = o.stepping;
  check_kind(kind, solver);
  if (tree.levy() < t.levy)
    reject("levy", std::string("a tree with ") + area_names[int(t.levy)] + " for solver " + t.name,
           area_names[int(tree.levy())]);
  if (tree.dim() != noise_dim)
    reject("dim", "a tree of " + std::to_string(noise_dim) + " components, as the noise", std::to_string(tree.dim()));
  const double interval = tree.t1() - tree.t0();
  if (s.n < 1 || s.n > n_ticks) reject("n", "1 ... 2^52 steps", std::to_string(s.n));
  if (!(s.rtol >= 0 && std::isfinite(s.rtol))) reject("rtol", "a number >= 0", s.rtol);
  if (!s.atol.empty() && s.atol.size() != dim)
    reject("atol", std::to_string(dim) + " numbers", static_cast<double>(s.atol.size()));
  for (const double a : s.atol) {
    if (!(a >= 0 && std::isfinite(a))) reject("atol", "a number >= 0", a);
    if (s.rtol == 0 && a == 0) reject("atol", "a number > 0, if rtol is 0", a);
  }
  if (!(s.ctol > 0 && std::isfinite(s.ctol))) reject("ctol", "a number > 0", s.ctol);
  if (!(s.first_step >= 0 && s.first_step <= interval)) reject("first_step", "within the interval", s.first_step);
  if (!(s.max_step >= 0)) reject("max_step", "a number > 0", s.max_step);
  if (!(s.min_step >= 0 && s.min_step <= interval)) reject("min_step", "within the interval", s.min_step);
  if (s.min_step > 0 && s.min_step < interval * 0x1p-52)
    reject("min_step", "at least the interval's 2^-52", s.min_step);
  if (s.max_step > 0 && s.max_step < s.min_step) reject("max_step", "at least min_step", s.max_step);
  if (s.kind == Stepping::cir && kind != Kind::cir) reject("steps", "Cir steps for the CIR model only", t.name);
  if ((s.kind == Stepping::dyadic || s.kind == Stepping::free) && !t.embedded && !s.half_steps)
    reject("half_steps", std::string("true, as solver ") + t.name + " has no error estimate of its own", "false");
  if (o.max_steps < 1) reject("max_steps", "at least 1", static_cast<double>(o.max_steps));
  if (!(o.event_tol >= 0)) reject("event_tol", "a number >= 0", o.event_tol);
  if (o.chunk < 1) reject("chunk", "at least 1", static_cast<double>(o.chunk));
}

Totals run(Problem& problem, const Paths& paths, const Start& start, const Answer& answer) {
  const SolveOptions& o = problem.options;
  const BrownianTree& tree = problem.tree;
  check_paths(paths);
  for (const double t : o.save_at) {
    problem.save_ticks.push_back(tree.tick(t, "save_at"));
    if (problem.save_ticks.size() > 1 && problem.save_ticks.end()[-2] > problem.save_ticks.back())
      reject("save_at", "ascending times", text(t));
  }
  const double width = o.event_tol > 0 ? o.event_tol / (tree.t1() - tree.t0()) : 0x1p-30;
  const std::uint64_t least = o.stepping.half_steps ? 4 : 1;  // halves of a longer step have halves
  problem.event_ticks = std::max(least, static_cast<std::uint64_t>(std::min(width, 1.0) * 0x1p52));
  std::fill_n(answer.y, paths.count * o.save_at.size() * problem.dim, std::numeric_limits<double>::quiet_NaN());

  const std::size_t chunks = (paths.count + o.chunk - 1) / o.chunk;
  std::vector<double> fractions(chunks, 0.0);  // each by the thread that has the chunk
  std::atomic<double> sum = 0;
  std::mutex watching;
  Watch watch(o.watch);
  std::atomic<bool> stopped = false;
  problem.stops = [&](std::size_t number, double fraction) {
    const double done = sum.fetch_add(fraction - fractions[number], std::memory_order_relaxed);
    fractions[number] = fraction;
    if (const std::unique_lock lock(watching, std::try_to_lock);
        lock && watch.check(std::min(done / static_cast<double>(chunks), 1.0)) != Stop::none)
      stopped = true;
    return stopped.load();
  };
  if (o.log) o.log->state().chunks.assign(chunks, {});
  return parallel_reduce(
      chunks, resolve_threads(o.threads), Totals{},
      [&](std::size_t number) {
        const std::size_t first = number * o.chunk, count = std::min(o.chunk, paths.count - first);
        Chunk chunk(problem, paths, first, count, start, answer, o.log ? &o.log->state().chunks[number] : nullptr);
        return chunk.run(number);
      },
      [](Totals a, const Totals& b) {
        a.accepted += b.accepted;
        a.rejected += b.rejected;
        a.forced += b.forced;
        a.evaluations += b.evaluations;
        a.splits += b.splits;
        return a;
      });
}

template <class Equation>
Totals solve_kind(Kind kind, const Equation& equation, std::size_t dim, std::size_t noise_dim, double order,
                  Solver solver, const BrownianTree& tree, const Paths& paths, const Start& start,
                  const SolveOptions& options, const Answer& answer) {
  check(kind, solver, tree, dim, noise_dim, options);
  const SolverTraits& t = traits(solver);
  const SteppingOptions& s = options.stepping;
  const bool adapts = s.kind == Stepping::dyadic || s.kind == Stepping::free;
  Problem problem{.make_stepper = [&](std::size_t capacity) { return make_stepper(solver, equation, capacity); },
                  .dim = dim,
                  .noise_dim = noise_dim,
                  .levy = t.levy,
                  .order = order + 0.5,
                  .estimates = s.half_steps || (t.embedded && (adapts || options.log)),
                  .tree = tree,
                  .options = options,
                  .save_ticks = {},
                  .event_ticks = 1,
                  .stops = {}};
  return run(problem, paths, start, answer);
}

template <class Equation>
void one_step(const Equation& equation, std::size_t dim, Solver solver, const Step& s) {
  const auto stepper = make_stepper(solver, equation, s.m);
  const std::size_t size = dim * s.m, whole = size + stepper->carried() * s.m;
  std::vector<double> y(whole), y1(whole), error(whole, std::numeric_limits<double>::quiet_NaN());
  std::copy_n(s.y, size, y.begin());
  stepper->prepare(y.data(), s.m);
  stepper->step({s.m, s.t, s.h, y.data(), s.noise, y1.data(), s.error ? error.data() : nullptr, s.stiffness});
  std::copy_n(y1.begin(), size, s.y1);
  if (s.error) std::copy_n(error.begin(), size, s.error);
}

void check_fit(const System& system, Solver solver) {
  const SolverTraits& t = traits(solver);
  check_kind(Kind::system, solver);
  if (system.dim < 1) reject("dim", "at least 1", static_cast<double>(system.dim));
  if (system.diagonal && system.noise_dim != system.dim)
    reject("noise_dim", "as many components as the state, for a diagonal g", static_cast<double>(system.noise_dim));
  if (t.additive_only && system.noise != Noise::additive)
    reject("solver", "one for noise that depends on the state", t.name);
  if (system.noise != Noise::additive && system.calculus == Calculus::stratonovich && !t.stratonovich)
    reject("calculus", std::string("ito, for solver ") + t.name, "stratonovich");
  const bool full = !system.diagonal && system.noise_dim > 1;
  if (solver == Solver::milstein && system.noise != Noise::additive && full && !system.finite_differences)
    reject("correction", "finite differences, for solver milstein and noise of several components", "none");
  const bool corrects =
      system.noise != Noise::additive && (solver == Solver::milstein || (system.calculus == Calculus::ito && !t.ito));
  if (corrects && !system.correction && !system.finite_differences)
    reject("correction", std::string("sum_j (dg_j/dy) g_j or finite differences, for solver ") + t.name, "none");
}

void check_parameters(const Langevin& langevin) {
  for (std::size_t i = 0; i < langevin.dim; ++i) {
    if (!(langevin.gamma[i] > 0 && std::isfinite(langevin.gamma[i]))) reject("gamma", "numbers > 0", langevin.gamma[i]);
    if (!(langevin.u[i] > 0 && std::isfinite(langevin.u[i]))) reject("u", "numbers > 0", langevin.u[i]);
  }
}

void check_parameters(const Cir& cir) {
  if (!(cir.a > 0 && std::isfinite(cir.a))) reject("a", "a number > 0", cir.a);
  if (!(cir.b > 0 && std::isfinite(cir.b))) reject("b", "a number > 0", cir.b);
  if (!(cir.sigma > 0 && std::isfinite(cir.sigma))) reject("sigma", "a number > 0", cir.sigma);
}

}  // namespace

Totals solve(const System& system, Solver solver, const BrownianTree& tree, const Paths& paths, Start start,
             const SolveOptions& options, const Answer& answer) {
  check_fit(system, solver);
  if (paths.count > 0) check_noise(system, tree.t0(), start.y);
  return solve_kind(Kind::system, system, system.dim, system.noise_dim, strong_order(solver, system.noise), solver,
                    tree, paths, start, options, answer);
}

Totals solve(const Langevin& langevin, Solver solver, const BrownianTree& tree, const Paths& paths, Start start,
             const SolveOptions& options, const Answer& answer) {
  check_parameters(langevin);
  return solve_kind(Kind::langevin, langevin, 2 * langevin.dim, langevin.dim, traits(solver).order_additive, solver,
                    tree, paths, start, options, answer);
}

Totals solve(const Cir& cir, Solver solver, const BrownianTree& tree, const Paths& paths, Start start,
             const SolveOptions& options, const Answer& answer) {
  check_parameters(cir);
  return solve_kind(Kind::cir, cir, 1, 1, traits(solver).order_commutative, solver, tree, paths, start, options,
                    answer);
}

void step(const System& system, Solver solver, const Step& s) {
  check_fit(system, solver);
  one_step(system, system.dim, solver, s);
}

void step(const Langevin& langevin, Solver solver, const Step& s) {
  check_parameters(langevin);
  check_kind(Kind::langevin, solver);
  one_step(langevin, 2 * langevin.dim, solver, s);
}

void step(const Cir& cir, Solver solver, const Step& s) {
  check_parameters(cir);
  check_kind(Kind::cir, solver);
  one_step(cir, 1, solver, s);
}

}  // namespace trimtab::sde
