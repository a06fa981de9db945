#pragma once

#include <trimtab/sde/solve.hpp>

#include <memory>
#include <span>
#include <vector>

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

struct Term {
  double factor;
  const double* x;
};

/// out = base + sum of factor x. A base of null is zero; out may be base.
inline void combine(const double* base, std::span<const Term> terms, double* out, std::size_t size) {
  constexpr std::size_t block = 256;  // stays in the first cache
  for (std::size_t begin = 0; begin < size; begin += block) {
    const std::size_t end = begin + block < size ? begin + block : size;
    for (std::size_t i = begin; i < end; ++i) out[i] = base ? base[i] : 0.0;
    for (const Term& term : terms) {
      const double factor = term.factor;
      const double* const x = term.x;
      for (std::size_t i = begin; i < end; ++i) out[i] += factor * x[i];
    }
  }
}

/// Multiplies each component of x (dim, m) by s (m).
inline void scale(const double* s, double* x, std::size_t dim, std::size_t m) {
  for (std::size_t i = 0; i < dim; ++i)
    for (std::size_t lane = 0; lane < m; ++lane) x[i * m + lane] *= s[lane];
}

}  // namespace trimtab::sde
