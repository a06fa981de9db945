#pragma once

#include "kernel.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// The symbol f, and its companion sum_l sign(theta + 2 pi l) |theta + 2 pi l|^alpha sinc(...)^(p + 1), which unequal
/// weights of the two one-sided derivatives bring in. With x = theta / 2 pi both are
///
///   (2 pi)^alpha sinc(theta / 2)^(p + 1) (x^alpha + x^power * polynomial(x^2)),   0 <= x <= 1/2.
class Symbol {
 public:
  Symbol(int degree, double alpha, bool companion = false);

  /// At theta in [0, pi].
  double operator()(double theta) const;

  /// At pi j / m for j = 0 ... m.
  void grid(std::size_t m, std::span<double> out) const;

 private:
  double smooth_part(double x, double& window) const;

  int degree_, power_;
  double alpha_;
  Extended scale_;                  ///< (2 pi)^alpha
  std::vector<double> polynomial_;  ///< times (2 pi)^alpha
};

/// sum_k B((p + 1) / 2 - k) cos(k theta) at pi j / m for j = 0 ... m: the symbol of the mass matrix.
void mass_symbol(int degree, std::size_t m, std::span<double> out);

}  // namespace trimtab::fractional
