#include "sine_transform.hpp"

#include <trimtab/core/elementary.hpp>
#include <trimtab/core/fft.hpp>

namespace trimtab::fractional {

SineTransform::SineTransform(std::size_t m) : m_(m), sines_((m + 1) / 2) {
  for (std::size_t j = 0; j < sines_.size(); ++j)
    sines_[j] = sincos_turns(0.5 * static_cast<double>(j) / static_cast<double>(m)).sin;
}

void SineTransform::apply(const double* v, double* out, const double* scale, Workspace& work) const {
  const auto x = work.reals(m_);
  const auto spectrum = work.complexes(m_ / 2 + 1);
  x[0] = 0;
  for (std::size_t j = 1; j < sines_.size(); ++j) {
    const double a = v[j - 1], b = v[m_ - j - 1];
    const double even = sines_[j] * (a + b), odd = 0.5 * (a - b);
    x[j] = even + odd;
    x[m_ - j] = even - odd;
  }
  if (m_ % 2 == 0) x[m_ / 2] = 2 * v[m_ / 2 - 1];
  rfft<double>(x, spectrum, m_, work.threads);
  double sum = 0.5 * spectrum[0].real();
  const auto put = [=](std::size_t k, double value) { out[k - 1] = scale ? value * scale[k - 1] : value; };
  put(1, sum);
  for (std::size_t k = 1; 2 * k < m_; ++k) {
    put(2 * k, -spectrum[k].imag());
    sum += spectrum[k].real();
    if (2 * k + 1 < m_) put(2 * k + 1, sum);
  }
}

}  // namespace trimtab::fractional
