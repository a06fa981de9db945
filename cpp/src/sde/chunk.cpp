#include "chunk.hpp"

#include "scaled_error.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace trimtab::sde {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t never = n_ticks + 1;

/// Keeps the columns of `rows` (components, m) that are not finished.
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
      atol_(problem.options.stepping.atol.begin(), problem.options.stepping.atol.end()),
      lanes_(count),
      saves_(count, 0),
      next_save_(count, problem.save_ticks.empty() ? never : problem.save_ticks[0]),
      attempts_(count, 0),
      y_(components_ * count),
      event_(count) {
  const std::size_t n = problem.dim;
  if (atol_.empty()) atol_.assign(n, 1e-6);
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
    while (next_save_[i] == 0) write(i, y_.data(), i, m());
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

void Chunk::step(const Spans& spans, const double* y, const Result& result) {
  const std::size_t k = spans.size();
  const auto all_are = [](const std::vector<std::uint64_t>& ticks) {
    return std::all_of(ticks.begin(), ticks.end(), [&](std::uint64_t tick) { return tick == ticks[0]; });
  };
  const bool alike = all_are(spans.from) && all_are(spans.to);
  for (std::size_t i = 0; i < (alike ? 1 : k); ++i) {
    t_[i] = problem_.tree.time(spans.from[i]);
    h_[i] = problem_.tree.length(spans.to[i] - spans.from[i]);
  }
  if (alike) {
    std::fill_n(t_.begin(), k, t_[0]);
    std::fill_n(h_.begin(), k, h_[0]);
  }
  increments(spans, alike && k == cursor_.size());
  stepper_->step({k,
                  t_.data(),
                  h_.data(),
                  y,
                  {w_.data(), area_h_.data(), area_k_.data()},
                  result.y1,
                  result.error,
                  result.stiffness});
}

/// Fills w_, area_h_, area_k_. All lanes of the cursor are asked over the same span if `alike`.
void Chunk::increments(const Spans& spans, bool alike) {
  const std::size_t k = spans.size();
  const Increments<double> out{w_.data(), problem_.levy >= Levy::H ? area_h_.data() : nullptr,
                               problem_.levy == Levy::K ? area_k_.data() : nullptr};
  bool nodes = true;
  for (std::size_t i = 0; i < (alike ? 1 : k) && nodes; ++i) {
    const std::uint64_t length = spans.to[i] - spans.from[i];
    const int shift = std::countr_zero(length);
    nodes = std::has_single_bit(length) && (spans.from[i] & (length - 1)) == 0 && 52 - shift <= problem_.tree.depth();
    levels_[i] = 52 - shift;
    indices_[i] = spans.from[i] >> shift;
  }
  if (nodes && alike) return cursor_.node(levels_[0], indices_[0], out);
  if (alike) return cursor_.increment(spans.from[0], spans.to[0], out);
  if (nodes) return cursor_.nodes(spans.lanes, {levels_.data(), k}, {indices_.data(), k}, out);
  cursor_.increments(spans.lanes, spans.from, spans.to, out);
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
  const Attempted attempted{y_.data(), y1_.data(), problem_.estimates ? error_.data() : nullptr};
  scaled_error(attempted, {options().stepping.rtol, atol_.data()}, problem_.dim, m(), scaled_.data());
  if (!options().event) return;
  for (std::size_t i = 0; i < m(); ++i) t_[i] = problem_.tree.time(spans_.to[i]);
  options().event(t_.data(), y1_.data(), event1_.data(), m());
}

bool Chunk::crosses(std::size_t i) const {
  if (!options().event) return false;
  const double before = event_[i], after = event1_[i];
  const bool rises = before < 0 && after >= 0, falls = before > 0 && after <= 0;
  return (rises && options().event_direction >= 0) || (falls && options().event_direction <= 0);
}

void Chunk::judge() {
  halve_.assign(m(), 0);
  accepted_.resize(m());
  finished_.assign(m(), 0);
  if (options().event)
    for (std::size_t i = 0; i < m(); ++i)
      halve_[i] = scaled_[i] == scaled_[i] && crosses(i) && lanes_[i].length > problem_.event_ticks;
  control_->judge(lanes_, {scaled_.data(), y_.data(), y1_.data(), halve_.data()}, accepted_.data());
  for (std::size_t i = 0; i < m(); ++i) {
    if (accepted_[i] && scaled_[i] != scaled_[i]) {
      accepted_[i] = 0;
      lanes_[i].tick = spans_.from[i];  // the last good state is kept
      finish(i, Status::nan, y_.data());
    }
    ++(accepted_[i] ? totals_.accepted : totals_.rejected);
    totals_.forced += accepted_[i] && lanes_[i].forced;
    ++attempts_[i];
    if (accepted_[i] && options().event && crosses(i)) {
      finish(i, Status::event, y1_.data());
    } else if (accepted_[i] && lanes_[i].tick == n_ticks) {
      finish(i, Status::success, y1_.data());
    } else if (attempts_[i] >= options().max_steps && !finished_[i]) {
      finish(i, Status::max_steps, accepted_[i] ? y1_.data() : y_.data());
    }
  }
  for (std::size_t i = 0; log_ && i < m(); ++i)
    log_->push_back({paths_[first_ + spans_.lanes[i]], problem_.tree.time(spans_.from[i]),
                     problem_.tree.length(spans_.to[i] - spans_.from[i]), problem_.estimates ? scaled_[i] : nan,
                     stiffness_[i], accepted_[i]});
}

/// Writes what was asked inside the accepted steps, and moves on.
void Chunk::save() {
  bool due = false, all = true;
  for (std::size_t i = 0; i < m(); ++i) {
    due |= accepted_[i] && next_save_[i] <= spans_.to[i];
    all &= accepted_[i] != 0;
  }
  if (due) write_inside();
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

/// States at the save times inside the accepted steps, by a shorter step on the same noise, and at their ends.
void Chunk::write_inside() {
  std::vector<std::size_t> columns;
  do {
    columns.clear();
    partial_.lanes.clear();
    partial_.from.clear();
    partial_.to.clear();
    for (std::size_t i = 0; i < m(); ++i) {
      if (!accepted_[i] || next_save_[i] >= spans_.to[i]) continue;
      partial_.lanes.push_back(spans_.lanes[i]);
      partial_.from.push_back(spans_.from[i]);
      partial_.to.push_back(next_save_[i]);
      columns.push_back(i);
    }
    const std::size_t k = columns.size();
    for (std::size_t c = 0; c < components_; ++c)
      for (std::size_t j = 0; j < k; ++j) partial_y_[c * k + j] = y_[c * m() + columns[j]];
    if (k > 0) step(partial_, partial_y_.data(), {partial_y1_.data()});
    for (std::size_t j = 0; j < k; ++j) write(columns[j], partial_y1_.data(), j, k);
  } while (!columns.empty());
  for (std::size_t i = 0; i < m(); ++i)
    while (accepted_[i] && next_save_[i] == spans_.to[i]) write(i, y1_.data(), i, m());
}

/// The state in a column to the next save place of path i.
void Chunk::write(std::size_t i, const double* y, std::size_t column, std::size_t n_columns) {
  const auto& ticks = problem_.save_ticks;
  const std::size_t row = (first_ + spans_.lanes[i]) * ticks.size() + saves_[i];
  for (std::size_t c = 0; c < problem_.dim; ++c) answer_.y[row * problem_.dim + c] = y[c * n_columns + column];
  next_save_[i] = ++saves_[i] < ticks.size() ? ticks[saves_[i]] : never;
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
  keep_items(next_save_, finished_);
  keep_items(attempts_, finished_);
  keep_items(spans_.lanes, finished_);
}

}  // namespace trimtab::sde
