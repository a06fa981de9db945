#include "circulant.hpp"

#include "symbol.hpp"

#include <trimtab/core/fft.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

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

/// Numbers from every `stride`-th place, beginning with `first`, halved; above the end they come back mirrored, as
/// complex conjugates.
Spectrum halves(const Spectrum& all, std::size_t first, std::size_t stride, std::size_t count) {
  const std::size_t last = all.real.size() - 1;
  const auto pick = [=](const std::vector<double>& from, double mirrored) {
    std::vector<double> to(from.empty() ? 0 : count);
    for (std::size_t k = 0; k < to.size(); ++k) {
      const std::size_t j = first + stride * k;
      to[k] = j <= last ? from[j] / 2 : mirrored * from[2 * last - j] / 2;
    }
    return to;
  };
  return {pick(all.real, 1), pick(all.imaginary, -1)};
}

}  // namespace

std::size_t even_fast_length(std::size_t n) { return 2 * next_fast_length((n + 1) / 2); }

void OddFrequencies::forward(std::size_t n, const double* v, std::span<std::complex<double>> z, int threads) const {
  constexpr std::size_t piece = HalfTurn::piece;
  auto* out = reinterpret_cast<double*>(z.data());
  for (std::size_t begin = 0; begin < half_; begin += piece) {
    double c[piece], s[piece], a[piece] = {}, b[piece] = {}, re[piece], im[piece];
    const std::size_t count = std::min(piece, half_ - begin);
    turn_.cosines(begin, count, c);
    turn_.sines(begin, count, s);
    if (begin < n) std::copy_n(v + begin, std::min(count, n - begin), a);
    if (begin + half_ < n) std::copy_n(v + begin + half_, std::min(count, n - begin - half_), b);
    for (std::size_t i = 0; i < count; ++i) re[i] = a[i] * c[i] - b[i] * s[i];
    for (std::size_t i = 0; i < count; ++i) im[i] = -(a[i] * s[i] + b[i] * c[i]);
    for (std::size_t i = 0; i < count; ++i) out[2 * (begin + i)] = re[i], out[2 * (begin + i) + 1] = im[i];
  }
  fft<double>(z, z, half_, threads);
}

void OddFrequencies::add_inverse(std::span<std::complex<double>> z, std::size_t n, double* y, int threads) const {
  constexpr std::size_t piece = HalfTurn::piece;
  ifft<double>(z, z, half_, threads);
  const auto* in = reinterpret_cast<const double*>(z.data());
  for (std::size_t begin = 0; begin < std::min(n, half_); begin += piece) {
    double c[piece], s[piece], re[piece], im[piece];
    const std::size_t count = std::min(piece, std::min(n, half_) - begin);
    turn_.cosines(begin, count, c);
    turn_.sines(begin, count, s);
    for (std::size_t i = 0; i < count; ++i) re[i] = in[2 * (begin + i)], im[i] = in[2 * (begin + i) + 1];
    double* front = y + begin;
    for (std::size_t i = 0; i < count; ++i) front[i] += re[i] * c[i] - im[i] * s[i];
    if (begin + half_ >= n) continue;
    double* back = front + half_;
    const std::size_t there = std::min(count, n - begin - half_);
    for (std::size_t i = 0; i < there; ++i) back[i] -= re[i] * s[i] + im[i] * c[i];
  }
}

Spectrum circulant_eigenvalues(const NearTable& table, double alpha, const Weights& w, std::size_t length) {
  const std::size_t m = length / 2;
  const auto sum = static_cast<double>(w.left + w.right), difference = static_cast<double>(w.left - w.right);
  std::vector<double> even(m + 1), odd(difference != 0 ? m + 1 : 0), image(m);
  evaluate_parts(table.cardinal.periodized(static_cast<Extended>(length)), length, even, odd);
  const auto image_at = [&](std::size_t k, double side) {
    return sum * even[k] + (odd.empty() ? 0 : side * difference * odd[k]);
  };
  const auto fold = [&](double sign) {  // e_k + sign e_(k + m), of which the latter is e_-(m - k)
    image[0] = image_at(0, 1) + sign * image_at(m, 1);
    for (std::size_t k = 1; k < m; ++k) image[k] = image_at(k, 1) + sign * image_at(m - k, -1);
  };
  Spectrum s{std::vector<double>(m + 1), std::vector<double>(difference != 0 ? m + 1 : 0)};
  Symbol(table.space.degree, alpha).grid(m, s.real);
  for (double& x : s.real) x *= sum / 2;
  if (difference != 0) {
    Symbol(table.space.degree, alpha, true).grid(m, s.imaginary);
    const double factor = difference / 2 * std::tan(std::numbers::pi / 2 * alpha);
    for (double& x : s.imaginary) x *= factor;
  }
  const auto subtract = [&](std::size_t j, const std::complex<double>& x, double side) {
    s.real[j] -= x.real();
    if (difference != 0) s.imaginary[j] -= side * x.imag();
  };
  std::vector<std::complex<double>> transformed(m / 2 + 1);
  fold(1);
  rfft<double>(image, transformed, m, 1);
  for (std::size_t k = 0; k <= m / 2; ++k) subtract(2 * k, transformed[k], 1);
  fold(-1);
  transformed.pop_back();
  OddFrequencies(m).forward(m, image.data(), transformed, 1);
  for (std::size_t k = 0; k < m / 2; ++k) {
    const bool mirrored = 4 * k + 1 > m;
    subtract(mirrored ? length - 4 * k - 1 : 4 * k + 1, transformed[k], mirrored ? -1 : 1);
  }
  if (difference != 0) s.imaginary[0] = s.imaginary[m] = 0;  // of a real circulant
  return s;
}

ToeplitzProduct::ToeplitzProduct(const NearTable& table, double alpha, const Weights& w, std::size_t n)
    : ToeplitzProduct(circulant_eigenvalues(table, alpha, w, 2 * even_fast_length(n + 1)), n) {}

ToeplitzProduct::ToeplitzProduct(const Spectrum& eigenvalues, std::size_t n)
    : n_(n),
      length_(eigenvalues.real.size() - 1),
      odd_(length_),
      even_eigenvalues_(halves(eigenvalues, 0, 2, length_ / 2 + 1)),
      odd_eigenvalues_(halves(eigenvalues, 1, 4, length_ / 2)) {}

void ToeplitzProduct::multiply(const double* v, double* y, Workspace& work, bool transposed) const {
  const auto z = work.complexes(length_ / 2 + 1);
  const std::span<double> x(reinterpret_cast<double*>(z.data()), length_);
  std::copy_n(v, n_, x.data());
  std::fill(x.begin() + static_cast<std::ptrdiff_t>(n_), x.end(), 0.0);
  rfft<double>(x, z, length_, work.threads);
  fractional::multiply(z, even_eigenvalues_, transposed, z);
  irfft<double>(z, x, length_, work.threads);
  std::copy_n(x.data(), n_, y);
  const auto turned = z.first(length_ / 2);
  odd_.forward(n_, v, turned, work.threads);
  fractional::multiply(turned, odd_eigenvalues_, transposed, turned);
  odd_.add_inverse(turned, n_, y, work.threads);
}

}  // namespace trimtab::fractional
