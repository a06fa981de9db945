#pragma once

#include "vectors.hpp"

#include <trimtab/fractional/solve.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// Full GMRES for P^-1 A x = P^-1 b, orthogonalized by the modified Gram-Schmidt process, which is all that its
/// backward stability asks for (Paige, Rozloznik, Strakos, SIAM J. Matrix Anal. 28 (2006) 264).
///
/// The recurrence's residual is trusted down to 1e-11; below, the residual is formed again and the iteration goes on
/// from there. When three iterations, or a new start, do not halve it, rounding is all that is left.
template <class Apply, class Precondition>
Report gmres(std::size_t n, const double* b, double* x, bool from_start, const StopOptions& stop, Apply&& apply,
             Precondition&& precondition) {
  constexpr int most_vectors = 100;
  constexpr double trusted = 1e-11, floor_below = 1e-8;
  std::vector<double> work(n), residual(n);
  Report report;
  precondition(b, residual.data());
  const double reference = norm(n, residual.data());
  if (!std::isfinite(reference)) return {.status = Status::diverged};
  if (reference == 0) {
    for (std::size_t i = 0; i < n; ++i) x[i] = 0;
    return report;
  }
  const auto form_residual = [&] {
    apply(x, work.data());
    for (std::size_t i = 0; i < n; ++i) work[i] = b[i] - work[i];
    precondition(work.data(), residual.data());
    return norm(n, residual.data());
  };
  double start = reference;
  if (from_start) {
    start = form_residual();
  } else {
    for (std::size_t i = 0; i < n; ++i) x[i] = 0;
  }
  std::vector<std::vector<double>> basis;
  for (;;) {
    report.error = start / reference;
    if (!std::isfinite(start)) return {.status = Status::diverged, .iterations = report.iterations};
    if (report.error <= stop.rtol) return report;
    if (report.iterations >= stop.max_iterations) {
      report.status = Status::max_iterations;
      return report;
    }
    std::vector<std::vector<double>> h;  // columns of the triangle
    std::vector<double> cosines, sines, g{start}, estimates{start};
    const auto vector = [&](std::size_t k) -> std::vector<double>& {
      if (basis.size() <= k) basis.emplace_back(n);
      return basis[k];
    };
    const auto put = [&](const std::vector<double>& v, double scale, std::vector<double>& to) {
      for (std::size_t i = 0; i < n; ++i) to[i] = scale * v[i];
    };
    put(residual, 1 / start, vector(0));
    bool at_floor = false;
    int k = 0;
    while (k < most_vectors && report.iterations < stop.max_iterations && estimates.back() > stop.rtol * reference &&
           !at_floor) {
      apply(basis[k].data(), work.data());
      precondition(work.data(), residual.data());
      std::vector<double> column(static_cast<std::size_t>(k) + 2);
      for (int i = 0; i <= k; ++i) {
        column[i] = dot(n, basis[i].data(), residual.data());
        add_multiple(n, -column[i], basis[i].data(), residual.data());
      }
      const double next = column[k + 1] = norm(n, residual.data());
      for (int i = 0; i < k; ++i) {
        const double upper = cosines[i] * column[i] + sines[i] * column[i + 1];
        column[i + 1] = cosines[i] * column[i + 1] - sines[i] * column[i];
        column[i] = upper;
      }
      const double length = std::hypot(column[k], column[k + 1]);
      if (!(length > 0) || !std::isfinite(length)) break;
      cosines.push_back(column[k] / length), sines.push_back(column[k + 1] / length);
      column[k] = length;
      g.push_back(-sines[k] * g[k]), g[k] *= cosines[k];
      h.push_back(std::move(column));
      estimates.push_back(std::abs(g[k + 1]));
      ++k, ++report.iterations;
      if (next == 0) break;
      put(residual, 1 / next, vector(static_cast<std::size_t>(k)));
      at_floor = k >= 3 && estimates[k] < floor_below * reference && estimates[k] > estimates[k - 3] / 2;
    }
    for (int i = k; i-- > 0;) {
      for (int j = i + 1; j < k; ++j) g[i] -= h[j][i] * g[j];
      g[i] /= h[i][i];
    }
    for (int i = 0; i < k; ++i) add_multiple(n, g[i], basis[i].data(), x);
    if (stop.rtol >= trusted && estimates.back() <= stop.rtol * reference) {
      report.error = estimates.back() / reference;
      return report;
    }
    const double before = start;
    start = form_residual();
    const bool stuck = !(start < before / 2);
    if ((stuck || at_floor || k == 0) && start < floor_below * reference && start > stop.rtol * reference) {
      report.error = start / reference;
      report.status = Status::floor;
      return report;
    }
    if (k == 0) report.iterations = stop.max_iterations;  // a breakdown far from the solution
  }
}

}  // namespace trimtab::fractional
