#pragma once

#include <trimtab/sde/solve.hpp>

#include <memory>

/// @file stepping.hpp
/// Decides the next step of a path from what the last one said.

namespace trimtab::sde {

/// A path on its way: it is at `tick` and tries a step of `length` ticks.
struct Lane {
  std::uint64_t tick = 0, length = n_ticks;
  int level = -1;            ///< of the node that is the step; -1: the step need not be a node
  double previous = 1;       ///< error of the last accepted step
  bool forced = false;       ///< the last step was accepted for being the shortest
  std::uint64_t hurdle = 0;  ///< ends of rejected steps, as a list in StepControl; 0: none

  std::uint64_t end() const { return tick + length; }
  std::uint64_t index() const { return tick >> (52 - level); }
};

/// What a step says of itself.
struct Verdict {
  double error;   ///< scaled, below 1 if good; NaN if the step went wrong
  double y0, y1;  ///< first component before and after
};

class StepControl {
 public:
  virtual ~StepControl() = default;
  virtual void begin(Lane& lane, double y0) = 0;
  /// Whether the step is accepted; moves the lane on, or makes its step shorter.
  virtual bool judge(Lane& lane, const Verdict& verdict) = 0;
  /// Makes the step half as long, for another reason than its error.
  virtual void halve(Lane& lane) = 0;
  virtual bool reads_errors() const { return true; }
};

/// @param order  of the error of a step in its length
std::unique_ptr<StepControl> make_control(const SteppingOptions& options, const BrownianTree& tree, double order);

}  // namespace trimtab::sde
