#include "model.hpp"

#include <trimtab/hyperbolic/shallow_water.hpp>

namespace trimtab::hyperbolic {

std::unique_ptr<Model> make_shallow_water(const Problem& problem, const SchemeOptions& options) {
  if (!(problem.parameter > 0)) reject("g", "a number > 0", problem.parameter);
  return make_model<ShallowWater>(problem, options,
                                  [&](auto& law) { law.g = static_cast<decltype(law.g)>(problem.parameter); });
}

}  // namespace trimtab::hyperbolic
