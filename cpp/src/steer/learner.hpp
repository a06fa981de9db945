#pragma once

#include "archive.hpp"

#include <trimtab/core/rng.hpp>
#include <trimtab/steer/tuner.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

/// @file learner.hpp
/// What the tuner asks of a learner. Contexts are in [-1, 1] here, costs as they come.

namespace trimtab::steer {

/// @throws std::invalid_argument naming the first option that is out of range
void check(const TunerOptions& options);

/// Random numbers of one round, by their address; the first uniform may be given from outside.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t round, double uniform) : seed_(seed), round_(round), uniform_(uniform) {}

  double uniform() const {
    if (uniform_ >= 0) return uniform_;
    const auto address = rng::counter<std::uint64_t>(round_, uniform_kind, 0, 0);
    return rng::uniforms<double>(rng::philox(address, seed_)).first;
  }
  /// @param out an even number of them
  void normals(std::span<double> out) const {
    rng::fill_normals({.seed = seed_, .node = round_, .kind = normal_kind, .n_dims = out.size() / 2}, out);
  }

 private:
  static constexpr std::uint32_t uniform_kind = 240, normal_kind = 241;  // apart from those of stochastic processes

  std::uint64_t seed_, round_;
  double uniform_;
};

class Learner {
 public:
  virtual ~Learner() = default;

  /// Fills the probabilities of the arms and draws one of them.
  virtual Choice choose(std::span<const double> context, const Dice& dice, std::span<double> weights) = 0;
  /// @param weights those that choose() gave for this round
  virtual void learn(const Choice& choice, std::span<const double> context, std::span<const double> weights,
                     double cost) = 0;
  /// What an arm would cost here; nothing from a learner without a model that could tell.
  virtual std::optional<Forecast> forecast(std::span<const double>, std::size_t) { return {}; }
  /// Whether a choice that was not drawn from the weights teaches something too.
  virtual bool learns_from_any() const = 0;
  virtual void restart() = 0;
  /// Moves what is known along with the arms; only learners of context-free weights are asked to.
  virtual void split(Tuner::Split) {}
  virtual void pack(Archive& archive) = 0;
};

/// First arm whose cumulated weight exceeds u.
inline Choice draw(std::span<const double> weights, double u) {
  double sum = 0;
  std::size_t arm = 0;
  for (; arm + 1 < weights.size(); ++arm) {
    sum += weights[arm];
    if (sum > u) break;
  }
  return {.arm = arm, .probability = weights[arm]};
}

std::unique_ptr<Learner> make_weights_learner(const TunerOptions& options);  ///< tsallis and exp3
std::unique_ptr<Learner> make_chebyshev_learner(const TunerOptions& options);
std::unique_ptr<Learner> make_thompson_learner(const TunerOptions& options);

}  // namespace trimtab::steer
