#include "field.hpp"
#include "milstein.hpp"
#include "stepper.hpp"
#include "tableau.hpp"

#include <cmath>
#include <utility>

namespace trimtab::sde {
namespace {

class RungeKutta final : public Stepper {
 public:
  RungeKutta(Solver solver, const System& system, std::size_t capacity)
      : field_(system, capacity,
               traits(solver).stratonovich && !traits(solver).ito && system.calculus == Calculus::ito &&
                   system.noise != Noise::additive),
        tableau_(tableau(solver)),
        has_h_(traits(solver).levy != Levy::W) {
    const std::size_t n = system.dim * capacity;
    time_.resize(capacity);
    g_.resize(field_.components() * capacity);
    for (int i = 0; i < tableau_.stages; ++i)
      for (auto* x : {&z_[i], &k_[i], &gw_[i], &gh_[i]}) x->resize(n);
  }

  void step(const Step& s) override {
    const StochasticTableau& b = tableau_;
    const std::size_t size = field_.dim() * s.m;
    if (b.additive) noise(0, s.t, s.y, s);
    for (int i = 0; i < b.stages; ++i) {
      const double* const z = stage(i, s);
      for (std::size_t lane = 0; lane < s.m; ++lane) time_[lane] = s.t[lane] + b.c[i] * s.h[lane];
      if (b.uses_drift(i)) {
        field_.drift(time_.data(), z, k_[i].data(), s.m);
        scale(s.h, k_[i].data(), field_.dim(), s.m);
        evaluations += s.m;
      }
      if (!b.additive && b.uses_diffusion(i)) noise(i, time_.data(), z, s);
    }
    sum(s.y, b.b, b.bw, b.bh, s.y1, size);
    if (b.additive && !field_.system().steady) change_of_noise(s);
    if (s.error) sum(nullptr, b.e, b.ew, b.eh, s.error, size);
    if (s.stiffness) stiffness(s);
  }

 private:
  void noise(int i, const double* t, const double* z, const Step& s) {
    field_.diffusion(t, z, g_.data(), s.m);
    field_.product(g_.data(), s.noise.w, gw_[i].data(), s.m);
    if (has_h_) field_.product(g_.data(), s.noise.h, gh_[i].data(), s.m);
  }

  const double* stage(int i, const Step& s) {
    const StochasticTableau& b = tableau_;
    Term terms[3 * StochasticTableau::most];
    std::size_t n = 0;
    for (int j = 0; j <= i; ++j) {
      if (b.a[i][j] != 0) terms[n++] = {b.a[i][j], k_[j].data()};
      if (b.aw[i][j] != 0) terms[n++] = {b.aw[i][j], gw_[j].data()};
      if (b.ah[i][j] != 0) terms[n++] = {b.ah[i][j], gh_[j].data()};
    }
    if (n == 0) return s.y;
    combine(s.y, {terms, n}, z_[i].data(), field_.dim() * s.m);
    return z_[i].data();
  }

  void sum(const double* base, const double* b, const double* bw, const double* bh, double* out, std::size_t size) {
    Term terms[3 * StochasticTableau::most];
    std::size_t n = 0;
    for (int i = 0; i < tableau_.stages; ++i) {
      if (b[i] != 0) terms[n++] = {b[i], k_[i].data()};
      if (bw[i] != 0) terms[n++] = {bw[i], gw_[i].data()};
      if (bh[i] != 0) terms[n++] = {bh[i], gh_[i].data()};
    }
    combine(base, {terms, n}, out, size);
  }

  /// y1 += (g(t + h) - g(t)) (W / 2 - H). Stage arrays are free by now, but for those of the error.
  void change_of_noise(const Step& s) {
    const std::size_t w = field_.system().noise_dim, n = field_.dim() * s.m;
    auto &later = gw_[1 % tableau_.stages], &now = gh_[1 % tableau_.stages];
    bridge_.resize(w * s.m);
    for (std::size_t i = 0; i < w * s.m; ++i) bridge_[i] = 0.5 * s.noise.w[i] - s.noise.h[i];
    field_.product(g_.data(), bridge_.data(), now.data(), s.m);  // g_ is still that of time t
    for (std::size_t lane = 0; lane < s.m; ++lane) time_[lane] = s.t[lane] + s.h[lane];
    field_.diffusion(time_.data(), s.y, g_.data(), s.m);
    field_.product(g_.data(), bridge_.data(), later.data(), s.m);
    for (std::size_t i = 0; i < n; ++i) s.y1[i] += later[i] - now[i];
  }

  /// |k_j - k_i| / (h |z_j - z_i|) of the last two stages with a drift: a rate of the drift along the step.
  void stiffness(const Step& s) {
    int last = -1, before = -1;
    for (int i = 0; i < tableau_.stages; ++i)
      if (tableau_.uses_drift(i)) before = std::exchange(last, i);
    for (std::size_t lane = 0; lane < s.m; ++lane) {
      double rates = 0, states = 0;
      for (std::size_t i = lane; before >= 0 && i < field_.dim() * s.m; i += s.m) {
        const double dk = k_[last][i] - k_[before][i];
        const double dz = state(last, s)[i] - state(before, s)[i];
        rates += dk * dk;
        states += dz * dz;
      }
      const double value = std::sqrt(rates) / (s.h[lane] * std::sqrt(states));
      s.stiffness[lane] = std::isfinite(value) ? value : 0;
    }
  }
  const double* state(int i, const Step& s) const {
    for (int j = 0; j <= i; ++j)
      if (tableau_.a[i][j] != 0 || tableau_.aw[i][j] != 0 || tableau_.ah[i][j] != 0) return z_[i].data();
    return s.y;
  }

  Field field_;
  const StochasticTableau& tableau_;
  bool has_h_;
  std::vector<double> time_, g_, bridge_;
  std::vector<double> z_[StochasticTableau::most], k_[StochasticTableau::most], gw_[StochasticTableau::most],
      gh_[StochasticTableau::most];
};

}  // namespace

std::unique_ptr<Stepper> make_stepper(Solver solver, const System& system, std::size_t capacity) {
  if (solver == Solver::milstein) return std::make_unique<Milstein>(system, capacity);
  return std::make_unique<RungeKutta>(solver, system, capacity);
}

}  // namespace trimtab::sde
