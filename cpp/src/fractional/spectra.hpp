#pragma once

#include <complex>
#include <span>
#include <vector>

namespace trimtab::fractional {

/// Complex numbers with their parts in arrays of their own; the imaginary ones are left out where all are zero.
struct Spectrum {
  std::vector<double> real, imaginary;
};

/// to_j = from_j factor_j, or times the conjugate of the factor.
void multiply(std::span<const std::complex<double>> from, const Spectrum& factor, bool conjugate,
              std::span<std::complex<double>> to);

/// to_j = from_j / factor_j
void divide(std::span<const std::complex<double>> from, const Spectrum& factor, std::span<std::complex<double>> to);

}  // namespace trimtab::fractional
