#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace trimtab::sde {

struct Tolerance {
  double rtol;
  const double* atol;  ///< (dim)
};

/// What a step of m paths began with, ended in and was estimated to be wrong by: (dim, m) each.
struct Attempted {
  const double *y, *y1;
  const double* error;  ///< null for zeros
};

/// rms over the components of error / (atol + rtol max(|y|, |y1|)) for each path; NaN where y1 is not finite.
inline void scaled_error(const Attempted& step, const Tolerance& tolerance, std::size_t dim, std::size_t m,
                         double* out) {
  std::fill_n(out, m, 0.0);
  for (std::size_t row = 0; row < dim; ++row) {
    const double atol = tolerance.atol[row], rtol = tolerance.rtol;
    for (std::size_t i = 0; i < m; ++i) {
      const std::size_t at = row * m + i;
      double ratio = step.y1[at] - step.y1[at];  // 0, or NaN
      if (step.error && step.error[at] != 0)
        ratio += step.error[at] / (atol + rtol * std::max(std::abs(step.y[at]), std::abs(step.y1[at])));
      out[i] += ratio * ratio;
    }
  }
  for (std::size_t i = 0; i < m; ++i) out[i] = std::sqrt(out[i] / static_cast<double>(dim));
}

}  // namespace trimtab::sde
