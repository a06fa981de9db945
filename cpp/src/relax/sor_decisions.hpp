#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

/// @file sor_decisions.hpp
/// Which iterates of SOR are measured, and what their measures say. While the target is far, most are not.

namespace trimtab::relax {

/// What is known of the run of one right-hand side.
struct SorDecisions {
  double start = 0, target = 0;  ///< measures
  double last = 0, drop = 1;     ///< the last measure, and how many times it falls in a sweep
  std::int64_t measured = 0;     ///< the iterate of `last`
  std::int64_t due = 0;          ///< the next iterate to be measured
  bool kept = false;             ///< whether a copy of that one is kept
  bool running = false;
  std::vector<std::pair<std::int64_t, double>> measures = {};  ///< all of them, with their iterates

  static constexpr double growth_limit = 1e4;  ///< of the measure, beyond which the iteration counts as diverged
  bool has_diverged(double m) const { return !(m <= growth_limit * start); }

  void take(std::int64_t k, double m) {
    drop = std::max(1.0, std::pow(last / m, 1.0 / static_cast<double>(k - measured)));
    last = m;
    measured = k;
    measures.emplace_back(k, m);
  }

  /// By what the measure was multiplied in a sweep, on average over about the last third of k sweeps, at least three; m
  /// is the measure after them. 0 if there were fewer.
  double rate(std::int64_t k, double m) const {
    const std::int64_t from = k - std::max<std::int64_t>(3, k / 3);
    const auto after = std::upper_bound(measures.begin(), measures.end(), from,
                                        [](std::int64_t i, const auto& measure) { return i < measure.first; });
    if (from < 0) return 0;
    const auto [i, before] = after == measures.begin() ? std::pair(std::int64_t(0), start) : *(after - 1);
    return std::pow(m / before, 1.0 / static_cast<double>(k - i));
  }

  /// Share of the work that is done.
  double share() const {
    const double s = std::log(start / last) / std::log(start / target);
    return std::isfinite(s) ? std::clamp(s, 0.0, 1.0) : 0.0;
  }

  /// Sweeps that may go unmeasured if the measure falls no faster than `drop`-fold a sweep squared.
  std::int64_t blind_sweeps(std::int64_t left) const {
    const double distance = std::log(last / (64 * target)) / (2 * std::log(std::max(drop, 1.5)));
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(distance, 8.0)), 0,
                                    std::max<std::int64_t>(left, 0));
  }

  /// The measure of an iterate is known after the sweep that follows. When it may be small enough, the iterate is kept.
  bool worth_keeping(std::int64_t k) const { return k > 0 && (k < 3 || last <= target * std::max(64.0, 4 * drop)); }
};

}  // namespace trimtab::relax
