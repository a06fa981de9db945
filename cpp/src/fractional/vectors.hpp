#pragma once

#include "../core/sums.hpp"

#include <cmath>
#include <cstddef>

namespace trimtab::fractional {

inline double dot(std::size_t n, const double* a, const double* b) {
  return sum_chunks(n, 1, [=](std::size_t begin, std::size_t end) {
    return lane_sum(begin, end, [=](std::size_t i) { return a[i] * b[i]; });
  });
}

inline double norm(std::size_t n, const double* a) { return std::sqrt(dot(n, a, a)); }

inline void add_multiple(std::size_t n, double factor, const double* x, double* y) {
  for (std::size_t i = 0; i < n; ++i) y[i] += factor * x[i];
}

}  // namespace trimtab::fractional
