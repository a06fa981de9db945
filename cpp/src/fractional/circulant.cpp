#include "circulant.hpp"

#include "symbol.hpp"

#include <trimtab/core/fft.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace trimtab::fractional {
namespace {

/// Even and odd part of a polynomial at x = k / length, k = 0 ... length / 2.
void evaluate_parts(const std::vector<Extended>& c, std::size_t length, std::span<double> even, std::span<double> odd) {
  constexpr std::size_t piece = 512;
  const double step = 1 / static_cast<double>(length);
  const std::size_t terms = (c.size() + 1) / 2;
  std::vector<double> e(terms), o(terms);
  for (std::size_t i = 0; i < c.size(); ++i) (i % 2 ? o : e)[i / 2] = static_cast<double>(c[i]);
  const auto horner = [&](const std::vector<double>& p, bool times_x, std::span<double> out) {
    double z[piece];
    for (std::size_t begin = 0; begin < out.size(); begin += piece) {
      const std::size_t count = std::min(piece, out.size() - begin);
      double* y = out.data() + begin;
      for (std::size_t i = 0; i < count; ++i) {
        const double x = step * static_cast<double>(static_cast<std::int64_t>(begin + i));
        z[i] = x * x;
        y[i] = p.back();
      }
      for (std::size_t k = p.size() - 1; k-- > 0;)
        for (std::size_t i = 0; i < count; ++i) y[i] = y[i] * z[i] + p[k];
      if (times_x)
        for (std::size_t i = 0; i < count; ++i)
          y[i] *= step * static_cast<double>(static_cast<std::int64_t>(begin + i));
    }
  };
  horner(e, false, even);
  if (!odd.empty()) horner(o, true, odd);
}

}  // namespace

Circulant::Circulant(const NearTable& table, double alpha, const Weights& w, std::size_t length)
    : length_(length), eigenvalues_{std::vector<double>(length / 2 + 1), {}} {
  auto& [real, imaginary] = eigenvalues_;
  const std::size_t half = length / 2;
  const auto sum = static_cast<double>(w.left + w.right), difference = static_cast<double>(w.left - w.right);
  std::vector<double> even(half + 1), odd(difference != 0 ? half + 1 : 0), image(length);
  evaluate_parts(table.cardinal.periodized(static_cast<Extended>(length)), length, even, odd);
  for (std::size_t k = 0; k <= half; ++k) {
    const double skew = odd.empty() ? 0 : difference * odd[k];
    image[k] = sum * even[k] + skew;
    if (k > 0 && k < half) image[length - k] = sum * even[k] - skew;
  }
  std::vector<std::complex<double>> transformed(half + 1);
  rfft<double>(image, transformed, length, 1);
  Symbol(table.space.degree, alpha).grid(half, real);
  for (std::size_t j = 0; j <= half; ++j) real[j] = sum / 2 * real[j] - transformed[j].real();
  if (difference == 0) return;
  imaginary.resize(half + 1);
  Symbol(table.space.degree, alpha, true).grid(half, imaginary);
  const double factor = difference / 2 * std::tan(std::numbers::pi / 2 * alpha);
  for (std::size_t j = 0; j <= half; ++j) imaginary[j] = factor * imaginary[j] - transformed[j].imag();
  imaginary[0] = imaginary[half] = 0;  // of a real circulant
}

void Circulant::multiply(std::size_t n, const double* v, double* y, Workspace& work, bool transposed) const {
  const auto x = work.reals(length_);
  const auto spectrum = work.complexes(length_ / 2 + 1);
  std::copy_n(v, n, x.data());
  std::fill(x.begin() + static_cast<std::ptrdiff_t>(n), x.end(), 0.0);
  rfft<double>(x, spectrum, length_, work.threads);
  fractional::multiply(spectrum, eigenvalues_, transposed, spectrum);
  irfft<double>(spectrum, x, length_, work.threads);
  std::copy_n(x.data(), n, y);
}

void Circulant::solve(std::size_t n, const double* v, double* y, Workspace& work) const {
  const auto x = work.reals(length_);
  const auto spectrum = work.complexes(length_ / 2 + 1);
  const std::size_t before = (length_ - n) / 2;
  std::fill(x.begin(), x.end(), 0.0);
  std::copy_n(v, n, x.data() + before);
  rfft<double>(x, spectrum, length_, work.threads);
  divide(spectrum, eigenvalues_, spectrum);
  irfft<double>(spectrum, x, length_, work.threads);
  std::copy_n(x.data() + before, n, y);
}

void Circulant::add(std::span<const double> values) {
  for (std::size_t j = 0; j < values.size(); ++j) eigenvalues_.real[j] += values[j];
}

}  // namespace trimtab::fractional
