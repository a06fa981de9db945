#include "chunk.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace trimtab::sde {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Keeps the columns of `rows` (components, m) for which keep says so.
void keep_columns(Rows& rows, std::size_t components, const std::vector<char>& finished) {
  const std::size_t m = finished.size();
  std::size_t to = 0;
  for (std::size_t c = 0; c < components; ++c)
    for (std::size_t i = 0; i < m; ++i)
      if (!finished[i]) rows[to++] = rows[c * m + i];
}

template <class T>
void keep_items(std::vector<T>& items, const std::vector<char>& finished) {
  std::size_t to = 0;
  for (std::size_t i = 0; i < finished.size(); ++i)
    if (!finished[i]) items[to++] = items[i];
  items.resize(to);
}

}  // namespace

Chunk::Chunk(const Problem& problem, const Paths& paths, std::size_t first, std::size_t count, const Start& start,
             const Answer& answer, std::vector<StepRecord>* log)
    : problem_(problem),
      paths_(paths),
      first_(first),
      count_(count),
      answer_(answer),
      log_(log),
      stepper_(problem.make_stepper(count)),
      control_(make_control(problem.options.stepping, problem.tree, problem.order)),
      cursor_(problem.tree, paths.list ? Paths{0, count, paths.list + first} : Paths{paths.first + first, count}),
      components_(problem.dim + stepper_->carried()),
      lanes_(count),
      saves_(count, 0),
      attempts_(count, 0),
      y_(components_ * count),
      event_(count) {
  const std::size_t n = problem.dim;
  for (std::size_t i = 0; i < count; ++i) {
    const double* const from = start.y + (start.shared ? 0 : (first + i) * n);
    for (std::size_t c = 0; c < n; ++c) y_[c * count + i] = from[c];
    control_->begin(lanes_[i], from[0]);
  }
  stepper_->prepare(y_.data(), count);
  spans_.lanes.resize(count);
  std::iota(spans_.lanes.begin(), spans_.lanes.end(), 0u);
  for (auto* rows : {&t_, &h_, &scaled_, &stiffness_, &event1_}) rows->resize(count);
  for (auto* rows : {&w_, &area_h_, &area_k_}) rows->resize(problem.noise_dim * count);
  for (auto* rows : {&y1_, &error_, &middle_, &partial_y_, &partial_y1_}) rows->resize(components_ * count);
  levels_.resize(count);
  indices_.resize(count);
}

Totals Chunk::run(std::size_t number) {
  if (options().event) {
    std::fill_n(t_.begin(), m(), problem_.tree.t0());
    options().event(t_.data(), y_.data(), event_.data(), m());
  }
  for (std::size_t i = 0; i < m(); ++i)
    for (; saves_[i] < problem_.save_ticks.size() && problem_.save_ticks[saves_[i]] == 0; ++saves_[i])
      write(i, y_.data(), i, m());
  while (m() > 0) {
    attempt();
    judge();
    save();
    const double reached =
        std::accumulate(lanes_.begin(), lanes_.end(), static_cast<double>(count_ - m()),
                        [](double sum, const Lane& l) { return sum + static_cast<double>(l.tick) * 0x1p-52; });
    if (problem_.stops(number, reached / static_cast<double>(count_)))
      for (std::size_t i = 0; i < m(); ++i)
        if (!finished_[i]) finish(i, Status::stopped, y_.data());
    drop_finished();
  }
  if (log_) std::stable_sort(log_->begin(), log_->end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  totals_.evaluations = stepper_->evaluations;
  totals_.splits = cursor_.splits();
  return totals_;
}

/// Fills w_, area_h_, area_k_ over the spans.
void Chunk::increments(const Spans& spans) {
  const std::size_t k = spans.size();
  const Increments<double> out{w_.data(), problem_.levy >= Levy::H ? area_h_.data() : nullptr,
                               problem_.levy == Levy::K ? area_k_.data() : nullptr};
  bool nodes = true, alike = k == cursor_.size();
  for (std::size_t i = 0; i < k; ++i) {
    const std::uint64_t from = spans.from[i], length = spans.to[i] - from;
    nodes = nodes && std::has_single_bit(length) && from % length == 0;
    alike = alike && from == spans.from[0] && spans.to[i] == spans.to[0];
    if (!nodes) continue;
    levels_[i] = 52 - std::countr_zero(length);
    indices_[i] = from / length;
    nodes = levels_[i] <= problem_.tree.depth();
  }
  if (nodes && alike) return cursor_.node(levels_[0], indices_[0], out);
  if (alike) return cursor_.increment(spans.from[0], spans.to[0], out);
  if (nodes) return cursor_.nodes(spans.lanes, {levels_.data(), k}, {indices_.data(), k}, out);
  cursor_.increments(spans.lanes, spans.from, spans.to, out);
}

void Chunk::step(const Spans& spans, const double* y, const Result& result) {
  const std::size_t k = spans.size();
  increments(spans);
  for (std::size_t i = 0; i < k; ++i) {
    t_[i] = problem_.tree.time(spans.from[i]);
    h_[i] = problem_.tree.length(spans.to[i] - spans.from[i]);
  }
  stepper_->step({k,
                  t_.data(),
                  h_.data(),
                  y,
                  {w_.data(), area_h_.data(), area_k_.data()},
                  result.y1,
                  result.error,
                  result.stiffness});
}

void Chunk::attempt() {
  const std::size_t size = components_ * m();
  spans_.from.resize(m());
  spans_.to.resize(m());
  for (std::size_t i = 0; i < m(); ++i) {
    spans_.from[i] = lanes_[i].tick;
    spans_.to[i] = lanes_[i].end();
  }
  double* const stiffness = log_ ? stiffness_.data() : nullptr;
  if (!options().stepping.half_steps) {
    step(spans_, y_.data(), {y1_.data(), problem_.estimates ? error_.data() : nullptr, stiffness});
  } else {  // the whole step, then both halves on the same noise
    step(spans_, y_.data(), {error_.data()});
    Spans half = spans_;
    for (std::size_t i = 0; i < m(); ++i) half.to[i] = half.from[i] + lanes_[i].length / 2;
    step(half, y_.data(), {middle_.data(), nullptr, stiffness});
    half.from = std::exchange(half.to, spans_.to);
    step(half, middle_.data(), {y1_.data()});
    for (std::size_t i = 0; i < size; ++i) error_[i] = y1_[i] - error_[i];
  }
  scale_errors();
  if (!options().event) return;
  for (std::size_t i = 0; i < m(); ++i) t_[i] = problem_.tree.time(spans_.to[i]);
  options().event(t_.data(), y1_.data(), event1_.data(), m());
}

/// Root mean square over the components of error / (atol + rtol max |y|); NaN where the new state is not finite.
void Chunk::scale_errors() {
  const auto& s = options().stepping;
  std::fill_n(scaled_.begin(), m(), 0.0);
  const std::size_t n = problem_.dim;
  for (std::size_t c = 0; c < n; ++c)
    for (std::size_t i = 0; i < m(); ++i) {
      const std::size_t p = c * m() + i;
      double part = y1_[p] - y1_[p];  // 0, or NaN
      if (problem_.estimates) part += error_[p] / (s.atol + s.rtol * std::max(std::abs(y_[p]), std::abs(y1_[p])));
      scaled_[i] += part * part;
    }
  for (std::size_t i = 0; i < m(); ++i) scaled_[i] = std::sqrt(scaled_[i] / static_cast<double>(n));
}

bool Chunk::crosses(std::size_t i) const {
  if (!options().event) return false;
  const double before = event_[i], after = event1_[i];
  const bool rises = before < 0 && after >= 0, falls = before > 0 && after <= 0;
  return (rises && options().event_direction >= 0) || (falls && options().event_direction <= 0);
}

void Chunk::judge() {
  accepted_.assign(m(), 0);
  finished_.assign(m(), 0);
  for (std::size_t i = 0; i < m(); ++i) {
    Lane& lane = lanes_[i];
    const bool finite = scaled_[i] == scaled_[i];
    const bool located = !crosses(i) || lane.length <= problem_.event_ticks;
    if (finite && !located) {
      control_->halve(lane);
    } else {
      accepted_[i] = control_->judge(lane, {scaled_[i], y_[i], y1_[i]});
      if (accepted_[i] && !finite) {
        accepted_[i] = 0;
        lane.tick = spans_.from[i];  // the last good state is kept
        finish(i, Status::nan, y_.data());
      }
      totals_.forced += accepted_[i] && lane.forced;
    }
    ++(accepted_[i] ? totals_.accepted : totals_.rejected);
    if (log_)
      log_->push_back({paths_[first_ + spans_.lanes[i]], problem_.tree.time(spans_.from[i]),
                       problem_.tree.length(spans_.to[i] - spans_.from[i]), problem_.estimates ? scaled_[i] : nan,
                       stiffness_[i], accepted_[i]});
    if (accepted_[i] && crosses(i)) {
      finish(i, Status::event, y1_.data());
    } else if (accepted_[i] && lane.tick == n_ticks) {
      finish(i, Status::success, y1_.data());
    } else if (++attempts_[i] >= options().max_steps && !finished_[i]) {
      finish(i, Status::max_steps, accepted_[i] ? y1_.data() : y_.data());
    }
  }
}

/// Writes what was asked inside the accepted steps, and moves on.
void Chunk::save() {
  const auto& times = problem_.save_ticks;
  while (true) {
    partial_.lanes.clear();
    partial_.from.clear();
    partial_.to.clear();
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < m(); ++i) {
      if (!accepted_[i]) continue;
      for (; saves_[i] < times.size() && times[saves_[i]] == spans_.to[i]; ++saves_[i]) write(i, y1_.data(), i, m());
      if (saves_[i] == times.size() || times[saves_[i]] > spans_.to[i]) continue;
      partial_.lanes.push_back(spans_.lanes[i]);
      partial_.from.push_back(spans_.from[i]);
      partial_.to.push_back(times[saves_[i]]);
      columns.push_back(i);
    }
    if (columns.empty()) break;
    for (std::size_t c = 0; c < components_; ++c)
      for (std::size_t j = 0; j < columns.size(); ++j) partial_y_[c * columns.size() + j] = y_[c * m() + columns[j]];
    step(partial_, partial_y_.data(), {partial_y1_.data()});
    for (std::size_t j = 0; j < columns.size(); ++j) {
      write(columns[j], partial_y1_.data(), j, columns.size());
      ++saves_[columns[j]];
    }
  }
  const bool all = std::all_of(accepted_.begin(), accepted_.end(), [](char a) { return a != 0; });
  if (all) {
    std::swap(y_, y1_);
    std::swap(event_, event1_);
    return;
  }
  for (std::size_t i = 0; i < m(); ++i) {
    if (!accepted_[i]) continue;
    for (std::size_t c = 0; c < components_; ++c) y_[c * m() + i] = y1_[c * m() + i];
    event_[i] = event1_[i];
  }
}

/// The state in a column to save place saves_[i] of path i.
void Chunk::write(std::size_t i, const double* y, std::size_t column, std::size_t n_columns) {
  const std::size_t row = (first_ + spans_.lanes[i]) * problem_.save_ticks.size() + saves_[i];
  for (std::size_t c = 0; c < problem_.dim; ++c) answer_.y[row * problem_.dim + c] = y[c * n_columns + column];
}

void Chunk::finish(std::size_t i, Status status, const double* y) {
  const std::size_t path = first_ + spans_.lanes[i];
  finished_[i] = 1;
  answer_.status[path] = status;
  answer_.t_end[path] = problem_.tree.time(lanes_[i].tick);
  if (status == Status::event) answer_.t_end[path] = problem_.tree.time(spans_.to[i]);
  for (std::size_t c = 0; c < problem_.dim; ++c) answer_.y_end[path * problem_.dim + c] = y[c * m() + i];
}

void Chunk::drop_finished() {
  if (std::none_of(finished_.begin(), finished_.end(), [](char f) { return f != 0; })) return;
  keep_columns(y_, components_, finished_);
  keep_columns(event_, 1, finished_);
  keep_items(lanes_, finished_);
  keep_items(saves_, finished_);
  keep_items(attempts_, finished_);
  keep_items(spans_.lanes, finished_);
}

}  // namespace trimtab::sde
