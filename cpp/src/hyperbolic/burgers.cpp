#include "model.hpp"

#include <trimtab/hyperbolic/scalar.hpp>

namespace trimtab::hyperbolic {

std::unique_ptr<Model> make_burgers(const Problem& problem, const SchemeOptions& options) {
  return make_model<Burgers>(problem, options, [](auto&) {});
}

}  // namespace trimtab::hyperbolic
