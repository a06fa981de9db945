#pragma once

#if defined(__GNUC__) && !defined(__clang__)
// GCC's straight-line vectorizer fuses a multiplication with an alternating add and subtract (vfmaddsub) even under
// -ffp-contract=off, and numbers outside full registers would get other bits. The kernels are vectorized by hand.
#pragma GCC optimize("no-tree-slp-vectorize")
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#pragma GCC optimize("O1")
#endif
#endif

#include "cache.hpp"
#include "factor.hpp"
#include "real_transform.hpp"
#include "transform.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/fft.hpp>
#include <trimtab/core/parallel.hpp>

#include <functional>
#include <string>

/// @file instantiate.hpp
/// Bodies of the public functions, for the one source file of each number type.

namespace trimtab {
namespace fft_detail {

/// Rows in two arrays whose rows have these lengths.
inline std::size_t checked_rows(std::size_t n, std::size_t in, std::size_t in_row, std::size_t out,
                                std::size_t out_row) {
  if (!is_fast_length(n))
    reject("n", "a product of twos, threes and fives, such as " + std::to_string(next_fast_length(n)),
           std::to_string(n));
  if (in % in_row != 0) reject("in", "rows of " + std::to_string(in_row) + " numbers", std::to_string(in) + " numbers");
  const std::size_t rows = in / in_row;
  if (out / out_row != rows || out % out_row != 0)
    reject("out", std::to_string(rows) + " rows of " + std::to_string(out_row) + " numbers",
           std::to_string(out) + " numbers");
  return rows;
}

inline void refuse_overlap(const void* in, std::size_t in_bytes, const void* out, std::size_t out_bytes) {
  const auto* a = static_cast<const char*>(in);
  const auto* b = static_cast<const char*>(out);
  const std::less<const char*> before;
  if (in_bytes > 0 && out_bytes > 0 && before(a, b + out_bytes) && before(b, a + in_bytes))
    reject("out", "an array that does not overlap in", "one that does");
}

/// Real and complex rows differ in length, so only a single one may stay where it is.
template <class In, class Out>
void refuse_overlap_of_rows(std::size_t rows, In in, Out out) {
  if (rows != 1 || static_cast<const void*>(in.data()) != static_cast<const void*>(out.data()))
    refuse_overlap(in.data(), in.size_bytes(), out.data(), out.size_bytes());
}

template <class Real>
void transform(std::span<const std::complex<Real>> in, std::span<std::complex<Real>> out, std::size_t n, int threads,
               Real sign, Real scale) {
  const std::size_t rows = checked_rows(n, in.size(), n, out.size(), n);
  if (in.data() != out.data()) refuse_overlap(in.data(), in.size_bytes(), out.data(), out.size_bytes());
  cached<Transform<Real>>(n)->run({reinterpret_cast<const Real*>(in.data()), 1, sign}, n,
                                  {reinterpret_cast<Real*>(out.data()), scale, sign * scale}, n, rows,
                                  resolve_threads(threads));
}

}  // namespace fft_detail

template <class Real>
void fft(std::span<const std::complex<Real>> in, std::span<std::complex<Real>> out, std::size_t n, int threads) {
  fft_detail::transform<Real>(in, out, n, threads, 1, 1);
}

template <class Real>
void ifft(std::span<const std::complex<Real>> in, std::span<std::complex<Real>> out, std::size_t n, int threads) {
  fft_detail::transform<Real>(in, out, n, threads, -1, 1 / static_cast<Real>(n));
}

template <class Real>
void rfft(std::span<const Real> in, std::span<std::complex<Real>> out, std::size_t n, int threads) {
  const std::size_t rows = fft_detail::checked_rows(n, in.size(), n, out.size(), n / 2 + 1);
  fft_detail::refuse_overlap_of_rows(rows, in, out);
  fft_detail::cached<fft_detail::RealTransform<Real>>(n)->forward(in.data(), reinterpret_cast<Real*>(out.data()), rows,
                                                                  resolve_threads(threads));
}

template <class Real>
void irfft(std::span<const std::complex<Real>> in, std::span<Real> out, std::size_t n, int threads) {
  const std::size_t rows = fft_detail::checked_rows(n, in.size(), n / 2 + 1, out.size(), n);
  fft_detail::refuse_overlap_of_rows(rows, in, out);
  fft_detail::cached<fft_detail::RealTransform<Real>>(n)->inverse(reinterpret_cast<const Real*>(in.data()), out.data(),
                                                                  rows, resolve_threads(threads));
}

#define TRIMTAB_INSTANTIATE_FFT(Real)                                                                                  \
  template TRIMTAB_API void fft(std::span<const std::complex<Real>>, std::span<std::complex<Real>>, std::size_t, int); \
  template TRIMTAB_API void ifft(std::span<const std::complex<Real>>, std::span<std::complex<Real>>, std::size_t,      \
                                 int);                                                                                 \
  template TRIMTAB_API void rfft(std::span<const Real>, std::span<std::complex<Real>>, std::size_t, int);              \
  template TRIMTAB_API void irfft(std::span<const std::complex<Real>>, std::span<Real>, std::size_t, int);

}  // namespace trimtab
