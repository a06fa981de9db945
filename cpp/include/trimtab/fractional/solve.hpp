#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/fractional/riesz.hpp>

#include <memory>
#include <span>

/// @file solve.hpp
/// Equations d(x) L u + r(x) u = f, collocated at the Greville points: (diag(d) A + diag(r) M) c = f.

namespace trimtab::fractional {

enum class Preconditioner {
  automatic,   ///< dense for few unknowns, strang for unequal weights, else padded_tau
  tau,         ///< sine transforms and the symbol, of length size + 1; padded where that is no fast length
  padded_tau,  ///< the same on a length at least a hundredth longer, which takes fewer iterations
  strang,      ///< circulant of the central entries; serves unequal weights too
  none,
  dense  ///< no iteration: LU factors of the whole matrix
};

struct SystemOptions {
  std::span<const double> diffusion = {};  ///< d: one number, or one for each Greville point, > 0; none: 1
  std::span<const double> reaction = {};   ///< r: none, one number, or one for each Greville point
  Preconditioner preconditioner = Preconditioner::automatic;
  bool border = true;  ///< exact border in the preconditioner: fewer iterations, 2 degree - 3 vectors of floats
};

struct StopOptions {
  double rtol = 1e-10;  ///< of the preconditioned residual, relative to that of the right-hand side
  int max_iterations = 200;
};

enum class Status {
  converged = 0,
  floor = 1,  ///< rounding lets the residual fall no further; as good as converged
  max_iterations = 2,
  diverged = 3  ///< the residual is no number; the solution is as it came
};

struct Report {
  Status status = Status::converged;
  int iterations = 0;  ///< the largest number if there are several right-hand sides
  double error = 0;  ///< |P^-1 (f - A u)| / |P^-1 f|: nearly the relative error of the coefficients, as P is close to A
  double seconds = 0;
};

/// A matrix with its preconditioner, for many right-hand sides. Immutable; safe to share between threads.
///
/// Full GMRES, which stops on the preconditioned residual: that of the equation itself cannot fall below about
/// epsilon n^alpha |u| / |f|. With the border in the preconditioner it takes 4 to 7 iterations to 1e-10 for any n.
///
/// Bini, Di Benedetto, A new preconditioner for the parallel solution of positive definite Toeplitz systems, SPAA 1990;
/// Saad, Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856.
class TRIMTAB_API System {
 public:
  /// @throws std::invalid_argument for diffusion <= 0, wrong sizes, tau with unequal weights
  /// @throws Failure if the preconditioner is singular
  explicit System(const Riesz& riesz, const SystemOptions& options = {});
  ~System();
  System(System&&) noexcept;
  System& operator=(System&&) noexcept;

  std::int64_t size() const;
  Preconditioner preconditioner() const;  ///< the one that is used

  /// y = (diag(d) A + diag(r) M) v for rows of size() numbers.
  void apply(std::span<const double> v, std::span<double> y) const;

  /// y = P^-1 v
  void precondition(std::span<const double> v, std::span<double> y) const;

  /// Solves for rows of coefficients.
  /// @param u receives the solutions; with `from_start` it holds where to start
  Report solve(std::span<const double> f, std::span<double> u, const StopOptions& stop = {},
               bool from_start = false) const;

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

/// The inverse of shift M + diffusion A, for many right-hand sides at the price of six transforms each.
///
/// The Toeplitz part T is symmetric positive definite, and its inverse is a difference of two products of triangular
/// Toeplitz matrices that hold the first column of T^-1, which conjugate gradients with the tau preconditioner find
/// in some ten steps. The border goes by Woodbury's formula.
///
/// Gohberg, Semencul, Mat. Issled. 7 (1972) 201.
class TRIMTAB_API Factorization {
 public:
  /// @throws std::invalid_argument for diffusion <= 0, shift < 0 or unequal weights
  explicit Factorization(const Riesz& riesz, double diffusion = 1, double shift = 0);
  ~Factorization();
  Factorization(Factorization&&) noexcept;
  Factorization& operator=(Factorization&&) noexcept;

  std::int64_t size() const;
  void solve(std::span<const double> f, std::span<double> u) const;

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace trimtab::fractional
