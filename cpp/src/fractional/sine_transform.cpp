#include "sine_transform.hpp"

#include <trimtab/core/fft.hpp>

#include <algorithm>

namespace trimtab::fractional {

void SineTransform::apply(std::span<std::complex<double>> array, const double* scale, int threads) const {
  constexpr std::size_t piece = HalfTurn::piece;
  auto* x = reinterpret_cast<double*>(array.data());
  x[0] = 0;
  const std::size_t pairs = (m_ + 1) / 2;  // number 0 is without
  for (std::size_t begin = 0; begin < pairs; begin += piece) {
    double sines[piece], front[piece], back[piece];
    const std::size_t first = begin == 0 ? 1 : 0, count = std::min(piece, pairs - begin);
    double *ahead = x + begin, *behind = x + (m_ - begin - count + 1);
    turn_.sines(begin, count, sines);
    for (std::size_t i = first; i < count; ++i) front[i] = ahead[i], back[i] = behind[count - 1 - i];
    for (std::size_t i = first; i < count; ++i) {
      const double even = sines[i] * (front[i] + back[i]), odd = 0.5 * (front[i] - back[i]);
      front[i] = even + odd;
      back[i] = even - odd;
    }
    for (std::size_t i = first; i < count; ++i) ahead[i] = front[i], behind[count - 1 - i] = back[i];
  }
  if (m_ % 2 == 0) x[m_ / 2] *= 2;
  rfft<double>({x, m_}, array, m_, threads);
  double sum = 0.5 * x[0];
  x[1] = scale ? sum * scale[0] : sum;
  for (std::size_t k = 2; k < m_; k += 2) {
    const double re = x[k], im = x[k + 1];
    sum += re;
    x[k] = scale ? -im * scale[k - 1] : -im;
    if (k + 1 < m_) x[k + 1] = scale ? sum * scale[k] : sum;
  }
}

}  // namespace trimtab::fractional
