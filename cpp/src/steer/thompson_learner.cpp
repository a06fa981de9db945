#include "learner.hpp"
#include "regression.hpp"

#include <trimtab/core/elementary.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace trimtab::steer {
namespace {

constexpr std::size_t max_degree = 3;
constexpr double prior_deviation = 3;  // of log(cost): a factor of 20

using Exponents = std::array<unsigned char, 1 + Tuner::max_contexts>;  // of the position and the contexts

/// All exponents with a sum of at most max_degree, that of the position 0 where there is none.
std::vector<Exponents> exponents(std::size_t contexts, bool position) {
  std::vector<Exponents> all;
  Exponents e{};
  while (true) {
    std::size_t degree = 0, v = position ? 0 : 1;
    for (unsigned char p : e) degree += p;
    if (degree <= max_degree) all.push_back(e);
    while (v <= contexts && ++e[v] > max_degree) e[v++] = 0;
    if (v > contexts) return all;
  }
}

using Powers = std::array<double, max_degree + 1>;
Powers powers(double x) { return {1, x, x * x, x * x * x}; }

/// log(cost) is linear in monomials of low degree in the arm's position and the contexts. Arms with positions share one
/// regression; every other arm has its own, in the contexts.
class ThompsonLearner final : public Learner {
 public:
  explicit ThompsonLearner(const TunerOptions& o)
      : noise_(o.noise),
        discount_(o.discount),
        contexts_(o.context_upper.size()),
        terms_{Terms(contexts_, false), Terms(contexts_, true)},
        plays_(o.arms),
        arms_(o.arms) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    std::vector<std::size_t> sharing;
    for (std::size_t i = 0; i < o.positions.size(); ++i)
      if (!std::isnan(o.positions[i])) {
        low = std::min(low, o.positions[i]), high = std::max(high, o.positions[i]);
        sharing.push_back(i);
      }
    if (!sharing.empty()) models_.push_back({.terms = 1});
    for (std::size_t i = 0; i < o.arms; ++i) {
      const bool shares = !o.positions.empty() && !std::isnan(o.positions[i]);
      if (!shares) models_.push_back({.terms = 0}), starts_.push_back(i);
      const double half = 0.5 * (high - low);
      const Powers position = powers(shares && half > 0 ? (o.positions[i] - low - half) / half : 0);
      arms_[i].model = shares ? 0 : models_.size() - 1;
      for (const Exponents& e : terms_[shares].exponents) arms_[i].position.push_back(position[e[0]]);
    }
    if (!sharing.empty())
      for (std::size_t i : {std::size_t{0}, sharing.size() / 2, sharing.size() - 1}) starts_.push_back(sharing[i]);
    features_.resize(terms_[1].exponents.size()), whitened_.resize(features_.size());
    restart();
  }

  Choice choose(std::span<const double> context, const Dice& dice, std::span<double> weights) override {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    std::fill(weights.begin(), weights.end(), unknown);
    for (std::size_t arm : starts_)
      if (plays_[arm] == 0) return {.arm = arm, .probability = unknown};
    std::size_t drawn = 0;
    for (const Model& model : models_) drawn += model.regression.terms();
    draws_.resize(drawn + drawn % 2);
    dice.normals(draws_);
    set_context(context);
    drawn = 0;
    const double noise = sigma();
    for (Model& model : models_) {
      model.draw = std::span(draws_).subspan(drawn, model.regression.terms());
      model.regression.draw(noise, model.draw);
      terms_[model.terms].multiply(model.draw);
      drawn += model.draw.size();
    }
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < arms_.size(); ++i) {
      const double y = dot(arms_[i].position, models_[arms_[i].model].draw);
      if (y < least) least = y, best = i;
    }
    return {.arm = best, .probability = unknown};
  }

  void learn(const Choice& choice, std::span<const double> context, std::span<const double>, double cost) override {
    total_ = discount_ * total_ + cost;
    rounds_ = discount_ * rounds_ + 1;
    const double y = log(std::max({cost, 0.01 * total_ / rounds_, 1e-300}));
    if (!centered_) center_ = y, centered_ = true;
    set_context(context);
    const auto f = features(choice.arm);
    Regression& played = models_[arms_[choice.arm].model].regression;
    const auto expected = predict(played, f);
    const double error = y - center_ - expected.mean;
    squares_ = discount_ * squares_ + error * error / (1 + expected.variance);
    if (discount_ < 1)
      for (Model& model : models_) model.regression.discount(discount_);
    played.add(f, y - center_);
    if (discount_ < 1) {
      for (Model& model : models_) model.regression.solve();
    } else {
      played.solve();
    }
    ++plays_[choice.arm];
  }

  std::optional<Forecast> forecast(std::span<const double> context, std::size_t arm) override {
    if (!centered_) return {};
    set_context(context);
    const auto [mean, variance] = predict(models_[arms_[arm].model].regression, features(arm));
    const double y = center_ + mean;
    return Forecast{exp(y - 2 * sigma() * std::sqrt(variance)), exp(y + 2 * sigma() * std::sqrt(1 + variance))};
  }

  bool learns_from_any() const override { return true; }

  void restart() override {
    const double ratio = noise_ / prior_deviation;
    for (Model& model : models_) model.regression = Regression(terms_[model.terms].exponents.size(), ratio * ratio);
    std::fill(plays_.begin(), plays_.end(), 0.0);
    squares_ = total_ = rounds_ = center_ = 0;
    centered_ = false;
  }

  void pack(Archive& archive) override {
    for (Model& model : models_) model.regression.pack(archive);
    archive(plays_), archive(squares_), archive(total_), archive(rounds_), archive(center_), archive(centered_);
  }

 private:
  /// The monomials of a regression.
  struct Terms {
    Terms(std::size_t contexts, bool position)
        : exponents(steer::exponents(contexts, position)), context(contexts, std::vector<double>(exponents.size())) {}
    std::vector<Exponents> exponents;
    std::vector<std::vector<double>> context;  ///< of this round: the power of each context in each term

    void multiply(std::span<double> x) const {
      for (const std::vector<double>& power : context)
        for (std::size_t j = 0; j < power.size(); ++j) x[j] *= power[j];
    }
  };
  struct Model {
    std::size_t terms;  ///< of terms_
    Regression regression{0, 1};
    std::span<double> draw = {};  ///< coefficients of this round, times the powers of its context
  };
  struct Arm {
    std::size_t model = 0;
    std::vector<double> position = {};  ///< its power in each term
  };

  /// The noise as given or as the one-step predictions show it, the greater; the given one counts as five rounds.
  double sigma() const { return std::max(noise_, std::sqrt((5 * noise_ * noise_ + squares_) / (5 + rounds_))); }

  void set_context(std::span<const double> context) {
    for (std::size_t v = 0; v < contexts_; ++v) {
      const Powers of = powers(context[v]);
      for (Terms& terms : terms_)
        for (std::size_t j = 0; j < terms.exponents.size(); ++j) terms.context[v][j] = of[terms.exponents[j][1 + v]];
    }
  }

  std::span<const double> features(std::size_t arm) {
    const std::vector<double>& position = arms_[arm].position;
    const std::span f = std::span(features_).first(position.size());
    std::copy(position.begin(), position.end(), f.begin());
    terms_[models_[arms_[arm].model].terms].multiply(f);
    return f;
  }

  Regression::Prediction predict(const Regression& model, std::span<const double> features) {
    std::copy(features.begin(), features.end(), whitened_.begin());
    return model.predict(std::span(whitened_).first(features.size()));
  }

  double noise_, discount_;
  std::size_t contexts_;
  std::array<Terms, 2> terms_;  ///< without and with the position
  std::vector<double> plays_;
  std::vector<Arm> arms_;
  std::vector<Model> models_;
  std::vector<std::size_t> starts_;  ///< arms to be played once before anything is drawn
  std::vector<double> features_, whitened_, draws_;
  double squares_ = 0, total_ = 0, rounds_ = 0, center_ = 0;
  bool centered_ = false;
};

}  // namespace

std::unique_ptr<Learner> make_thompson_learner(const TunerOptions& options) {
  return std::make_unique<ThompsonLearner>(options);
}

}  // namespace trimtab::steer
