#pragma once

#include <trimtab/core/export.hpp>

/// @file theory.hpp
/// Young's theory of successive over-relaxation. beta is the spectral radius of the Jacobi iteration I - D^-1 A, and
/// gap = 1 - beta; where beta is close to one, the gap is the number that keeps its digits.
///
/// Young, Iterative Solution of Large Linear Systems, Academic Press (1971), ch. 6.

namespace trimtab::relax {

/// Best omega of a consistently ordered matrix, 2 / (1 + sqrt(1 - beta^2)).
/// @throws std::invalid_argument unless 0 < gap <= 1
TRIMTAB_API double omega_opt(double gap);

/// Spectral radius of the SOR iteration of a consistently ordered matrix with real Jacobi eigenvalues.
/// @throws std::invalid_argument unless 0 < omega < 2 and 0 <= beta < 1
TRIMTAB_API double young_rate(double omega, double beta);

/// The beta whose rate is `rate` for an omega at or below the best one; the inverse of young_rate.
/// @throws std::invalid_argument unless 0 < omega < 2 and omega - 1 <= rate < 1, rate > 0
TRIMTAB_API double beta_from_rate(double omega, double rate);

/// omega_opt of the Jacobi radius (1 - eps) * norm, where norm = |I - D^-1 A| in the maximum norm and eps is a guess of
/// the spectral gap. The radius is kept within [0, 1 - 1e-8] and omega within [0.05, 1.99].
/// @throws std::invalid_argument unless 0 <= eps <= 1 and norm >= 0
TRIMTAB_API double omega_from_gap(double eps, double norm);

}  // namespace trimtab::relax
