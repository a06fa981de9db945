#include "adjoint_sweep.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace trimtab::sde {
namespace {

/// binomial(n, k), or `limit` if it is larger.
std::size_t binomial(std::size_t n, std::size_t k, std::size_t limit) {
  std::size_t value = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    value = value * (n - k + i) / i;
    if (value >= limit) return limit;
  }
  return value;
}

}  // namespace

std::size_t last_part(std::size_t count, std::size_t checkpoints) {
  std::size_t repetitions = 1;
  while (binomial(checkpoints + repetitions, checkpoints, count) < count) ++repetitions;
  return std::min(count - 1, binomial(checkpoints + repetitions - 1, checkpoints - 1, count));
}

AdjointSweep::AdjointSweep(const System& system, const StepList& steps, const SaveList& save, const double* y0,
                           std::size_t m, const BrownianTree* tree, const Paths& paths, const AdjointOptions& options)
    : step_(tableau(options.method), Field(system, m, false), m),
      steps_(steps),
      save_(save),
      m_(m),
      size_(system.dim * m),
      options_(options),
      lanes_(m),
      error_(m),
      stiffness_(m) {
  kept_[0] = State(y0, y0 + size_);
  std::iota(lanes_.begin(), lanes_.end(), 0U);
  if (!system.diffusion) return;
  cursor_.emplace(*tree, paths);
  with_area_ = tree->levy() != Levy::W;
  w_.resize(system.noise_dim * m);
  if (with_area_) area_.resize(w_.size());
}

StepStart AdjointSweep::start_of(std::size_t n, const double* y) {
  StepStart start{m_, steps_.t + n * m_, steps_.h + n * m_, y};
  if (!cursor_) return start;
  cursor_->increments(lanes_, {steps_.from + n * m_, m_}, {steps_.to + n * m_, m_},
                      {.w = w_.data(), .h = with_area_ ? area_.data() : nullptr});
  start.w = w_.data(), start.area = with_area_ ? area_.data() : nullptr;
  return start;
}

void AdjointSweep::advance(std::size_t from, std::size_t to, State& y) {
  for (std::size_t n = from; n < to; ++n) {
    step_.advance(start_of(n, y.data()));
    y.assign(step_.end(), step_.end() + size_);
  }
}

Stop AdjointSweep::forward(double* saved, double* error, double* stiffness) {
  const Tolerance tolerance{options_.rtol, options_.atol};
  Watch watch(options_.watch);
  State y = kept_[0];
  std::size_t checkpoints = options_.checkpoints, next = steps_.count;
  const auto choose_next = [&](std::size_t n) {  // where the reverse sweep will want its next state
    const std::size_t left = steps_.count - n;
    next = checkpoints > 0 && left > 1 ? n + left - last_part(left, checkpoints--) : steps_.count;
  };
  choose_next(0);
  for (std::size_t n = 0; n < steps_.count; ++n) {
    if (n == next) kept_[n] = y, choose_next(n);
    if (const Stop why = watch.check(static_cast<double>(n) / static_cast<double>(steps_.count)); why != Stop::none)
      return why;
    const StepStart start = start_of(n, y.data());
    step_.advance(start);
    step_.scaled_errors(start, tolerance, error + n * m_);
    step_.stiffness(start, stiffness + n * m_);
    for (std::size_t k = save_.begin[n]; k < save_.begin[n + 1]; ++k)
      step_.interpolate(start, save_.lane[k], save_.theta[k], saved + save_.index[k] * size_ + save_.lane[k], m_);
    y.assign(step_.end(), step_.end() + size_);
  }
  return Stop::none;
}

struct AdjointSweep::Pull {
  const Cotangents& of;
  const VectorJacobian &drift, &diffusion;
  State bar;
  double* p_bar;
  Watch watch;
  std::size_t done = 0;
  Stop why = Stop::none;
};

Stop AdjointSweep::reverse(const Cotangents& cotangents, const VectorJacobian& drift, const VectorJacobian& diffusion,
                           double* y_bar, double* p_bar) {
  Pull pull{cotangents, drift, diffusion, State(size_, 0.0), p_bar, Watch(options_.watch)};
  reverse_part(0, steps_.count, options_.checkpoints, pull);
  std::copy(pull.bar.begin(), pull.bar.end(), y_bar);
  return pull.why;
}

/// Steps [from, to), the state before the first of which is kept.
void AdjointSweep::reverse_part(std::size_t from, std::size_t to, std::size_t checkpoints, Pull& pull) {
  while (to - from > 1 && checkpoints > 0 && pull.why == Stop::none) {
    const std::size_t middle = to - last_part(to - from, checkpoints);
    if (!kept_.contains(middle)) {
      State y = kept_[from];
      advance(from, middle, y);
      kept_[middle] = std::move(y);
    }
    reverse_part(middle, to, checkpoints - 1, pull);
    kept_.erase(middle);
    to = middle;
  }
  for (std::size_t n = to; n-- > from && pull.why == Stop::none;) {
    State y = kept_[from];
    advance(from, n, y);
    reverse_step(n, y, pull);
  }
}

void AdjointSweep::reverse_step(std::size_t n, const State& y, Pull& pull) {
  const Tolerance tolerance{options_.rtol, options_.atol};
  pull.why = pull.watch.check(static_cast<double>(pull.done++) / static_cast<double>(steps_.count));
  if (pull.why != Stop::none) return;
  const StepStart start = start_of(n, y.data());
  step_.advance(start);
  step_.begin_reverse(pull.bar.data());
  if (pull.of.saved)
    for (std::size_t k = save_.begin[n]; k < save_.begin[n + 1]; ++k)
      step_.reverse_interpolate(save_.lane[k], save_.theta[k], pull.of.saved + save_.index[k] * size_ + save_.lane[k],
                                m_);
  if (pull.of.error) {
    step_.scaled_errors(start, tolerance, error_.data());
    step_.reverse_error(start, tolerance, error_.data(), pull.of.error + n * m_);
  }
  if (pull.of.stiffness) {
    step_.stiffness(start, stiffness_.data());
    step_.reverse_stiffness(start, stiffness_.data(), pull.of.stiffness + n * m_);
  }
  step_.finish_reverse(start, pull.drift, pull.diffusion, pull.bar.data(), pull.p_bar);
}

}  // namespace trimtab::sde
