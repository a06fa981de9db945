#pragma once

#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>

/// @file sums.hpp
/// Loops over long vectors. Sums run over chunks of fixed size in eight lanes, so neither the width of a register nor
/// the number of threads shows in them.

namespace trimtab {

inline constexpr std::size_t chunk = 4096;

template <class Term>
inline double sum_of_doubles(std::size_t begin, std::size_t end, Term&& term) {
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

/// Sum of term(i) over [begin, end): doubles, or vectors of them, each of whose lanes is summed like doubles.
template <class Term>
inline auto lane_sum(std::size_t begin, std::size_t end, Term&& term) {
  if constexpr (!std::is_same_v<decltype(term(begin)), double>) {
    using T = decltype(term(begin));
    T a0{}, a1{}, a2{}, a3{}, b0{}, b1{}, b2{}, b3{}, rest{};
    std::size_t i = begin;
    for (; i + 8 <= end; i += 8) {
      a0 += term(i), a1 += term(i + 1), a2 += term(i + 2), a3 += term(i + 3);
      b0 += term(i + 4), b1 += term(i + 5), b2 += term(i + 6), b3 += term(i + 7);
    }
    for (; i < end; ++i) rest += term(i);
    return T((((a0 + b0) + (a2 + b2)) + ((a1 + b1) + (a3 + b3))) + rest);
  } else {
    return sum_of_doubles(begin, end, term);
  }
}
/// body(begin, end) over chunks of [0, n).
template <class Body>
void for_chunks(std::size_t n, int threads, Body&& body) {
  parallel_for((n + chunk - 1) / chunk, threads, [&](std::size_t c) { body(c * chunk, std::min(n, (c + 1) * chunk)); });
}

/// Sum of body(begin, end) over chunks of [0, n).
template <class Body>
auto sum_chunks(std::size_t n, int threads, Body&& body) {
  using T = decltype(body(n, n));
  return parallel_reduce((n + chunk - 1) / chunk, threads, T{},
                         [&](std::size_t c) { return body(c * chunk, std::min(n, (c + 1) * chunk)); },
                         [](const T& a, const T& b) { return T(a + b); });
}

template <class Real>
double sum_of_squares(std::size_t n, int threads, const Real* v) {
  return sum_chunks(n, threads, [v](std::size_t begin, std::size_t end) {
    return lane_sum(begin, end, [v](std::size_t i) { return double(v[i]) * double(v[i]); });
  });
}

}  // namespace trimtab
