#pragma once

#include "archive.hpp"

#include <trimtab/core/elementary.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace trimtab::steer {

/// Two-sided CUSUM on log(cost / mean of the arm) in standard deviations, with allowance 1/2 (Page 1954). One round
/// counts for 4 deviations at most, so that no single outlier raises the alarm.
class ChangeDetector {
 public:
  ChangeDetector(std::size_t arms, double threshold) : threshold_(threshold), counts_(arms), means_(arms) {}

  /// Whether the costs have changed.
  bool observe(std::size_t arm, double cost) {
    if (threshold_ == 0) return false;
    constexpr double least_deviation = 0.01;  // counts may not scatter at all
    const double y = log(std::max(cost, 1e-300)), error = y - means_[arm];
    double& n = counts_[arm];
    if (n >= 2 && freedom_ >= 5) {
      const double sigma = std::max(std::sqrt(squares_ / freedom_), least_deviation);
      const double z = std::clamp(error / (sigma * std::sqrt(1 + 1 / n)), -4.0, 4.0);
      up_ = std::max(0.0, up_ + z - 0.5);
      down_ = std::max(0.0, down_ - z - 0.5);
    }
    if (n > 0) squares_ += error * error * n / (n + 1), ++freedom_;
    means_[arm] += error / ++n;
    return up_ > threshold_ || down_ > threshold_;
  }

  void restart() { *this = ChangeDetector(counts_.size(), threshold_); }

  void pack(Archive& archive) {
    archive(counts_), archive(means_), archive(squares_), archive(freedom_), archive(up_), archive(down_);
  }

 private:
  double threshold_;
  std::vector<double> counts_, means_;
  double squares_ = 0, freedom_ = 0, up_ = 0, down_ = 0;
};

}  // namespace trimtab::steer
