#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/hyperbolic/options.hpp>

#include <cstdint>
#include <memory>

/// @file solve.hpp
/// The solver behind the bindings: one of the built-in laws in single or double precision.

namespace trimtab::steer {
class Decisions;
}

namespace trimtab::hyperbolic {

enum class LawName { euler, advection, burgers, shallow_water };

enum class Precision { float64, float32 };

/// What to solve, and where.
struct Problem {
  LawName law = LawName::euler;
  double parameter = 1.4;  ///< gamma (euler), speed (advection), g (shallow_water)
  std::int64_t n = 0;      ///< cells
  double lower = 0, upper = 1;
  Precision precision = Precision::float64;
};

class Model;

/// A-WENO solver of one-dimensional conservation laws with its smoothness switch. Values at cell centers
/// x_j = lower + (j + 1/2) (upper - lower) / n; arrays are n_vars x n, row-major, double.
///
/// Chertock, Kurganov, Redle, Zeitlin, A-WENO schemes; Chertock, Fu, Kurganov, Micalizzi, arXiv 2601.20000.
class TRIMTAB_API Solver {
 public:
  /// @throws std::invalid_argument naming the argument that is out of range
  Solver(const Problem& problem, const SchemeOptions& options);
  ~Solver();
  Solver(Solver&&) noexcept;
  Solver& operator=(Solver&&) noexcept;

  int n_vars() const;
  Clock clock() const;
  const steer::Decisions& decisions() const;

  /// Starts anew at time t.
  void set_primitive(const double* w, double t);
  void set_conservative(const double* u, double t);
  void primitive(double* w) const;
  void conservative(double* u) const;
  void classes(std::uint8_t* out) const;
  void defect(double* out) const;

  /// Time derivative of the conserved values as they stand, for time steppers of one's own.
  void rate(double* out);

  /// Goes on from a saved state, bit for bit.
  void restore(const double* u, const std::uint8_t* classes, const double* defect, const Clock& clock,
               const steer::Decisions& decisions);

  /// Advances to t_end; failures are reported, not thrown, and leave the last good state.
  /// @throws std::invalid_argument if t_end lies before the present time; whatever the callbacks throw
  RunReport run(double t_end, const RunOptions& options = {});

 private:
  std::unique_ptr<Model> model_;
};

}  // namespace trimtab::hyperbolic
