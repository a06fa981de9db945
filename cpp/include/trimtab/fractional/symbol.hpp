#pragma once

#include <trimtab/core/export.hpp>

#include <span>

/// @file symbol.hpp
/// Symbols of the Toeplitz matrices: f(theta) = sum_k t_k exp(i k theta).

namespace trimtab::fractional {

/// Symbol of the Riesz matrix in units of the cell,
///
///   f(theta) = sum_l |theta + 2 pi l|^alpha sinc((theta + 2 pi l) / 2)^(p + 1),
///
/// with full relative accuracy down to theta = 0, where it vanishes as |theta|^alpha. The nearest image is written out;
/// the others are Hurwitz zeta functions, expanded in theta.
/// @param degree p of the splines, 2 ... 20
/// @param alpha order in (0, 2)
/// @throws std::invalid_argument if a parameter is out of range or sizes differ
TRIMTAB_API void symbol(int degree, double alpha, std::span<const double> theta, std::span<double> out);

}  // namespace trimtab::fractional
