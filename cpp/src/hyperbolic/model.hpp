#pragma once

#include <trimtab/hyperbolic/scheme.hpp>
#include <trimtab/hyperbolic/solve.hpp>

#include <memory>

/// @file model.hpp
/// Hides the law and the precision of a Scheme behind virtual functions, called a few times per run.

namespace trimtab::hyperbolic {

class Model {
 public:
  virtual ~Model() = default;
  virtual int n_vars() const = 0;
  virtual Clock clock() const = 0;
  virtual const steer::Decisions& decisions() const = 0;
  virtual void set(const double* values, double t, Form form) = 0;
  virtual void primitive(double* w) const = 0;
  virtual void conservative(double* u) const = 0;
  virtual void classes(std::uint8_t* out) const = 0;
  virtual void defect(double* out) const = 0;
  virtual void rate(double* out) = 0;
  virtual void restore(const double* u, const std::uint8_t* classes, const double* defect, const Clock& clock,
                       const steer::Decisions& decisions) = 0;
  virtual RunReport run(double t_end, const RunOptions& options) = 0;
};

template <Law L>
class ModelOf final : public Model {
 public:
  ModelOf(const L& law, const Problem& p, const SchemeOptions& options)
      : scheme_(law, p.n, p.lower, p.upper, options) {}

  int n_vars() const override { return L::n_vars; }
  Clock clock() const override { return scheme_.clock(); }
  const steer::Decisions& decisions() const override { return scheme_.decisions(); }
  void set(const double* values, double t, Form form) override { scheme_.set(values, t, form); }
  void primitive(double* w) const override { scheme_.primitive(w); }
  void conservative(double* u) const override { scheme_.conservative(u); }
  void classes(std::uint8_t* out) const override {
    for (std::int64_t j = 0; j < scheme_.size(); ++j) out[j] = static_cast<std::uint8_t>(scheme_.classes()[j]);
  }
  void defect(double* out) const override { std::copy_n(scheme_.defect(), scheme_.size(), out); }
  void rate(double* out) override { scheme_.rate(out); }
  void restore(const double* u, const std::uint8_t* classes, const double* defect, const Clock& clock,
               const steer::Decisions& decisions) override {
    scheme_.restore(u, classes, defect, clock, decisions);
  }
  RunReport run(double t_end, const RunOptions& options) override { return scheme_.run(t_end, options); }

 private:
  Scheme<L> scheme_;
};

/// One per law; each lives in a file of its own, so that they compile side by side.
std::unique_ptr<Model> make_euler(const Problem& problem, const SchemeOptions& options);
std::unique_ptr<Model> make_advection(const Problem& problem, const SchemeOptions& options);
std::unique_ptr<Model> make_burgers(const Problem& problem, const SchemeOptions& options);
std::unique_ptr<Model> make_shallow_water(const Problem& problem, const SchemeOptions& options);

/// The model of Law<double> or Law<float>, as the problem asks; set(law) fills in the law's parameters.
template <template <class> class LawOf, class Set>
std::unique_ptr<Model> make_model(const Problem& problem, const SchemeOptions& options, Set&& set) {
  const auto make = [&]<class Real>(Real) -> std::unique_ptr<Model> {
    LawOf<Real> law;
    set(law);
    return std::make_unique<ModelOf<LawOf<Real>>>(law, problem, options);
  };
  return problem.precision == Precision::float64 ? make(double{}) : make(float{});
}

}  // namespace trimtab::hyperbolic
