#include "cholesky.hpp"
#include "learner.hpp"

#include <trimtab/core/elementary.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace trimtab::steer {
namespace {

/// Bayesian linear regression by its normal equations, in units of the noise.
struct Regression {
  Regression(std::size_t m, double prior_precision)
      : prior(prior_precision), precision(m * m), moments(m), factor(m * m), mean(m) {
    for (std::size_t j = 0; j < m; ++j) precision[j * m + j] = prior;
    solve();
  }

  double prior;
  std::vector<double> precision, moments, factor, mean;

  void solve() {
    const std::size_t m = mean.size();
    factor = precision;
    cholesky(factor, m);
    mean = moments;
    solve_lower(factor, m, mean);
    solve_lower_transposed(factor, m, mean);
  }
  void discount(double gamma) {
    const std::size_t m = mean.size();
    for (double& x : precision) x *= gamma;
    for (double& x : moments) x *= gamma;
    for (std::size_t j = 0; j < m; ++j) precision[j * m + j] += (1 - gamma) * prior;
  }
  void add(std::span<const double> features, double y) {
    const std::size_t m = mean.size();
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < m; ++j) precision[i * m + j] += features[i] * features[j];
      moments[i] += features[i] * y;
    }
  }
  /// Variance of features' theta, in units of the noise variance; scratch holds m numbers.
  double variance(std::span<const double> features, std::span<double> scratch) const {
    std::copy(features.begin(), features.end(), scratch.begin());
    solve_lower(factor, mean.size(), scratch);
    double sum = 0;
    for (double x : scratch) sum += x * x;
    return sum;
  }
};

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// log(cost) is linear in all monomials of total degree at most 3: in the arm's position and the contexts, with one
/// regression for all arms, or, where the arms have no positions, in the contexts, with one for each arm.
class ThompsonLearner final : public Learner {
 public:
  explicit ThompsonLearner(const TunerOptions& o)
      : noise_(o.noise), discount_(o.discount), shared_(!o.positions.empty()), plays_(o.arms), positions_(o.positions) {
    set_exponents(o.context_dim + (shared_ ? 1 : 0));
    const auto [low, high] = std::minmax_element(positions_.begin(), positions_.end());
    if (shared_) {
      const double middle = 0.5 * (*low + *high), half = 0.5 * (*high - *low);
      for (double& s : positions_) s = half > 0 ? (s - middle) / half : 0;
    }
    terms_ = exponents_.size() / std::max<std::size_t>(variables_, 1);
    if (variables_ == 0) terms_ = 1;
    features_.resize(o.arms * terms_);
    scratch_.resize(std::max(terms_, o.arms));
    restart();
  }

  Choice choose(std::span<const double> context, const Dice& dice, std::span<double> weights) override {
    std::fill(weights.begin(), weights.end(), std::numeric_limits<double>::quiet_NaN());
    const std::size_t d = plays_.size();
    const std::size_t spread[] = {0, d / 2, d - 1};
    if (shared_) {
      for (std::size_t arm : spread)
        if (plays_[arm] == 0) return {.arm = arm};
    } else if (const auto fresh = std::find(plays_.begin(), plays_.end(), 0.0); fresh != plays_.end()) {
      return {.arm = static_cast<std::size_t>(fresh - plays_.begin())};
    }
    set_features(context);
    const double sigma = this->sigma();
    std::span<double> normals(scratch_);
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    if (shared_) {
      normals = normals.first(terms_);
      dice.normals(normals);
      solve_lower_transposed(models_[0].factor, terms_, normals);
      for (std::size_t j = 0; j < terms_; ++j) normals[j] = models_[0].mean[j] + sigma * normals[j];
      for (std::size_t i = 0; i < d; ++i) {
        const double y = dot(features_of(i), normals);
        if (y < least) least = y, best = i;
      }
    } else {
      normals = normals.first(d);
      dice.normals(normals);
      std::vector<double>& work = work_;
      work.resize(terms_);
      for (std::size_t i = 0; i < d; ++i) {
        const auto f = features_of(i);
        const double y = dot(f, models_[i].mean) + sigma * std::sqrt(models_[i].variance(f, work)) * normals[i];
        if (y < least) least = y, best = i;
      }
    }
    return {.arm = best, .probability = std::numeric_limits<double>::quiet_NaN()};
  }

  void learn(const Choice& choice, std::span<const double> context, std::span<const double>, double cost) override {
    total_ = discount_ * total_ + cost;
    rounds_ = discount_ * rounds_ + 1;
    const double y = log(std::max({cost, 0.01 * total_ / rounds_, 1e-300}));
    if (!centered_) center_ = y, centered_ = true;
    set_features(context);
    const auto f = features_of(choice.arm);
    Regression& model = models_[shared_ ? 0 : choice.arm];
    work_.resize(terms_);
    const double error = y - center_ - dot(f, model.mean);
    squares_ = discount_ * squares_ + error * error / (1 + model.variance(f, work_));
    if (discount_ < 1)
      for (Regression& m : models_) m.discount(discount_);
    model.add(f, y - center_);
    if (discount_ < 1) {
      for (Regression& m : models_) m.solve();
    } else {
      model.solve();
    }
    ++plays_[choice.arm];
  }

  bool learns_from_any() const override { return true; }

  void restart() override {
    constexpr double prior_deviation = 3;  // of log(cost): a factor of 20
    const double ratio = noise_ / prior_deviation;
    models_.assign(shared_ ? 1 : plays_.size(), Regression(terms_, ratio * ratio));
    std::fill(plays_.begin(), plays_.end(), 0.0);
    squares_ = total_ = rounds_ = center_ = 0;
    centered_ = false;
  }

  void pack(Archive& archive) override {
    for (Regression& m : models_) {
      archive(m.precision), archive(m.moments);
      if (!archive.saving()) m.solve();
    }
    archive(plays_), archive(squares_), archive(total_), archive(rounds_), archive(center_), archive(centered_);
  }

 private:
  std::span<const double> features_of(std::size_t arm) const {
    return std::span(features_).subspan(shared_ ? arm * terms_ : 0, terms_);
  }

  /// The noise as given or as the one-step predictions show it, the greater; the given one counts as five rounds.
  double sigma() const { return std::max(noise_, std::sqrt((5 * noise_ * noise_ + squares_) / (5 + rounds_))); }

  void set_exponents(std::size_t variables) {
    variables_ = variables;
    if (variables == 0) return;
    std::vector<std::size_t> powers(variables, 0);
    while (true) {
      std::size_t degree = 0;
      for (std::size_t p : powers) degree += p;
      if (degree <= 3) exponents_.insert(exponents_.end(), powers.begin(), powers.end());
      std::size_t v = 0;
      while (v < variables && ++powers[v] > 3) powers[v++] = 0;
      if (v == variables) return;
    }
  }

  void set_features(std::span<const double> context) {
    const std::size_t copies = shared_ ? plays_.size() : 1;
    for (std::size_t i = 0; i < copies; ++i)
      for (std::size_t j = 0; j < terms_; ++j) {
        double product = 1;
        for (std::size_t v = 0; v < variables_; ++v) {
          const double x = !shared_ ? context[v] : v == 0 ? positions_[i] : context[v - 1];
          for (std::size_t p = exponents_[j * variables_ + v]; p > 0; --p) product *= x;
        }
        features_[i * terms_ + j] = product;
      }
  }

  double noise_, discount_;
  bool shared_;
  std::vector<double> plays_, positions_;
  std::size_t variables_ = 0, terms_ = 1;
  std::vector<std::size_t> exponents_;
  std::vector<double> features_, scratch_, work_;
  std::vector<Regression> models_;
  double squares_ = 0, total_ = 0, rounds_ = 0, center_ = 0;
  bool centered_ = false;
};

}  // namespace

std::unique_ptr<Learner> make_thompson_learner(const TunerOptions& options) {
  return std::make_unique<ThompsonLearner>(options);
}

}  // namespace trimtab::steer
