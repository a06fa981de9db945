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
#include <vector>

namespace trimtab::steer {
namespace {

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
  std::vector<std::string> names{"round", "arm", "probability", "cost", "size", "conservative"};
  for (std::size_t i = 0; i < context_dim; ++i)
    names.push_back(context_dim == 1 ? "context" : "context" + std::to_string(i));
  return names;
}

const TunerOptions& checked(const TunerOptions& options) {
  check(options);
  return options;
}

}  // namespace

struct Tuner::Impl {
  explicit Impl(const TunerOptions& o)
      : options(checked(o)),
        lower(o.context_lower.begin(), o.context_lower.end()),
        upper(o.context_upper.begin(), o.context_upper.end()),
        positions(o.positions.begin(), o.positions.end()),
        learner(make_learner(o)),
        changes(o.arms, o.restart),
        ledger(o.ledger),
        decisions(columns(lower.size())),
        reference(o.reference),
        seed(o.seed),
        weights(o.arms, 1 / static_cast<double>(o.arms)),
        context(lower.size()) {
    options.context_lower = lower, options.context_upper = upper, options.positions = positions;
  }

  bool plays_reference() const { return reference >= 0 && choice.arm == static_cast<std::size_t>(reference); }

  void record(double cost);
  void split_best_pair();
  template <class To>
  void pack(To& archive);
  std::vector<double> state();

  TunerOptions options;
  std::vector<double> lower, upper, positions;
  std::unique_ptr<Learner> learner;
  ChangeDetector changes;
  Ledger ledger;
  Decisions decisions;
  std::int64_t reference;
  std::uint64_t seed, round = 0, restarts = 0, splits = 0;
  Split split;
  bool pending = false;
  Choice choice;
  double size = 1;
  Forecast forecast;
  std::vector<double> weights, context;
};

Tuner::Tuner(const TunerOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Tuner::~Tuner() = default;
Tuner::Tuner(Tuner&&) noexcept = default;
Tuner& Tuner::operator=(Tuner&&) noexcept = default;

std::size_t Tuner::arms() const { return impl_->options.arms; }
std::size_t Tuner::context_dim() const { return impl_->context.size(); }
std::uint64_t Tuner::round() const { return impl_->round; }
bool Tuner::pending() const { return impl_->pending; }
std::uint64_t Tuner::restarts() const { return impl_->restarts; }
std::uint64_t Tuner::splits() const { return impl_->splits; }
std::span<const double> Tuner::weights() const { return impl_->weights; }
std::int64_t Tuner::reference() const { return impl_->reference; }
Tuner::Split Tuner::last_split() const { return impl_->split; }
const Ledger& Tuner::ledger() const { return impl_->ledger; }
const Decisions& Tuner::decisions() const { return impl_->decisions; }
Decisions& Tuner::decisions() { return impl_->decisions; }

Choice Tuner::suggest(std::span<const double> context, double uniform, double size) {
  Impl& my = *impl_;
  if (my.pending) reject("suggest", "the last choice's cost by observe() first", "another suggest()");
  if (context.size() != my.context.size())
    reject("context", std::to_string(my.context.size()) + " numbers", std::to_string(context.size()));
  if (!(uniform < 1)) reject("uniform", "a number in [0, 1)", uniform);
  if (!(size > 0 && size <= max_cost)) reject("size", "a number in (0, 1e100]", size);
  for (double c : context)
    if (!std::isfinite(c)) reject("context", "finite numbers", c);
  for (std::size_t i = 0; i < context.size(); ++i)
    my.context[i] = std::clamp(2 * (context[i] - my.lower[i]) / (my.upper[i] - my.lower[i]) - 1, -1.0, 1.0);
  my.size = size;
  my.choice = my.learner->choose(my.context, Dice(my.seed, my.round, uniform), my.weights);
  if (my.reference >= 0) {
    const auto arm = static_cast<std::size_t>(my.reference);
    const auto model = my.learner->forecast(my.context, arm);
    my.forecast = model ? my.ledger.trusted(*model) : my.ledger.forecast(size);
    my.choice.conservative = !my.ledger.allows_exploring(my.forecast);
    if (my.choice.conservative) my.choice.arm = arm, my.choice.probability = 1;
    if (!my.plays_reference()) my.choice.cap = my.ledger.cap(my.forecast);
  }
  my.pending = true;
  return my.choice;
}

void Tuner::observe(double cost) {
  Impl& my = *impl_;
  if (!my.pending) reject("observe", "a suggest() first", "none");
  if (!(cost >= 0 && cost <= max_cost)) reject("cost", "a number in [0, 1e100]", cost);
  my.pending = false;
  my.ledger.observe(cost, my.plays_reference(), my.size, my.forecast);
  if (!my.choice.conservative || my.learner->learns_from_any())
    my.learner->learn(my.choice, my.context, my.weights, cost);
  my.record(cost);
  ++my.round;
  if (my.changes.observe(my.choice.arm, cost)) {
    ++my.restarts;
    my.learner->restart();
    my.changes.restart();
  }
  if (my.options.split_every > 0 && my.round % my.options.split_every == 0) my.split_best_pair();
}

void Tuner::Impl::record(double cost) {
  std::array<double, 6 + max_contexts> row{
      static_cast<double>(round),     static_cast<double>(choice.arm), choice.probability, cost, size,
      choice.conservative ? 1.0 : 0.0};
  for (std::size_t i = 0; i < context.size(); ++i)
    row[6 + i] = lower[i] + 0.5 * (context[i] + 1) * (upper[i] - lower[i]);
  decisions.record(std::span<const double>(row).first(6 + context.size()));
}

void Tuner::Impl::split_best_pair() {
  const std::size_t d = weights.size();
  if (d < 3) return;
  std::size_t left = 0;
  for (std::size_t i = 1; i + 1 < d; ++i)
    if (weights[i] + weights[i + 1] > weights[left] + weights[left + 1]) left = i;
  std::size_t dropped = d;
  for (std::size_t i = 0; i < d; ++i)
    if (i != left && i != left + 1 && static_cast<std::int64_t>(i) != reference &&
        (dropped == d || weights[i] < weights[dropped]))
      dropped = i;
  if (dropped == d) return;
  split = {left, dropped};
  ++splits;
  learner->split(split);
  changes.restart();  // its means are those of the former arms
  if (reference >= 0) {
    const auto r = static_cast<std::size_t>(reference);
    reference += static_cast<std::int64_t>(r > left) - static_cast<std::int64_t>(r > dropped);
  }
}

template <class To>
void Tuner::Impl::pack(To& archive) {
  archive(round), archive(restarts), archive(splits), archive(split.left), archive(split.dropped);
  archive(reference), archive(pending), archive(weights), archive(context), archive(size);
  archive(forecast.lower), archive(forecast.upper);
  archive(choice.arm), archive(choice.probability), archive(choice.cap), archive(choice.conservative);
  std::uint32_t low = static_cast<std::uint32_t>(seed), high = static_cast<std::uint32_t>(seed >> 32);
  archive(low), archive(high);
  seed = std::uint64_t{high} << 32 | low;
  ledger.pack(archive);
  changes.pack(archive);
  learner->pack(archive);
}

std::vector<double> Tuner::Impl::state() {
  std::vector<double> numbers{state_version, static_cast<double>(options.learner), static_cast<double>(options.arms),
                              static_cast<double>(context.size()), 0};
  Archive archive(numbers);
  pack(archive);
  numbers[4] = static_cast<double>(numbers.size());
  return numbers;
}

std::size_t Tuner::state_size() const { return impl_->state().size(); }

void Tuner::save(std::span<double> state) const {
  const std::vector<double> numbers = impl_->state();
  if (state.size() != numbers.size())
    reject("state", "room for " + std::to_string(numbers.size()) + " numbers", std::to_string(state.size()));
  std::copy(numbers.begin(), numbers.end(), state.begin());
}

void Tuner::restore(std::span<const double> state) {
  const std::vector<double> mine = impl_->state();
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
  auto fresh = std::make_unique<Impl>(impl_->options);
  Archive archive(state.subspan(5));
  fresh->pack(archive);
  if (fresh->choice.arm >= arms() || fresh->reference >= static_cast<std::int64_t>(arms()))
    reject("state", "arms below " + std::to_string(arms()), std::to_string(fresh->choice.arm));
  fresh->decisions = std::move(impl_->decisions);
  impl_ = std::move(fresh);
}

void Tuner::replay(std::span<const double> costs, std::span<const double> contexts, std::span<const double> sizes,
                   std::span<std::int64_t> chosen) {
  const std::size_t d = arms(), q = context_dim(), rounds = chosen.size();
  if (costs.size() != rounds * d) reject("costs", "rounds x arms numbers", std::to_string(costs.size()));
  if (contexts.size() != rounds * q) reject("contexts", "rounds x contexts numbers", std::to_string(contexts.size()));
  if (!sizes.empty() && sizes.size() != rounds) reject("sizes", "one per round, or none", std::to_string(sizes.size()));
  if (impl_->options.split_every > 0) reject("split_every", "0, as the costs are those of fixed arms", "a split");
  for (double c : costs)
    if (!(c >= 0 && c <= max_cost)) reject("costs", "numbers in [0, 1e100]", c);
  for (std::size_t t = 0; t < rounds; ++t) {
    const std::size_t arm = suggest(contexts.subspan(t * q, q), -1, sizes.empty() ? 1 : sizes[t]).arm;
    observe(costs[t * d + arm]);
    chosen[t] = static_cast<std::int64_t>(arm);
  }
}

}  // namespace trimtab::steer
