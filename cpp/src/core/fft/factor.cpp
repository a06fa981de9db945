#include "factor.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/fft.hpp>

#include <limits>
#include <string>

namespace trimtab {
namespace fft_detail {
namespace {

/// Divides n by p as often as it goes.
int take(std::size_t& n, std::size_t p) {
  int count = 0;
  for (; n % p == 0; n /= p) ++count;
  return count;
}

}  // namespace

bool is_fast_length(std::size_t n) {
  if (n == 0) return false;
  for (std::size_t p : {2, 3, 5}) take(n, p);
  return n == 1;
}

std::vector<int> radices(std::size_t n) {
  int twos = take(n, 2), threes = take(n, 3), fives = take(n, 5);
  std::vector<int> r;
  const auto put = [&r](int radix, int times) { r.insert(r.end(), static_cast<std::size_t>(times), radix); };
  if (twos % 2 == 1 && twos >= 3) {
    put(8, 1);
    twos -= 3;
  } else if (twos == 1 && threes >= 1) {
    put(6, 1);
    --twos, --threes;
  } else if (twos < 2 && threes >= 2) {
    put(9, 1);
    threes -= 2;
  }
  put(4, twos / 2);
  put(5, fives);
  put(3, threes);
  put(2, twos % 2);
  return r;
}

std::size_t balanced_divisor(std::size_t n) {
  std::size_t d = 1;
  for (std::size_t i = 1; i * i <= n; ++i)
    if (n % i == 0) d = i;
  return d;
}

}  // namespace fft_detail

std::size_t next_fast_length(std::size_t n) {
  if (n <= 1) return 1;
  constexpr std::size_t limit = std::numeric_limits<std::size_t>::max() / 2 + 1;
  if (n > limit) reject("n", "a length up to " + std::to_string(limit), std::to_string(n));
  std::size_t best = limit;  // a power of two
  for (std::size_t fives = 1;; fives *= 5) {
    for (std::size_t threes = fives;; threes *= 3) {
      std::size_t x = threes;
      while (x < n) x *= 2;  // stays at or below 2 n <= 2^64 only while x < n <= 2^63
      if (x < best) best = x;
      if (threes > best / 3) break;
    }
    if (fives > best / 5) break;
  }
  return best;
}

}  // namespace trimtab
