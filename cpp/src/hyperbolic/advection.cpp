#include "model.hpp"

#include <trimtab/hyperbolic/scalar.hpp>

#include <cmath>

namespace trimtab::hyperbolic {

std::unique_ptr<Model> make_advection(const Problem& problem, const SchemeOptions& options) {
  if (!std::isfinite(problem.parameter)) reject("speed", "a finite number", problem.parameter);
  return make_model<Advection>(problem, options,
                               [&](auto& law) { law.speed = static_cast<decltype(law.speed)>(problem.parameter); });
}

}  // namespace trimtab::hyperbolic
