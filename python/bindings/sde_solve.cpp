#include "arrays.hpp"
#include "callable.hpp"
#include "watch.hpp"

#include <trimtab/sde/models.hpp>
#include <trimtab/sde/solve.hpp>

#include <memory>
#include <vector>

namespace trimtab::py {
namespace {

using namespace sde;
using Functions = std::vector<std::unique_ptr<EquationFunction>>;

Function own(Functions& functions, const char* name, pb::object source, std::size_t dim, Shape shape) {
  functions.push_back(std::make_unique<EquationFunction>(name, std::move(source), dim, std::move(shape), false, true));
  return functions.back()->function();
}

/// Equations with the Python objects or models that they are made of.
struct OwnedSystem {
  System system;
  Functions functions;
  pb::object model;
};
struct OwnedLangevin {
  Langevin langevin;
  std::vector<double> gamma, u;
  Functions functions;
  pb::object potential;
};

std::unique_ptr<OwnedSystem> make_system(std::size_t dim, std::size_t noise_dim, int noise, int calculus, bool diagonal,
                                         bool steady, pb::object drift, pb::object diffusion, pb::object correction,
                                         bool finite_differences) {
  auto owned = std::make_unique<OwnedSystem>();
  auto& s = owned->system;
  s.dim = dim;
  s.noise_dim = noise_dim;
  s.noise = static_cast<Noise>(noise);
  s.calculus = static_cast<Calculus>(calculus);
  s.diagonal = diagonal;
  s.steady = steady;
  s.finite_differences = finite_differences;
  const Shape shape = diagonal ? Shape{dim} : Shape{dim, noise_dim};
  s.drift = own(owned->functions, "drift", std::move(drift), dim, {dim});
  s.diffusion = own(owned->functions, "diffusion", std::move(diffusion), dim, shape);
  s.correction = own(owned->functions, "correction", std::move(correction), dim, {dim});
  return owned;
}

std::unique_ptr<OwnedLangevin> make_langevin(std::size_t dim, std::vector<double> gamma, std::vector<double> u) {
  auto owned = std::make_unique<OwnedLangevin>();
  owned->gamma = std::move(gamma);
  owned->u = std::move(u);
  owned->langevin = {dim, owned->gamma.data(), owned->u.data(), {}};
  return owned;
}

template <class Model>
void bind_model(pb::class_<Model> model) {
  model.def("system", [](const pb::object& self) {
    auto owned = std::make_unique<OwnedSystem>();
    owned->system = self.cast<const Model&>().system();
    owned->model = self;
    return owned;
  });
}

template <class Potential>
void bind_potential(pb::class_<Potential> potential) {
  potential.def(
      "langevin",
      [](const pb::object& self, std::vector<double> gamma, std::vector<double> u) {
        const auto& model = self.cast<const Potential&>();
        auto owned = make_langevin(model.dim, std::move(gamma), std::move(u));
        owned->langevin.gradient = model.gradient();
        owned->potential = self;
        return owned;
      },
      pb::arg("gamma"), pb::arg("u"));
}

const System& equation(const OwnedSystem& owned) { return owned.system; }
const Langevin& equation(const OwnedLangevin& owned) { return owned.langevin; }
const Cir& equation(const Cir& cir) { return cir; }

/// Writes y (paths, times, d), status (paths), t_end (paths), y_end (paths, d); returns sums and the steps.
template <class Owned>
void bind_solve(pb::module_& m) {
  m.def(
      "solve",
      [](const Owned& owned, int solver, const BrownianTree& tree, const Contiguous<std::uint64_t>& paths,
         const Contiguous<double>& y0, SteppingOptions stepping, const Contiguous<double>& atol,
         const Contiguous<double>& save_at, Contiguous<double> y, Contiguous<std::int8_t> status,
         Contiguous<double> t_end, Contiguous<double> y_end, pb::object event, int event_direction, double event_tol,
         std::int64_t max_steps, bool save_steps, std::size_t chunk, int threads, pb::object progress) {
        EquationFunction event_function("event", std::move(event), static_cast<std::size_t>(y_end.shape(1)), {}, false,
                                        true);
        PythonWatch watch(std::move(progress), 0);
        stepping.atol = view(atol);
        StepLog records;
        const SolveOptions options{.stepping = stepping,
                                   .save_at = view(save_at),
                                   .max_steps = max_steps,
                                   .event = event_function.function(),
                                   .event_direction = event_direction,
                                   .event_tol = event_tol,
                                   .log = save_steps ? &records : nullptr,
                                   .watch = watch.options(),
                                   .chunk = chunk,
                                   .threads = threads};
        const Paths lanes{.first = 0, .count = static_cast<std::size_t>(paths.size()), .list = paths.data()};
        const Answer answer{y.mutable_data(), reinterpret_cast<Status*>(status.mutable_data()), t_end.mutable_data(),
                            y_end.mutable_data()};
        const Start start{y0.data(), y0.ndim() == 1};
        Totals totals;
        {
          const pb::gil_scoped_release unlocked;
          totals = solve(equation(owned), static_cast<Solver>(solver), tree, lanes, start, options, answer);
        }
        pb::array_t<StepRecord> steps(static_cast<pb::ssize_t>(save_steps ? records.size() : 0));
        if (save_steps) records.copy(steps.mutable_data());
        return pb::make_tuple(totals.accepted, totals.rejected, totals.forced, totals.evaluations, totals.splits,
                              pb::array(steps));
      },
      pb::arg("equation"), pb::arg("solver"), pb::arg("tree"), pb::arg("paths").noconvert(), pb::arg("y0").noconvert(),
      pb::arg("stepping"), pb::arg("atol").noconvert(), pb::arg("save_at").noconvert(), pb::arg("y").noconvert(),
      pb::arg("status").noconvert(), pb::arg("t_end").noconvert(), pb::arg("y_end").noconvert(), pb::arg("event"),
      pb::arg("event_direction"), pb::arg("event_tol"), pb::arg("max_steps"), pb::arg("save_steps"), pb::arg("chunk"),
      pb::arg("threads"), pb::arg("progress"));
}

/// One step; arrays (components, m). Returns y1, error, stiffness.
template <class Owned>
void bind_step(pb::module_& m) {
  m.def(
      "step",
      [](const Owned& owned, int solver, const Contiguous<double>& t, const Contiguous<double>& h,
         const Contiguous<double>& y, std::vector<Contiguous<double>> noise) {
        const auto like = [](const Contiguous<double>& a) {
          return Contiguous<double>(std::vector<pb::ssize_t>(a.shape(), a.shape() + a.ndim()));
        };
        Contiguous<double> y1 = like(y), error = like(y), stiffness = like(t);
        const auto part = [&noise](std::size_t i) { return i < noise.size() ? noise[i].data() : nullptr; };
        const Step step{static_cast<std::size_t>(t.size()),
                        t.data(),
                        h.data(),
                        y.data(),
                        {part(0), part(1), part(2)},
                        y1.mutable_data(),
                        error.mutable_data(),
                        stiffness.mutable_data()};
        {
          const pb::gil_scoped_release unlocked;
          sde::step(equation(owned), static_cast<Solver>(solver), step);
        }
        return pb::make_tuple(y1, error, stiffness);
      },
      pb::arg("equation"), pb::arg("solver"), pb::arg("t").noconvert(), pb::arg("h").noconvert(),
      pb::arg("y").noconvert(), pb::arg("noise").noconvert());
}

}  // namespace

void bind_sde_solve(pb::module_ m) {
  PYBIND11_NUMPY_DTYPE(StepRecord, path, t, h, error, stiffness, accepted);
  pb::list solvers;
  for (std::size_t i = 0; i < n_solvers; ++i) {
    const SolverTraits& t = traits(static_cast<Solver>(i));
    const char* const kinds[] = {"system", "langevin", "cir"};
    solvers.append(pb::dict(pb::arg("name") = t.name, pb::arg("kind") = kinds[static_cast<int>(t.kind)],
                            pb::arg("levy") = static_cast<int>(t.levy), pb::arg("ito") = t.ito,
                            pb::arg("stratonovich") = t.stratonovich, pb::arg("additive_only") = t.additive_only,
                            pb::arg("embedded") = t.embedded,
                            pb::arg("order") = pb::make_tuple(t.order_general, t.order_commutative, t.order_additive)));
  }
  m.attr("solvers") = solvers;

  pb::class_<SteppingOptions>(m, "SteppingOptions")
      .def(pb::init([](int kind, std::uint64_t n, double rtol, double ctol, double first_step, double min_step,
                       double max_step, bool half_steps, bool revisit_rejected) {
             return SteppingOptions{.kind = static_cast<Stepping>(kind),
                                    .n = n,
                                    .rtol = rtol,
                                    .ctol = ctol,
                                    .first_step = first_step,
                                    .min_step = min_step,
                                    .max_step = max_step,
                                    .half_steps = half_steps,
                                    .revisit_rejected = revisit_rejected};
           }),
           pb::arg("kind"), pb::arg("n"), pb::arg("rtol"), pb::arg("ctol"), pb::arg("first_step"), pb::arg("min_step"),
           pb::arg("max_step"), pb::arg("half_steps"), pb::arg("revisit_rejected"));

  pb::class_<OwnedSystem>(m, "System")
      .def(pb::init(&make_system), pb::arg("dim"), pb::arg("noise_dim"), pb::arg("noise"), pb::arg("calculus"),
           pb::arg("diagonal"), pb::arg("steady"), pb::arg("drift"), pb::arg("diffusion"), pb::arg("correction"),
           pb::arg("finite_differences"));
  pb::class_<OwnedLangevin>(m, "Langevin")
      .def(pb::init([](std::size_t dim, std::vector<double> gamma, std::vector<double> u, pb::object gradient) {
             auto owned = make_langevin(dim, std::move(gamma), std::move(u));
             const pb::object unary = std::move(gradient);
             owned->langevin.gradient = own(owned->functions, "gradient", unary, dim, {dim});
             return owned;
           }),
           pb::arg("dim"), pb::arg("gamma"), pb::arg("u"), pb::arg("gradient"));
  pb::class_<Cir>(m, "Cir").def(pb::init([](double a, double b, double sigma) { return Cir{a, b, sigma}; }),
                                pb::arg("a"), pb::arg("b"), pb::arg("sigma"));
  bind_step<OwnedSystem>(m);
  bind_step<OwnedLangevin>(m);
  bind_step<Cir>(m);
  bind_solve<OwnedSystem>(m);
  bind_solve<OwnedLangevin>(m);
  bind_solve<Cir>(m);

  bind_model(pb::class_<OrnsteinUhlenbeck>(m, "OrnsteinUhlenbeck")
                 .def(pb::init([](std::size_t dim, double theta, double mu, double sigma) {
                        return OrnsteinUhlenbeck{dim, theta, mu, sigma};
                      }),
                      pb::arg("dim"), pb::arg("theta"), pb::arg("mu"), pb::arg("sigma")));
  bind_model(
      pb::class_<DoubleWell>(m, "DoubleWell")
          .def(pb::init([](std::size_t dim, double depth, double sigma) { return DoubleWell{dim, depth, sigma}; }),
               pb::arg("dim"), pb::arg("depth"), pb::arg("sigma")));
  bind_model(pb::class_<GeometricBrownianMotion>(m, "GeometricBrownianMotion")
                 .def(pb::init([](std::size_t dim, double mu, double sigma) {
                        return GeometricBrownianMotion{dim, mu, sigma};
                      }),
                      pb::arg("dim"), pb::arg("mu"), pb::arg("sigma")));
  bind_model(pb::class_<Heston>(m, "Heston")
                 .def(pb::init([](double r, double kappa, double theta, double xi, double rho) {
                        return Heston{r, kappa, theta, xi, rho};
                      }),
                      pb::arg("r"), pb::arg("kappa"), pb::arg("theta"), pb::arg("xi"), pb::arg("rho")));
  bind_potential(pb::class_<Quadratic>(m, "Quadratic")
                     .def(pb::init([](std::size_t dim, double stiffness) { return Quadratic{dim, stiffness}; }),
                          pb::arg("dim"), pb::arg("stiffness")));
  bind_potential(pb::class_<DoubleWellPotential>(m, "DoubleWellPotential")
                     .def(pb::init([](std::size_t dim, double depth) { return DoubleWellPotential{dim, depth}; }),
                          pb::arg("dim"), pb::arg("depth")));
  bind_potential(
      pb::class_<Funnel>(m, "Funnel").def(pb::init([](std::size_t dim) { return Funnel{dim}; }), pb::arg("dim")));
}

}  // namespace trimtab::py
