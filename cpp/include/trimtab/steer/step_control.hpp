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

/// What a PiControl is made of.
struct PiOptions {
  double order = 1;          ///< q, where the scaled error of a step of length h is O(h^q)
  double proportional = .1;  ///< kP
  double integral = .3;      ///< kI
  double safety = .9;
  double least = .2;  ///< bounds of the factor
  double most = 2;
  double most_rejected = .9;  ///< upper bound after a rejected step
};

/// Proportional-integral control of the step length from the scaled error e of a step, which is accepted if e < 1:
///
///     h_next / h = safety e^(-(kI + kP) / q) e_prev^(kP / q)   inside [least, most]
///
/// with e_prev the error of the last accepted step. Errors count as 1e-10 at least. NaN is rejected by `least`.
///
/// Ask with suggest(), tell with observe() after each attempt. Its whole state is `previous`.
///
/// Gustafsson, Control theoretic techniques for stepsize selection (ACM Trans. Math. Software 17, 1991).
class TRIMTAB_API PiControl {
 public:
  /// @throws std::invalid_argument naming the option unless order > 0, gains are >= 0, 0 < safety <= 1 and
  ///         0 < least <= most_rejected < 1 <= most
  explicit PiControl(const PiOptions& options);

  static bool accepts(double error) { return error < 1; }

  /// Next length over this one's.
  double suggest(double error) const;

  void observe(double error);

  double previous = 1;  ///< e_prev

 private:
  double on_error_, on_previous_;  // exponents
  double safety_, least_, most_, most_rejected_;
};

}  // namespace trimtab::steer
