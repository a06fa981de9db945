#pragma once

#include <trimtab/core/export.hpp>

#include <cstdint>

/// @file step_control.hpp
/// Controllers of the time step.

namespace trimtab::steer {

/// Time step from the fastest signal: dt = cfl / rate. The first `startup_steps` steps are shorter by `startup_factor`,
/// since jumps in the initial data make faster waves than the data show.
///
/// Ask with suggest(), tell with observe() once the step was taken. Its whole state is `steps`.
class TRIMTAB_API CflControl {
 public:
  static constexpr int startup_steps = 5;
  static constexpr double startup_factor = 0.2;

  /// @throws std::invalid_argument unless 0 < cfl <= 1
  explicit CflControl(double cfl);

  /// @param rate largest of sum over axes (|u| + c) / dx, per unit time
  double suggest(double rate) const;

  void observe() { ++steps; }

  std::int64_t steps = 0;  ///< steps taken so far

 private:
  double cfl_;
};

}  // namespace trimtab::steer
