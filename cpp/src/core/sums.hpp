#pragma once

#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <cstddef>

/// @file sums.hpp
/// Loops over long vectors. Sums run over chunks of fixed size in eight lanes, so neither the width of a register nor
/// the number of threads shows in them.

namespace trimtab {

inline constexpr std::size_t chunk = 4096;

/// Sum of term(i) over [begin, end), in double precision.
template <class Term>
inline double lane_sum(std::size_t begin, std::size_t end, Term&& term) {
  typedef double Four __attribute__((vector_size(32)));  // loops over an array of lanes would go through memory
  Four a{}, b{};
  std::size_t i = begin;
  for (; i + 8 <= end; i += 8) {
    a += Four{term(i), term(i + 1), term(i + 2), term(i + 3)};
    b += Four{term(i + 4), term(i + 5), term(i + 6), term(i + 7)};
  }
  double rest = 0;
  for (; i < end; ++i) rest += term(i);
  a += b;
  return ((a[0] + a[2]) + (a[1] + a[3])) + rest;
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

}  // namespace trimtab
