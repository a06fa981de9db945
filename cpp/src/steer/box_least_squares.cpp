#include "box_least_squares.hpp"

#include "cholesky.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace trimtab::steer {

void box_least_squares(std::span<const double> gram, std::span<const double> moments, std::span<const double> bounds,
                       std::span<double> theta) {
  const std::size_t m = theta.size();
  double trace = 0;
  for (std::size_t j = 0; j < m; ++j) trace += gram[j * m + j];
  if (!(trace > 0)) return;  // no samples
  const double ridge = 1e-10 * trace / static_cast<double>(m);
  const auto matrix = [&](std::size_t i, std::size_t j) { return gram[i * m + j] + (i == j ? ridge : 0); };

  std::array<bool, max_box_size> fixed{};
  for (std::size_t j = 0; j < m; ++j) {
    theta[j] = std::clamp(theta[j], -bounds[j], bounds[j]);
    fixed[j] = bounds[j] == 0;
  }
  std::array<double, max_box_size*(max_box_size + 1)> factor;
  std::array<double, max_box_size> x;
  std::array<std::size_t, max_box_size> free;
  for (std::size_t step = 0; step < 4 * m + 4; ++step) {
    std::size_t n = 0;
    for (std::size_t j = 0; j < m; ++j)
      if (!fixed[j]) free[n++] = j;
    const std::size_t width = n + 1;  // with the right-hand side
    for (std::size_t a = 0; a < n; ++a) {
      double& right = factor[a * width + n];
      right = moments[free[a]];
      for (std::size_t j = 0; j < m; ++j)
        if (fixed[j]) right -= matrix(free[a], j) * theta[j];
      for (std::size_t b = a; b < n; ++b) factor[a * width + b] = matrix(free[a], free[b]);
    }
    cholesky(factor, n, width);
    for (std::size_t a = 0; a < n; ++a) x[a] = factor[a * width + n];
    solve_upper(factor, width, std::span(x).first(n));

    double length = 1;
    std::size_t blocking = m;
    for (std::size_t a = 0; a < n; ++a) {
      const std::size_t j = free[a];
      if (std::abs(x[a]) <= bounds[j]) continue;
      const double way = (std::copysign(bounds[j], x[a]) - theta[j]) / (x[a] - theta[j]);
      if (way < length) length = way, blocking = a;
    }
    for (std::size_t a = 0; a < n; ++a) {
      const std::size_t j = free[a];
      theta[j] = a == blocking ? std::copysign(bounds[j], x[a])
                               : std::clamp(theta[j] + length * (x[a] - theta[j]), -bounds[j], bounds[j]);
    }
    if (blocking < m) {
      fixed[free[blocking]] = true;
      continue;
    }
    // at the minimum of this face: let go of the bound that holds the most
    double most = 1e-12 * trace * bounds[0];
    std::size_t released = m;
    for (std::size_t i = 0; i < m; ++i) {
      if (!fixed[i] || bounds[i] == 0) continue;
      double slope = -moments[i];
      for (std::size_t j = 0; j < m; ++j) slope += matrix(i, j) * theta[j];
      const double pull = theta[i] > 0 ? slope : -slope;
      if (pull > most) most = pull, released = i;
    }
    if (released == m) return;
    fixed[released] = false;
  }
}

}  // namespace trimtab::steer
