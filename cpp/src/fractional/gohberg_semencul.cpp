#include "gohberg_semencul.hpp"

#include <trimtab/core/fft.hpp>

#include <algorithm>
#include <complex>

namespace trimtab::fractional {
GohbergSemencul::GohbergSemencul(const std::vector<double>& x)
    : n_(x.size()), length_(2 * next_fast_length(n_)), first_(x[0]), low_(transformed(x)) {
  std::vector<double> y(n_);
  for (std::size_t i = 1; i < n_; ++i) y[i] = x[n_ - i];
  high_ = transformed(y);
}

Spectrum GohbergSemencul::transformed(std::vector<double> x) const {
  x.resize(length_);
  std::vector<std::complex<double>> y(length_ / 2 + 1);
  rfft<double>(x, y, length_, 1);
  Spectrum s{std::vector<double>(y.size()), std::vector<double>(y.size())};
  for (std::size_t j = 0; j < y.size(); ++j) s.real[j] = y[j].real(), s.imaginary[j] = y[j].imag();
  return s;
}

void GohbergSemencul::solve(const double* v, double* y, Workspace& work) const {
  const auto z = work.complexes(length_ / 2);
  const std::span<double> x(reinterpret_cast<double*>(z.data()), length_);
  const auto cut = [&] { std::fill(x.begin() + static_cast<std::ptrdiff_t>(n_), x.end(), 0.0); };
  std::vector<std::complex<double>> all(length_ / 2 + 1), first(all.size()), second(all.size());
  std::copy_n(v, n_, x.data());
  cut();
  rfft<double>(x, all, length_, work.threads);
  const auto both = [&](const Spectrum& factor, std::vector<std::complex<double>>& to) {
    multiply(all, factor, true, to);
    irfft<double>(to, x, length_, work.threads);
    cut();
    rfft<double>(x, to, length_, work.threads);
    multiply(to, factor, false, to);
  };
  both(low_, first);
  both(high_, second);
  for (std::size_t j = 0; j < all.size(); ++j) first[j] -= second[j];
  irfft<double>(first, x, length_, work.threads);
  for (std::size_t i = 0; i < n_; ++i) y[i] = x[i] / first_;
}

}  // namespace trimtab::fractional
