#include "archive.hpp"
#include "change_detector.hpp"
#include "learner.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/steer/tuner.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace trimtab::steer {
namespace {

TunerOptions checked(TunerOptions o) {
  const auto count = [](std::size_t n) { return std::to_string(n); };
  const bool weighs =
      o.learner == LearnerName::tsallis_inf || o.learner == LearnerName::tsallis_rv || o.learner == LearnerName::exp3;
  if (o.arms < 1 || o.arms > 65536) reject("arms", "1 to 65536 of them", count(o.arms));
  if (weighs && o.context_dim > 1) reject("context_dim", "0 or 1 for this learner", count(o.context_dim));
  if (o.learner == LearnerName::chebcb && o.context_dim != 1)
    reject("context_dim", "1 for chebcb", count(o.context_dim));
  if (o.context_dim > 4) reject("context_dim", "at most 4", count(o.context_dim));
  if (o.context_lower.size() != o.context_dim || o.context_upper.size() != o.context_dim)
    reject("context_range", "as many ranges as contexts, " + count(o.context_dim), count(o.context_lower.size()));
  for (std::size_t i = 0; i < o.context_dim; ++i)
    if (!(o.context_lower[i] < o.context_upper[i] && std::isfinite(o.context_upper[i] - o.context_lower[i])))
      reject("context_range", "finite ends, the lower one first", o.context_lower[i]);
  if (o.bins < 1 || o.bins > 1024) reject("bins", "1 to 1024", count(o.bins));
  if (o.degree < 1 || o.degree > 16) reject("degree", "1 to 16", count(o.degree));
  if (!o.positions.empty() && o.learner != LearnerName::thompson) reject("positions", "none but for thompson", "some");
  if (!o.positions.empty() && o.positions.size() != o.arms)
    reject("positions", "one number per arm, " + count(o.arms), count(o.positions.size()));
  for (double s : o.positions)
    if (!(std::abs(s) <= 1e100)) reject("positions", "finite numbers", s);
  if (!(o.noise > 0 && o.noise <= 10)) reject("noise", "a number in (0, 10]", o.noise);
  if (!(o.cost_cap >= 0 && o.cost_cap <= Tuner::max_cost)) reject("cost_cap", "a positive number, or 0", o.cost_cap);
  if (o.cost_cap > 0 && !weighs) reject("cost_cap", "0 for this learner, which scales by itself", o.cost_cap);
  if (!(o.discount > 0 && o.discount <= 1)) reject("discount", "a number in (0, 1]", o.discount);
  if (!(o.restart >= 0 && std::isfinite(o.restart))) reject("restart", "a positive number, or 0", o.restart);
  if (o.restart > 0 && o.context_dim > 0) reject("restart", "0 with a context, which explains changes", o.restart);
  if (o.split_every > 0 && (!weighs || o.context_dim > 0))
    reject("split_every", "0 but for tsallis and exp3 without a context", count(o.split_every));
  if (o.reference < -1 || o.reference >= static_cast<std::int64_t>(o.arms))
    reject("reference", "an arm, 0 to " + count(o.arms - 1), std::to_string(o.reference));
  return o;
}

std::unique_ptr<Learner> make_learner(const TunerOptions& options) {
  switch (options.learner) {
    case LearnerName::chebcb:
      return make_chebyshev_learner(options);
    case LearnerName::thompson:
      return make_thompson_learner(options);
    case LearnerName::tsallis_inf:
    case LearnerName::tsallis_rv:
    case LearnerName::exp3:
      break;
  }
  return make_weights_learner(options);
}

std::vector<std::string> columns(std::size_t context_dim) {
  std::vector<std::string> names{"round", "arm", "probability", "cost", "conservative"};
  for (std::size_t i = 0; i < context_dim; ++i)
    names.push_back(context_dim == 1 ? "context" : "context" + std::to_string(i));
  return names;
}

}  // namespace

Tuner::Tuner(TunerOptions options)
    : options_(checked(std::move(options))),
      learner_(make_learner(options_)),
      changes_(std::make_unique<ChangeDetector>(options_.arms, options_.restart)),
      ledger_(options_.ledger),
      decisions_(columns(options_.context_dim)),
      reference_(options_.reference),
      seed_(options_.seed),
      weights_(options_.arms, 1 / static_cast<double>(options_.arms)),
      context_(options_.context_dim) {}

Tuner::~Tuner() = default;
Tuner::Tuner(Tuner&&) noexcept = default;
Tuner& Tuner::operator=(Tuner&&) noexcept = default;

Choice Tuner::suggest(std::span<const double> context, double uniform) {
  if (pending_) reject("suggest", "the last choice's cost by observe() first", "another suggest()");
  if (context.size() != context_.size())
    reject("context", std::to_string(context_.size()) + " numbers", std::to_string(context.size()));
  if (!(uniform < 1)) reject("uniform", "a number in [0, 1)", uniform);
  for (double c : context)
    if (!std::isfinite(c)) reject("context", "finite numbers", c);
  for (std::size_t i = 0; i < context.size(); ++i) {
    const double low = options_.context_lower[i], high = options_.context_upper[i];
    context_[i] = std::clamp(2 * (context[i] - low) / (high - low) - 1, -1.0, 1.0);
  }
  choice_ = learner_->choose(context_, Dice(seed_, round_, uniform), weights_);
  if (reference_ >= 0) {
    choice_.conservative = !ledger_.allows_exploring(round_ + 1);
    if (choice_.conservative) choice_.arm = reference(), choice_.probability = 1;
    if (choice_.arm != reference()) choice_.cap = ledger_.cap();
  }
  pending_ = true;
  return choice_;
}

void Tuner::observe(double cost) {
  if (!pending_) reject("observe", "a suggest() first", "none");
  if (!(cost >= 0 && cost <= max_cost)) reject("cost", "a number in [0, 1e100]", cost);
  pending_ = false;
  ledger_.observe(cost, reference_ >= 0 && choice_.arm == reference());
  if (!choice_.conservative || learner_->learns_from_any()) learner_->learn(choice_, context_, weights_, cost);

  std::array<double, 9> row{static_cast<double>(round_), static_cast<double>(choice_.arm), choice_.probability, cost,
                            choice_.conservative ? 1.0 : 0.0};
  for (std::size_t i = 0; i < context_.size(); ++i)
    row[5 + i] =
        options_.context_lower[i] + 0.5 * (context_[i] + 1) * (options_.context_upper[i] - options_.context_lower[i]);
  decisions_.record(std::span<const double>(row).first(5 + context_.size()));

  ++round_;
  if (changes_->observe(choice_.arm, cost)) {
    ++restarts_;
    learner_->restart();
    changes_->restart();
  }
  if (options_.split_every > 0 && round_ % options_.split_every == 0) split_best_pair();
}

void Tuner::split_best_pair() {
  const std::size_t d = weights_.size();
  if (d < 3) return;
  std::size_t left = 0;
  for (std::size_t i = 1; i + 1 < d; ++i)
    if (weights_[i] + weights_[i + 1] > weights_[left] + weights_[left + 1]) left = i;
  std::size_t dropped = d;
  for (std::size_t i = 0; i < d; ++i)
    if (i != left && i != left + 1 && static_cast<std::int64_t>(i) != reference_ &&
        (dropped == d || weights_[i] < weights_[dropped]))
      dropped = i;
  if (dropped == d) return;
  split_ = {left, dropped};
  ++splits_;
  learner_->split(split_);
  changes_->restart();  // its means are those of the former arms
  if (reference_ >= 0) {
    const std::size_t r = reference();
    reference_ += static_cast<std::int64_t>(r > left) - static_cast<std::int64_t>(r > dropped);
  }
}

template <class To>
void Tuner::pack(To& archive) {
  archive(round_), archive(restarts_), archive(splits_), archive(split_.left), archive(split_.dropped);
  archive(reference_), archive(pending_), archive(weights_), archive(context_);
  archive(choice_.arm), archive(choice_.probability), archive(choice_.cap), archive(choice_.conservative);
  std::uint32_t low = static_cast<std::uint32_t>(seed_), high = static_cast<std::uint32_t>(seed_ >> 32);
  archive(low), archive(high);
  seed_ = std::uint64_t{high} << 32 | low;
  ledger_.pack(archive);
  changes_->pack(archive);
  learner_->pack(archive);
}

std::vector<double> Tuner::state() const {
  std::vector<double> numbers{state_version, static_cast<double>(options_.learner), static_cast<double>(options_.arms),
                              static_cast<double>(options_.context_dim), 0};
  Archive archive(numbers);
  const_cast<Tuner*>(this)->pack(archive);  // saving changes nothing
  numbers[4] = static_cast<double>(numbers.size());
  return numbers;
}

void Tuner::restore(std::span<const double> state) {
  const std::vector<double> mine = this->state();
  constexpr const char* names[] = {"version", "learner number", "arms", "contexts", "size"};
  if (state.size() < 5) reject("state", "at least 5 numbers", static_cast<double>(state.size()));
  for (std::size_t i = 0; i < 5; ++i)
    if (state[i] != mine[i]) {
      const auto text = [&](double x) {
        return std::string(names[i]) + " " + std::to_string(static_cast<long long>(x));
      };
      reject("state", text(mine[i]), std::abs(state[i]) < 1e15 ? text(state[i]) : "another " + std::string(names[i]));
    }
  if (state.size() != mine.size())
    reject("state", std::to_string(mine.size()) + " numbers", std::to_string(state.size()));
  Tuner fresh(options_);
  Archive archive(state.subspan(5));
  fresh.pack(archive);
  if (fresh.choice_.arm >= options_.arms || fresh.reference_ >= static_cast<std::int64_t>(options_.arms))
    reject("state", "arms below " + std::to_string(options_.arms), std::to_string(fresh.choice_.arm));
  fresh.decisions_ = std::move(decisions_);
  *this = std::move(fresh);
}

void replay(Tuner& tuner, std::span<const double> costs, std::span<const double> contexts,
            std::span<std::int64_t> chosen) {
  const std::size_t arms = tuner.options().arms, q = tuner.options().context_dim, rounds = chosen.size();
  if (costs.size() != rounds * arms) reject("costs", "rounds x arms numbers", static_cast<double>(costs.size()));
  if (contexts.size() != rounds * q)
    reject("contexts", "rounds x context_dim numbers", static_cast<double>(contexts.size()));
  if (tuner.options().split_every > 0) reject("split_every", "0, as the costs are those of fixed arms", "a split");
  for (double c : costs)
    if (!(c >= 0 && c <= Tuner::max_cost)) reject("costs", "numbers in [0, 1e100]", c);
  for (std::size_t t = 0; t < rounds; ++t) {
    const std::size_t arm = tuner.suggest(contexts.subspan(t * q, q)).arm;
    tuner.observe(costs[t * arms + arm]);
    chosen[t] = static_cast<std::int64_t>(arm);
  }
}

}  // namespace trimtab::steer
