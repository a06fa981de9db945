#pragma once

#include <trimtab/core/elementary.hpp>

#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// Sines and cosines of pi j / m for 2 j <= m, in pieces: products of two short tables, which costs less than reading a
/// long one.
class HalfTurn {
 public:
  static constexpr std::size_t piece = 128;

  explicit HalfTurn(std::size_t m) {
    const auto put = [m](std::size_t j, std::vector<double>& sines, std::vector<double>& cosines) {
      const auto angle = sincos_turns(0.5 * static_cast<double>(j) / static_cast<double>(m));
      sines.push_back(angle.sin), cosines.push_back(angle.cos);
    };
    for (std::size_t j = 0; j < piece; ++j) put(j, fine_sines_, fine_cosines_);
    for (std::size_t j = 0; 2 * j <= m; j += piece) put(j, sines_, cosines_);
  }

  /// At begin, begin + 1, ...; begin is a multiple of the piece, count at most one piece.
  void sines(std::size_t begin, std::size_t count, double* out) const {
    const double s = sines_[begin / piece], c = cosines_[begin / piece];
    for (std::size_t i = 0; i < count; ++i) out[i] = s * fine_cosines_[i] + c * fine_sines_[i];
  }
  void cosines(std::size_t begin, std::size_t count, double* out) const {
    const double s = sines_[begin / piece], c = cosines_[begin / piece];
    for (std::size_t i = 0; i < count; ++i) out[i] = c * fine_cosines_[i] - s * fine_sines_[i];
  }

 private:
  std::vector<double> sines_, cosines_, fine_sines_, fine_cosines_;
};

}  // namespace trimtab::fractional
