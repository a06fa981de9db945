#pragma once

#include <trimtab/core/export.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

/// @file ledger.hpp
/// Keeps a tuner from spending much more than its reference arm would have.

namespace trimtab::steer {

/// Exploration is allowed while the total cannot pass (1 + alpha) times what the reference alone would have cost, plus
/// slack of its mean rounds.
struct LedgerOptions {
  double alpha = 0.05;  ///< tolerated excess per round, at least 0
  double slack = 20;    ///< tolerated excess in total, in solves by the reference, at least 0
  double cap = 2;       ///< a choice is given up at this multiple of a high cost of the reference, at least 1
};

/// What the reference arm would cost in a round.
struct Forecast {
  double lower = 0;                                        ///< lower confidence limit of its expected cost
  double upper = std::numeric_limits<double>::infinity();  ///< a cost that it seldom exceeds
};

/// Conservative bandit, after Wu, Shariff, Lattimore and Szepesvari, Conservative bandits (ICML 2016), and, where the
/// forecast depends on a context, Kazerouni, Ghavamzadeh, Abbasi-Yadkori and Van Roy, Conservative contextual linear
/// bandits (NIPS 2017).
class TRIMTAB_API Ledger {
 public:
  /// @throws std::invalid_argument naming the option
  explicit Ledger(const LedgerOptions& options = {});

  /// From the reference's costs so far: mean - 2 standard errors, and the 90 % quantile of its last 64 costs. Costs are
  /// taken per size and scaled to this size.
  Forecast forecast(double size) const { return {lower_ * size, upper_ * size}; }
  /// That of a model, which gets no credit beyond what the reference was ever seen to cost.
  Forecast trusted(const Forecast& model) const { return {std::min(model.lower, largest_), model.upper}; }

  /// Cost at which to give up an explored round.
  double cap(const Forecast& next) const { return options_.cap * next.upper; }
  bool allows_exploring(const Forecast& next) const;
  void observe(double cost, bool by_reference, double size, const Forecast& forecast);

  double spent() const { return spent_; }  ///< sum of all costs
  double baseline() const {
    return baseline_;
  }  ///< what the reference is known or forecast to have cost in their place
  double bound() const { return bound(baseline_, rounds_); }  ///< of what may be spent
  std::int64_t reference_rounds() const { return count_; }    ///< how often the reference was played

  template <class Archive>
  void pack(Archive& archive) {
    archive(spent_), archive(baseline_), archive(rounds_), archive(mean_), archive(squares_), archive(count_);
    archive(lower_), archive(upper_), archive(largest_);
    for (double& cost : recent_) archive(cost);
  }

 private:
  double bound(double baseline, std::int64_t rounds) const {
    return rounds == 0 ? 0 : (1 + options_.alpha + options_.slack / static_cast<double>(rounds)) * baseline;
  }

  LedgerOptions options_;
  double spent_ = 0, baseline_ = 0;
  std::int64_t rounds_ = 0, count_ = 0;        // of all arms, of the reference
  double mean_ = 0, squares_ = 0, lower_ = 0;  // of the reference's costs per size
  double upper_ = std::numeric_limits<double>::infinity();
  double largest_ = 0;               // cost of the reference
  std::array<double, 64> recent_{};  // the reference's last costs per size, in a ring
};

}  // namespace trimtab::steer
