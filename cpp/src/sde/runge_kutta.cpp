#include "explicit_step.hpp"
#include "milstein.hpp"
#include "stepper.hpp"

#include <cmath>

namespace trimtab::sde {
namespace {

bool converts(Solver solver, const System& system) {
  return traits(solver).stratonovich && !traits(solver).ito && system.calculus == Calculus::ito &&
         system.noise != Noise::additive;
}

class RungeKutta final : public Stepper {
 public:
  RungeKutta(Solver solver, const System& system, std::size_t capacity)
      : step_(tableau(solver), Field(system, capacity, converts(solver, system)), capacity),
        dim_(system.dim),
        has_area_(traits(solver).levy != Levy::W) {}

  void step(const Step& s) override {
    const StepStart start{s.m, s.t, s.h, s.y, s.noise.w, has_area_ ? s.noise.h : nullptr};
    step_.advance(start);
    evaluations += static_cast<std::uint64_t>(step_.drift_stages()) * s.m;
    std::copy_n(step_.end(), dim_ * s.m, s.y1);
    if (s.error) step_.estimate(s.error);
    if (!s.stiffness) return;
    step_.stiffness(start, s.stiffness);
    for (std::size_t i = 0; i < s.m; ++i)
      if (!std::isfinite(s.stiffness[i])) s.stiffness[i] = 0;
  }

 private:
  ExplicitStep step_;
  std::size_t dim_;
  bool has_area_;
};

}  // namespace

std::unique_ptr<Stepper> make_stepper(Solver solver, const System& system, std::size_t capacity) {
  if (solver == Solver::milstein) return std::make_unique<Milstein>(system, capacity);
  return std::make_unique<RungeKutta>(solver, system, capacity);
}

}  // namespace trimtab::sde
