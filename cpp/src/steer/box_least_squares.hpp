#pragma once

#include <cstddef>
#include <span>

namespace trimtab::steer {

inline constexpr std::size_t max_box_size = 16;

/// Minimizes theta' G theta / 2 - h' theta over |theta_j| <= bound_j by a primal active-set method from the theta
/// given. A ridge of 1e-10 of the mean diagonal makes G, symmetric and semidefinite, definite.
void box_least_squares(std::span<const double> gram, std::span<const double> moments, std::span<const double> bounds,
                       std::span<double> theta);

}  // namespace trimtab::steer
