#pragma once

#include "kernel.hpp"

namespace trimtab::fractional {

/// Riemann's zeta function for s > 1: ten terms, and the rest by Euler and Maclaurin.
Extended zeta(Extended s);

/// sum_(l >= 1) (-1)^(l + 1) l^-s for s > 1
Extended alternating_zeta(Extended s);

}  // namespace trimtab::fractional
