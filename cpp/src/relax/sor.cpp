#include "../core/sums.hpp"
#include "operator.hpp"

#include <trimtab/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

namespace trimtab::relax {
namespace {

constexpr double growth_limit = 1e4;  ///< of the residual, beyond which the iteration counts as diverged

/// One run; `projected` with a floor under x.
template <class Real, bool projected>
class Run {
 public:
  Run(const Operator<Real>& a, std::span<const Real> b, const Real* floor, std::span<Real> x, const SorOptions& o)
      : rows_(in_order(a, o.order)),
        colors_(o.order == Order::red_black ? a.red_black() : nullptr),
        a_(colors_ ? static_cast<const Product<Real>&>(*colors_) : rows_),
        options_(o),
        b_(own(b.data())),
        x_(own(x.data())),
        work_(a_.storage()) {
    if constexpr (projected) floor_ = own(floor);
    sweep_ = {.omega = Real(o.omega), .b = b_.data(), .x = x_.data(), .floor = projected ? floor_.data() : nullptr};
  }

  Report operator()(std::span<Real> user) {
    Watch watch(options_.stop.watch);
    if constexpr (projected)
      for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = std::max(x_[i], floor_[i]);
    start_ = measure();
    report_.reference = reference();
    target_ = std::max(options_.stop.rtol * report_.reference, options_.stop.atol);
    if (!projected && report_.reference == 0 && options_.stop.atol == 0) {  // b = 0
      std::fill(user.begin(), user.end(), Real(0));
    } else if (start_ <= target_) {
      report_.residual = start_;
      if constexpr (projected) a_.store(x_.data(), user.data());
    } else {
      if (options_.direction == Direction::symmetric) {
        both_ways(watch);
      } else if (colors_) {
        color_by_color(watch);
      } else {
        row_by_row(watch);
      }
      if (report_.status != Status::diverged) a_.store(x_.data(), user.data());
    }
    report_.seconds = watch.seconds();
    return report_;
  }

 private:
  Vector<Real> own(const Real* user) const {
    Vector<Real> v(a_.storage());
    a_.load(user, v.data());
    return v;
  }

  double reference() const {
    if (options_.stop.reference == StopOptions::Reference::start) return start_;
    double size = 0;
    if constexpr (projected) {
      for (const Real v : b_) size = larger(size, std::abs(double(v)));
      if (size == 0) size = start_;
    } else {
      size = std::sqrt(sum_of_squares(b_.size(), a_.threads(), b_.data()));
    }
    return size;
  }

  /// The measure of x, computed afresh.
  double measure() {
    a_.multiply(x_.data(), work_.data());
    for_chunks(work_.size(), a_.threads(), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) work_[i] = b_[i] - work_[i];
    });
    if constexpr (projected) {
      double largest = 0;
      for (std::size_t i = 0; i < work_.size(); ++i)
        largest = larger(largest, measure_of(work_[i], x_[i], floor_.data(), static_cast<std::ptrdiff_t>(i)));
      return largest;
    } else {
      return std::sqrt(sum_of_squares(work_.size(), a_.threads(), work_.data()));
    }
  }

  bool has_diverged(double m) const { return !(m <= growth_limit * start_); }

  /// Whether the run ends with `iterations` done and x as it is; m is the measure if it is known.
  bool ends(Watch& watch, std::int64_t iterations, double m) {
    const double share = std::log(start_ / m) / std::log(start_ / target_);
    const Stop stop = watch.check(std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0);
    if (stop != Stop::none) {
      conclude(stop == Stop::requested ? Status::stopped : Status::time_limit, iterations, measure());
    } else if (iterations == options_.stop.max_iterations) {
      const double last = measure();
      conclude(last <= target_      ? Status::converged
               : has_diverged(last) ? Status::diverged
                                    : Status::max_iterations,
               iterations, last);
    } else {
      return false;
    }
    return true;
  }

  void conclude(Status status, std::int64_t iterations, double residual) {
    report_.status = status;
    report_.iterations = iterations;
    report_.residual = residual;
  }

  void both_ways(Watch& watch) {
    for (std::int64_t k = 1;; ++k) {
      rows_.sweeps(true, sweep_, 1);
      rows_.sweeps(false, sweep_, 1);
      const double m = measure();
      if (m <= target_) return conclude(Status::converged, k, m);
      if (has_diverged(m)) return conclude(Status::diverged, k, m);
      if (ends(watch, k, m)) return;
    }
  }

  /// Sweeps that may go unmeasured from a measure of `last`, if it falls no faster than `drop`-fold a sweep squared.
  std::int64_t blind_sweeps(double last, double drop, std::int64_t left) const {
    const double distance = std::log(last / (64 * target_)) / (2 * std::log(std::max(drop, 1.5)));
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(distance, 8.0)), 0,
                                    std::max<std::int64_t>(left, 0));
  }

  /// The measure of an iterate is known after the sweep that follows. When it may be small enough, the iterate is kept.
  bool worth_keeping(std::int64_t k, double last, double drop) const {
    return k > 0 && (k < 3 || last <= target_ * std::max(64.0, 4 * drop));
  }

  /// Whether the run ends at iterate k of measure m, `kept` if it is not null, while x is iterate `now`.
  bool ends_at(std::int64_t k, double m, Vector<Real>* kept, std::int64_t now) {
    if (has_diverged(m)) {
      conclude(Status::diverged, k, m);
    } else if (m > target_) {
      return false;
    } else if (kept) {
      std::swap(x_, *kept);
      conclude(Status::converged, k, m);
    } else {
      m = measure();
      if (m > target_) return false;
      conclude(Status::converged, now, m);
    }
    return true;
  }

  /// While the target is far, most sweeps are not measured.
  void row_by_row(Watch& watch) {
    const bool forward = options_.direction == Direction::forward;
    Vector<Real> near(a_.storage()), kept;
    rows_.near_products(forward, x_.data(), near.data());
    sweep_.near = near.data();
    double last = start_, drop = 1;
    std::int64_t since = 1;           // sweeps from the iterate that `last` belongs to
    for (std::int64_t k = 0;; ++k) {  // x is iterate k
      const bool keep = worth_keeping(k, last, drop);
      if (keep) kept = x_;
      double m = rows_.sweep(forward, sweep_);
      if (!projected) m = std::sqrt(m);
      if (k > 0) {
        if (ends_at(k, m, keep ? &kept : nullptr, k + 1)) return;
        drop = std::max(1.0, std::pow(last / m, 1.0 / static_cast<double>(since)));
        last = m;
        since = 1;
      }
      if (ends(watch, k + 1, last)) return;
      if (k < 3) continue;
      const std::int64_t blind = blind_sweeps(last, drop, options_.stop.max_iterations - k - 2);
      if (blind > 0) {
        rows_.sweeps(forward, sweep_, blind);
        rows_.near_products(forward, x_.data(), near.data());
      }
      k += blind;
      since += blind;
    }
  }

  /// Several sweeps go over memory together. Where the run may end among them, their start is kept, and those up to the
  /// end are done once more from there.
  void color_by_color(Watch& watch) {
    Vector<Real> kept;
    std::vector<double> red, black;
    const auto sweep = [&](std::int64_t count) {
      red.resize(static_cast<std::size_t>(count)), black.resize(red.size());
      colors_->sweep(sweep_, red, black);
    };
    double last = start_, drop = 1, last_black = 0;
    for (std::int64_t k = 0;;) {  // x is iterate k
      const std::int64_t first = k, left = options_.stop.max_iterations - k;
      const std::int64_t together = std::min<std::int64_t>(colors_->worthwhile_sweeps(), left);
      const bool keep =
          together == 1 ? worth_keeping(k, last, drop) : k < 3 || 1 + blind_sweeps(last, drop, left) < together;
      if (keep) kept = x_;
      sweep(together);
      for (std::int64_t i = 0; i < together; ++i, ++k) {
        const double before = red[static_cast<std::size_t>(i)];
        const double m = projected ? larger(before, last_black) : std::sqrt(before + last_black);
        last_black = black[static_cast<std::size_t>(i)];
        if (k == 0) continue;
        if (ends_at(k, m, keep ? &kept : nullptr, first + together)) {
          if (keep && report_.status == Status::converged && k > first) {
            sweep_.x = x_.data();
            sweep(k - first);
          }
          return;
        }
        drop = std::max(1.0, last / m);
        last = m;
      }
      if (ends(watch, k, last)) return;
    }
  }

  const Operator<Real>& rows_;
  const ColorOperator<Real>* colors_;  ///< null for row order
  const Product<Real>& a_;             ///< the one in whose layout the vectors are
  const SorOptions& options_;
  Vector<Real> b_, x_, floor_, work_;
  Sweep<Real> sweep_{};
  double start_ = 0, target_ = 0;
  Report report_;
};

template <class Real>
void check(const Operator<Real>& a, std::span<const Real> b, std::span<const Real> x, const SorOptions& options) {
  check_options(options.omega, options.stop);
  check_vector<Real>("b", b, a.size());
  check_vector<Real>("x0", x, a.size());
  if (options.order == Order::red_black) {
    if (!a.red_black()) reject("order", "row for this matrix; red-black needs a 5- or 7-point stencil", "red-black");
    if (options.direction != Direction::forward) reject("direction", "forward for red-black sweeps", "another");
  }
}

}  // namespace

template <class Real>
Report sor(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const SorOptions& options) {
  check<Real>(a.kernels(), b, x, options);
  return Run<Real, false>(a.kernels(), b, nullptr, x, options)(x);
}

template <class Real>
Report psor(const Matrix<Real>& a, std::span<const Real> b, std::span<const Real> floor, std::span<Real> x,
            const SorOptions& options) {
  check<Real>(a.kernels(), b, x, options);
  check_vector<Real>("floor", floor, a.size());
  if (const auto row = a.negative_diagonal(); row >= 0)
    throw std::invalid_argument("A: row " + std::to_string(row) +
                                ": a_ii < 0; projected SOR needs a positive diagonal");
  return Run<Real, true>(a.kernels(), b, floor.data(), x, options)(x);
}

template Report sor<float>(const Matrix<float>&, std::span<const float>, std::span<float>, const SorOptions&);
template Report sor<double>(const Matrix<double>&, std::span<const double>, std::span<double>, const SorOptions&);
template Report psor<float>(const Matrix<float>&, std::span<const float>, std::span<const float>, std::span<float>,
                            const SorOptions&);
template Report psor<double>(const Matrix<double>&, std::span<const double>, std::span<const double>, std::span<double>,
                             const SorOptions&);

}  // namespace trimtab::relax
