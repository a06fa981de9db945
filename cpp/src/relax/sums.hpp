#pragma once

#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <cstddef>

/// @file sums.hpp
/// Loops over long vectors. Sums run over chunks of fixed size in eight lanes, so neither the width of a register nor
/// the number of threads shows in them.

namespace trimtab::relax {

inline constexpr std::size_t chunk = 4096;

/// Sum of term(i) over [begin, end), in double precision.
template <class Term>
inline double lane_sum(std::size_t begin, std::size_t end, Term&& term) {
  double lane[8] = {};
  std::size_t i = begin;
  for (; i + 8 <= end; i += 8)
    for (std::size_t l = 0; l < 8; ++l) lane[l] += term(i + l);
  for (std::size_t l = 0; i < end; ++i, ++l) lane[l] += term(i);
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

/// body(begin, end) over chunks of [0, n).
template <class Body>
void for_chunks(std::size_t n, int threads, Body&& body) {
  parallel_for((n + chunk - 1) / chunk, threads, [&](std::size_t c) { body(c * chunk, std::min(n, (c + 1) * chunk)); });
}

/// Sum of body(begin, end) over chunks of [0, n).
template <class Body>
double sum_chunks(std::size_t n, int threads, Body&& body) {
  return parallel_reduce((n + chunk - 1) / chunk, threads, 0.0,
                         [&](std::size_t c) { return body(c * chunk, std::min(n, (c + 1) * chunk)); },
                         [](double a, double b) { return a + b; });
}

template <class Real>
double sum_of_squares(std::size_t n, int threads, const Real* v) {
  return sum_chunks(n, threads, [v](std::size_t begin, std::size_t end) {
    return lane_sum(begin, end, [v](std::size_t i) { return double(v[i]) * double(v[i]); });
  });
}

}  // namespace trimtab::relax
