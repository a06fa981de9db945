#pragma once

#include "workspace.hpp"

#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// F_k = sum_j v_j sin(pi j k / m) for j, k = 1 ... m - 1, by one real transform of length m. Twice in a row it is m /
/// 2 times the identity.
///
/// Press et al., Numerical Recipes (1992), 12.3. The running sum over the odd k makes their error grow slowly with k:
/// good enough for preconditioners, which is its use.
class SineTransform {
 public:
  /// @param m a fast length
  explicit SineTransform(std::size_t m);

  std::size_t size() const { return m_ - 1; }

  /// out_k = F_k, times scale[k] if there is one. v may be out.
  void apply(const double* v, double* out, const double* scale, Workspace& work) const;

 private:
  std::size_t m_;
  std::vector<double> sines_;  ///< sin(pi j / m), 2 j < m
};

}  // namespace trimtab::fractional
