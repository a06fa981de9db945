#pragma once

#include "butterfly.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace trimtab::fft_detail {

/// exp(-2 pi i k / n) for k < n, from sines and cosines of at most an eighth of a turn: conjugate and mirrored roots
/// are exact images of each other, and those at multiples of an eighth are as good as they can be.
inline Complex<long double> root_of_unity(std::size_t k, std::size_t n) {
  const std::size_t eighth = 8 * k / n;                            // which octant
  const std::size_t rest = 8 * k - eighth * n;                     // n-ths of an eighth of a turn, from its start
  const std::size_t distance = eighth % 2 == 0 ? rest : n - rest;  // from the nearer axis
  const long double angle =
      std::numbers::pi_v<long double> / 4 * static_cast<long double>(distance) / static_cast<long double>(n);
  const long double c = std::cos(angle), s = std::sin(angle);
  switch (eighth) {
    case 0:
      return {c, -s};
    case 1:
      return {s, -c};
    case 2:
      return {-s, -c};
    case 3:
      return {-c, -s};
    case 4:
      return {-c, s};
    case 5:
      return {-s, c};
    case 6:
      return {s, c};
    default:
      return {c, s};
  }
}

}  // namespace trimtab::fft_detail
