#pragma once

#include "entries.hpp"
#include "half_turn.hpp"
#include "spectra.hpp"
#include "workspace.hpp"

#include <cstddef>
#include <span>

namespace trimtab::fractional {

/// The least even fast length that is at least n.
std::size_t even_fast_length(std::size_t n);

/// Discrete Fourier transforms of real rows of even length m at the odd frequencies (2 j + 1) / 2m. Those at 4 k + 1
/// are one complex transform of half the length; the others are complex conjugates.
class OddFrequencies {
 public:
  explicit OddFrequencies(std::size_t m) : half_(m / 2), turn_(m) {}

  /// z_k = sum_j v_j exp(-pi i j (4 k + 1) / m) for k < m / 2, of n <= m numbers with zeros behind.
  void forward(std::size_t n, const double* v, std::span<std::complex<double>> z, int threads) const;

  /// Adds the first n numbers of the row that z is the transform of, which is overwritten.
  void add_inverse(std::span<std::complex<double>> z, std::size_t n, double* y, int threads) const;

 private:
  std::size_t half_;
  HalfTurn turn_;
};

/// Eigenvalues at 2 pi j / length, j = 0 ... length / 2, of the circulant that has the Toeplitz entries t_k, |k| <=
/// length / 2.
///
/// They are those of the periodized entries, which are the symbol, less a transform of the images e_k = sum_(m != 0)
/// t_(k + m length). The e_k are smooth and small: the sum of the t_k, which is zero and would otherwise come out as
/// rounding, never appears. This keeps the relative accuracy of the small eigenvalues, which a transform of the t_k in
/// double precision loses as length^alpha.
/// @param length twice an even fast length
Spectrum circulant_eigenvalues(const NearTable& table, double alpha, const Weights& weights, std::size_t length);

/// Products with the Toeplitz part, cut from a circulant of twice the length m >= n + 1. A circulant of length 2 m is
/// half the sum of a circulant and a skew circulant of length m, which are diagonal at the even and at the odd
/// frequencies: transforms of length m in place of longer ones that are half zeros.
class ToeplitzProduct {
 public:
  ToeplitzProduct(const NearTable& table, double alpha, const Weights& weights, std::size_t n);

  /// y = T v, or its transpose; v must not be y.
  void multiply(const double* v, double* y, Workspace& work, bool transposed = false) const;

 private:
  ToeplitzProduct(const Spectrum& eigenvalues, std::size_t n);

  std::size_t n_, length_;
  OddFrequencies odd_;
  Spectrum even_eigenvalues_, odd_eigenvalues_;  ///< halved
};

}  // namespace trimtab::fractional
