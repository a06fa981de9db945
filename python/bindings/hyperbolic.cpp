#include "bindings.hpp"
#include "watch.hpp"

#include <trimtab/hyperbolic/solve.hpp>
#include <trimtab/steer/decisions.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace trimtab::py {
namespace {

using namespace hyperbolic;
using Array = pb::array_t<double, pb::array::c_style>;

/// Names of an enumeration, in the order of its values.
template <class E>
E named(const char* argument, const std::string& name, std::initializer_list<const char*> names) {
  int value = 0;
  for (const char* n : names) {
    if (name == n) return static_cast<E>(value);
    ++value;
  }
  throw pb::value_error(std::string(argument) + ": unknown name '" + name + "'");
}

/// Solver together with the Python callables that its boundaries and its source call.
class PySolver {
 public:
  PySolver(const std::string& law, double parameter, std::int64_t n, double lower, double upper,
           const std::string& dtype, const std::string& scheme, const std::string& si, double tol, double kappa,
           int grow, bool contact, bool hysteresis, double cfl, const pb::object& floor, const pb::object& lower_side,
           const pb::object& upper_side, pb::object source, int threads)
      : n_(n), ghosts_{Ghosts{lower_side}, Ghosts{upper_side}}, source_(std::move(source)) {
    Problem p;
    p.law = named<LawName>("law", law, {"euler", "advection", "burgers", "shallow_water"});
    p.parameter = parameter, p.n = n, p.lower = lower, p.upper = upper;
    p.precision = named<Precision>("dtype", dtype, {"float64", "float32"});
    SchemeOptions o;
    o.variant = named<Variant>("scheme", scheme, {"adaptive", "aweno", "aweno-ldcu", "linear"});
    o.indicator = named<Indicator>("si", si, {"defect", "dual"});
    o.classes = {tol, kappa, grow, contact, hysteresis};
    o.cfl = cfl, o.threads = threads;
    if (!floor.is_none()) {
      const auto values = floor.cast<pb::sequence>();
      o.use_floor = true;
      for (std::size_t q = 0; q < std::min<std::size_t>(values.size(), 2); ++q) o.floor[q] = values[q].cast<double>();
    }
    for (int s = 0; s < 2; ++s) o.sides[s] = ghosts_[s].side();
    if (!source_.is_none()) o.source = &PySolver::fill_source, o.source_ctx = this;
    solver_.emplace(p, o);
    for (auto& g : ghosts_) g.n_vars = static_cast<std::size_t>(solver_->n_vars());
  }
  PySolver(const PySolver&) = delete;

  void set_primitive(const Array& w, double t) {
    require_idle();
    check(w, solver_->n_vars());
    with_gil_released([&] { solver_->set_primitive(w.data(), t); });
  }
  void set_conservative(const Array& u, double t) {
    require_idle();
    check(u, solver_->n_vars());
    with_gil_released([&] { solver_->set_conservative(u.data(), t); });
  }
  Array primitive() const {
    return filled(solver_->n_vars(), [&](double* out) { solver_->primitive(out); });
  }
  Array conservative() const {
    return filled(solver_->n_vars(), [&](double* out) { solver_->conservative(out); });
  }
  Array rate() {
    require_idle();
    return filled(solver_->n_vars(), [&](double* out) { solver_->rate(out); });
  }
  Array defect() const {
    require_quiet();
    Array out(n_);
    solver_->defect(out.mutable_data());
    return out;
  }
  pb::array_t<std::uint8_t> classes() const {
    require_quiet();
    pb::array_t<std::uint8_t> out(n_);
    solver_->classes(out.mutable_data());
    return out;
  }
  pb::tuple clock() const {
    require_quiet();
    const Clock c = solver_->clock();
    return pb::make_tuple(c.t, c.steps, c.floor[0], c.floor[1], c.scale);
  }
  pb::tuple decisions() const {
    require_quiet();
    const auto& d = solver_->decisions();
    pb::list columns;
    for (const auto& name : d.columns()) columns.append(name);
    Array rows({d.size(), d.columns().size()});
    std::copy(d.rows().begin(), d.rows().end(), rows.mutable_data());
    return pb::make_tuple(columns, rows, d.recorded(), d.stride());
  }
  void restore(const Array& u, const pb::array_t<std::uint8_t, pb::array::c_style>& classes, const Array& defect,
               const pb::tuple& clock, const Array& rows, std::int64_t recorded, std::int64_t stride) {
    require_idle();
    check(u, solver_->n_vars());
    if (classes.size() != n_ || defect.size() != n_) throw pb::value_error("classes: one per cell expected");
    Clock c;
    c.t = clock[0].cast<double>(), c.steps = clock[1].cast<std::int64_t>(), c.scale = clock[4].cast<double>();
    for (int q = 0; q < 2; ++q) c.floor[q] = clock[2 + q].cast<double>();
    steer::Decisions d(solver_->decisions().columns());
    d.restore({rows.data(), static_cast<std::size_t>(rows.size())}, recorded, stride);
    solver_->restore(u.data(), classes.data(), defect.data(), c, d);
  }
  pb::dict run(double t_end, double dt, std::int64_t max_steps, double time_limit, pb::object progress) {
    require_idle();
    PythonWatch watch(std::move(progress), time_limit);
    RunReport r;
    const Running running(runner_);
    with_gil_released([&] { r = solver_->run(t_end, {.dt = dt, .max_steps = max_steps, .watch = watch.options()}); });
    constexpr const char* names[] = {"success",    "stopped",      "time_limit",    "max_steps",
                                     "not_finite", "not_positive", "step_too_small"};
    using namespace pb::literals;
    return pb::dict("status"_a = names[static_cast<int>(r.status)], "steps"_a = r.steps, "seconds"_a = r.seconds,
                    "blended"_a = r.blended, "floored"_a = r.floored,
                    "share"_a = pb::make_tuple(r.share[0], r.share[1], r.share[2]), "bad_cell"_a = r.bad_cell,
                    "bad_stage"_a = r.bad_stage, "bad_class"_a = static_cast<int>(r.bad_class), "dt"_a = r.dt,
                    "bad_state"_a = std::vector<double>(r.bad_state, r.bad_state + solver_->n_vars()));
  }

 private:
  /// One side: its name, or ("inflow", state), or a callable(t, interior) -> ghosts.
  struct Ghosts {
    pb::object spec;

    Side side() {
      Side s;
      if (pb::isinstance<pb::str>(spec)) {
        s.kind = named<Boundary>("bc", spec.cast<std::string>(), {"periodic", "outflow", "reflect"});
      } else if (PyCallable_Check(spec.ptr())) {
        s.kind = Boundary::custom, s.fill = &Ghosts::fill, s.ctx = this;
      } else {
        s.kind = Boundary::inflow;
        const auto state = spec.cast<std::vector<double>>();
        std::copy_n(state.begin(), std::min<std::size_t>(state.size(), max_vars), s.state);
      }
      return s;
    }
    static void fill(void* ctx, double t, const double* interior, double* ghosts) {
      const pb::gil_scoped_acquire gil;
      auto* self = static_cast<Ghosts*>(ctx);
      const Array in({self->n_vars, std::size_t{3}}, interior);
      const auto out = self->spec(t, in).cast<Array>();
      std::copy_n(out.data(), 3 * self->n_vars, ghosts);
    }
    std::size_t n_vars = 0;
  };

  static void fill_source(void* ctx, double t, const double* u, double* s, std::int64_t n) {
    const pb::gil_scoped_acquire gil;
    auto* self = static_cast<PySolver*>(ctx);
    const int n_vars = self->solver_->n_vars();
    const auto out = self->source_(t, Array({static_cast<std::int64_t>(n_vars), n}, u)).cast<Array>();
    check_shape(out, n_vars, n);
    std::copy_n(out.data(), n_vars * n, s);
  }

  static void check_shape(const Array& a, int rows, std::int64_t n) {
    if (a.ndim() != 2 || a.shape(0) != rows || a.shape(1) != n)
      throw pb::value_error("expected an array of shape (" + std::to_string(rows) + ", " + std::to_string(n) + ")");
  }
  void check(const Array& a, int rows) const { check_shape(a, rows, n_); }

  /// While run() is busy, other threads may not touch the solver; its own callbacks may look.
  void require_idle() const {
    if (runner_ != std::thread::id()) throw std::runtime_error("this solver is already running");
  }
  void require_quiet() const {
    if (runner_ != std::thread::id() && runner_ != std::this_thread::get_id())
      throw std::runtime_error("this solver is running in another thread");
  }
  struct Running {
    explicit Running(std::thread::id& runner) : runner_(runner) { runner_ = std::this_thread::get_id(); }
    ~Running() { runner_ = {}; }
    std::thread::id& runner_;
  };

  template <class Fill>
  Array filled(int rows, Fill&& fill) const {
    require_quiet();
    Array out({static_cast<std::int64_t>(rows), n_});
    double* data = out.mutable_data();
    with_gil_released([&] { fill(data); });
    return out;
  }
  template <class Body>
  static void with_gil_released(Body&& body) {
    const pb::gil_scoped_release nogil;
    body();
  }

  std::int64_t n_;
  std::thread::id runner_;  // read and written under the GIL
  Ghosts ghosts_[2];
  pb::object source_;
  std::optional<Solver> solver_;
};

}  // namespace

void bind_hyperbolic(pb::module_ m) {
  using namespace pb::literals;
  pb::class_<PySolver>(m, "Solver")
      .def(pb::init<const std::string&, double, std::int64_t, double, double, const std::string&, const std::string&,
                    const std::string&, double, double, int, bool, bool, double, const pb::object&, const pb::object&,
                    const pb::object&, pb::object, int>(),
           "law"_a, "parameter"_a, "n"_a, "lower"_a, "upper"_a, "dtype"_a, "scheme"_a, "si"_a, "tol"_a, "kappa"_a,
           "grow"_a, "contact"_a, "hysteresis"_a, "cfl"_a, "floor"_a, "lower_side"_a, "upper_side"_a, "source"_a,
           "threads"_a)
      .def("set_primitive", &PySolver::set_primitive, "w"_a, "t"_a)
      .def("set_conservative", &PySolver::set_conservative, "u"_a, "t"_a)
      .def("primitive", &PySolver::primitive)
      .def("conservative", &PySolver::conservative)
      .def("rate", &PySolver::rate)
      .def("defect", &PySolver::defect)
      .def("classes", &PySolver::classes)
      .def("clock", &PySolver::clock)
      .def("decisions", &PySolver::decisions)
      .def("restore", &PySolver::restore, "u"_a, "classes"_a, "defect"_a, "clock"_a, "rows"_a, "recorded"_a, "stride"_a)
      .def("run", &PySolver::run, "t_end"_a, "dt"_a, "max_steps"_a, "time_limit"_a, "progress"_a);
}

}  // namespace trimtab::py
