#include "explicit_step.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trimtab::sde {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// out = start + sum_k weight[k] term[k], with the number of terms known to the compiler.
template <int n>
void add_terms(std::size_t size, const double* start, const double* weight, const double* const* term, double* out) {
  for (std::size_t i = 0; i < size; ++i) {
    double sum = start[i];
    for (int k = 0; k < n; ++k) sum += weight[k] * term[k][i];
    out[i] = sum;
  }
}

}  // namespace

void ExplicitStep::Terms::sum(std::size_t size, const double* start, double* out) const {
  constexpr decltype(&add_terms<0>) kernels[] = {add_terms<0>, add_terms<1>, add_terms<2>, add_terms<3>,
                                                 add_terms<4>, add_terms<5>, add_terms<6>};
  std::size_t k = 0;
  do {
    const std::size_t n = std::min<std::size_t>(term.size() - k, 6);
    kernels[n](size, start, weight.data() + k, term.data() + k, out);
    start = out, k += n;
  } while (k < term.size());
}

ExplicitStep::ExplicitStep(const Tableau& tableau, const System& system, std::size_t m)
    : tableau_(tableau), system_(system), m_(m), size_(system.dim * m), noisy_(static_cast<bool>(system.diffusion)) {
  for (int j = 0; j < tableau.stages; ++j) {
    drift_used_[j] = tableau.uses_drift(j) || j == tableau.stiff[0] || j == tableau.stiff[1];
    noise_used_[j] = noisy_ && tableau.uses_noise(j);
  }
  times_.resize(m), slope_.resize(size_), end_.resize(size_);
  const auto stages = static_cast<std::size_t>(tableau.stages);
  z_.assign(stages, Block(size_)), drift_ = z_;
  if (noisy_) g_.resize((system.diagonal ? 1 : system.noise_dim) * size_), w_ = z_, area_ = z_;
  for (int j = 0; j < tableau.stages; ++j) to_stage_.push_back(terms(tableau.a[j], tableau.aw[j], tableau.ah[j]));
  to_end_ = terms(tableau.b, tableau.bw, tableau.bh), to_error_ = terms(tableau.e, tableau.ew, tableau.eh);
}

void ExplicitStep::stage_times(const StepStart& start, double share) {
  for (std::size_t i = 0; i < m_; ++i) times_[i] = start.t[i] + share * start.h[i];
}

/// out = g v
void ExplicitStep::contract(const double* g, const double* v, double* out) const {
  if (system_.diagonal) {
    for (std::size_t i = 0; i < size_; ++i) out[i] = g[i] * v[i];
    return;
  }
  const std::size_t n = system_.noise_dim;
  std::fill_n(out, size_, 0.0);
  for (std::size_t row = 0; row < system_.dim; ++row)
    for (std::size_t column = 0; column < n; ++column)
      for (std::size_t i = 0; i < m_; ++i) out[row * m_ + i] += g[(row * n + column) * m_ + i] * v[column * m_ + i];
}

void ExplicitStep::noise_stage(const StepStart& start, int j) {
  if (!noise_used_[j]) return;
  stage_times(start, tableau_.d[j]);
  system_.diffusion(times_.data(), z_[j].data(), g_.data(), m_);
  contract(g_.data(), start.w, w_[j].data());
  if (start.area) contract(g_.data(), start.area, area_[j].data());
}

ExplicitStep::Terms ExplicitStep::terms(const double* drift, const double* w, const double* area) const {
  Terms sum;
  const auto add = [&sum](double weight, const Block& block) {
    if (weight != 0) sum.weight.push_back(weight), sum.term.push_back(block.data());
  };
  for (int j = 0; j < tableau_.stages; ++j) {
    add(drift[j], drift_[j]);
    if (noisy_) add(w[j], w_[j]), add(area[j], area_[j]);
  }
  return sum;
}

void ExplicitStep::advance(const StepStart& start, const double* slope) {
  const Tableau& o = tableau_;
  for (int j = 0; j < o.stages; ++j) {
    to_stage_[j].sum(size_, start.y, z_[j].data());
    if (drift_used_[j]) {
      const double* f = j == 0 ? slope : nullptr;
      if (!f) {
        stage_times(start, o.c[j]);
        system_.drift(times_.data(), z_[j].data(), slope_.data(), m_);
        f = slope_.data();
      }
      double* out = drift_[j].data();
      for (std::size_t row = 0; row < size_; row += m_)
        for (std::size_t i = 0; i < m_; ++i) out[row + i] = start.h[i] * f[row + i];
    }
    noise_stage(start, j);
  }
  to_end_.sum(size_, start.y, end_.data());
}

void ExplicitStep::scaled_error(const double* y, const Tolerance& tolerance, double* e) {
  std::fill_n(e, m_, tableau_.estimates ? 0.0 : nan);
  if (!tableau_.estimates) return;
  error_.assign(size_, 0.0);
  to_error_.sum(size_, error_.data(), error_.data());
  for (std::size_t row = 0; row < system_.dim; ++row) {
    const double atol = tolerance.atol[row], rtol = tolerance.rtol;
    for (std::size_t i = 0; i < m_; ++i) {
      const std::size_t at = row * m_ + i;
      const double scale = atol + rtol * std::max(std::abs(y[at]), std::abs(end_[at]));
      const double ratio = error_[at] == 0 ? 0.0 : error_[at] / scale;
      e[i] += ratio * ratio;
    }
  }
  for (std::size_t i = 0; i < m_; ++i) e[i] = std::sqrt(e[i] / static_cast<double>(system_.dim));
}

void ExplicitStep::stiffness(const double* h, double* s) {
  const auto [a, b] = tableau_.stiff;
  double* const rise = s;
  double* const run = times_.data();
  std::fill_n(rise, m_, 0.0), std::fill_n(run, m_, 0.0);
  for (std::size_t row = 0; row < size_; row += m_)
    for (std::size_t i = 0; i < m_; ++i) {
      const double df = drift_[b][row + i] - drift_[a][row + i], dz = z_[b][row + i] - z_[a][row + i];
      rise[i] += df * df, run[i] += dz * dz;
    }
  for (std::size_t i = 0; i < m_; ++i)
    s[i] = run[i] > 0 && h[i] != 0 ? std::sqrt(rise[i] / run[i]) / std::abs(h[i]) : nan;
}

void ExplicitStep::interpolate(const double* y, std::size_t lane, double theta, double* out, std::size_t stride) const {
  double weight[Tableau::max_stages] = {};
  if (theta != 1)
    for (int j = 0; j < tableau_.stages; ++j) weight[j] = theta == 0 ? 0 : tableau_.weight(j, theta);
  for (std::size_t at = lane; at < size_; at += m_, out += stride) {
    double sum = theta == 1 ? end_[at] : y[at];
    if (theta != 1 && theta != 0)
      for (int j = 0; j < tableau_.stages; ++j) sum += weight[j] * drift_[j][at];
    *out = sum;
  }
}

}  // namespace trimtab::sde
