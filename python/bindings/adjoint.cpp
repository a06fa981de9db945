#include "arrays.hpp"
#include "callable.hpp"
#include "watch.hpp"

#include <trimtab/sde/adjoint.hpp>
#include <trimtab/sde/brownian.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace trimtab::py {
namespace {

using Index = std::size_t;

sde::Method method_of(const std::string& name) {
  constexpr std::pair<const char*, sde::Method> names[] = {
      {"tsit5", sde::Method::tsit5}, {"euler", sde::Method::euler}, {"heun", sde::Method::heun},
      {"sra1", sde::Method::sra1},   {"shark", sde::Method::shark}, {"spark", sde::Method::spark}};
  for (const auto& [known, method] : names)
    if (name == known) return method;
  throw pb::value_error("method: unknown name '" + name + "'");
}

/// A Python callable(t, y, v) -> y_bar, which keeps count of the parameters itself; None for zeros.
class PyProduct {
 public:
  PyProduct(const char* name, pb::object callable, Index dim, Shape values, bool single)
      : name_(name),
        callable_(std::move(callable)),
        dim_(dim),
        single_(single),
        t_({}, single),
        y_({dim}, single),
        v_(std::move(values), single) {}

  sde::VectorJacobian product() { return {&PyProduct::call, this}; }

 private:
  static void call(const double* t, const double* y, const double* v, double* y_bar, double*, std::int64_t m,
                   void* ctx) {
    const pb::gil_scoped_acquire gil;
    auto& self = *static_cast<PyProduct*>(ctx);
    const auto lanes = static_cast<Index>(m);
    const pb::object time = self.single_ ? pb::object(pb::float_(*t)) : self.t_.fill(t, lanes);
    const pb::object bar = self.callable_(time, self.y_.fill(y, lanes), self.v_.fill(v, lanes));
    if (bar.is_none()) {
      std::fill_n(y_bar, self.dim_ * lanes, 0.0);
    } else {
      store_result(self.name_, bar, {self.dim_}, self.single_, lanes, y_bar);
    }
  }

  const char* name_;
  pb::object callable_;
  Index dim_;
  bool single_;
  ArrayArgument t_, y_, v_;
};

/// Adjoint together with the arrays and callables that it borrows. Arrays lie as in the core, the paths last.
class PyAdjoint {
 public:
  PyAdjoint(const std::string& method, pb::object f, pb::object g, int noise, Index noise_dim, bool diagonal,
            bool matrix, bool single, Contiguous<double> y0, Contiguous<double> t, Contiguous<double> h,
            Contiguous<std::uint64_t> ticks, Contiguous<Index> begin, Contiguous<Index> lane, Contiguous<Index> index,
            Contiguous<double> theta, Index values, const std::optional<sde::BrownianTree>& tree,
            Contiguous<std::uint64_t> paths, double rtol, Contiguous<double> atol, Index checkpoints)
      : dim_(static_cast<Index>(y0.shape(0))),
        m_(static_cast<Index>(y0.shape(1))),
        count_(static_cast<Index>(t.shape(0))),
        values_(values),
        single_(single),
        noise_values_(matrix ? Shape{dim_, noise_dim} : Shape{dim_}),
        drift_("f", std::move(f), dim_, {dim_}, single),
        diffusion_("g", std::move(g), dim_, noise_values_, single),
        tree_(tree),
        kept_(pb::make_tuple(y0, t, h, ticks, begin, lane, index, theta, paths, atol)) {
    sde::System system;
    system.dim = dim_, system.noise_dim = noise_dim, system.diagonal = diagonal;
    system.noise = static_cast<sde::Noise>(noise);
    system.drift = drift_.function(), system.diffusion = diffusion_.function();
    sde::AdjointOptions options;
    options.method = method_of(method), options.rtol = rtol, options.atol = atol.data();
    options.checkpoints = checkpoints, options.watch = watch_.options();
    const sde::StepList steps{count_, t.data(), h.data(), ticks.data(), ticks.data() + t.size()};
    const sde::SaveList save{values, begin.data(), lane.data(), index.data(), theta.data()};
    adjoint_.emplace(system, steps, save, y0.data(), m_, tree_ ? &*tree_ : nullptr,
                     sde::Paths{.first = 0, .count = m_, .list = paths.data()}, options);
  }
  PyAdjoint(const PyAdjoint&) = delete;

  pb::tuple forward() {
    Contiguous<double> saved({values_, dim_, m_}), error({count_, m_}), stiffness({count_, m_});
    double *y = saved.mutable_data(), *e = error.mutable_data(), *s = stiffness.mutable_data();
    {
      const pb::gil_scoped_release unlocked;
      adjoint_->forward(y, e, s);
    }
    return pb::make_tuple(saved, error, stiffness);
  }

  Contiguous<double> reverse(const Contiguous<double>& saved, const Contiguous<double>& error,
                             const Contiguous<double>& stiffness, pb::object drift_product,
                             pb::object diffusion_product) {
    PyProduct drift("vjp", std::move(drift_product), dim_, {dim_}, single_);
    PyProduct diffusion("g_vjp", std::move(diffusion_product), dim_, noise_values_, single_);
    Contiguous<double> y_bar({dim_, m_});
    const sde::Cotangents cotangents{saved.data(), error.data(), stiffness.data()};
    double* out = y_bar.mutable_data();
    {
      const pb::gil_scoped_release unlocked;
      adjoint_->reverse(cotangents, drift.product(), diffusion.product(), out, nullptr);
    }
    return y_bar;
  }

 private:
  Index dim_, m_, count_, values_;
  bool single_;
  Shape noise_values_;
  EquationFunction drift_, diffusion_;
  std::optional<sde::BrownianTree> tree_;
  pb::tuple kept_;
  PythonWatch watch_{pb::none(), 0};  // for Ctrl-C
  std::optional<sde::Adjoint> adjoint_;
};

}  // namespace

void bind_adjoint(pb::module_ m) {
  using namespace pb::literals;
  using Reals = Contiguous<double>;
  using Indices = Contiguous<Index>;
  using Numbers = Contiguous<std::uint64_t>;
  m.def("stability_size", [](const std::string& method) { return sde::stability_size(method_of(method)); }, "method"_a);
  pb::class_<PyAdjoint>(m, "Adjoint")
      .def(pb::init<const std::string&, pb::object, pb::object, int, Index, bool, bool, bool, Reals, Reals, Reals,
                    Numbers, Indices, Indices, Indices, Reals, Index, const std::optional<sde::BrownianTree>&, Numbers,
                    double, Reals, Index>(),
           "method"_a, "f"_a, "g"_a, "noise"_a, "noise_dim"_a, "diagonal"_a, "matrix"_a, "single"_a, "y0"_a, "t"_a,
           "h"_a, "ticks"_a, "begin"_a, "lane"_a, "index"_a, "theta"_a, "values"_a, "tree"_a, "paths"_a, "rtol"_a,
           "atol"_a, "checkpoints"_a)
      .def("forward", &PyAdjoint::forward)
      .def("reverse", &PyAdjoint::reverse, "saved"_a, "error"_a, "stiffness"_a, "drift_product"_a,
           "diffusion_product"_a);
}

}  // namespace trimtab::py
