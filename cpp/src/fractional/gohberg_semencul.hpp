#pragma once

#include "precondition.hpp"
#include "spectra.hpp"

#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// The inverse of a symmetric Toeplitz matrix from its first column x: (Lo(x) Lo(x)' - Lo(y) Lo(y)') / x_0 with
/// y = (0, x_(n-1), ..., x_1) and Lo(z) the lower triangular Toeplitz matrix of first column z.
class GohbergSemencul final : public ToeplitzInverse {
 public:
  explicit GohbergSemencul(const std::vector<double>& x);

  void solve(const double* v, double* y, Workspace& work) const override;
  bool centrosymmetric() const override { return true; }

 private:
  Spectrum transformed(std::vector<double> x) const;

  std::size_t n_, length_;
  double first_;
  Spectrum low_, high_;
};

}  // namespace trimtab::fractional
