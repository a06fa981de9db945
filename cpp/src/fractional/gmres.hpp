#pragma once

#include "vectors.hpp"
#include "workspace.hpp"

#include <trimtab/fractional/solve.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// Orthonormal vectors of a Krylov space, v_0 ... v_k, and the triangle that Givens rotations make of the projected
/// matrix.
class Arnoldi {
 public:
  Arnoldi(std::size_t n, Workspace& work, double start) : n_(n), work_(work), right_{start} {}

  double* vector(std::size_t i) const { return work_.vector(i, n_); }
  std::size_t size() const { return cosines_.size(); }
  double residual() const { return std::abs(right_.back()); }

  /// Makes v_(k + 1) of w = B v_k, which lies in its place. B is close to one: w - v_k is small and points elsewhere
  /// than v_k, so one pass of the classical process, which reads the vectors in two sweeps, is orthogonal enough. Where
  /// it takes most of w away, a second pass follows.
  /// @return false if the space is exhausted
  bool extend() {
    constexpr double lost = 0.01;  // of the square
    const std::size_t k = size();
    std::vector<double> h(k + 2);
    double* w = vector(k + 1);
    const double before = project(w, vector(k), h);
    double after = before;
    for (const double x : h) after -= x * x;
    if (after > lost * before) {
      after = std::sqrt(after);
      subtract(w, h, 1 / after);
    } else {
      std::vector<double> again(h.size());
      subtract(w, h, 1);
      project(w, nullptr, again);
      subtract(w, again, 1);
      after = norm(n_, w);
      for (std::size_t i = 0; i <= k; ++i) h[i] += again[i];
      for (std::size_t i = 0; i < n_; ++i) w[i] = after > 0 ? w[i] / after : 0;
    }
    h[k] += 1;
    h[k + 1] = after;
    for (std::size_t i = 0; i < k; ++i) {
      const double upper = cosines_[i] * h[i] + sines_[i] * h[i + 1];
      h[i + 1] = cosines_[i] * h[i + 1] - sines_[i] * h[i];
      h[i] = upper;
    }
    const double length = std::hypot(h[k], h[k + 1]);
    if (!(length > 0) || !std::isfinite(length)) return false;
    cosines_.push_back(h[k] / length), sines_.push_back(h[k + 1] / length);
    h[k] = length;
    right_.push_back(-sines_[k] * right_[k]), right_[k] *= cosines_[k];
    triangle_.push_back(std::move(h));
    return after > 0;
  }

  /// x += the combination of the vectors with the least residual.
  void add_solution(double* x) {
    std::vector<double> g(right_.begin(), right_.end() - 1);
    for (std::size_t i = g.size(); i-- > 0;) {
      for (std::size_t j = i + 1; j < g.size(); ++j) g[i] -= triangle_[j][i] * g[j];
      g[i] /= triangle_[i][i];
    }
    for (std::size_t i = 0; i < g.size(); ++i) add_multiple(n_, g[i], vector(i), x);
  }

 private:
  /// w -= v where there is one; then h_i = v_i . w.
  /// @return w . w
  double project(double* w, const double* v, std::vector<double>& h) const {
    double square = 0;
    for (std::size_t begin = 0; begin < n_; begin += chunk) {
      const std::size_t end = std::min(n_, begin + chunk);
      if (v) add_multiple(end - begin, -1, v + begin, w + begin);
      for (std::size_t i = 0; i + 1 < h.size(); ++i) {
        const double* u = vector(i);
        h[i] += lane_sum(begin, end, [=](std::size_t j) { return u[j] * w[j]; });
      }
      square += lane_sum(begin, end, [=](std::size_t j) { return w[j] * w[j]; });
    }
    return square;
  }

  /// w = factor * (w - sum_i h_i v_i)
  void subtract(double* w, const std::vector<double>& h, double factor) const {
    for (std::size_t begin = 0; begin < n_; begin += chunk) {
      const std::size_t end = std::min(n_, begin + chunk);
      for (std::size_t i = 0; i + 1 < h.size(); ++i) add_multiple(end - begin, -h[i], vector(i) + begin, w + begin);
      for (std::size_t j = begin; j < end; ++j) w[j] *= factor;
    }
  }

  std::size_t n_;
  Workspace& work_;
  std::vector<std::vector<double>> triangle_;  ///< its columns
  std::vector<double> cosines_, sines_, right_;
};

/// Full GMRES for P^-1 A x = P^-1 b.
///
/// The recurrence's residual is trusted down to 1e-11; below, the residual is formed again and the iteration goes on
/// from there. When three iterations, or a new start, do not halve it, rounding is all that is left.
/// @param operate (v, y): y = P^-1 A v
/// @param residual_of (x, y): y = P^-1 (b - A x), without A x for a null pointer
template <class Operate, class Residual>
Report gmres(std::size_t n, double* x, bool from_start, const StopOptions& stop, Workspace& work, Operate&& operate,
             Residual&& residual_of) {
  constexpr std::size_t most_vectors = 100;
  constexpr double trusted = 1e-11, floor_below = 1e-8, finest = 1e-15;
  const double target = std::max(stop.rtol, finest);
  const auto residual_norm = [&](const double* at) {  // the residual is where the Krylov space begins
    residual_of(at, work.vector(0, n));
    return norm(n, work.vector(0, n));
  };
  Report report;
  const double reference = residual_norm(nullptr);
  if (!std::isfinite(reference)) return {.status = Status::diverged};
  if (reference == 0) {
    std::fill_n(x, n, 0.0);
    return report;
  }
  double start = reference;
  if (from_start) {
    start = residual_norm(x);
  } else {
    std::fill_n(x, n, 0.0);
  }
  for (;;) {
    report.error = start / reference;
    if (!std::isfinite(start)) return {.status = Status::diverged, .iterations = report.iterations};
    if (report.error <= stop.rtol) return report;
    if (report.iterations >= stop.max_iterations) {
      report.status = Status::max_iterations;
      return report;
    }
    Arnoldi krylov(n, work, start);
    double* first = krylov.vector(0);
    for (std::size_t i = 0; i < n; ++i) first[i] /= start;
    std::vector<double> estimates{start};
    bool at_floor = false;
    while (krylov.size() < most_vectors && report.iterations < stop.max_iterations &&
           krylov.residual() > target * reference && !at_floor) {
      double* image = krylov.vector(krylov.size() + 1);
      operate(krylov.vector(krylov.size()), image);
      ++report.iterations;
      const bool more = krylov.extend();
      const std::size_t k = krylov.size();
      estimates.push_back(krylov.residual());
      if (!more) break;
      at_floor = k >= 3 && estimates[k] < floor_below * reference && estimates[k] > estimates[k - 3] / 2;
    }
    if (stop.rtol >= trusted && krylov.residual() <= stop.rtol * reference) {
      krylov.add_solution(x);
      report.error = krylov.residual() / reference;
      return report;
    }
    double* best = krylov.vector(std::max<std::size_t>(krylov.size(), 1));  // the last vector has done its work
    std::copy_n(x, n, best);
    krylov.add_solution(x);
    const double before = start;
    start = residual_norm(x);
    if (!(start < before)) {  // what was added is rounding
      std::copy_n(best, n, x);
      start = before;
    }
    if (start > stop.rtol * reference && (start > before / 2 || start <= finest * reference)) {
      report.error = start / reference;
      report.status = report.error < floor_below ? Status::floor : Status::max_iterations;
      return report;
    }
  }
}

}  // namespace trimtab::fractional
