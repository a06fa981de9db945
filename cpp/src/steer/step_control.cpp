#include <trimtab/core/error.hpp>
#include <trimtab/steer/step_control.hpp>

namespace trimtab::steer {

CflControl::CflControl(double cfl) : cfl_(cfl) {
  if (!(cfl > 0 && cfl <= 1)) reject("cfl", "a number in (0, 1]", cfl);
}

double CflControl::suggest(double rate) const { return (steps < startup_steps ? startup_factor * cfl_ : cfl_) / rate; }

}  // namespace trimtab::steer
