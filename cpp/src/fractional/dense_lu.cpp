#include "dense_lu.hpp"

#include <trimtab/core/error.hpp>

#include <cmath>
#include <utility>

namespace trimtab::fractional {

DenseLu::DenseLu(std::size_t n, std::vector<double> a) : n_(n), a_(std::move(a)), order_(n) {
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(a_[i * n + k]) > std::abs(a_[pivot * n + k])) pivot = i;
    order_[k] = pivot;
    if (!(std::abs(a_[pivot * n + k]) > 0)) throw Failure("the matrix is singular");
    if (pivot != k)
      for (std::size_t j = 0; j < n; ++j) std::swap(a_[k * n + j], a_[pivot * n + j]);
    const double* upper = &a_[k * n];
    for (std::size_t i = k + 1; i < n; ++i) {
      double* row = &a_[i * n];
      const double factor = row[k] /= upper[k];
      for (std::size_t j = k + 1; j < n; ++j) row[j] -= factor * upper[j];
    }
  }
}

void DenseLu::solve(double* b) const {
  for (std::size_t k = 0; k < n_; ++k) std::swap(b[k], b[order_[k]]);
  for (std::size_t i = 0; i < n_; ++i) {
    double sum = b[i];
    for (std::size_t j = 0; j < i; ++j) sum -= a_[i * n_ + j] * b[j];
    b[i] = sum;
  }
  for (std::size_t i = n_; i-- > 0;) {
    double sum = b[i];
    for (std::size_t j = i + 1; j < n_; ++j) sum -= a_[i * n_ + j] * b[j];
    b[i] = sum / a_[i * n_ + i];
  }
}

}  // namespace trimtab::fractional
