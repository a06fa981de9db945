#pragma once

#include "kernel.hpp"

#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// Riemann's zeta function at 1 + x, 2 + x, ..., count + x, for x > 0, however close to its pole at 0: ten terms, and
/// the rest by Euler and Maclaurin.
std::vector<Extended> zetas(Extended x, std::size_t count);

/// sum_(l >= 1) (-1)^(l + 1) l^-s at the same s.
std::vector<Extended> alternating_zetas(Extended x, std::size_t count);

}  // namespace trimtab::fractional
