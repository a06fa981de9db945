#include <trimtab/hyperbolic/scalar.hpp>

#include <cmath>

#include "model.hpp"

namespace trimtab::hyperbolic {

std::unique_ptr<Model> make_scalar(const Problem& problem, const SchemeOptions& options) {
  if (problem.law == LawName::burgers) return make_model<Burgers>(problem, options, [](auto&) {});
  if (!std::isfinite(problem.parameter)) reject("speed", "a finite number", problem.parameter);
  return make_model<Advection>(problem, options, [&](auto& law) {
    law.speed = static_cast<decltype(law.speed)>(problem.parameter);
  });
}

}  // namespace trimtab::hyperbolic
