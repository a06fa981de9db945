#pragma once

#include <trimtab/core/export.hpp>

#include <complex>
#include <cstddef>
#include <span>

/// @file fft.hpp
/// Discrete Fourier transforms of rows of n numbers, n a product of twos, threes and fives.
///
/// Forward, X_k = sum_j x_j exp(-2 pi i j k / n); the inverse has the other sign and the factor 1/n. Arrays hold any
/// number of rows, one after the other. Instantiated for float, double and long double; the error grows as
/// epsilon log n. Every thread count, row count and instruction set gives the same bits. What a length needs (roots of
/// unity, the order of the passes) is computed once and kept for the lengths used last.
///
/// Stockham's self-sorting form (Cochran et al., What is the fast Fourier transform?, Proc. IEEE 55, 1967), and
/// Bailey's four steps for long transforms (J. Supercomputing 4, 1990).

namespace trimtab {

/// The least product of twos, threes and fives that is at least n; 1 for n = 0.
/// @throws std::invalid_argument above 2^63
TRIMTAB_API std::size_t next_fast_length(std::size_t n);

/// Complex transform of each row.
/// @param in, out rows of n numbers; the same array, or two that do not overlap
/// @param n length of a row
/// @param threads as resolve_threads() takes it
/// @throws std::invalid_argument if n has another prime factor, or the sizes do not fit
template <class Real>
TRIMTAB_API void fft(std::span<const std::complex<Real>> in, std::span<std::complex<Real>> out, std::size_t n,
                     int threads = 1);

/// Inverse of fft().
template <class Real>
TRIMTAB_API void ifft(std::span<const std::complex<Real>> in, std::span<std::complex<Real>> out, std::size_t n,
                      int threads = 1);

/// Transform of real rows: the first n/2 + 1 numbers of each; the others are their complex conjugates.
/// @param in rows of n numbers
/// @param out rows of n/2 + 1 numbers; must not overlap in, but for a single row that begins where in does
/// @throws std::invalid_argument as fft()
template <class Real>
TRIMTAB_API void rfft(std::span<const Real> in, std::span<std::complex<Real>> out, std::size_t n, int threads = 1);

/// Inverse of rfft(). The imaginary parts of the first number, and for even n of the last, are taken as zero.
/// @param in rows of n/2 + 1 numbers
/// @param out rows of n numbers; must not overlap in, but for a single row that begins where in does
template <class Real>
TRIMTAB_API void irfft(std::span<const std::complex<Real>> in, std::span<Real> out, std::size_t n, int threads = 1);

}  // namespace trimtab
