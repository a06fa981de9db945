#include "learner.hpp"

#include <trimtab/core/elementary.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace trimtab::steer {
namespace {

constexpr double least_probability = 1e-12;  // a smaller one would only ruin the estimates, should it ever be drawn

/// Estimated losses of one bin of contexts. Costs are summed as they come and scaled when the weights are formed, as
/// their running mean drifts.
struct Sums {
  explicit Sums(std::size_t arms) : costs(arms), shifts(arms) {}

  std::vector<double> costs;   // importance-weighted costs
  std::vector<double> shifts;  // baselines of the reduced-variance estimator, in units of the scale
  double rounds = 0;           // discounted
  double total = 0;            // of costs, discounted

  double mean() const { return rounds > 0 && total > 0 ? total / rounds : 1; }

  void pack(Archive& archive) { archive(costs), archive(shifts), archive(rounds), archive(total); }
};

/// Tsallis-INF and Exp3: follow the regularized leader on importance-weighted losses, one for each bin of the context.
class WeightsLearner final : public Learner {
 public:
  explicit WeightsLearner(const TunerOptions& o)
      : kind_(o.learner),
        cap_(o.cost_cap),
        discount_(o.discount),
        bins_(o.context_upper.empty() ? 1 : o.bins, Sums(o.arms)),
        losses_(o.arms) {}

  Choice choose(std::span<const double> context, const Dice& dice, std::span<double> weights) override {
    const Sums& sums = bins_[bin(context)];
    const double scale = cap_ > 0 ? cap_ : sums.mean();
    for (std::size_t i = 0; i < losses_.size(); ++i) losses_[i] = sums.costs[i] / scale + sums.shifts[i];
    const double t = sums.rounds + 1;
    if (kind_ == LearnerName::exp3) {
      exponential_weights(t, weights);
    } else {
      tsallis_weights(losses_, rate(t), weights);
    }
    if (*std::min_element(weights.begin(), weights.end()) < least_probability) {
      double sum = 0;
      for (double& w : weights) sum += w = std::max(w, least_probability);
      for (double& w : weights) w /= sum;
    }
    return draw(weights, dice.uniform());
  }

  void learn(const Choice& choice, std::span<const double> context, std::span<const double> weights,
             double cost) override {
    Sums& sums = bins_[bin(context)];
    const double eta = rate(sums.rounds + 1);
    if (discount_ < 1) {
      for (double& x : sums.costs) x *= discount_;
      for (double& x : sums.shifts) x *= discount_;
    }
    sums.costs[choice.arm] += (cap_ > 0 ? std::min(cost, cap_) : cost) / choice.probability;
    if (kind_ == LearnerName::tsallis_rv) {
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const double baseline = weights[i] >= eta * eta ? 0.5 : 0;
        sums.shifts[i] += i == choice.arm ? baseline - baseline / choice.probability : baseline;
      }
    }
    sums.rounds = discount_ * sums.rounds + 1;
    sums.total = discount_ * sums.total + cost;
  }

  bool learns_from_any() const override { return false; }

  void restart() override {
    for (Sums& sums : bins_) sums = Sums(losses_.size());
  }

  void split(Tuner::Split split) override {
    for (Sums& sums : bins_)
      for (auto* values : {&sums.costs, &sums.shifts}) {
        const double mean = 0.5 * ((*values)[split.left] + (*values)[split.left + 1]);
        values->insert(values->begin() + static_cast<std::ptrdiff_t>(split.left) + 1, mean);
        values->erase(values->begin() + static_cast<std::ptrdiff_t>(split.dropped + (split.dropped > split.left)));
      }
  }

  void pack(Archive& archive) override {
    for (Sums& sums : bins_) sums.pack(archive);
  }

 private:
  std::size_t bin(std::span<const double> context) const {
    if (context.empty()) return 0;
    const auto n = bins_.size();
    return std::min(n - 1, static_cast<std::size_t>(0.5 * (context[0] + 1) * static_cast<double>(n)));
  }

  double rate(double t) const { return (kind_ == LearnerName::tsallis_rv ? 4 : 2) / std::sqrt(t); }

  void exponential_weights(double t, std::span<double> weights) const {
    const double d = static_cast<double>(losses_.size());
    const double eta = std::sqrt(log(d) / (t * d));
    const double least = *std::min_element(losses_.begin(), losses_.end());
    double sum = 0;
    for (std::size_t i = 0; i < losses_.size(); ++i) sum += weights[i] = exp(-eta * (losses_[i] - least));
    for (double& w : weights) w /= sum;
  }

  LearnerName kind_;
  double cap_, discount_;
  std::vector<Sums> bins_;
  std::vector<double> losses_;
};

}  // namespace

std::unique_ptr<Learner> make_weights_learner(const TunerOptions& options) {
  return std::make_unique<WeightsLearner>(options);
}

}  // namespace trimtab::steer
