#pragma once

#include "kernel.hpp"

#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// Riemann's zeta function at s, s + 1, ..., s + count - 1, for s > 1: ten terms, and the rest by Euler and Maclaurin.
std::vector<Extended> zetas(Extended s, std::size_t count);

/// sum_(l >= 1) (-1)^(l + 1) l^-s, likewise.
std::vector<Extended> alternating_zetas(Extended s, std::size_t count);

}  // namespace trimtab::fractional
