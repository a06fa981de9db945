#pragma once

#include <trimtab/sde/solve.hpp>

#include <memory>
#include <span>

/// @file stepping.hpp
/// Decides the next step of a path from what the last one said.

namespace trimtab::sde {

/// A path on its way: it is at `tick` and tries a step of `length` ticks.
struct Lane {
  std::uint64_t tick = 0, length = n_ticks;
  int level = 0;             ///< of the node that is the step, where steps are nodes
  double previous = 1;       ///< error of the last accepted step
  bool forced = false;       ///< the last step was accepted for being the shortest
  std::uint64_t hurdle = 0;  ///< ends of rejected steps, as a list in StepControl; 0: none

  std::uint64_t end() const { return tick + length; }
};

/// What the steps of all lanes say of themselves.
struct Verdicts {
  const double* error;    ///< scaled, below 1 if good; NaN if the step went wrong
  const double *y0, *y1;  ///< first component before and after
  const char* halve;      ///< whether the step is to be made half as long, for another reason than its error
};

class StepControl {
 public:
  virtual ~StepControl() = default;
  virtual void begin(Lane& lane, double y0) = 0;
  /// Says which steps are accepted; moves their lanes on, and makes the steps of the others shorter.
  virtual void judge(std::span<Lane> lanes, const Verdicts& verdicts, char* accepted) = 0;
};

/// @param order  of the error of a step in its length
std::unique_ptr<StepControl> make_control(const SteppingOptions& options, const BrownianTree& tree, double order);

}  // namespace trimtab::sde
