#pragma once

#include <cmath>
#include <cstddef>
#include <span>

/// @file cholesky.hpp
/// Cholesky factors of small dense matrices, row-major, in place: a fixed order of operations and no allocation.

namespace trimtab::steer {

/// Lower factor of the n x n matrix a, in its lower triangle.
inline void cholesky(std::span<double> a, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
    }
  }
}

/// x <- L^-1 x
inline void solve_lower(std::span<const double> factor, std::size_t n, std::span<double> x) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= factor[i * n + k] * x[k];
    x[i] /= factor[i * n + i];
  }
}

/// x <- L^-T x
inline void solve_lower_transposed(std::span<const double> factor, std::size_t n, std::span<double> x) {
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= factor[k * n + i] * x[k];
    x[i] /= factor[i * n + i];
  }
}

}  // namespace trimtab::steer
