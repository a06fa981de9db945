#include "explicit_step.hpp"

#include <algorithm>
#include <cmath>

namespace trimtab::sde {
namespace {

bool all_zero(const std::vector<double>& v) {
  return std::all_of(v.begin(), v.end(), [](double x) { return x == 0; });
}

}  // namespace

void ExplicitStep::begin_reverse(const double* end_bar) {
  const auto stages = static_cast<std::size_t>(tableau_.stages);
  end_bar_.assign(end_bar, end_bar + size_);
  start_bar_.assign(size_, 0.0);
  for (auto* blocks : {&z_bar_, &drift_bar_}) blocks->assign(stages, start_bar_);
  if (noisy_)
    for (auto* blocks : {&w_bar_, &area_bar_}) blocks->assign(stages, start_bar_);
  product_.resize(std::max(size_, g_.size()));
}

void ExplicitStep::reverse_interpolate(std::size_t lane, double theta, const double* out_bar, std::size_t stride) {
  double weight[Tableau::max_stages] = {};
  for (int j = 0; j < tableau_.stages; ++j) weight[j] = tableau_.weight(j, theta);
  for (std::size_t at = lane; at < size_; at += m_, out_bar += stride) {
    if (theta == 1) {
      end_bar_[at] += *out_bar;
      continue;
    }
    start_bar_[at] += *out_bar;
    if (theta != 0)
      for (int j = 0; j < tableau_.stages; ++j) drift_bar_[j][at] += weight[j] * *out_bar;
  }
}

/// `error` is what scaled_errors() gave. The estimate is a sum of stages, divided by a scale that depends on the larger
/// of both ends.
void ExplicitStep::reverse_error(const StepStart& start, const Tolerance& tolerance, const double* error,
                                 const double* error_bar) {
  for (std::size_t row = 0; row < field_.dim(); ++row)
    for (std::size_t i = 0; i < m_; ++i) {
      if (error_bar[i] == 0 || !(error[i] > 0)) continue;
      const std::size_t at = row * m_ + i;
      const bool from_start = std::abs(start.y[at]) >= std::abs(end_[at]);
      const double larger = from_start ? start.y[at] : end_[at];
      const double scale = tolerance.atol[row] + tolerance.rtol * std::abs(larger);
      const double ratio = error_[at] == 0 ? 0.0 : error_[at] / scale;
      const double bar = error_bar[i] * ratio / (scale * error[i] * static_cast<double>(field_.dim()));
      for (int j = 0; j < tableau_.stages; ++j) {
        drift_bar_[j][at] += tableau_.e[j] * bar;
        if (noisy_) w_bar_[j][at] += tableau_.ew[j] * bar, area_bar_[j][at] += tableau_.eh[j] * bar;
      }
      (from_start ? start_bar_ : end_bar_)[at] -= bar * ratio * std::copysign(tolerance.rtol, larger);
    }
}

void ExplicitStep::reverse_stiffness(const StepStart& start, const double* stiffness, const double* stiffness_bar) {
  const auto [a, b] = tableau_.stiff;
  const double *const za = state(start, a), *const zb = state(start, b);
  for (std::size_t i = 0; i < m_; ++i) {
    if (stiffness_bar[i] == 0 || !(stiffness[i] > 0)) continue;
    double run = 0;
    for (std::size_t at = i; at < size_; at += m_) run += (zb[at] - za[at]) * (zb[at] - za[at]);
    const double per_run = stiffness_bar[i] / run;
    const double per_rise = per_run / (stiffness[i] * start.h[i] * start.h[i]);
    for (std::size_t at = i; at < size_; at += m_) {
      const double rise = per_rise * (drift_[b][at] - drift_[a][at]);
      const double fall = per_run * stiffness[i] * (zb[at] - za[at]);
      drift_bar_[b][at] += rise, drift_bar_[a][at] -= rise;
      z_bar_[b][at] -= fall, z_bar_[a][at] += fall;
    }
  }
}

/// Spreads the cotangent of a weighted sum over its terms.
void ExplicitStep::reverse_terms(const double* drift, const double* w, const double* area, const double* out_bar) {
  const auto spread = [&](double weight, Block& bar) {
    if (weight != 0)
      for (std::size_t i = 0; i < size_; ++i) bar[i] += weight * out_bar[i];
  };
  for (int j = 0; j < tableau_.stages; ++j) {
    spread(drift[j], drift_bar_[j]);
    if (noisy_) spread(w[j], w_bar_[j]), spread(area[j], area_bar_[j]);
  }
  for (std::size_t i = 0; i < size_; ++i) start_bar_[i] += out_bar[i];
}

/// g_bar += out_bar v^T
void ExplicitStep::reverse_product(const double* out_bar, const double* v, double* g_bar) const {
  if (field_.system().diagonal) {
    for (std::size_t i = 0; i < size_; ++i) g_bar[i] += out_bar[i] * v[i];
    return;
  }
  const std::size_t n = field_.system().noise_dim;
  for (std::size_t row = 0; row < field_.dim(); ++row)
    for (std::size_t column = 0; column < n; ++column)
      for (std::size_t i = 0; i < m_; ++i)
        g_bar[(row * n + column) * m_ + i] += out_bar[row * m_ + i] * v[column * m_ + i];
}

void ExplicitStep::finish_reverse(const StepStart& start, const VectorJacobian& drift, const VectorJacobian& diffusion,
                                  double* y_bar, double* p_bar) {
  const Tableau& o = tableau_;
  reverse_terms(o.b, o.bw, o.bh, end_bar_.data());
  for (int j = o.stages - 1; j >= 0; --j) {
    Block& z_bar = z_bar_[j];
    const auto pull = [&](const VectorJacobian& product, const double* v) {
      product(times_.data(), state(start, j), v, slope_.data(), p_bar, m_);
      for (std::size_t i = 0; i < size_; ++i) z_bar[i] += slope_[i];
    };
    if (drift_used_[j] && !all_zero(drift_bar_[j])) {
      for (std::size_t row = 0; row < size_; row += m_)
        for (std::size_t i = 0; i < m_; ++i) product_[row + i] = start.h[i] * drift_bar_[j][row + i];
      stage_times(start, o.c[j]);
      pull(drift, product_.data());
    }
    if (noise_used_[j]) {
      std::fill(product_.begin(), product_.end(), 0.0);
      reverse_product(w_bar_[j].data(), start.w, product_.data());
      if (start.area) reverse_product(area_bar_[j].data(), start.area, product_.data());
      stage_times(start, o.d[j]);
      pull(diffusion, product_.data());
    }
    reverse_terms(o.a[j], o.aw[j], o.ah[j], z_bar.data());
  }
  std::copy(start_bar_.begin(), start_bar_.end(), y_bar);
}

}  // namespace trimtab::sde
