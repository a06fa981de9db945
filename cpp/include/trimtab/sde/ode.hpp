#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/core/stop.hpp>
#include <trimtab/sde/system.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

/// @file ode.hpp
/// Ordinary differential equations dy/dt = f(t, y), many paths at once, each with steps of its own.
///
/// Tsitouras' pair of orders 5 and 4 (Comput. Math. Appl. 62 (2011) 770) with its interpolant of order 4;
/// proportional-integral control of the step; the first step of Hairer, Norsett, Wanner, Solving Ordinary Differential
/// Equations I, II.4.

namespace trimtab::sde {

/// Why a path ended.
enum class OdeStatus {
  reached_end,
  event,
  step_too_small,  ///< the tolerance asks for a step below min_step or the rounding of t
  max_steps,
  not_finite,  ///< NaN or infinity, however short the step
  stopped      ///< by the watch
};

/// An attempted step.
struct OdeStep {
  std::int64_t path;
  double t, h;       ///< from t to t + h
  double error;      ///< rms(error / (atol + rtol max(|y|, |y1|)))
  double stiffness;  ///< |k7 - k6| / |z7 - z6|, an estimate of the largest |eigenvalue| of df/dy; NaN for 0 / 0
  bool accepted;
};

/// A function of (t, y) with one value, whose zeros are wanted.
struct OdeEvent {
  Function value;
  int direction = 0;          ///< 1: from negative to positive alone, -1: the other way alone
  std::int64_t terminal = 0;  ///< a path ends at its zero of this number; 0: never
};

struct OdeOptions {
  double rtol = 1e-6;
  std::span<const double> atol;  ///< one number a component
  double first_step = 0;         ///< 0: chosen
  double max_step = std::numeric_limits<double>::infinity();
  double min_step = 0;
  std::int64_t max_steps = 100000;  ///< attempts of a path
  std::span<const double> grid;     ///< fixed times from t0 to t1 instead of tolerances; empty: none
  std::span<const double> save_at;  ///< from t0 to t1 in order, if not save_all
  bool save_all = true;             ///< save the start and the end of every step, else at save_at
  bool dense = false;               ///< keep the interpolant of every step
  std::span<const OdeEvent> events;
  std::size_t block = 256;  ///< paths that f gets at once
  int threads = 1;          ///< for which f must be safe
  WatchOptions watch;
};

struct OdeReport {
  OdeStatus status;
  std::size_t points, steps, pieces;  ///< saved points, attempts, interpolants
  std::int64_t evaluations;           ///< of f
  double t;                           ///< where the path ended
};

class OdePaths;

/// The solutions. Answers do not depend on the number of threads.
class TRIMTAB_API OdeSolution {
 public:
  /// @param y0 (n, dim)
  /// @throws std::invalid_argument naming what is out of range; whatever f and the events throw
  OdeSolution(const Function& f, std::size_t n, std::size_t dim, double t0, double t1, const double* y0,
              const OdeOptions& options);
  ~OdeSolution();
  OdeSolution(OdeSolution&&) noexcept;
  OdeSolution& operator=(OdeSolution&&) noexcept;

  OdeReport report(std::size_t path) const;
  /// t (points), y (points, dim)
  void points(std::size_t path, double* t, double* y) const;
  void steps(std::size_t path, OdeStep* out) const;
  /// Ends of the pieces (pieces + 1) and coefficients (pieces, 5, dim): y(t) = sum_p c_p theta^p, theta in [0, 1].
  void pieces(std::size_t path, double* ends, double* coefficients) const;
  std::size_t event_count(std::size_t path, std::size_t event) const;
  /// t (count), y (count, dim)
  void events(std::size_t path, std::size_t event, double* t, double* y) const;

 private:
  std::unique_ptr<OdePaths> paths_;
};

}  // namespace trimtab::sde
