#include "stepping.hpp"

#include <trimtab/core/elementary.hpp>
#include <trimtab/steer/step_control.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

namespace trimtab::sde {
namespace {

constexpr int finest = 52;

/// log2(interval / h), rounded down or up.
int floor_level(double interval, double h) {
  int exponent;
  std::frexp(interval / h, &exponent);
  return std::clamp(exponent - 1, 0, finest);
}
int ceil_level(double interval, double h) {
  if (!(h > 0)) return finest;
  int exponent;
  return std::clamp(std::frexp(interval / h, &exponent) == 0.5 ? exponent - 1 : exponent, 0, finest);
}

/// Steps that are nodes of the tree. A node of level L starts at a multiple of 2^(52 - L), so a short step is followed
/// by its sibling before any longer one: no step jumps over the end of one that was rejected.
class NodeControl : public StepControl {
 public:
  NodeControl(const SteppingOptions& options, const BrownianTree& tree)
      : interval_(tree.t1() - tree.t0()),
        longest_(options.max_step > 0 ? ceil_level(interval_, options.max_step) : 0),
        shortest_(std::max(longest_, options.min_step > 0 ? floor_level(interval_, options.min_step) : finest)) {}

  void halve(Lane& lane) override { set(lane, lane.level + 1); }

 protected:
  double interval() const { return interval_; }
  double length_of(const Lane& lane) const { return std::ldexp(interval_, -lane.level); }
  bool is_shortest(const Lane& lane) const { return lane.level >= shortest_; }

  void start(Lane& lane, double wish) const {
    const int aligned = lane.tick == 0 ? 0 : std::max(0, finest - std::countr_zero(lane.tick));
    set(lane, std::max(std::clamp(ceil_level(interval_, wish), longest_, shortest_), aligned));
  }
  void advance(Lane& lane, double wish) const {
    lane.tick = lane.end();
    start(lane, wish);
  }
  void shorten(Lane& lane, double wish) const {
    set(lane, std::clamp(ceil_level(interval_, wish), lane.level + 1, shortest_));
  }

 private:
  static void set(Lane& lane, int level) {
    lane.level = level;
    lane.length = n_ticks >> level;
  }

  double interval_;
  int longest_, shortest_;  // levels
};

/// Dyadic steps from errors.
class DyadicControl final : public NodeControl {
 public:
  DyadicControl(const SteppingOptions& options, const BrownianTree& tree, double order)
      : NodeControl(options, tree),
        first_(options.first_step > 0 ? options.first_step : (tree.t1() - tree.t0()) / 64),
        pi_({.order = order, .proportional = 0.1, .integral = 0.3}) {}

  void begin(Lane& lane, double) override { start(lane, first_); }

  bool judge(Lane& lane, const Verdict& v) override {
    pi_.previous = lane.previous;
    const double wish = length_of(lane) * pi_.suggest(v.error);
    const bool good = steer::PiControl::accepts(v.error);
    lane.forced = !good && is_shortest(lane);
    if (!good && !lane.forced) {
      shorten(lane, wish);
      return false;
    }
    if (good) {
      pi_.observe(v.error);
      lane.previous = pi_.previous;
    }
    advance(lane, wish);
    return true;
  }

 private:
  double first_;
  steer::PiControl pi_;
};

/// Steps no longer than (ctol y)^(2/3). Foster, dos Reis, Strange (2024), section on the CIR model.
class CirControl final : public NodeControl {
 public:
  CirControl(const SteppingOptions& options, const BrownianTree& tree)
      : NodeControl(options, tree), ctol_(options.ctol) {}

  void begin(Lane& lane, double y0) override { start(lane, wish(y0)); }

  bool judge(Lane& lane, const Verdict& v) override {
    const double worst = wish(std::min(v.y0, v.y1));
    lane.forced = false;
    if (!(length_of(lane) < 1.1 * worst)) {  // NaN as well
      lane.forced = is_shortest(lane);
      if (!lane.forced) {
        shorten(lane, worst);
        return false;
      }
    }
    advance(lane, wish(v.y1));
    return true;
  }
  bool reads_errors() const override { return false; }

 private:
  double wish(double y) const {
    const double scaled = ctol_ * y;
    return scaled > 1e-300 ? std::min(exp(2.0 / 3 * log(scaled)), interval()) : 0;
  }
  double ctol_;
};

/// Equal steps.
class EqualControl final : public StepControl {
 public:
  explicit EqualControl(const SteppingOptions& options)
      : n_(options.n), level_(std::has_single_bit(n_) ? std::countr_zero(n_) : -1) {}

  void begin(Lane& lane, double) override { to_next(lane); }
  bool judge(Lane& lane, const Verdict&) override {
    lane.tick = lane.end();
    to_next(lane);
    return true;
  }
  void halve(Lane& lane) override {
    lane.length /= 2;
    if (lane.level >= 0) ++lane.level;
  }
  bool reads_errors() const override { return false; }

 private:
  /// The end of step k is tick round(k 2^52 / n).
  std::uint64_t end_of(std::uint64_t k) const {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(k) * n_ticks + n_ / 2) / n_);
  }
  void to_next(Lane& lane) const {
    auto k = static_cast<std::uint64_t>(static_cast<unsigned __int128>(lane.tick) * n_ / n_ticks);
    while (end_of(k) <= lane.tick && k < n_) ++k;
    lane.length = end_of(k) - lane.tick;
    lane.level = level_;
    if (level_ >= 0)
      while (lane.length < (n_ticks >> lane.level)) ++lane.level;
  }

  std::uint64_t n_;
  int level_;
};

/// Steps of any length. The ends of rejected steps are visited: else a path would be told what it looked at and left,
/// which spoils convergence for noise that does not commute.
class FreeControl final : public StepControl {
 public:
  FreeControl(const SteppingOptions& options, const BrownianTree& tree, double order)
      : interval_(tree.t1() - tree.t0()),
        first_(options.first_step > 0 ? options.first_step : interval_ / 64),
        most_(ticks(options.max_step > 0 ? options.max_step : interval_)),
        least_(options.min_step > 0 ? ticks(options.min_step) : 1),
        revisit_(options.revisit_rejected),
        pi_({.order = order, .proportional = 0.1, .integral = 0.3}) {}

  void begin(Lane& lane, double) override { propose(lane, ticks(first_)); }

  bool judge(Lane& lane, const Verdict& v) override {
    pi_.previous = lane.previous;
    const std::uint64_t wish = ticks(static_cast<double>(lane.length) * 0x1p-52 * interval_ * pi_.suggest(v.error));
    const bool good = steer::PiControl::accepts(v.error);
    lane.forced = !good && lane.length <= least_;
    if (!good && !lane.forced) {
      if (revisit_) push(lane);
      propose(lane, std::min(wish, lane.length - 1));
      return false;
    }
    if (good) {
      pi_.observe(v.error);
      lane.previous = pi_.previous;
    }
    lane.tick = lane.end();
    while (lane.hurdle && hurdles_[lane.hurdle - 1].tick <= lane.tick) pop(lane);
    propose(lane, wish);
    return true;
  }
  void halve(Lane& lane) override {
    if (revisit_) push(lane);
    lane.length /= 2;
  }

 private:
  struct Hurdle {
    std::uint64_t tick, next;
  };

  std::uint64_t ticks(double h) const {
    const double share = h / interval_;
    return share >= 1 ? n_ticks : std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share * 0x1p52));
  }
  void propose(Lane& lane, std::uint64_t length) const {
    lane.level = -1;
    lane.length = std::min(std::clamp(length, std::min(least_, most_), most_), n_ticks - lane.tick);
    if (lane.hurdle) lane.length = std::min(lane.length, hurdles_[lane.hurdle - 1].tick - lane.tick);
  }
  void push(Lane& lane) {
    if (free_.empty()) {
      hurdles_.push_back({});
      free_.push_back(hurdles_.size());
    }
    const std::uint64_t place = free_.back();
    free_.pop_back();
    hurdles_[place - 1] = {lane.end(), std::exchange(lane.hurdle, place)};
  }
  void pop(Lane& lane) {
    free_.push_back(lane.hurdle);
    lane.hurdle = hurdles_[lane.hurdle - 1].next;
  }

  double interval_, first_;
  std::uint64_t most_, least_;
  bool revisit_;
  steer::PiControl pi_;
  std::vector<Hurdle> hurdles_;
  std::vector<std::uint64_t> free_;
};

}  // namespace

std::unique_ptr<StepControl> make_control(const SteppingOptions& o, const BrownianTree& tree, double order) {
  switch (o.kind) {
    case Stepping::constant:
      return std::make_unique<EqualControl>(o);
    case Stepping::dyadic:
      return std::make_unique<DyadicControl>(o, tree, order);
    case Stepping::free:
      return std::make_unique<FreeControl>(o, tree, order);
    default:
      return std::make_unique<CirControl>(o, tree);
  }
}

}  // namespace trimtab::sde
