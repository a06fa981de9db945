#include "spectra.hpp"

#include <algorithm>
#include <cstddef>

namespace trimtab::fractional {
namespace {

constexpr std::size_t piece = 256;

/// Real parts first, then imaginary ones: side by side the compiler fuses their products with the alternating sums,
/// even under -ffp-contract=off, and bits would depend on the instruction set.
template <class Real, class Imaginary>
void combine(std::size_t n, std::complex<double>* to, Real&& real, Imaginary&& imaginary) {
  double re[piece], im[piece];
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t count = std::min(piece, n - begin);
    for (std::size_t i = 0; i < count; ++i) re[i] = real(begin + i);
    for (std::size_t i = 0; i < count; ++i) im[i] = imaginary(begin + i);
    for (std::size_t i = 0; i < count; ++i) to[begin + i] = {re[i], im[i]};
  }
}

}  // namespace

void multiply(std::span<const std::complex<double>> from, const Spectrum& factor, bool conjugate,
              std::span<std::complex<double>> to) {
  const double* x = reinterpret_cast<const double*>(from.data());
  const double* c = factor.real.data();
  if (factor.imaginary.empty()) {
    for (std::size_t j = 0; j < to.size(); ++j) to[j] = from[j] * c[j];
    return;
  }
  const double *d = factor.imaginary.data(), sign = conjugate ? -1 : 1;
  combine(
      to.size(), to.data(), [=](std::size_t j) { return x[2 * j] * c[j] - x[2 * j + 1] * (sign * d[j]); },
      [=](std::size_t j) { return x[2 * j] * (sign * d[j]) + x[2 * j + 1] * c[j]; });
}

void divide(std::span<const std::complex<double>> from, const Spectrum& factor, std::span<std::complex<double>> to) {
  const double* x = reinterpret_cast<const double*>(from.data());
  const double* c = factor.real.data();
  if (factor.imaginary.empty()) {
    for (std::size_t j = 0; j < to.size(); ++j) to[j] = from[j] / c[j];
    return;
  }
  const double* d = factor.imaginary.data();
  const auto norm = [=](std::size_t j) { return c[j] * c[j] + d[j] * d[j]; };
  combine(
      to.size(), to.data(), [=](std::size_t j) { return (x[2 * j] * c[j] + x[2 * j + 1] * d[j]) / norm(j); },
      [=](std::size_t j) { return (x[2 * j + 1] * c[j] - x[2 * j] * d[j]) / norm(j); });
}

}  // namespace trimtab::fractional
