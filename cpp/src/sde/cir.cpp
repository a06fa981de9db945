#include "stepper.hpp"

#include <trimtab/core/elementary.hpp>
#include <trimtab/core/simd.hpp>

/// Splittings that never leave y >= 0 for sigma^2 <= 4 a b, and hardly otherwise. Foster, dos Reis, Strange (2024) for
/// HOStS; Alfonsi, On the discretization schemes for the CIR processes (2005), for the drift-implicit step.

namespace trimtab::sde {
namespace {

double positive(double z) { return z > 0 ? z : 0; }

class Hosts final : public Stepper {
 public:
  explicit Hosts(const Cir& cir) : cir_(cir), level_(cir.b - cir.sigma * cir.sigma / (4 * cir.a)) {}

  void step(const Step& s) override {
    constexpr double root3 = 1.7320508075688772935;
    for (std::size_t lane = 0; lane < s.m; ++lane) {
      if (lane == 0 || s.h[lane] != s.h[lane - 1]) {
        outer_ = exp(-cir_.a * s.h[lane] * ((3 - root3) / 6));
        inner_ = exp(-cir_.a * s.h[lane] / root3);
      }
      const auto drift = [&](double decay, double z) { return decay * z + (1 - decay) * level_; };
      const auto diffuse = [&](double z, double noise) {
        const double root = simd::sqrt(positive(z)) + 0.5 * cir_.sigma * noise;
        return root * root;
      };
      const double half = 0.5 * s.noise.w[lane], area = root3 * s.noise.h[lane];
      double z = diffuse(drift(outer_, s.y[lane]), half + area);
      z = diffuse(drift(inner_, z), half - area);
      s.y1[lane] = drift(outer_, z);
    }
    evaluations += s.m;
    if (s.stiffness) std::fill_n(s.stiffness, s.m, 0.0);
  }

 private:
  Cir cir_;
  double level_, outer_ = 1, inner_ = 1;
};

class DriftImplicit final : public Stepper {
 public:
  explicit DriftImplicit(const Cir& cir) : cir_(cir), level_(cir.b - cir.sigma * cir.sigma / (4 * cir.a)) {}

  void step(const Step& s) override {
    for (std::size_t lane = 0; lane < s.m; ++lane) {
      const double ah = cir_.a * s.h[lane];
      const double u = simd::sqrt(positive(s.y[lane])) + 0.5 * cir_.sigma * s.noise.w[lane];
      const double x = (u + simd::sqrt(positive(u * u + (2 + ah) * ah * level_))) / (2 + ah);
      s.y1[lane] = x * x;
    }
    evaluations += s.m;
    if (s.stiffness) std::fill_n(s.stiffness, s.m, 0.0);
  }

 private:
  Cir cir_;
  double level_;
};

}  // namespace

std::unique_ptr<Stepper> make_stepper(Solver solver, const Cir& cir, std::size_t) {
  if (solver == Solver::hosts) return std::make_unique<Hosts>(cir);
  return std::make_unique<DriftImplicit>(cir);
}

}  // namespace trimtab::sde
