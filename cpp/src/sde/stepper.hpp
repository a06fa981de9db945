#pragma once

#include <trimtab/sde/solve.hpp>

#include <memory>

/// @file stepper.hpp
/// One step of many paths, each of its own length.

namespace trimtab::sde {

/// Holds the scratch of one thread.
class Stepper {
 public:
  virtual ~Stepper() = default;
  virtual std::size_t carried() const { return 0; }  ///< components behind the equation's
  /// Fills the carried components of a first state.
  virtual void prepare([[maybe_unused]] double* y, [[maybe_unused]] std::size_t m) {}
  /// The states of the step have the carried components too.
  virtual void step(const Step& step) = 0;

  std::uint64_t evaluations = 0;  ///< of the drift or gradient, counted on each path
};

/// @param capacity largest m
std::unique_ptr<Stepper> make_stepper(Solver solver, const System& system, std::size_t capacity);
std::unique_ptr<Stepper> make_stepper(Solver solver, const Langevin& langevin, std::size_t capacity);
std::unique_ptr<Stepper> make_stepper(Solver solver, const Cir& cir, std::size_t capacity);

}  // namespace trimtab::sde
