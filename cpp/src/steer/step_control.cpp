#include <trimtab/core/error.hpp>
#include <trimtab/steer/step_control.hpp>

#include <algorithm>
#include <cmath>

namespace trimtab::steer {
namespace {

constexpr double least_error = 1e-10;

}  // namespace

CflControl::CflControl(double cfl) : cfl_(cfl) {
  if (!(cfl > 0 && cfl <= 1)) reject("cfl", "a number in (0, 1]", cfl);
}

double CflControl::suggest(double rate) const { return (steps < startup_steps ? startup_factor * cfl_ : cfl_) / rate; }

PiControl::PiControl(const PiOptions& o)
    : on_error_(-(o.integral + o.proportional) / o.order),
      on_previous_(o.proportional / o.order),
      safety_(o.safety),
      least_(o.least),
      most_(o.most),
      most_rejected_(o.most_rejected) {
  if (!(o.order > 0 && std::isfinite(o.order))) reject("order", "a number > 0", o.order);
  if (!(o.proportional >= 0 && std::isfinite(o.proportional))) reject("proportional", "a number >= 0", o.proportional);
  if (!(o.integral >= 0 && std::isfinite(o.integral))) reject("integral", "a number >= 0", o.integral);
  if (!(o.safety > 0 && o.safety <= 1)) reject("safety", "a number in (0, 1]", o.safety);
  if (!(o.most_rejected > 0 && o.most_rejected < 1)) reject("most_rejected", "a number in (0, 1)", o.most_rejected);
  if (!(o.least > 0 && o.least <= o.most_rejected)) reject("least", "a number in (0, most_rejected]", o.least);
  if (!(o.most >= 1)) reject("most", "a number >= 1", o.most);
}

double PiControl::suggest(double error) const {
  if (std::isnan(error)) return least_;
  const double exponent = on_error_ * std::log(std::max(error, least_error)) + on_previous_ * std::log(previous);
  const double factor = safety_ * std::exp(exponent);
  return std::clamp(factor, least_, accepts(error) ? most_ : most_rejected_);
}

void PiControl::observe(double error) {
  if (accepts(error)) previous = std::max(error, least_error);
}

}  // namespace trimtab::steer
