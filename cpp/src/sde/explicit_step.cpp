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

ExplicitStep::ExplicitStep(const Tableau& tableau, const Field& field, std::size_t capacity)
    : tableau_(field.system().steady ? tableau.with_steady_noise() : tableau),
      field_(field),
      m_(capacity),
      size_(field.dim() * capacity),
      noisy_(static_cast<bool>(field.system().diffusion)) {
  for (int j = 0; j < tableau_.stages; ++j) {
    drift_used_[j] = tableau_.uses_drift(j);
    noise_used_[j] = noisy_ && tableau_.uses_noise(j);
  }
  times_.resize(capacity), slope_.resize(size_), end_.resize(size_);
  const auto stages = static_cast<std::size_t>(tableau_.stages);
  z_.assign(stages, Block(size_)), drift_ = z_;
  if (noisy_) g_.resize(field_.components() * capacity), w_ = z_, area_ = z_;
  for (int j = 0; j < tableau_.stages; ++j) to_stage_.push_back(terms(tableau_.a[j], tableau_.aw[j], tableau_.ah[j]));
  to_end_ = terms(tableau_.b, tableau_.bw, tableau_.bh), to_error_ = terms(tableau_.e, tableau_.ew, tableau_.eh);
}

int ExplicitStep::drift_stages() const {
  return static_cast<int>(std::count(drift_used_, drift_used_ + tableau_.stages, true));
}

void ExplicitStep::stage_times(const StepStart& start, double share) {
  for (std::size_t i = 0; i < m_; ++i) times_[i] = start.t[i] + share * start.h[i];
}

void ExplicitStep::noise_stage(const StepStart& start, int j) {
  if (!noise_used_[j]) return;
  stage_times(start, tableau_.d[j]);
  field_.diffusion(times_.data(), state(start, j), g_.data(), m_);
  field_.product(g_.data(), start.w, w_[j].data(), m_);
  if (start.area) field_.product(g_.data(), start.area, area_[j].data(), m_);
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
  m_ = start.m, size_ = field_.dim() * m_;
  for (int j = 0; j < tableau_.stages; ++j) {
    if (!to_stage_[j].term.empty()) to_stage_[j].sum(size_, start.y, z_[j].data());
    if (drift_used_[j]) {
      const double* f = j == 0 ? slope : nullptr;
      if (!f) {
        stage_times(start, tableau_.c[j]);
        field_.drift(times_.data(), state(start, j), slope_.data(), m_);
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

void ExplicitStep::estimate(double* error) const {
  std::fill_n(error, size_, 0.0);
  to_error_.sum(size_, error, error);
}

void ExplicitStep::scaled_errors(const StepStart& start, const Tolerance& tolerance, double* e) {
  std::fill_n(e, m_, nan);
  if (!tableau_.estimates) return;
  error_.resize(size_);
  estimate(error_.data());
  scaled_error({start.y, end_.data(), error_.data()}, tolerance, field_.dim(), m_, e);
}

void ExplicitStep::stiffness(const StepStart& start, double* s) {
  const auto [a, b] = tableau_.stiff;
  const double *const za = state(start, a), *const zb = state(start, b);
  double* const rise = s;
  double* const run = times_.data();
  std::fill_n(rise, m_, 0.0), std::fill_n(run, m_, 0.0);
  for (std::size_t row = 0; row < size_; row += m_)
    for (std::size_t i = 0; i < m_; ++i) {
      const double df = drift_[b][row + i] - drift_[a][row + i], dz = zb[row + i] - za[row + i];
      rise[i] += df * df, run[i] += dz * dz;
    }
  for (std::size_t i = 0; i < m_; ++i)
    s[i] = run[i] > 0 && start.h[i] != 0 ? std::sqrt(rise[i] / run[i]) / std::abs(start.h[i]) : nan;
}

void ExplicitStep::interpolate(const StepStart& start, std::size_t lane, double theta, double* out,
                               std::size_t stride) const {
  double weight[Tableau::max_stages] = {};
  if (theta != 1)
    for (int j = 0; j < tableau_.stages; ++j) weight[j] = theta == 0 ? 0 : tableau_.weight(j, theta);
  for (std::size_t at = lane; at < size_; at += m_, out += stride) {
    double sum = theta == 1 ? end_[at] : start.y[at];
    if (theta != 1 && theta != 0)
      for (int j = 0; j < tableau_.stages; ++j) sum += weight[j] * drift_[j][at];
    *out = sum;
  }
}

}  // namespace trimtab::sde
