#pragma once

#include "columns.hpp"
#include "sor_decisions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

/// @file sor_run.hpp
/// The iteration of SOR, plain or projected.

namespace trimtab::relax {

/// One right-hand side, or one in each lane of Value, with or without a floor under x. Lanes share the sweeps, not the
/// decisions: each measures the iterates that it would measure alone. One that has ended goes on unheeded; the last one
/// goes on alone.
template <class Real, class Value>
class SorRun {
  static constexpr int lanes = static_cast<int>(simd::lanes<Value>);
  using Measures = Numbers<Value>;

 public:
  /// @param b, floor, x as many vectors as there are reports, one after the other; floor may be null
  SorRun(const Operator<Real>& a, const Real* b, const Real* floor, Real* x, std::span<Report> reports,
         const SorOptions& options, Watch& watch)
      : rows_(in_order(a, options.order)),
        colors_(options.order == Order::red_black ? a.red_black() : nullptr),
        options_(options),
        watch_(watch),
        reports_(reports),
        user_(x),
        b_(load(b)),
        x_(load(x)),
        floor_(floor ? load(floor) : Vector<Value>()) {}

  /// Lane l of a run, from where it is.
  template <class Many>
  SorRun(const SorRun<Real, Many>& all, int l)
      : rows_(all.rows_),
        colors_(nullptr),
        options_(all.options_),
        watch_(all.watch_),
        reports_(all.reports_.subspan(l, 1)),
        user_(all.user_ + l * all.rows_.size()),
        b_(lane_of(all.b_, l)),
        x_(lane_of(all.x_, l)),
        floor_(lane_of(all.floor_, l)),
        lane_{all.lane_[l]} {}

  void operator()() {
    for (std::size_t i = 0; i < floor_.size(); ++i) x_[i] = x_[i] < floor_[i] ? floor_[i] : x_[i];
    const Measures start = measure(), size = reference(start);
    for (int l = 0; l < count(); ++l) {
      const double target = std::max(options_.stop.rtol * size[l], options_.stop.atol);
      lane_[l] = {.start = start[l], .target = target, .last = start[l]};
      reports_[l].reference = size[l];
      if (!projected() && size[l] == 0 && options_.stop.atol == 0) {  // b = 0
        std::fill_n(user_ + l * rows_.size(), rows_.size(), Real(0));
      } else if (start[l] <= target) {
        reports_[l].residual = start[l];
        if (projected()) store(a(), x_, l, user_);
      } else {
        lane_[l].running = true;
      }
      reports_[l].seconds = watch_.seconds();
    }
    go_on(0);
  }

 private:
  template <class, class>
  friend class SorRun;

  /// The matrix in whose layout the vectors are.
  const Product<Real>& a() const { return colors_ ? static_cast<const Product<Real>&>(*colors_) : rows_; }
  const auto& kernels() const {
    if constexpr (lanes == 1) {
      return rows_;
    } else {
      return *rows_.for_columns();
    }
  }
  Vector<Value> load(const Real* user) const { return relax::load<Real, Value>(a(), user, count()); }
  int count() const { return static_cast<int>(reports_.size()); }
  bool projected() const { return !floor_.empty(); }

  template <class Body>
  void for_running(Body&& body) {
    for (int l = 0; l < count(); ++l)
      if (lane_[l].running) body(l, lane_[l]);
  }

  /// From iterate k on.
  void go_on(std::int64_t k) {
    sweep_ = {
        .omega = Real(options_.omega), .b = b_.data(), .x = x_.data(), .floor = projected() ? floor_.data() : nullptr};
    if (left() == 0) return;
    if constexpr (lanes == 1) {
      if (colors_) return color_by_color();
    }
    options_.direction == Direction::symmetric ? both_ways(k) : row_by_row(k);
  }

  std::ptrdiff_t left() const { return std::count_if(lane_.begin(), lane_.end(), std::mem_fn(&SorDecisions::running)); }

  /// Whether the only lane left has gone on alone, from iterate k to its end.
  bool alone(std::int64_t k) {
    if constexpr (lanes > 1) {
      if (left() > 1) return false;
      for_running([&](int l, SorDecisions&) { SorRun<Real, Real>(*this, l).go_on(k); });
      return true;
    }
    return false;
  }

  Measures reference(const Measures& start) const {
    if (options_.stop.reference == StopOptions::Reference::start) return start;
    if (!projected()) return norms(b_, rows_.threads());
    Measures size{};
    for (const Value& v : b_)
      for (int l = 0; l < lanes; ++l) size[l] = larger(size[l], std::abs(double(lane(v, l))));
    for (int l = 0; l < lanes; ++l)
      if (size[l] == 0) size[l] = start[l];
    return size;
  }

  /// The measure of x, computed afresh.
  Measures measure() const {
    Vector<Value> r(x_.size());
    if constexpr (lanes == 1) {
      a().multiply(x_.data(), r.data());
    } else {
      kernels().multiply(x_.data(), r.data());
    }
    for_chunks(r.size(), rows_.threads(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) r[i] = b_[i] - r[i];
    });
    if (!projected()) return norms(r, rows_.threads());
    auto largest = widened(Value{});
    for (std::size_t i = 0; i < r.size(); ++i)
      largest = larger(largest, measure_of(r[i], x_[i], floor_.data(), static_cast<std::ptrdiff_t>(i)));
    return numbers<Value>(largest);
  }

  /// Whether all lanes have ended, by themselves or by a limit; x is iterate k.
  bool ends(std::int64_t k) {
    if (left() == 0) return true;
    double done = 1;
    for_running([&](int, const SorDecisions& d) { done = std::min(done, d.share()); });
    const Stop stop = watch_.check(done);
    if (stop == Stop::none && k < options_.stop.max_iterations) return false;
    const Measures m = measure();
    for_running([&](int l, const SorDecisions& d) {
      conclude(l,
               stop == Stop::requested    ? Status::stopped
               : stop == Stop::time_limit ? Status::time_limit
               : m[l] <= d.target         ? Status::converged
               : d.has_diverged(m[l])     ? Status::diverged
                                          : Status::max_iterations,
               k, m[l], x_);
    });
    return true;
  }

  /// @param x the iterate that it ends with
  void conclude(int l, Status status, std::int64_t iterations, double residual, const Vector<Value>& x) {
    reports_[l].status = status;
    reports_[l].iterations = iterations;
    reports_[l].residual = residual;
    reports_[l].rate = lane_[l].rate(iterations, residual);
    if (status != Status::diverged) store(a(), x, l, user_);
    reports_[l].seconds = watch_.seconds();
    lane_[l].running = false;
  }

  /// Whether lane l ends at iterate k of measure m, `kept` if it is not null, while x is iterate `now`.
  bool ends_at(int l, std::int64_t k, double m, const Vector<Value>* kept, std::int64_t now) {
    if (lane_[l].has_diverged(m)) {
      conclude(l, Status::diverged, k, m, x_);
    } else if (m > lane_[l].target) {
      return false;
    } else if (kept) {
      conclude(l, Status::converged, k, m, *kept);
    } else {
      m = measure()[l];
      if (m > lane_[l].target) return false;
      conclude(l, Status::converged, now, m, x_);
    }
    return true;
  }

  void both_ways(std::int64_t k) {
    for (;;) {
      if (alone(k)) return;
      kernels().sweeps(true, sweep_, 1);
      kernels().sweeps(false, sweep_, 1);
      const Measures m = measure();
      ++k;
      for_running([&](int l, SorDecisions& d) {
        if (!ends_at(l, k, m[l], &x_, k)) d.take(k, m[l]);
      });
      if (ends(k)) return;
    }
  }

  void row_by_row(std::int64_t k) {
    const bool forward = options_.direction == Direction::forward;
    Vector<Value> near(x_.size()), kept;
    sweep_.near = near.data();
    for (bool fresh = false;; ++k) {  // x is iterate k; fresh: near belongs to it
      if (alone(k)) return;
      std::int64_t due = options_.stop.max_iterations;
      for_running([&](int, const SorDecisions& d) { due = std::min(due, d.due); });
      if (k < due) kernels().sweeps(forward, sweep_, due - k);
      if (k < due || !fresh) kernels().near_products(forward, x_.data(), near.data());
      k = due, fresh = true;
      bool keep = false;
      for_running([&](int, SorDecisions& d) {
        d.kept = d.due == k && d.worth_keeping(k);
        keep |= d.kept;
      });
      if (keep) kept = x_;
      Measures m = numbers<Value>(kernels().sweep(forward, sweep_));
      for_running([&](int l, SorDecisions& d) {
        if (d.due != k) return;
        if (!projected()) m[l] = std::sqrt(m[l]);
        if (k > 0 && !ends_at(l, k, m[l], d.kept ? &kept : nullptr, k + 1)) d.take(k, m[l]);
      });
      if (ends(k + 1)) return;
      for_running([&](int, SorDecisions& d) {
        if (d.due == k) d.due = k + 1 + (k < 3 ? 0 : d.blind_sweeps(options_.stop.max_iterations - k - 2));
      });
    }
  }

  /// Several sweeps go over memory together. Where the run may end among them, their start is kept, and those up to the
  /// end are done once more from there.
  void color_by_color() {
    SorDecisions& d = lane_[0];
    Vector<Value> kept;
    std::vector<double> red, black;
    const auto sweep = [&](std::int64_t count) {
      red.resize(static_cast<std::size_t>(count)), black.resize(red.size());
      colors_->sweep(sweep_, red, black);
    };
    double last_black = 0;
    for (std::int64_t k = 0;;) {  // x is iterate k
      const std::int64_t first = k, rest = options_.stop.max_iterations - k;
      const std::int64_t together = std::min<std::int64_t>(colors_->worthwhile_sweeps(), rest);
      const bool keep = together == 1 ? d.worth_keeping(k) : k < 3 || 1 + d.blind_sweeps(rest) < together;
      if (keep) kept = x_;
      sweep(together);
      for (std::int64_t i = 0; i < together; ++i, ++k) {
        const double before = red[static_cast<std::size_t>(i)];
        const double m = projected() ? larger(before, last_black) : std::sqrt(before + last_black);
        last_black = black[static_cast<std::size_t>(i)];
        if (k == 0) continue;
        if (keep && m <= d.target && k > first) {
          sweep_.x = kept.data();
          sweep(k - first);
        }
        if (ends_at(0, k, m, keep ? &kept : nullptr, first + together)) return;
        d.take(k, m);
      }
      if (ends(k)) return;
    }
  }

  const Operator<Real>& rows_;
  const ColorOperator<Real>* colors_;  ///< null for row order
  const SorOptions& options_;
  Watch& watch_;
  std::span<Report> reports_;
  Real* user_;
  Vector<Value> b_, x_, floor_;
  Sweep<Value> sweep_{};
  std::array<SorDecisions, lanes> lane_{};
};

}  // namespace trimtab::relax
