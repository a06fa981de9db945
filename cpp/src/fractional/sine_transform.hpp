#pragma once

#include "half_turn.hpp"

#include <complex>
#include <cstddef>
#include <span>

namespace trimtab::fractional {

/// F_k = sum_j v_j sin(pi j k / m) for j, k = 1 ... m - 1, by one real transform of length m. Twice in a row it is m /
/// 2 times the identity.
///
/// Press et al., Numerical Recipes (1992), 12.3. The running sum over the odd k makes their error grow slowly with k:
/// good enough for preconditioners, which is its use.
class SineTransform {
 public:
  /// @param m a fast length
  explicit SineTransform(std::size_t m) : m_(m), turn_(m) {}

  std::size_t size() const { return m_ - 1; }

  /// Transforms where they lie the real numbers 1 ... m - 1 of an array of m / 2 + 1 complex ones; number k of the
  /// result is multiplied by scale[k - 1] if there is one.
  void apply(std::span<std::complex<double>> array, const double* scale, int threads) const;

 private:
  std::size_t m_;
  HalfTurn turn_;
};

}  // namespace trimtab::fractional
