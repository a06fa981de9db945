#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/core/stop.hpp>
#include <trimtab/sde/brownian.hpp>
#include <trimtab/sde/system.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

/// @file adjoint.hpp
/// Derivatives of the solution over given steps: the discrete adjoint, in reverse mode.

namespace trimtab::sde {

/// The explicit methods that have an adjoint. tsit5 is for f alone. euler is the Ito solution, the others are
/// Stratonovich; sra1 and shark take additive noise.
enum class Method { tsit5, euler, heun, sra1, shark, spark };

/// Size of the method's stability region on the negative real axis.
TRIMTAB_API double stability_size(Method method);

/// Vector-Jacobian product of a Function, for m paths: y_bar = v^T df/dy is written, (dim, m), and v^T df/dp, summed
/// over the paths, is added to p_bar. v is shaped as the function's values.
struct VectorJacobian {
  using Address = void (*)(const double* t, const double* y, const double* v, double* y_bar, double* p_bar,
                           std::int64_t m, void* ctx);

  Address call = nullptr;
  void* ctx = nullptr;

  void operator()(const double* t, const double* y, const double* v, double* y_bar, double* p_bar,
                  std::size_t m) const {
    call(t, y, v, y_bar, p_bar, static_cast<std::int64_t>(m), ctx);
  }
};

/// Steps of m paths, arrays (count, m). A path with fewer steps than others ends in steps of length 0, which change
/// nothing. With noise, step n of path i goes from tick from[n m + i] to tick to[n m + i], and h is that length.
struct StepList {
  std::size_t count = 0;
  const double *t = nullptr, *h = nullptr;  ///< start and signed length
  const std::uint64_t *from = nullptr, *to = nullptr;
};

/// Where the solution is asked for: number k of the entries is value index[k] of path lane[k], at the share theta[k] of
/// a step. Those of step n stand at [begin[n], begin[n + 1]). Only tsit5 knows theta other than 0 and 1.
struct SaveList {
  std::size_t values = 0;  ///< asked of each path
  const std::size_t *begin = nullptr, *lane = nullptr, *index = nullptr;
  const double* theta = nullptr;
};

struct AdjointOptions {
  Method method = Method::tsit5;
  double rtol = 1e-6;            ///< of the scaled error
  const double* atol = nullptr;  ///< (dim)
  std::size_t checkpoints = 8;   ///< states kept beside the first
  WatchOptions watch;
};

/// Cotangents of what forward() computed; null for zeros.
struct Cotangents {
  const double* saved = nullptr;      ///< (values, dim, m)
  const double* error = nullptr;      ///< (count, m)
  const double* stiffness = nullptr;  ///< (count, m)
};

class AdjointSweep;

/// The solution over given steps and its derivatives. Lengths of steps are constants: no derivative goes through the
/// controller that chose them. Noise is computed again from the tree, not stored.
///
/// With c checkpoints, steps are recomputed at most r times each, the least r with binomial(c + r, c) >= count.
/// Griewank, Achieving logarithmic growth of temporal and spatial complexity in reverse automatic differentiation
/// (Optim. Methods Softw. 1, 1992).
class TRIMTAB_API Adjoint {
 public:
  /// All pointers are borrowed for as long as this lives. `tree` may be null if the system has no diffusion.
  /// @param y0 (dim, m)
  /// @throws std::invalid_argument if the method does not fit the system, or the tree lacks H
  Adjoint(const System& system, const StepList& steps, const SaveList& save, const double* y0, std::size_t m,
          const BrownianTree* tree, const Paths& paths, const AdjointOptions& options);
  ~Adjoint();
  Adjoint(Adjoint&&) noexcept;
  Adjoint& operator=(Adjoint&&) noexcept;

  /// Error e = rms(error / (atol + rtol max(|y|, |y1|))) and stiffness s = |f_j - f_i| / |z_j - z_i| of each step, NaN
  /// where there is none. Arrays are shaped as those of Cotangents, and `end` (dim, m) is the state after the last
  /// step.
  Stop forward(double* saved, double* error, double* stiffness);

  /// The reverse sweep. `y_bar` (dim, m) is written; products add to `p_bar`. May be called again and again.
  Stop reverse(const Cotangents& cotangents, const VectorJacobian& drift, const VectorJacobian& diffusion,
               double* y_bar, double* p_bar);

 private:
  std::unique_ptr<AdjointSweep> sweep_;
};

}  // namespace trimtab::sde
