#include "stepping.hpp"

#include <trimtab/core/simd.hpp>
#include <trimtab/steer/step_control.hpp>

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace trimtab::sde {
namespace {

constexpr int finest = 52;

/// log2 of a normal x > 0, rounded down or up.
int floor_log2(double x) { return static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52) - 1023; }
int ceil_log2(double x) { return floor_log2(x) + ((std::bit_cast<std::uint64_t>(x) << 12) != 0 ? 1 : 0); }

/// Level of the longest nodes that are no longer than h, of the shortest that are no shorter.
int ceil_level(double interval, double h) {
  return h > 0 ? std::clamp(ceil_log2(std::min(interval / h, 0x1p60)), 0, finest) : finest;
}
int floor_level(double interval, double h) { return std::clamp(floor_log2(interval / h), 0, finest); }

/// The last level, or the last whose nodes have halves.
int shortest(const SteppingOptions& options) { return options.half_steps ? finest - 1 : finest; }

/// Loops over the lanes; Derived has bool judge_one(lane, error, y0, y1) and void halve(lane).
template <class Derived>
class Control : public StepControl {
 public:
  void judge(std::span<Lane> lanes, const Verdicts& v, char* accepted) final {
    auto& self = static_cast<Derived&>(*this);
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      accepted[i] = !v.halve[i] && self.judge_one(lanes[i], v.error[i], v.y0[i], v.y1[i]);
      if (v.halve[i]) self.halve(lanes[i]);
    }
  }
};

/// Steps that are nodes of the tree. A node of level L starts at a multiple of 2^(52 - L), so a short step is followed
/// by its sibling before any longer one: no step jumps over the end of one that was rejected.
template <class Derived>
class NodeControl : public Control<Derived> {
 public:
  NodeControl(const SteppingOptions& options, const BrownianTree& tree)
      : interval_(tree.t1() - tree.t0()),
        longest_(options.max_step > 0 ? std::min(ceil_level(interval_, options.max_step), shortest(options)) : 0),
        shortest_(options.min_step > 0
                      ? std::clamp(floor_level(interval_, options.min_step), longest_, shortest(options))
                      : shortest(options)) {}

  void halve(Lane& lane) const { set(lane, lane.level + 1); }

 protected:
  double interval() const { return interval_; }
  double length_of(const Lane& lane) const { return interval_ * (static_cast<double>(lane.length) * 0x1p-52); }
  bool is_shortest(const Lane& lane) const { return lane.level >= shortest_; }

  void start(Lane& lane, int level) const {
    const int aligned = lane.tick == 0 ? 0 : std::max(0, finest - std::countr_zero(lane.tick));
    set(lane, std::max(std::clamp(level, longest_, shortest_), aligned));
  }
  void advance(Lane& lane, int level) const {
    lane.tick = lane.end();
    start(lane, level);
  }
  void shorten(Lane& lane, int level) const { set(lane, std::clamp(level, lane.level + 1, shortest_)); }

 private:
  static void set(Lane& lane, int level) {
    lane.level = level;
    lane.length = n_ticks >> level;
  }

  double interval_;
  int longest_, shortest_;  // levels
};

/// Dyadic steps from errors.
class DyadicControl final : public NodeControl<DyadicControl> {
 public:
  DyadicControl(const SteppingOptions& options, const BrownianTree& tree, double order)
      : NodeControl(options, tree),
        first_(options.first_step > 0 ? options.first_step : interval() / 64),
        pi_({.order = order, .proportional = 0.1, .integral = 0.3}) {}

  void begin(Lane& lane, double) override { start(lane, ceil_level(interval(), first_)); }

  bool judge_one(Lane& lane, double error, double, double) {
    pi_.previous = lane.previous;
    const int level = ceil_level(interval(), length_of(lane) * pi_.suggest(error));
    const bool good = steer::PiControl::accepts(error);
    lane.forced = !good && is_shortest(lane);
    if (!good && !lane.forced) {
      shorten(lane, level);
      return false;
    }
    pi_.observe(error);
    lane.previous = pi_.previous;
    advance(lane, level);
    return true;
  }

 private:
  double first_;
  steer::PiControl pi_;
};

/// Steps no longer than (ctol y)^(2/3), that is h^(3/2) <= ctol y; accepted while shorter than 1.1 times that for both
/// ends. Foster, dos Reis, Strange (2024), on the CIR model.
class CirControl final : public NodeControl<CirControl> {
 public:
  CirControl(const SteppingOptions& options, const BrownianTree& tree)
      : NodeControl(options, tree), scale_(options.ctol / (interval() * simd::sqrt(interval()))) {
    for (int level = 0; level <= finest; ++level) {  // (h / interval)^(3/2)
      const double h = std::bit_cast<double>(static_cast<std::uint64_t>(1023 - level) << 52);
      power_[level] = h * simd::sqrt(h);
    }
  }

  void begin(Lane& lane, double y0) override { start(lane, level_of(y0)); }

  bool judge_one(Lane& lane, double, double y0, double y1) {
    constexpr double slack = 1.1536897329871667;  // 1.1^(3/2)
    const double worst = std::min(y0, y1);
    lane.forced = false;
    if (!(power_[lane.level] < slack * scale_ * worst)) {  // NaN as well
      lane.forced = is_shortest(lane);
      if (!lane.forced) {
        shorten(lane, level_of(worst));
        return false;
      }
    }
    advance(lane, level_of(y1));
    return true;
  }

 private:
  int level_of(double y) const {
    const double most = scale_ * y;
    if (!(most > power_[finest])) return finest;
    int level = std::max(0, 2 * -ceil_log2(most) / 3 - 1);  // not too fine
    while (power_[level] > most) ++level;
    return level;
  }

  double scale_;
  double power_[finest + 1];
};

/// Equal steps.
class EqualControl final : public Control<EqualControl> {
 public:
  explicit EqualControl(const SteppingOptions& options)
      : n_(options.n), level_(std::has_single_bit(n_) ? std::countr_zero(n_) : -1) {}

  void begin(Lane& lane, double) override { to_next(lane); }
  bool judge_one(Lane& lane, double, double, double) const {
    lane.tick = lane.end();
    to_next(lane);
    return true;
  }
  void halve(Lane& lane) const { lane.length /= 2; }

 private:
  /// The end of step k is tick round(k 2^52 / n).
  std::uint64_t end_of(std::uint64_t k) const {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(k) * n_ticks + n_ / 2) / n_);
  }
  /// To the end of the step that the lane is in, which may have been cut.
  void to_next(Lane& lane) const {
    if (level_ >= 0) {  // the longest node up to there
      const std::uint64_t step = n_ticks >> level_, inside = lane.tick & (step - 1);
      lane.length = inside == 0 ? step : std::uint64_t{1} << std::countr_zero(inside);
      return;
    }
    auto k = static_cast<std::uint64_t>(static_cast<double>(lane.tick) * 0x1p-52 * static_cast<double>(n_));
    if (k > 0) --k;  // the product is rounded
    while (end_of(k) <= lane.tick && k < n_) ++k;
    lane.length = end_of(k) - lane.tick;
  }

  std::uint64_t n_;
  int level_;
};

/// Steps of any length. The ends of rejected steps are visited: else a path would be told what it looked at and left,
/// which spoils convergence for noise that does not commute.
class FreeControl final : public Control<FreeControl> {
 public:
  FreeControl(const SteppingOptions& options, const BrownianTree& tree, double order)
      : interval_(tree.t1() - tree.t0()),
        first_(options.first_step > 0 ? options.first_step : interval_ / 64),
        grain_(options.half_steps ? 2 : 1),
        most_(ticks(options.max_step > 0 ? options.max_step : interval_)),
        least_(options.min_step > 0 ? ticks(options.min_step) : grain_),
        revisit_(options.revisit_rejected),
        pi_({.order = order, .proportional = 0.1, .integral = 0.3}) {}

  void begin(Lane& lane, double) override { propose(lane, ticks(first_)); }

  bool judge_one(Lane& lane, double error, double, double) {
    pi_.previous = lane.previous;
    const std::uint64_t wish = ticks(static_cast<double>(lane.length) * 0x1p-52 * interval_ * pi_.suggest(error));
    const bool good = steer::PiControl::accepts(error);
    lane.forced = !good && lane.length <= least_;
    if (!good && !lane.forced) {
      if (revisit_) push(lane);
      propose(lane, std::min(wish, lane.length - grain_));
      return false;
    }
    pi_.observe(error);
    lane.previous = pi_.previous;
    lane.tick = lane.end();
    while (lane.hurdle && hurdles_[lane.hurdle - 1].tick <= lane.tick) pop(lane);
    propose(lane, wish);
    return true;
  }
  void halve(Lane& lane) {
    if (revisit_) push(lane);
    lane.length = whole(lane.length / 2);
  }

 private:
  struct Hurdle {
    std::uint64_t tick, next;
  };

  std::uint64_t ticks(double h) const {
    const double share = h / interval_;
    return share >= 1 ? n_ticks : whole(static_cast<std::uint64_t>(share * 0x1p52));
  }
  std::uint64_t whole(std::uint64_t length) const { return std::max(grain_, length / grain_ * grain_); }
  /// Ends at a multiple of a 256th of the length or less: the tree need not be searched to its last level.
  void propose(Lane& lane, std::uint64_t length) const {
    lane.length = std::min(std::clamp(length, std::min(least_, most_), most_), n_ticks - lane.tick);
    const std::uint64_t grain = std::max(grain_, std::bit_floor(lane.length) >> 8);
    const std::uint64_t rounded = lane.end() / grain * grain - lane.tick;
    if (rounded >= least_) lane.length = rounded;
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
  std::uint64_t grain_;  ///< all lengths are multiples of it, so that a step has a half
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
