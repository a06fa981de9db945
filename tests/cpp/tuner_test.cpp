#include "check.hpp"

#include <trimtab/steer/tuner.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace trimtab::steer;

namespace {

constexpr LearnerName learners[] = {LearnerName::tsallis_inf, LearnerName::tsallis_rv, LearnerName::exp3,
                                    LearnerName::chebcb, LearnerName::thompson};

constexpr double zero[] = {0}, one[] = {1};

TunerOptions options_for(LearnerName learner) {
  TunerOptions options{.arms = 7, .learner = learner, .seed = 11};
  if (learner == LearnerName::chebcb || learner == LearnerName::thompson)
    options.context_lower = zero, options.context_upper = one;
  return options;
}

std::vector<double> context_for(const Tuner& tuner) {
  return std::vector<double>(tuner.context_dim(), std::fmod(0.618 * static_cast<double>(tuner.round()), 1.0));
}

std::vector<double> state_of(const Tuner& tuner) {
  std::vector<double> state(tuner.state_size());
  tuner.save(state);
  return state;
}

std::size_t play(Tuner& tuner) {
  const std::size_t arm = tuner.suggest(context_for(tuner)).arm;
  tuner.observe(1 + std::abs(static_cast<double>(arm) - 4));
  return arm;
}

void a_restored_tuner_goes_on_bit_for_bit(LearnerName learner) {
  Tuner first(options_for(learner)), second(options_for(learner));
  for (int t = 0; t < 200; ++t) play(first);
  second.restore(state_of(first));
  for (int t = 0; t < 100; ++t) CHECK(play(first) == play(second));
  const auto a = state_of(first), b = state_of(second);
  CHECK(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    CHECK(std::bit_cast<std::uint64_t>(a[i]) == std::bit_cast<std::uint64_t>(b[i]));
}

void weights_solve_their_equation() {
  for (double spread : {0.0, 1.0, 1e6, 1e15})
    for (double t : {1.0, 100.0, 1e10}) {
      std::vector<double> losses, weights(20);
      for (int i = 0; i < 20; ++i) losses.push_back(1e12 + spread * i / 19);
      const double eta = 2 / std::sqrt(t), x = tsallis_weights(losses, eta, weights);
      double sum = 0;
      for (double w : weights) sum += w;
      CHECK_NEAR(sum, 1, 1e-14);
      CHECK(x < losses[0]);
      for (int i = 1; i < 20; ++i) CHECK(weights[i] <= weights[i - 1] && weights[i] > 0);
    }
}

void wrong_states_change_nothing() {
  Tuner tuner(options_for(LearnerName::tsallis_inf));
  for (int t = 0; t < 10; ++t) play(tuner);
  auto state = state_of(tuner);
  CHECK_THROWS(tuner.restore(state_of(Tuner(options_for(LearnerName::exp3)))), std::invalid_argument, "learner");
  state[5] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS(tuner.restore(state), std::invalid_argument, "whole number");
  CHECK(tuner.round() == 10);
}

void misuse_is_named() {
  Tuner tuner(options_for(LearnerName::tsallis_inf));
  CHECK_THROWS(tuner.observe(1), std::invalid_argument, "observe");
  tuner.suggest();
  CHECK_THROWS(tuner.suggest(), std::invalid_argument, "suggest");
  CHECK_THROWS(tuner.observe(-1), std::invalid_argument, "cost");
  CHECK_THROWS(Tuner(TunerOptions{}), std::invalid_argument, "arms");
}

}  // namespace

int main() {
  for (LearnerName learner : learners) a_restored_tuner_goes_on_bit_for_bit(learner);
  weights_solve_their_equation();
  wrong_states_change_nothing();
  misuse_is_named();
}
