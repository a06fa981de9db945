#pragma once

#include <trimtab/core/export.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

/// @file ledger.hpp
/// Keeps a tuner from spending much more than its reference arm would have.

namespace trimtab::steer {

/// Exploration is allowed while the total cannot pass ((1 + alpha) t + slack) times the reference's cost. Rounds may have
/// sizes: costs then count per size, and t is the sum of the sizes over their mean.
struct LedgerOptions {
  double alpha = 0.05;  ///< tolerated excess per round, at least 0
  double slack = 20;    ///< tolerated excess in total, in solves by the reference, at least 0
  double cap = 2;       ///< a choice is given up at this multiple of the reference's 90 % quantile, at least 1
};

/// Conservative bandit: after Wu, Shariff, Lattimore and Szepesvari, Conservative bandits (ICML 2016). The reference
/// mean enters by its lower confidence limit, mean - 2 standard errors.
class TRIMTAB_API Ledger {
 public:
  static constexpr std::int64_t first_rounds = 3;  ///< the reference is played so often before anything else

  /// @throws std::invalid_argument naming the option
  explicit Ledger(const LedgerOptions& options = {});

  /// Cost at which to give up a round of this size; infinite before the first solves by the reference.
  double cap(double size = 1) const { return cap_ * size; }
  /// What the total stays below after the rounds observed so far and, where given, another one of this size.
  double bound(double next_size = 0) const;
  /// The part of bound() by which the total may exceed that of the reference.
  double regret_bound() const { return bound() - lower_ * sizes_; }
  bool allows_exploring(double size = 1) const {
    return count_ >= first_rounds && spent_ + cap(size) <= bound(size);
  }

  void observe(double cost, bool by_reference, double size = 1);

  double spent() const { return spent_; }                   ///< sum of all costs
  double reference_mean() const { return mean_; }           ///< of the reference's costs per size; 0 before the first
  std::int64_t reference_rounds() const { return count_; }  ///< how often the reference was played

  template <class Archive>
  void pack(Archive& archive) {
    archive(spent_), archive(sizes_), archive(rounds_), archive(mean_), archive(squares_), archive(count_), archive(lower_), archive(cap_);
    for (double& cost : recent_) archive(cost);
  }

 private:
  LedgerOptions options_;
  double spent_ = 0, sizes_ = 0, mean_ = 0, squares_ = 0, lower_ = 0;
  std::int64_t rounds_ = 0, count_ = 0;  // of all arms, of the reference
  double cap_ = std::numeric_limits<double>::infinity();
  std::array<double, 64> recent_{};  ///< the reference's last costs per size, in a ring
};

}  // namespace trimtab::steer
