#include "model.hpp"

#include <trimtab/hyperbolic/solve.hpp>

#include <string>

namespace trimtab::hyperbolic {
namespace {

std::unique_ptr<Model> make(const Problem& problem, const SchemeOptions& options) {
  switch (problem.law) {
    case LawName::euler:
      return make_euler(problem, options);
    case LawName::shallow_water:
      return make_shallow_water(problem, options);
    case LawName::advection:
      return make_advection(problem, options);
    case LawName::burgers:
      return make_burgers(problem, options);
  }
  reject("law", "euler, advection, burgers or shallow_water", static_cast<double>(problem.law));
}

}  // namespace

Solver::Solver(const Problem& problem, const SchemeOptions& options) : model_(make(problem, options)) {}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;
Solver& Solver::operator=(Solver&&) noexcept = default;

int Solver::n_vars() const { return model_->n_vars(); }
Clock Solver::clock() const { return model_->clock(); }
const steer::Decisions& Solver::decisions() const { return model_->decisions(); }
void Solver::set_primitive(const double* w, double t) { model_->set(w, t, Form::primitive); }
void Solver::set_conservative(const double* u, double t) { model_->set(u, t, Form::conserved); }
void Solver::primitive(double* w) const { model_->primitive(w); }
void Solver::conservative(double* u) const { model_->conservative(u); }
void Solver::classes(std::uint8_t* out) const { model_->classes(out); }
void Solver::defect(double* out) const { model_->defect(out); }
void Solver::rate(double* out) { model_->rate(out); }
void Solver::restore(const double* u, const std::uint8_t* classes, const double* defect, const Clock& clock,
                     const steer::Decisions& decisions) {
  model_->restore(u, classes, defect, clock, decisions);
}

RunReport Solver::run(double t_end, const RunOptions& options) {
  if (!(t_end >= clock().t)) reject("t_end", "a time not before t = " + std::to_string(clock().t), t_end);
  if (!(options.dt >= 0)) reject("dt", "a number > 0, or 0 for the CFL number's choice", options.dt);
  return model_->run(t_end, options);
}

}  // namespace trimtab::hyperbolic
