#pragma once

#include <cmath>
#include <cstddef>
#include <span>

/// @file cholesky.hpp
/// Cholesky factors A = U' U of small dense matrices, row-major, in place: a fixed order of operations and no
/// allocation. Inner loops run along rows, so that their turns do not wait for each other. The diagonal of a factor
/// holds reciprocals.

namespace trimtab::steer {

/// a - f b, number by number, into a.
inline void subtract_multiple(double* __restrict a, double f, const double* __restrict b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) a[i] -= f * b[i];
}

/// Upper factor U of the n x n matrix in the upper triangle of n rows of `width` numbers; columns beyond n are
/// right-hand sides, and U'^-1 of them takes their place.
inline void cholesky(std::span<double> a, std::size_t n, std::size_t width) {
  for (std::size_t k = 0; k < n; ++k) {
    double* const row = &a[k * width];
    row[k] = 1 / std::sqrt(row[k]);
    for (std::size_t i = k + 1; i < width; ++i) row[i] *= row[k];
    for (std::size_t j = k + 1; j < n; ++j) subtract_multiple(&a[j * width + j], row[j], row + j, width - j);
  }
}

/// x <- U'^-1 x
inline void solve_transposed(std::span<const double> factor, std::size_t width, std::span<double> x) {
  for (std::size_t k = 0; k < x.size(); ++k) {
    x[k] *= factor[k * width + k];
    subtract_multiple(&x[k] + 1, x[k], &factor[k * width + k] + 1, x.size() - k - 1);
  }
}

/// x <- U^-1 x; of the numbers that a row needs, the one just found enters last.
inline void solve_upper(std::span<const double> factor, std::size_t width, std::span<double> x) {
  for (std::size_t i = x.size(); i-- > 0;) {
    double sum = x[i];
    for (std::size_t k = x.size() - 1; k > i; --k) sum -= factor[i * width + k] * x[k];
    x[i] = sum * factor[i * width + i];
  }
}

}  // namespace trimtab::steer
