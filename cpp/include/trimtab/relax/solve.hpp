#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/core/stop.hpp>
#include <trimtab/relax/matrix.hpp>

#include <cstdint>
#include <span>

/// @file solve.hpp
/// Iterations for A x = b, and for the obstacle problem x >= floor, A x >= b.

namespace trimtab::relax {

/// When an iteration ends. The residual is the true b - A x in the 2-norm, at the iterate that is returned.
struct StopOptions {
  enum class Reference { rhs, start };  ///< |b|, or the residual of the start
  double rtol = 1e-8;                   ///< stop at |r| <= max(rtol * reference, atol)
  double atol = 0;
  Reference reference = Reference::rhs;
  std::int64_t max_iterations = 10'000;
  WatchOptions watch = {};
};

enum class Direction { forward, backward, symmetric };

/// In which order the unknowns of a sweep come.
enum class Order {
  row,        ///< as they are numbered
  red_black,  ///< points with even coordinate sum first; 5- and 7-point stencils
  multicolor  ///< color by color of a greedy coloring, in which no two neighbors are alike; stores a sorted copy of A
};

struct SorOptions {
  double omega = 1;  ///< in (0, 2)
  Direction direction = Direction::forward;
  Order order = Order::row;
  StopOptions stop = {};
};

struct PcgOptions {
  double omega = 1;          ///< of the SSOR preconditioner, in (0, 2); without meaning for jacobi_pcg
  Order order = Order::row;  ///< of the SSOR preconditioner: row or multicolor
  StopOptions stop = {};
};

enum class Status {
  converged = 0,
  max_iterations = 1,
  stopped = 2,  ///< by the callback
  time_limit = 3,
  diverged = 4,  ///< the residual grew ten-thousandfold or is no number; x is as it came
  not_spd = 5    ///< a direction of negative curvature came up; x is the last good iterate
};

struct Report {
  Status status = Status::converged;
  std::int64_t iterations = 0;
  double residual = 0;   ///< |b - A x|, for psor the maximum norm of min(x - floor, A x - b)
  double reference = 0;  ///< what rtol is relative to
  double seconds = 0;
  double ritz_min = 0;     ///< jacobi_pcg: smallest Ritz value of D^-1 A
  double ritz_before = 0;  ///< the same, one iteration earlier; 0 if there was none
  double rate = 0;         ///< sor, psor: factor of the residual in a sweep, over the last third of them; 0 if unknown
};

/// Successive over-relaxation. `iterations` counts sweeps, a symmetric one (forward, then backward) as one.
///
/// The residual comes with the sweep: what a row lacks before its update is its residual but for the part of the
/// neighbors that were updated before it, whose products the sweep before has kept.
/// @throws std::invalid_argument for omega outside (0, 2), wrong sizes, numbers that are not finite, an order that the
///         matrix does not have
template <class Real>
TRIMTAB_API Report sor(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const SorOptions& options);

/// The same for reports.size() right-hand sides, which stand one after the other in b, and their solutions in x.
/// Compressed rows are read once for several of them; each gets the numbers that it would get alone.
template <class Real>
TRIMTAB_API void sor(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const SorOptions& options,
                     std::span<Report> reports);

/// Projected SOR for x >= floor, A x >= b, (x - floor)'(A x - b) = 0. Stops at |min(x - floor, A x - b)| <= max(rtol *
/// reference, atol) in the maximum norm; the reference is that of b, or that of the start.
///
/// Cryer, SIAM J. Control 9 (1971) 385.
template <class Real>
TRIMTAB_API Report psor(const Matrix<Real>& a, std::span<const Real> b, std::span<const Real> floor, std::span<Real> x,
                        const SorOptions& options);

/// The same for several right-hand sides, as in sor; floor holds one for each.
template <class Real>
TRIMTAB_API void psor(const Matrix<Real>& a, std::span<const Real> b, std::span<const Real> floor, std::span<Real> x,
                      const SorOptions& options, std::span<Report> reports);

/// Conjugate gradients with the preconditioner (D + omega L) D^-1 (D + omega U) / (omega (2 - omega)), at the price of
/// one matrix product a step.
///
/// Eisenstat, SIAM J. Sci. Stat. Comput. 2 (1981) 1.
template <class Real>
TRIMTAB_API Report ssor_pcg(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x,
                            const PcgOptions& options);

/// The same for several right-hand sides, as in sor.
template <class Real>
TRIMTAB_API void ssor_pcg(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const PcgOptions& options,
                          std::span<Report> reports);

/// Conjugate gradients with the diagonal as preconditioner; reports the smallest Ritz value of D^-1 A.
///
/// Golub, Van Loan, Matrix Computations, 4th ed. (2013), 10.2 and 11.5.
template <class Real>
TRIMTAB_API Report jacobi_pcg(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x,
                              const PcgOptions& options);

/// z = M^-1 r for the preconditioner of ssor_pcg.
template <class Real>
TRIMTAB_API void ssor_apply(const Matrix<Real>& a, double omega, std::span<const Real> r, std::span<Real> z);

}  // namespace trimtab::relax
