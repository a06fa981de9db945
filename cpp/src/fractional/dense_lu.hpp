#pragma once

#include <cstddef>
#include <vector>

namespace trimtab::fractional {

/// LU factors of a small dense matrix, with row exchanges.
class DenseLu {
 public:
  DenseLu() = default;
  /// @param a n rows of n numbers
  /// @throws Failure if the matrix is singular
  DenseLu(std::size_t n, std::vector<double> a);

  std::size_t size() const { return n_; }
  void solve(double* b) const;

 private:
  std::size_t n_ = 0;
  std::vector<double> a_;
  std::vector<std::size_t> order_;
};

}  // namespace trimtab::fractional
