#include "ode_block.hpp"
#include "ode_path.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/sde/ode.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

namespace trimtab::sde {
namespace {

void check(double t0, double t1, std::size_t dim, const OdeOptions& o) {
  if (!std::isfinite(t0)) reject("t0", "a finite time", t0);
  if (!std::isfinite(t1)) reject("t1", "a finite time", t1);
  if (!(o.rtol >= 0)) reject("rtol", "a number >= 0", o.rtol);
  if (o.atol.size() != dim) reject("atol", std::to_string(dim) + " numbers", static_cast<double>(o.atol.size()));
  for (double a : o.atol)
    if (!(a >= 0)) reject("atol", "numbers >= 0", a);
  if (!(o.first_step >= 0)) reject("first_step", "a number >= 0", o.first_step);
  if (!(o.max_step > 0)) reject("max_step", "a number > 0", o.max_step);
  if (!(o.min_step >= 0 && o.min_step <= o.max_step)) reject("min_step", "a number in [0, max_step]", o.min_step);
  if (o.block == 0) reject("block", "a number >= 1", 0);
  if (!o.grid.empty() && !(o.grid.front() == t0 && o.grid.back() == t1))
    reject("grid", "times from t0 to t1", "others");
}

}  // namespace

OdeSolution::OdeSolution(const Function& f, std::size_t n, std::size_t dim, double t0, double t1, const double* y0,
                         const OdeOptions& options)
    : paths_(std::make_unique<OdePaths>()) {
  check(t0, t1, dim, options);
  paths_->dim = dim;
  paths_->path.resize(n);
  const std::size_t blocks = (n + options.block - 1) / options.block;
  std::atomic<std::size_t> done = 0;
  std::atomic<bool> stop = false;
  parallel_for(blocks, options.threads, [&](std::size_t b) {
    if (stop) return;
    const std::size_t first = b * options.block, count = std::min(options.block, n - first);
    OdeBlock block(f, dim, t0, t1, options, first, std::span(paths_->path).subspan(first, count), y0 + first * dim);
    Watch watch(options.watch);
    block.run([&](double share) {
      const double all = (static_cast<double>(done) + share) / static_cast<double>(blocks);
      if (!stop && watch.check(all) != Stop::none) stop = true;
      return !stop;
    });
    ++done;
  });
}
OdeSolution::~OdeSolution() = default;
OdeSolution::OdeSolution(OdeSolution&&) noexcept = default;
OdeSolution& OdeSolution::operator=(OdeSolution&&) noexcept = default;

OdeReport OdeSolution::report(std::size_t path) const {
  const OdePath& p = paths_->path[path];
  return {.status = p.status,
          .points = p.saved.t.size(),
          .steps = p.steps.size(),
          .pieces = p.ends.empty() ? 0 : p.ends.size() - 1,
          .evaluations = p.evaluations,
          .t = p.t};
}

void OdeSolution::points(std::size_t path, double* t, double* y) const {
  const auto& saved = paths_->path[path].saved;
  std::copy(saved.t.begin(), saved.t.end(), t);
  std::copy(saved.y.begin(), saved.y.end(), y);
}

void OdeSolution::steps(std::size_t path, OdeStep* out) const {
  const auto& steps = paths_->path[path].steps;
  std::copy(steps.begin(), steps.end(), out);
}

void OdeSolution::pieces(std::size_t path, double* ends, double* coefficients) const {
  const OdePath& p = paths_->path[path];
  std::copy(p.ends.begin(), p.ends.end(), ends);
  std::copy(p.coefficients.begin(), p.coefficients.end(), coefficients);
}

std::size_t OdeSolution::event_count(std::size_t path, std::size_t event) const {
  const auto& events = paths_->path[path].events;
  return event < events.size() ? events[event].t.size() : 0;
}

void OdeSolution::events(std::size_t path, std::size_t event, double* t, double* y) const {
  const auto& found = paths_->path[path].events[event];
  std::copy(found.t.begin(), found.t.end(), t);
  std::copy(found.y.begin(), found.y.end(), y);
}

}  // namespace trimtab::sde
