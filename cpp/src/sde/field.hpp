#pragma once

#include <trimtab/sde/system.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

/// @file field.hpp
/// Drift and diffusion as a solver sees them: in its calculus, and as products with increments.

namespace trimtab::sde {

class Field {
 public:
  /// @param to_stratonovich  subtract half the correction from the drift
  Field(const System& system, std::size_t capacity, bool to_stratonovich)
      : system_(system), convert_(to_stratonovich), correction_(system.dim * capacity) {
    if (system.finite_differences) {
      direction_.resize(system.dim * capacity);
      shifted_.resize(system.dim * capacity);
      for (auto* g : {&here_, &ahead_, &behind_}) g->resize(components() * capacity);
    }
  }

  std::size_t dim() const { return system_.dim; }
  std::size_t components() const { return system_.diagonal ? system_.dim : system_.dim * system_.noise_dim; }
  const System& system() const { return system_; }

  void drift(const double* t, const double* y, double* out, std::size_t m) {
    system_.drift(t, y, out, m);
    if (!convert_) return;
    correction(t, y, correction_.data(), m);
    for (std::size_t i = 0; i < system_.dim * m; ++i) out[i] -= 0.5 * correction_[i];
  }
  void diffusion(const double* t, const double* y, double* out, std::size_t m) const {
    system_.diffusion(t, y, out, m);
  }

  /// out = g v for a diffusion g and an increment v (noise_dim, m).
  void product(const double* g, const double* v, double* out, std::size_t m) const {
    const std::size_t n = system_.dim, w = system_.noise_dim;
    if (system_.diagonal) {
      for (std::size_t i = 0; i < n * m; ++i) out[i] = g[i] * v[i];
      return;
    }
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < w; ++j)
        for (std::size_t lane = 0; lane < m; ++lane) {
          const double part = g[(i * w + j) * m + lane] * v[j * m + lane];
          out[i * m + lane] = j == 0 ? part : out[i * m + lane] + part;
        }
  }

  /// sum_j (dg_j / dy) g_j.
  void correction(const double* t, const double* y, double* out, std::size_t m) {
    if (system_.correction) return system_.correction(t, y, out, m);
    const std::size_t n = system_.dim, w = system_.diagonal ? 1 : system_.noise_dim;
    system_.diffusion(t, y, here_.data(), m);
    std::fill_n(out, n * m, 0.0);
    for (std::size_t j = 0; j < w; ++j) {
      for (std::size_t i = 0; i < n; ++i) std::copy_n(&here_[(i * w + j) * m], m, &direction_[i * m]);
      derivative(t, y, m, [&](std::size_t i, std::size_t lane, double rate) {
        if (i % w == j) out[i / w * m + lane] += rate;
      });
    }
  }

  /// sum_j (dg_j / dy)(g W) W_j, for the product gw = g W.
  /// @pre finite_differences, unless there is a correction and the noise is diagonal or scalar
  void along(const double* t, const double* y, const double* gw, const double* noise, double* out, std::size_t m) {
    const std::size_t n = system_.dim, w = system_.diagonal ? 1 : system_.noise_dim;
    if (system_.correction && (system_.diagonal || w == 1)) {  // there g_j' g W W is the correction times W^2
      system_.correction(t, y, out, m);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t lane = 0; lane < m; ++lane) {
          const double v = noise[(system_.diagonal ? i * m : 0) + lane];
          out[i * m + lane] *= v * v;
        }
      return;
    }
    std::copy_n(gw, n * m, direction_.data());
    std::fill_n(out, n * m, 0.0);
    derivative(t, y, m, [&](std::size_t i, std::size_t lane, double rate) {
      const std::size_t j = system_.diagonal ? i : i % w;
      out[i / w * m + lane] += rate * noise[j * m + lane];
    });
  }

 private:
  /// body(component of g, lane, derivative of it along direction_), by central differences.
  template <class Body>
  void derivative(const double* t, const double* y, std::size_t m, Body&& body) {
    constexpr double relative = 6.1e-6;  // cube root of the rounding unit
    const std::size_t n = system_.dim;
    shift_.assign(m, 0);
    for (std::size_t lane = 0; lane < m; ++lane) {
      double size = 1, speed = 0;
      for (std::size_t i = 0; i < n; ++i) {
        size = std::max(size, std::abs(y[i * m + lane]));
        speed = std::max(speed, std::abs(direction_[i * m + lane]));
      }
      shift_[lane] = speed > 0 ? relative * size / speed : 1;
    }
    const auto evaluate = [&](double sign, double* g) {
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t lane = 0; lane < m; ++lane)
          shifted_[i * m + lane] = y[i * m + lane] + sign * shift_[lane] * direction_[i * m + lane];
      system_.diffusion(t, shifted_.data(), g, m);
    };
    evaluate(1, ahead_.data());
    evaluate(-1, behind_.data());
    for (std::size_t i = 0; i < components(); ++i)
      for (std::size_t lane = 0; lane < m; ++lane)
        body(i, lane, (ahead_[i * m + lane] - behind_[i * m + lane]) / (2 * shift_[lane]));
  }

  System system_;
  bool convert_;
  std::vector<double> correction_, direction_, shifted_, here_, ahead_, behind_, shift_;
};

}  // namespace trimtab::sde
