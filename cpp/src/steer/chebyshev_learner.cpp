#include "box_least_squares.hpp"
#include "learner.hpp"

#include <trimtab/core/elementary.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace trimtab::steer {
namespace {

/// One arm's samples, as normal equations: the cost of a round does not grow with their number.
struct Fit {
  explicit Fit(std::size_t m) : gram(m * m), moments(m), theta(m) {}

  std::vector<double> gram, moments, theta;
  double squares = 0;
  double residual = 0;  ///< sum of squares that the fit leaves

  double predict(std::span<const double> features) const {
    double sum = 0;
    for (std::size_t j = 0; j < theta.size(); ++j) sum += theta[j] * features[j];
    return sum;
  }
  void solve(std::span<const double> bounds) {
    box_least_squares(gram, moments, bounds, theta);
    measure();
  }
  void measure() {
    double sum = squares;
    for (std::size_t i = 0; i < theta.size(); ++i) {
      double row = -2 * moments[i];
      for (std::size_t j = 0; j < theta.size(); ++j) row += gram[i * theta.size() + j] * theta[j];
      sum += theta[i] * row;
    }
    residual = std::max(sum, 0.0);
  }
  void add(std::span<const double> features, double cost) {
    for (std::size_t i = 0; i < theta.size(); ++i) {
      for (std::size_t j = 0; j < theta.size(); ++j) gram[i * theta.size() + j] += features[i] * features[j];
      moments[i] += features[i] * cost;
    }
    squares += cost * cost;
  }
  void discount(double factor) {
    for (double& x : gram) x *= factor;
    for (double& x : moments) x *= factor;
    squares *= factor;
    measure();
  }
  void pack(Archive& archive) {
    archive(gram), archive(moments), archive(theta), archive(squares);
    if (!archive.saving()) measure();
  }
};

/// ChebCB: SquareCB's inverse-gap weighting over constrained Chebyshev fits. Fits are kept in units of the cost.
class ChebyshevLearner final : public Learner {
 public:
  explicit ChebyshevLearner(const TunerOptions& o)
      : discount_(o.discount), fits_(o.arms, Fit(o.degree)), features_(o.degree), bounds_(o.degree), costs_(o.arms) {}

  Choice choose(std::span<const double> context, const Dice& dice, std::span<double> weights) override {
    set_features(context[0]);
    const double d = static_cast<double>(fits_.size()), t = rounds_ + 1, unit = scale();
    double eta = 0;
    if (rounds_ > 0) {
      const double m = static_cast<double>(features_.size());
      const double alpha = (std::numbers::pi + 2 / std::numbers::pi * log(2 * m + 1)) * spread() / (2 * unit * (m + 1));
      double excess = errors_;
      for (const Fit& fit : fits_) excess -= fit.residual;
      excess = std::max(excess, 0.0) / (unit * unit);
      eta = 2 * t * std::sqrt(d * t / std::max(excess + 2 * alpha * alpha * t, 1e-300));
    }
    for (std::size_t i = 0; i < fits_.size(); ++i) costs_[i] = fits_[i].predict(features_) / unit;
    const auto best = static_cast<std::size_t>(std::min_element(costs_.begin(), costs_.end()) - costs_.begin());
    weights[best] = 1;
    for (std::size_t i = 0; i < fits_.size(); ++i) {
      if (i == best) continue;
      weights[i] = 1 / (d + eta * (costs_[i] - costs_[best]));
      weights[best] -= weights[i];
    }
    return draw(weights, dice.uniform());
  }

  void learn(const Choice& choice, std::span<const double> context, std::span<const double>, double cost) override {
    set_features(context[0]);
    Fit& played = fits_[choice.arm];
    const double error = played.predict(features_) - cost;
    if (discount_ < 1)
      for (Fit& fit : fits_) fit.discount(discount_);
    errors_ = discount_ * errors_ + error * error;
    const bool wider = rounds_ == 0 || cost > largest_ || cost < smallest_;
    largest_ = rounds_ == 0 ? cost : std::max(largest_, cost);
    smallest_ = rounds_ == 0 ? cost : std::min(smallest_, cost);
    rounds_ = discount_ * rounds_ + 1;
    played.add(features_, cost);
    bounds_[0] = largest_;
    for (std::size_t j = 1; j < bounds_.size(); ++j) bounds_[j] = 2 * spread() / static_cast<double>(j);
    if (wider) {
      for (Fit& fit : fits_) fit.solve(bounds_);
    } else {
      played.solve(bounds_);
    }
  }

  bool learns_from_any() const override { return true; }

  void restart() override {
    for (Fit& fit : fits_) fit = Fit(features_.size());
    errors_ = largest_ = smallest_ = rounds_ = 0;
  }

  void pack(Archive& archive) override {
    for (Fit& fit : fits_) fit.pack(archive);
    archive(errors_), archive(largest_), archive(smallest_), archive(rounds_);
  }

 private:
  double spread() const { return largest_ - smallest_; }

  /// The paper's K N: the largest cost times 2 + 4 (b - a) (L / K) (1 + log m).
  double scale() const {
    if (!(largest_ > 1e-100)) return 1;  // its square would underflow
    return 2 * largest_ + 4 * spread() * (1 + log(static_cast<double>(features_.size())));
  }

  void set_features(double x) {
    features_[0] = 1;
    if (features_.size() > 1) features_[1] = x;
    for (std::size_t j = 2; j < features_.size(); ++j) features_[j] = 2 * x * features_[j - 1] - features_[j - 2];
  }

  double discount_;
  std::vector<Fit> fits_;
  std::vector<double> features_, bounds_, costs_;
  double errors_ = 0, largest_ = 0, smallest_ = 0, rounds_ = 0;
};

}  // namespace

std::unique_ptr<Learner> make_chebyshev_learner(const TunerOptions& options) {
  return std::make_unique<ChebyshevLearner>(options);
}

}  // namespace trimtab::steer
