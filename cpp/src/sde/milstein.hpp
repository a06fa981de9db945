#pragma once

#include "field.hpp"
#include "stepper.hpp"

/// @file milstein.hpp
/// y1 = y + h f + g W + (1/2) sum_jk (dg_j) g_k (W_j W_k - h delta_jk), in Stratonovich's calculus without h delta_jk.
/// For commutative noise. Milstein, Approximate integration of stochastic differential equations (1974).

namespace trimtab::sde {

/// Multiplies each component of x (dim, m) by s (m).
inline void scale(const double* s, double* x, std::size_t dim, std::size_t m) {
  for (std::size_t i = 0; i < dim; ++i)
    for (std::size_t lane = 0; lane < m; ++lane) x[i * m + lane] *= s[lane];
}

class Milstein final : public Stepper {
 public:
  Milstein(const System& system, std::size_t capacity)
      : field_(system, capacity, false),
        ito_(system.calculus == Calculus::ito),
        still_(system.noise == Noise::additive),
        g_(field_.components() * capacity),
        k_(system.dim * capacity),
        gw_(system.dim * capacity),
        square_(system.dim * capacity),
        correction_(system.dim * capacity) {}

  void step(const Step& s) override {
    const std::size_t size = field_.dim() * s.m;
    field_.drift(s.t, s.y, k_.data(), s.m);
    evaluations += s.m;
    scale(s.h, k_.data(), field_.dim(), s.m);
    field_.diffusion(s.t, s.y, g_.data(), s.m);
    field_.product(g_.data(), s.noise.w, gw_.data(), s.m);
    for (std::size_t i = 0; i < size; ++i) s.y1[i] = s.y[i] + k_[i] + gw_[i];
    if (!still_) {
      field_.along(s.t, s.y, gw_.data(), s.noise.w, square_.data(), s.m);
      for (std::size_t i = 0; i < size; ++i) s.y1[i] += 0.5 * square_[i];
      if (ito_) {
        field_.correction(s.t, s.y, correction_.data(), s.m);
        scale(s.h, correction_.data(), field_.dim(), s.m);
        for (std::size_t i = 0; i < size; ++i) s.y1[i] -= 0.5 * correction_[i];
      }
    }
    if (s.stiffness) std::fill_n(s.stiffness, s.m, 0.0);
  }

 private:
  Field field_;
  bool ito_, still_;
  std::vector<double> g_, k_, gw_, square_, correction_;
};

}  // namespace trimtab::sde
