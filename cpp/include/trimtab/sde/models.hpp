#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/sde/system.hpp>

#include <cstddef>

/// @file models.hpp
/// Well-known equations, compiled in. They use no function of the C library but the square root, so that a solve has
/// the same bits on every machine. A system refers to its model, which must outlive it.

namespace trimtab::sde {

/// dy = theta (mu - y) dt + sigma dW, in each of `dim` components.
struct OrnsteinUhlenbeck {
  std::size_t dim = 1;
  double theta = 1, mu = 0, sigma = 1;
  TRIMTAB_API System system() const;
};

/// dy = -4 depth y (y^2 - 1) dt + sigma dW: wells at -1 and 1, `depth` deep, in each of `dim` components.
struct DoubleWell {
  std::size_t dim = 1;
  double depth = 1, sigma = 1;
  TRIMTAB_API System system() const;
};

/// dy = mu y dt + sigma y dW, in Ito's sense, in each of `dim` components.
struct GeometricBrownianMotion {
  std::size_t dim = 1;
  double mu = 0, sigma = 1;
  TRIMTAB_API System system() const;
};

/// dx = (r - v/2) dt + sqrt(v) (rho dW1 + sqrt(1 - rho^2) dW2), dv = kappa (theta - v) dt + xi sqrt(v) dW1, in Ito's
/// sense: x is the logarithm of a price, v its variance; a negative v counts as 0. Heston, Rev. Financial Studies 6
/// (1993).
struct Heston {
  double r = 0, kappa = 1, theta = 0.04, xi = 0.3, rho = -0.7;
  TRIMTAB_API System system() const;
};

/// Potentials U for Langevin dynamics.
struct Quadratic {  ///< U = sum of stiffness x^2 / 2
  std::size_t dim = 1;
  double stiffness = 1;
  TRIMTAB_API Function gradient() const;
};
struct DoubleWellPotential {  ///< U = sum of depth (x^2 - 1)^2
  std::size_t dim = 1;
  double depth = 1;
  TRIMTAB_API Function gradient() const;
};
/// U = x_0^2 / 18 + sum over i > 0 of x_i^2 exp(-x_0) / 2 + (dim - 1) x_0 / 2. Neal, Ann. Statistics 31 (2003).
struct Funnel {
  std::size_t dim = 10;
  TRIMTAB_API Function gradient() const;
};

}  // namespace trimtab::sde
