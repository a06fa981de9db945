#include "arrays.hpp"
#include "callable.hpp"
#include "watch.hpp"

#include <trimtab/core/parallel.hpp>
#include <trimtab/sde/ode.hpp>

#include <memory>
#include <vector>

namespace trimtab::py {
namespace {

using sde::OdeSolution;

template <class T>
Contiguous<T> empty(std::vector<std::size_t> shape) {
  return Contiguous<T>(shape);
}

/// The solution together with its dimension, which its arrays are shaped by.
struct PyOdeSolution {
  OdeSolution solution;
  std::size_t dim;

  pb::tuple report(std::size_t path) const {
    const auto r = solution.report(path);
    constexpr const char* names[] = {"reached_end", "event", "step_too_small", "max_steps", "not_finite", "stopped"};
    return pb::make_tuple(names[static_cast<int>(r.status)], r.evaluations, r.t);
  }
  pb::tuple points(std::size_t path) const {
    const std::size_t n = solution.report(path).points;
    auto t = empty<double>({n}), y = empty<double>({n, dim});
    solution.points(path, t.mutable_data(), y.mutable_data());
    return pb::make_tuple(t, y);
  }
  pb::array steps(std::size_t path) const {
    auto out = empty<sde::OdeStep>({solution.report(path).steps});
    solution.steps(path, out.mutable_data());
    return out;
  }
  pb::tuple pieces(std::size_t path) const {
    const std::size_t n = solution.report(path).pieces;
    auto ends = empty<double>({n + 1}), coefficients = empty<double>({n, std::size_t{5}, dim});
    solution.pieces(path, ends.mutable_data(), coefficients.mutable_data());
    return pb::make_tuple(ends, coefficients);
  }
  pb::tuple events(std::size_t path, std::size_t event) const {
    const std::size_t n = solution.event_count(path, event);
    auto t = empty<double>({n}), y = empty<double>({n, dim});
    if (n > 0) solution.events(path, event, t.mutable_data(), y.mutable_data());
    return pb::make_tuple(t, y);
  }
};

/// Events are a list of (function, terminal, direction).
PyOdeSolution solve(pb::object f, double t0, double t1, const Contiguous<double>& y0, bool single, double rtol,
                    const Contiguous<double>& atol, double first_step, double max_step, double min_step,
                    std::int64_t max_steps, const Contiguous<double>& grid, const pb::object& save_at, bool dense,
                    const pb::list& events, std::size_t block, int threads, pb::object progress) {
  const auto n = static_cast<std::size_t>(y0.shape(0)), dim = static_cast<std::size_t>(y0.shape(1));
  EquationFunction equation("f", std::move(f), dim, {dim}, single);
  std::vector<std::unique_ptr<EquationFunction>> watched;
  std::vector<sde::OdeEvent> wanted;
  for (const auto& item : events) {
    const auto [event, terminal, direction] = item.cast<std::tuple<pb::object, std::int64_t, int>>();
    watched.push_back(std::make_unique<EquationFunction>("events", event, dim, Shape{}, single));
    wanted.push_back({watched.back()->function(), direction, terminal});
  }
  PythonWatch watch(std::move(progress), 0);
  sde::OdeOptions options;
  options.rtol = rtol, options.atol = view(atol), options.first_step = first_step;
  options.max_step = max_step, options.min_step = min_step, options.max_steps = max_steps;
  options.grid = view(grid), options.dense = dense, options.events = wanted;
  Contiguous<double> times;
  options.save_all = save_at.is_none();
  if (!options.save_all) times = save_at.cast<Contiguous<double>>(), options.save_at = view(times);
  options.block = block, options.threads = resolve_threads(threads), options.watch = watch.options();
  const double* start = y0.data();
  const sde::Function function = equation.function();
  const pb::gil_scoped_release unlocked;
  return {OdeSolution(function, n, dim, t0, t1, start, options), dim};
}

}  // namespace

void bind_ode(pb::module_ m) {
  using namespace pb::literals;
  PYBIND11_NUMPY_DTYPE(sde::OdeStep, path, t, h, error, stiffness, accepted);
  pb::class_<PyOdeSolution>(m, "OdeSolution")
      .def("report", &PyOdeSolution::report, "path"_a)
      .def("points", &PyOdeSolution::points, "path"_a)
      .def("steps", &PyOdeSolution::steps, "path"_a)
      .def("pieces", &PyOdeSolution::pieces, "path"_a)
      .def("events", &PyOdeSolution::events, "path"_a, "event"_a);
  m.def("solve_ode", &solve, "f"_a, "t0"_a, "t1"_a, "y0"_a, "single"_a, "rtol"_a, "atol"_a, "first_step"_a,
        "max_step"_a, "min_step"_a, "max_steps"_a, "grid"_a, "save_at"_a, "dense"_a, "events"_a, "block"_a, "threads"_a,
        "progress"_a);
}

}  // namespace trimtab::py
