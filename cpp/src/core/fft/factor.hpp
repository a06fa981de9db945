#pragma once

#include <cstddef>
#include <vector>

namespace trimtab::fft_detail {

/// True if n is a product of twos, threes and fives; 1 is, 0 is not.
bool is_fast_length(std::size_t n);

/// Radices of the passes of a transform of length n > 1, first to last; their product is n. The first is at least 4
/// (unless n is 2 or 3), so that every later pass has columns enough to fill a register of four.
std::vector<int> radices(std::size_t n);

/// The divisor of n at or below its square root that is closest to it.
std::size_t balanced_divisor(std::size_t n);

}  // namespace trimtab::fft_detail
