#pragma once

#include "vectors.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// Conjugate gradients for a symmetric positive definite matrix, down to rounding: they end when three steps do not
/// halve the residual in the norm of the preconditioner.
/// @param x holds the start
template <class Apply, class Precondition>
void pcg(std::size_t n, const double* b, double* x, Apply&& apply, Precondition&& precondition) {
  constexpr int most_steps = 200, patience = 3;
  constexpr double enough = 1e-17;
  std::vector<double> r(n), z(n), direction(n), image(n);
  apply(x, image.data());
  for (std::size_t i = 0; i < n; ++i) r[i] = b[i] - image[i];
  precondition(r.data(), z.data());
  direction = z;
  double product = dot(n, r.data(), z.data()), smallest = product;
  const double start = product;
  int steps = 0, since_halved = 0;
  while (steps < most_steps && since_halved < patience && product > enough * enough * start) {
    apply(direction.data(), image.data());
    const double curvature = dot(n, direction.data(), image.data());
    if (!(curvature > 0)) break;
    add_multiple(n, product / curvature, direction.data(), x);
    add_multiple(n, -product / curvature, image.data(), r.data());
    precondition(r.data(), z.data());
    const double next = dot(n, r.data(), z.data());
    const double ratio = next / product;
    for (std::size_t i = 0; i < n; ++i) direction[i] = z[i] + ratio * direction[i];
    product = next;
    since_halved = product < smallest / 4 ? 0 : since_halved + 1;
    smallest = std::min(smallest, product);
    ++steps;
  }
}

}  // namespace trimtab::fractional
