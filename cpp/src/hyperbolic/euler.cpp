#include "model.hpp"

#include <trimtab/hyperbolic/euler.hpp>

namespace trimtab::hyperbolic {

template <class Real>
using Euler1 = Euler<Real, 1>;

std::unique_ptr<Model> make_euler(const Problem& problem, const SchemeOptions& options) {
  if (!(problem.parameter > 1)) reject("gamma", "a number > 1", problem.parameter);
  return make_model<Euler1>(problem, options,
                            [&](auto& law) { law.gamma = static_cast<decltype(law.gamma)>(problem.parameter); });
}

}  // namespace trimtab::hyperbolic
