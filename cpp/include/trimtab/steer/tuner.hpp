#pragma once

#include <trimtab/core/export.hpp>
#include <trimtab/steer/decisions.hpp>
#include <trimtab/steer/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

/// @file tuner.hpp
/// Chooses among the settings of anybody's solver from what the choices cost: ask with suggest(), tell with observe().

namespace trimtab::steer {

/// How the next arm is chosen. The names of the field; docs/theory/steer.md has formulas, bounds and sources.
enum class LearnerName {
  tsallis_inf,  ///< Tsallis-INF with importance weights (Zimmert and Seldin 2021)
  tsallis_rv,   ///< the same with the reduced-variance estimator
  exp3,         ///< exponential weights (Auer et al. 2002)
  chebcb,       ///< SquareCB over Chebyshev series of one context (Khodak et al. 2024)
  thompson      ///< Thompson sampling in a log-linear model of the cost
};

/// Everything that a tuner is made from. Arrays are read by the constructor only.
struct TunerOptions {
  std::size_t arms = 0;  ///< at least 1
  LearnerName learner = LearnerName::tsallis_inf;
  std::uint64_t seed = 0;

  std::span<const double> context_lower =
      {};  ///< range of each number that is known before a round, values outside are
  std::span<const double> context_upper = {};  ///< clamped: 0 or 1 (tsallis, exp3), 1 (chebcb), 0 to 4 (thompson)
  std::size_t bins = 6;                        ///< tsallis and exp3 with a context: as many independent learners
  std::size_t degree = 6;                      ///< chebcb: Chebyshev polynomials per arm
  std::span<const double> positions = {};      ///< thompson: coordinate of each arm, NaN for an arm with a model of its
                                               ///< own; empty if none has one
  double noise = 0.05;                         ///< thompson: least standard deviation of log(cost)

  double cost_cap = 0;          ///< losses are min(cost, cap) / cap; 0: cost / running mean
  double discount = 1;          ///< weight that the past keeps from round to round, in (0, 1]
  double restart = 0;           ///< CUSUM threshold, in standard deviations, to forget everything; 0: never
  std::size_t split_every = 0;  ///< tsallis, exp3: rounds between splits of the best pair of arms; 0: never

  std::int64_t reference = -1;  ///< arm that the ledger compares with; -1: no ledger
  LedgerOptions ledger = {};
};

/// What to do in this round.
struct Choice {
  std::size_t arm = 0;
  double probability = 1;                                ///< with which the arm was drawn; NaN if not known (thompson)
  double cap = std::numeric_limits<double>::infinity();  ///< give up at this cost, so that the ledger's bound holds
  bool conservative = false;                             ///< the ledger demanded the reference arm
};

/// A bandit over a finite set of arms. The arm of a round is a function of the options, the costs so far and of
/// (seed, round) alone: on all ranks of a parallel program the same.
class TRIMTAB_API Tuner {
 public:
  static constexpr double state_version = 2;
  static constexpr double max_cost = 1e100;
  static constexpr std::size_t max_contexts = 4;

  /// @throws std::invalid_argument naming the option
  explicit Tuner(const TunerOptions& options);
  ~Tuner();
  Tuner(Tuner&&) noexcept;
  Tuner& operator=(Tuner&&) noexcept;

  /// Arm of the next round.
  /// @param context context_dim() finite numbers
  /// @param uniform number in [0, 1) to draw with; negative: that of (seed, round)
  /// @param size    what the reference arm may cost, in any unit; without a model of its own the ledger compares costs
  ///                per size
  /// @throws std::invalid_argument for a context of another length, a size that is not positive, or if the last choice
  ///         was not observed
  Choice suggest(std::span<const double> context = {}, double uniform = -1, double size = 1);

  /// Tells the cost of the last choice.
  /// @throws std::invalid_argument unless 0 <= cost <= max_cost, or if nothing was suggested
  void observe(double cost);

  std::size_t arms() const;
  std::size_t context_dim() const;
  std::uint64_t round() const;  ///< rounds observed
  bool pending() const;         ///< suggested and not yet observed
  std::uint64_t restarts() const;
  std::uint64_t splits() const;
  std::span<const double> weights() const;  ///< the last probabilities, in the order of the arms
  std::int64_t reference() const;           ///< -1: none; splits move it

  /// The last split: a new arm between `left` and left + 1 of the former arms, then former arm `dropped` left.
  struct Split {
    std::size_t left = 0, dropped = 0;
  };
  Split last_split() const;

  const Ledger& ledger() const;
  const Decisions& decisions() const;  ///< round, arm, probability, cost, size, conservative, contexts
  Decisions& decisions();

  /// Numbers in the state: everything but the decisions. It depends on the options alone.
  std::size_t state_size() const;
  /// Copies the state to state_size() numbers. A tuner of the same options goes on from it bit for bit.
  void save(std::span<double> state) const;
  /// @throws std::invalid_argument for a state of another version, learner or shape; the tuner is then as before
  void restore(std::span<const double> state);

  /// Plays costs that are known for every arm, (rounds, arms) row-major, with contexts (rounds, context_dim()) and
  /// sizes (rounds, or none), and notes the arms chosen: to choose a learner by measurement.
  /// @throws std::invalid_argument for arrays of other sizes
  void replay(std::span<const double> costs, std::span<const double> contexts, std::span<const double> sizes,
              std::span<std::int64_t> chosen);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Weights w_i = 4 / (eta (L_i - x))^2 of Tsallis-INF with sum 1, by Newton's iteration from x = min L - 2 / eta,
/// whence it descends monotonically to the root: at most some 10 steps.
/// @param losses one or more finite numbers
/// @param eta    learning rate, positive
/// @return x, below every loss
TRIMTAB_API double tsallis_weights(std::span<const double> losses, double eta, std::span<double> weights);

}  // namespace trimtab::steer
