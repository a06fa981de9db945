#pragma once

#include "entries.hpp"
#include "spectra.hpp"
#include "workspace.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// The circulant of even length that has the Toeplitz entries t_k, |k| <= length / 2.
///
/// Its eigenvalues are those of the periodized entries, which are the symbol, less a transform of the images
/// e_k = sum_(m != 0) t_(k + m length). The e_k are smooth and small: the sum of the t_k, which is zero and would
/// otherwise come out as rounding, never appears. This keeps the relative accuracy of the small eigenvalues, which a
/// transform of the t_k in double precision loses as length^alpha.
class Circulant {
 public:
  Circulant(const NearTable& table, double alpha, const Weights& weights, std::size_t length);

  std::size_t length() const { return length_; }
  std::span<const double> real_parts() const {
    return eigenvalues_.real;
  }  ///< at 2 pi j / length, j = 0 ... length / 2
  bool symmetric() const { return eigenvalues_.imaginary.empty(); }

  /// y = T v for vectors of n <= length / 2 numbers.
  void multiply(std::size_t n, const double* v, double* y, Workspace& work, bool transposed = false) const;

  /// y = the inverse of the circulant, applied to v in the middle of zeros and cut out again; n <= length.
  void solve(std::size_t n, const double* v, double* y, Workspace& work) const;

  /// Adds real numbers to the eigenvalues j = 0 ... length / 2.
  void add(std::span<const double> values);

 private:
  std::size_t length_;
  Spectrum eigenvalues_;
};

}  // namespace trimtab::fractional
