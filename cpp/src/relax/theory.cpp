#include <trimtab/core/error.hpp>
#include <trimtab/relax/theory.hpp>

#include <algorithm>
#include <cmath>

namespace trimtab::relax {
namespace {

void check_omega(double omega) {
  if (!(omega > 0 && omega < 2)) reject("omega", "a number in (0, 2), outside of which SOR diverges", omega);
}

}  // namespace

double omega_opt(double gap) {
  if (!(gap > 0 && gap <= 1)) reject("gap", "a number in (0, 1]", gap);
  return 2 / (1 + std::sqrt(gap * (2 - gap)));
}

double young_rate(double omega, double beta) {
  check_omega(omega);
  if (!(beta >= 0 && beta < 1)) reject("beta", "a number in [0, 1)", beta);
  const double product = omega * beta, discriminant = product * product - 4 * (omega - 1);
  if (omega >= omega_opt(1 - beta) || discriminant < 0) return omega - 1;
  const double root = product + std::sqrt(discriminant);
  return root * root / 4;
}

double beta_from_rate(double omega, double rate) {
  check_omega(omega);
  if (!(rate > 0 && rate < 1 && rate >= omega - 1)) reject("rate", "a number in (0, 1), at least omega - 1", rate);
  return (rate + omega - 1) / (omega * std::sqrt(rate));
}

double omega_from_gap(double eps, double norm) {
  if (!(eps >= 0 && eps <= 1)) reject("eps", "a number in [0, 1]", eps);
  if (!(norm >= 0)) reject("norm", "a number >= 0", norm);
  const double beta = std::clamp((1 - eps) * norm, 0.0, 1 - 1e-8);
  return std::clamp(omega_opt(1 - beta), 0.05, 1.99);
}

}  // namespace trimtab::relax
