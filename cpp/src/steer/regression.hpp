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
/// the number of samples. With U' U the posterior precision and w = U'^-1 moments, the coefficients are U^-1 w on
/// average, and a prediction takes one triangular solve with U'.
class Regression {
 public:
  Regression(std::size_t terms, double prior_precision)
      : prior_(prior_precision),
        terms_(terms),
        precision_(terms * terms),
        moments_(terms),
        factor_(terms * (terms + 1)),
        whitened_(terms) {
    for (std::size_t j = 0; j < terms; ++j) precision_[j * terms + j] = prior_;
    solve();
  }

  std::size_t terms() const { return terms_; }

  struct Prediction {
    double mean;
    double variance;  ///< in units of the noise variance
  };
  /// @param features overwritten
  Prediction predict(std::span<double> features) const {
    solve_transposed(factor_, width(), features);
    return {dot(features, whitened_), dot(features, features)};
  }
  /// Turns standard normals into a draw of the coefficients from the posterior.
  void draw(double sigma, std::span<double> normals) const {
    for (std::size_t j = 0; j < terms_; ++j) normals[j] = whitened_[j] + sigma * normals[j];
    solve_upper(factor_, width(), normals);
  }

  /// Lets the past fade towards the prior; solve() must follow.
  void discount(double gamma) {
    for (double& x : precision_) x *= gamma;
    for (double& x : moments_) x *= gamma;
    for (std::size_t j = 0; j < terms_; ++j) precision_[j * terms_ + j] += (1 - gamma) * prior_;
  }
  /// Takes up one sample; solve() must follow.
  void add(std::span<const double> features, double y) {
    for (std::size_t i = 0; i < terms_; ++i) {
      for (std::size_t j = 0; j < terms_; ++j) precision_[i * terms_ + j] += features[i] * features[j];
      moments_[i] += features[i] * y;
    }
  }
  void solve() {
    for (std::size_t i = 0; i < terms_; ++i) {
      for (std::size_t j = i; j < terms_; ++j) factor_[i * width() + j] = precision_[i * terms_ + j];
      factor_[i * width() + terms_] = moments_[i];
    }
    cholesky(factor_, terms_, width());
    for (std::size_t i = 0; i < terms_; ++i) whitened_[i] = factor_[i * width() + terms_];
  }

  void pack(Archive& archive) {
    archive(precision_), archive(moments_);
    if (!archive.saving()) solve();
  }

 private:
  std::size_t width() const { return terms_ + 1; }

  double prior_;
  std::size_t terms_;
  std::vector<double> precision_, moments_;
  std::vector<double> factor_;  ///< with the moments as last column
  std::vector<double> whitened_;
};

}  // namespace trimtab::steer
