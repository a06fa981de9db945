#include "arrays.hpp"
#include "callable.hpp"
#include "watch.hpp"

#include <trimtab/core/parallel.hpp>
#include <trimtab/sde/ode.hpp>

#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace trimtab::py {
namespace {

using sde::OdeSolution;

template <class T>
Contiguous<T> empty(std::vector<std::size_t> shape) {
  return Contiguous<T>(shape);
}

/// The solution together with its numbers of paths and components, which its arrays are shaped by.
struct PyOdeSolution {
  OdeSolution solution;
  std::size_t n, dim;

  /// Status by name, evaluations, and the time of the end, of every path.
  pb::tuple reports() const {
    constexpr const char* names[] = {"reached_end", "event", "step_too_small", "max_steps", "not_finite", "stopped"};
    pb::list words(n);
    auto evaluations = empty<std::int64_t>({n});
    auto ends = empty<double>({n});
    for (std::size_t i = 0; i < n; ++i) {
      const auto r = solution.report(i);
      words[i] = names[static_cast<int>(r.status)];
      evaluations.mutable_data()[i] = r.evaluations, ends.mutable_data()[i] = r.t;
    }
    return pb::make_tuple(words, evaluations, ends);
  }
  /// Of every path, one after the other.
  pb::array steps() const {
    std::size_t total = 0;
    for (std::size_t i = 0; i < n; ++i) total += solution.report(i).steps;
    auto out = empty<sde::OdeStep>({total});
    sde::OdeStep* to = out.mutable_data();
    for (std::size_t i = 0; i < n; ++i) {
      solution.steps(i, to);
      to += solution.report(i).steps;
    }
    return out;
  }
  pb::tuple points(std::size_t path) const {
    const std::size_t count = solution.report(path).points;
    auto t = empty<double>({count}), y = empty<double>({count, dim});
    solution.points(path, t.mutable_data(), y.mutable_data());
    return pb::make_tuple(t, y);
  }
  /// Values of every path at `count` times, (n, dim, count), NaN where a path ended before.
  Contiguous<double> values(std::size_t count) const {
    auto out = empty<double>({n, dim, count});
    std::vector<double> t(count), y(count * dim);
    double* to = out.mutable_data();
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t reached = solution.report(i).points;
      solution.points(i, t.data(), y.data());
      for (std::size_t row = 0; row < dim; ++row)
        for (std::size_t k = 0; k < count; ++k)
          *to++ = k < reached ? y[k * dim + row] : std::numeric_limits<double>::quiet_NaN();
    }
    return out;
  }
  pb::tuple pieces(std::size_t path) const {
    const std::size_t count = solution.report(path).pieces;
    auto ends = empty<double>({count + 1}), coefficients = empty<double>({count, std::size_t{5}, dim});
    solution.pieces(path, ends.mutable_data(), coefficients.mutable_data());
    return pb::make_tuple(ends, coefficients);
  }
  pb::tuple events(std::size_t path, std::size_t event) const {
    const std::size_t count = solution.event_count(path, event);
    auto t = empty<double>({count}), y = empty<double>({count, dim});
    if (count > 0) solution.events(path, event, t.mutable_data(), y.mutable_data());
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
  options.block = block, options.threads = n > block ? resolve_threads(threads) : 1;
  options.watch = watch.options();
  const double* start = y0.data();
  const sde::Function function = equation.function();
  const pb::gil_scoped_release unlocked;
  return {OdeSolution(function, n, dim, t0, t1, start, options), n, dim};
}

}  // namespace

void bind_ode(pb::module_ m) {
  using namespace pb::literals;
  PYBIND11_NUMPY_DTYPE(sde::OdeStep, path, t, h, error, stiffness, accepted);
  pb::class_<PyOdeSolution>(m, "OdeSolution")
      .def("reports", &PyOdeSolution::reports)
      .def("steps", &PyOdeSolution::steps)
      .def("points", &PyOdeSolution::points, "path"_a)
      .def("values", &PyOdeSolution::values, "count"_a)
      .def("pieces", &PyOdeSolution::pieces, "path"_a)
      .def("events", &PyOdeSolution::events, "path"_a, "event"_a);
  m.def("solve_ode", &solve, "f"_a, "t0"_a, "t1"_a, "y0"_a, "single"_a, "rtol"_a, "atol"_a, "first_step"_a,
        "max_step"_a, "min_step"_a, "max_steps"_a, "grid"_a, "save_at"_a, "dense"_a, "events"_a, "block"_a, "threads"_a,
        "progress"_a);
}

}  // namespace trimtab::py
