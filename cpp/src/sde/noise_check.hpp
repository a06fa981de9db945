#pragma once

#include <trimtab/sde/system.hpp>

namespace trimtab::sde {

/// Looks at the diffusion at and near the state y (dim): whether additive noise does not depend on the state, g_i of
/// diagonal noise on y_i alone, and commutative noise commutes. Of many components some are looked at.
/// @throws std::invalid_argument if the noise is not of the kind that the system says
void check_noise(const System& system, double t, const double* y);

}  // namespace trimtab::sde
