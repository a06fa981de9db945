#pragma once

#include "archive.hpp"
#include "cholesky.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace trimtab::steer {

inline double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Bayesian linear regression by its normal equations, in units of the noise: the cost of a round does not grow with
/// the number of samples.
class Regression {
 public:
  Regression(std::size_t terms, double prior_precision)
      : prior_(prior_precision), precision_(terms * terms), moments_(terms), factor_(terms * terms), mean_(terms) {
    for (std::size_t j = 0; j < terms; ++j) precision_[j * terms + j] = prior_;
    solve();
  }

  std::size_t terms() const { return mean_.size(); }
  double predict(std::span<const double> features) const { return dot(features, mean_); }

  /// Variance of the prediction in units of the noise variance; scratch holds terms() numbers or more.
  double variance(std::span<const double> features, std::span<double> scratch) const {
    const auto y = scratch.first(terms());
    std::copy(features.begin(), features.end(), y.begin());
    solve_lower(factor_, terms(), y);
    return dot(y, y);
  }
  /// Turns standard normals into a draw of the coefficients from the posterior.
  void draw(double sigma, std::span<double> normals) const {
    solve_lower_transposed(factor_, terms(), normals);
    for (std::size_t j = 0; j < terms(); ++j) normals[j] = mean_[j] + sigma * normals[j];
  }

  /// Lets the past fade towards the prior; solve() must follow.
  void discount(double gamma) {
    for (double& x : precision_) x *= gamma;
    for (double& x : moments_) x *= gamma;
    for (std::size_t j = 0; j < terms(); ++j) precision_[j * terms() + j] += (1 - gamma) * prior_;
  }
  /// Takes up one sample; solve() must follow.
  void add(std::span<const double> features, double y) {
    for (std::size_t i = 0; i < terms(); ++i) {
      for (std::size_t j = 0; j < terms(); ++j) precision_[i * terms() + j] += features[i] * features[j];
      moments_[i] += features[i] * y;
    }
  }
  void solve() {
    factor_ = precision_;
    cholesky(factor_, terms());
    mean_ = moments_;
    solve_lower(factor_, terms(), mean_);
    solve_lower_transposed(factor_, terms(), mean_);
  }

  void pack(Archive& archive) {
    archive(precision_), archive(moments_);
    if (!archive.saving()) solve();
  }

 private:
  double prior_;
  std::vector<double> precision_, moments_, factor_, mean_;
};

}  // namespace trimtab::steer
