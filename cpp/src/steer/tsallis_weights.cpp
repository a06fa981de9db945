#include <trimtab/core/error.hpp>
#include <trimtab/steer/tuner.hpp>

#include <algorithm>
#include <cmath>

namespace trimtab::steer {

double tsallis_weights(std::span<const double> losses, double eta, std::span<double> weights) {
  if (losses.empty()) reject("losses", "at least one number", "none");
  if (weights.size() != losses.size())
    reject("weights", "as many numbers as losses", static_cast<double>(weights.size()));
  if (!(eta > 0 && std::isfinite(eta))) reject("eta", "a positive number", eta);
  const double least = *std::min_element(losses.begin(), losses.end()), c = 2 / eta;
  for (double loss : losses)
    if (!std::isfinite(loss)) reject("losses", "finite numbers", loss);

  // z = min L - x grows from c to its root: f(z) = sum (c / (L_i - min L + z))^2 - 1 falls and is convex
  double z = c, sum = 0;
  for (int step = 0; step < 100; ++step) {
    double slope = 0;
    sum = 0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
      const double root = c / ((losses[i] - least) + z);
      weights[i] = root * root;
      sum += weights[i];
      slope += weights[i] * root;
    }
    const double dz = (sum - 1) / (eta * slope);
    if (!(std::abs(dz) > 4e-16 * z)) break;
    z += dz;
  }
  for (double& weight : weights) weight /= sum;
  return least - z;
}

}  // namespace trimtab::steer
