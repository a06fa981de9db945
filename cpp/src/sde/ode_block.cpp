#include "ode_block.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trimtab::sde {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// gains of DOPRI5 (Hairer, Norsett, Wanner, II.4)
constexpr steer::PiOptions gains = {.order = 5, .proportional = .2, .integral = .65, .most = 10};

}  // namespace

OdeBlock::OdeBlock(const Function& f, std::size_t dim, double t0, double t1, const OdeOptions& options,
                   std::size_t first, std::span<OdePath> paths, const double* y0)
    : f_(f),
      dim_(dim),
      t0_(t0),
      t1_(t1),
      direction_(t1 < t0 ? -1 : 1),
      options_(options),
      first_(first),
      paths_(paths),
      events_(options.events, dim) {
  const std::size_t m = paths.size();
  const steer::PiControl control(gains);
  t_.assign(m, t0), h_.assign(m, 0.0), end_.resize(m), error_.resize(m), stiffness_.resize(m), moved_.resize(m);
  y_.resize(dim * m), slope_.resize(dim * m);
  for (std::size_t i = 0; i < m; ++i) {
    lanes_.push_back({.path = i, .length = options.first_step, .control = control});
    paths[i].t = t0, paths[i].events.resize(options.events.size());
    for (std::size_t row = 0; row < dim; ++row) y_[row * m + i] = y0[i * dim + row];
  }
}

void OdeBlock::run(const std::function<bool(double)>& go_on) {
  const std::size_t m = size();
  System system;
  system.dim = dim_, system.drift = f_;
  step_.emplace(tableau(Method::tsit5), Field(system, m, false), m);
  f_(t_.data(), y_.data(), slope_.data(), m);
  if (!events_.empty()) events_.start(t_.data(), y_.data(), m);
  for (std::size_t i = 0; i < m; ++i) {
    OdePath& path = paths_[i];
    path.evaluations = 1;
    std::vector<double> y(dim_);
    bool finite = true;
    for (std::size_t row = 0; row < dim_; ++row) {
      y[row] = y_[row * m + i];
      finite = finite && std::isfinite(slope_[row * m + i]);
    }
    if (options_.save_all || (!options_.save_at.empty() && options_.save_at[0] == t0_))
      path.saved.add(t0_, y.data(), dim_);
    if (!options_.save_all) lanes_[i].next_saved = path.saved.t.size();
    if (options_.dense) path.ends.push_back(t0_);
    if (!finite) {
      end(i, OdeStatus::not_finite);
    } else if (t0_ == t1_) {
      end(i, OdeStatus::reached_end);
    }
  }
  if (options_.first_step == 0 && options_.grid.empty()) first_lengths();
  drop_ended();
  while (size() > 0 && go_on(progress())) sweep();
}

double OdeBlock::least_length(double t) const {
  const double rounding = 10 * std::abs(std::nextafter(t, direction_ * infinity) - t);
  return std::max(options_.min_step, rounding);
}

/// Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.4.
void OdeBlock::first_lengths() {
  const std::size_t m = size();
  std::vector<double> size_y(m), size_f(m), size_d(m), h(m), moved = y_, slope(y_.size());
  const auto add = [&](std::vector<double>& sum, std::size_t row, std::size_t i, double x) {
    const double scale = options_.atol[row] + options_.rtol * std::abs(y_[row * m + i]);
    const double ratio = x == 0 ? 0.0 : x / scale;
    sum[i] += ratio * ratio / static_cast<double>(dim_);
  };
  for (std::size_t row = 0; row < dim_; ++row)
    for (std::size_t i = 0; i < m; ++i) {
      add(size_y, row, i, y_[row * m + i]);
      add(size_f, row, i, slope_[row * m + i]);
    }
  const double span = std::min(std::abs(t1_ - t0_), options_.max_step);
  for (std::size_t i = 0; i < m; ++i) {
    const double d0 = std::sqrt(size_y[i]), d1 = std::sqrt(size_f[i]);
    h[i] = std::min(d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : .01 * (d0 / d1), span);
    end_[i] = t0_ + direction_ * h[i];
    for (std::size_t row = 0; row < dim_; ++row) moved[row * m + i] += direction_ * h[i] * slope_[row * m + i];
  }
  f_(end_.data(), moved.data(), slope.data(), m);
  for (std::size_t row = 0; row < dim_; ++row)
    for (std::size_t i = 0; i < m; ++i) add(size_d, row, i, slope[row * m + i] - slope_[row * m + i]);
  for (std::size_t i = 0; i < m; ++i) {
    const double d1 = std::sqrt(size_f[i]), d2 = std::sqrt(size_d[i]) / h[i], larger = std::max(d1, d2);
    const double wish = larger <= 1e-15 ? std::max(1e-6, h[i] * 1e-3) : std::pow(.01 / larger, 1. / 5);
    const double length = std::min({100 * h[i], wish, span});
    lanes_[i].length = std::isfinite(length) && length > 0 ? length : h[i];
    ++paths_[lanes_[i].path].evaluations;
  }
}

void OdeBlock::choose_step(std::size_t i) {
  Lane& lane = lanes_[i];
  if (!options_.grid.empty()) {
    const std::size_t n = paths_[lane.path].steps.size();
    end_[i] = options_.grid[n + 1], h_[i] = end_[i] - t_[i];
    return;
  }
  lane.length = std::max(std::min(lane.length, options_.max_step), least_length(t_[i]));
  end_[i] = t_[i] + direction_ * lane.length;
  if (direction_ * (end_[i] - t1_) >= 0) end_[i] = t1_;
  h_[i] = end_[i] - t_[i];
}

void OdeBlock::sweep() {
  const std::size_t m = size();
  for (std::size_t i = 0; i < m; ++i) choose_step(i);
  const StepStart start{m, t_.data(), h_.data(), y_.data()};
  step_->advance(start, slope_.data());
  step_->scaled_errors(start, {options_.rtol, options_.atol.data()}, error_.data());
  step_->stiffness(start, stiffness_.data());
  if (!events_.empty()) events_.arrive(end_.data(), step_->end(), m);
  for (std::size_t i = 0; i < m; ++i) judge(i);
  for (std::size_t row = 0; row < dim_ * m; row += m)
    for (std::size_t i = 0; i < m; ++i) {
      y_[row + i] = moved_[i] ? step_->end()[row + i] : y_[row + i];
      slope_[row + i] = moved_[i] ? step_->last_slope()[row + i] : slope_[row + i];
    }
  drop_ended();
}

void OdeBlock::judge(std::size_t i) {
  Lane& lane = lanes_[i];
  OdePath& path = paths_[lane.path];
  const bool fixed = !options_.grid.empty(), finite = std::isfinite(error_[i]);
  const bool accepted = finite && (fixed || steer::PiControl::accepts(error_[i]));
  path.steps.push_back(
      {static_cast<std::int64_t>(first_ + lane.path), t_[i], h_[i], error_[i], stiffness_[i], accepted});
  path.evaluations += 6;
  moved_[i] = accepted;
  if (accepted) {
    accept(i);
  } else if (fixed) {
    end(i, OdeStatus::not_finite);
  } else {
    reject_step(i);
  }
  if (!lane.ended && !fixed && static_cast<std::int64_t>(path.steps.size()) >= options_.max_steps)
    end(i, OdeStatus::max_steps);
}

void OdeBlock::accept(std::size_t i) {
  Lane& lane = lanes_[i];
  OdePath& path = paths_[lane.path];
  double factor = lane.control.suggest(error_[i]);
  if (lane.after_rejection) factor = std::min(factor, 1.0);
  lane.control.observe(error_[i]);
  lane.after_rejection = false;
  const double attempted = std::abs(h_[i]);
  lane.length = end_[i] == t1_ ? lane.length : attempted * factor;

  const bool event = !events_.empty() && events_.changed(i);
  const bool saves = !options_.save_all && lane.next_saved < options_.save_at.size() &&
                     direction_ * (options_.save_at[lane.next_saved] - end_[i]) <= 0;
  double until = end_[i];
  bool terminal = false;
  if (event || saves || options_.dense) {
    const OdePiece here = piece(i);
    terminal = event && events_.find(i, here, path, until);
    if (!options_.save_all) save(lane, here, until);
    if (options_.dense) {
      path.ends.push_back(here.end);
      path.coefficients.insert(path.coefficients.end(), here.coefficients.begin(), here.coefficients.end());
    }
    if (options_.save_all && terminal) {
      std::vector<double> y(dim_);
      here.evaluate(until, y.data());
      path.saved.add(until, y.data(), dim_);
    }
  }
  if (options_.save_all && !terminal) {
    path.saved.t.push_back(until);
    for (std::size_t row = 0; row < dim_; ++row) path.saved.y.push_back(step_->end()[row * size() + i]);
  }
  events_.accept(i);
  path.t = t_[i] = until;
  if (terminal) {
    end(i, OdeStatus::event);
  } else if (until == t1_) {
    end(i, OdeStatus::reached_end);
  }
}

void OdeBlock::reject_step(std::size_t i) {
  Lane& lane = lanes_[i];
  if (lane.length <= least_length(t_[i])) {
    end(i, std::isfinite(error_[i]) ? OdeStatus::step_too_small : OdeStatus::not_finite);
    return;
  }
  lane.length = std::abs(h_[i]) * lane.control.suggest(error_[i]);
  lane.control.observe(error_[i]);
  lane.after_rejection = true;
}

OdePiece OdeBlock::piece(std::size_t lane) const {
  const Tableau& o = tableau(Method::tsit5);
  OdePiece piece{t_[lane], end_[lane], h_[lane], std::vector<double>(5 * dim_)};
  for (std::size_t i = 0; i < dim_; ++i) {
    const std::size_t at = i * size() + lane;
    piece.coefficients[i] = y_[at];
    for (int j = 0; j < o.stages; ++j)
      for (std::size_t p = 0; p < 4; ++p)
        piece.coefficients[(p + 1) * dim_ + i] += o.dense[j][p] * step_->increment(j)[at];
  }
  return piece;
}

void OdeBlock::save(Lane& lane, const OdePiece& piece, double until) {
  std::vector<double> y(dim_);
  const auto& wanted = options_.save_at;
  for (; lane.next_saved < wanted.size() && direction_ * (wanted[lane.next_saved] - until) <= 0; ++lane.next_saved) {
    piece.evaluate(wanted[lane.next_saved], y.data());
    paths_[lane.path].saved.add(wanted[lane.next_saved], y.data(), dim_);
  }
}

void OdeBlock::end(std::size_t lane, OdeStatus status) {
  lanes_[lane].ended = true;
  paths_[lanes_[lane].path].status = status;
}

void OdeBlock::drop_ended() {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < size(); ++i)
    if (!lanes_[i].ended) kept.push_back(i);
  const std::size_t m = size(), left = kept.size();
  if (left == m) return;
  for (std::size_t i = 0; i < left; ++i) lanes_[i] = lanes_[kept[i]], t_[i] = t_[kept[i]];
  for (std::size_t row = 0; row < dim_; ++row)  // never overtakes what is still to be read
    for (std::size_t i = 0; i < left; ++i) {
      y_[row * left + i] = y_[row * m + kept[i]];
      slope_[row * left + i] = slope_[row * m + kept[i]];
    }
  lanes_.resize(left, lanes_.front());
  events_.keep(kept);
}

/// Mean share of the time span that the paths have gone; those that ended count as whole.
double OdeBlock::progress() const {
  double gone = static_cast<double>(paths_.size() - size());
  for (std::size_t i = 0; i < size(); ++i) gone += (t_[i] - t0_) / (t1_ - t0_);
  return gone / static_cast<double>(paths_.size());
}

}  // namespace trimtab::sde
