#include "options.hpp"
#include "status.hpp"

#include <trimtab/steer/tuner.hpp>

#include <limits>
#include <string>
#include <vector>

using namespace trimtab;
using namespace trimtab::steer;

struct trimtab_tuner {
  Tuner tuner;
};

namespace {

/// Options together with the arrays that they refer to.
struct Settings {
  TunerOptions options;
  std::vector<double> context_lower, context_upper, positions;
};

void set_option(Settings& settings, const std::string& key, const std::string& value) {
  TunerOptions& o = settings.options;
  const auto real = [&] { return capi::number(key, value); };
  const auto whole = [&] { return capi::whole_number(key, value); };
  if (key == "context_lower") {
    settings.context_lower.push_back(real());
  } else if (key == "context_upper") {
    settings.context_upper.push_back(real());
  } else if (key == "position") {
    settings.positions.push_back(value == "none" ? std::numeric_limits<double>::quiet_NaN() : real());
  } else if (key == "reference") {
    o.reference = static_cast<std::int64_t>(whole());
  } else if (key == "bins") {
    o.bins = whole();
  } else if (key == "degree") {
    o.degree = whole();
  } else if (key == "noise") {
    o.noise = real();
  } else if (key == "cost_cap") {
    o.cost_cap = real();
  } else if (key == "discount") {
    o.discount = real();
  } else if (key == "restart") {
    o.restart = real();
  } else if (key == "alpha") {
    o.ledger.alpha = real();
  } else if (key == "slack") {
    o.ledger.slack = real();
  } else if (key == "cap") {
    o.ledger.cap = real();
  } else {
    reject("options", "a key of the tuner", key);
  }
}

}  // namespace

extern "C" {

trimtab_status trimtab_tuner_create(int64_t arms, const char* learner, uint64_t seed, const char* options,
                                    trimtab_tuner** tuner) {
  return capi::guarded([&] {
    capi::require("learner", learner), capi::require("tuner", tuner);
    Settings settings;
    TunerOptions& made = settings.options;
    if (arms < 1) reject("arms", "at least 1", std::to_string(arms));
    made.arms = static_cast<std::size_t>(arms);
    made.learner =
        capi::named<LearnerName>("learner", learner, {"tsallis-inf", "tsallis-rv", "exp3", "chebcb", "thompson"});
    made.seed = seed;
    capi::for_each_option(options,
                          [&](const std::string& key, const std::string& value) { set_option(settings, key, value); });
    made.context_lower = settings.context_lower, made.context_upper = settings.context_upper;
    made.positions = settings.positions;
    *tuner = new trimtab_tuner{Tuner(made)};
  });
}

void trimtab_tuner_destroy(trimtab_tuner* tuner) { delete tuner; }

trimtab_status trimtab_tuner_suggest(trimtab_tuner* tuner, const double* context, double size, int64_t* arm,
                                     double* cap) {
  return capi::guarded([&] {
    capi::require("tuner", tuner), capi::require("arm", arm);
    const std::size_t q = tuner->tuner.context_dim();
    if (q > 0) capi::require("context", context);
    const Choice choice = tuner->tuner.suggest({context, q}, -1, size);
    *arm = static_cast<int64_t>(choice.arm);
    if (cap) *cap = choice.cap;
  });
}

trimtab_status trimtab_tuner_observe(trimtab_tuner* tuner, double cost) {
  return capi::guarded([&] {
    capi::require("tuner", tuner);
    tuner->tuner.observe(cost);
  });
}

trimtab_status trimtab_tuner_ledger(const trimtab_tuner* tuner, double* spent, double* baseline, double* bound) {
  return capi::guarded([&] {
    capi::require("tuner", tuner);
    const Ledger& ledger = tuner->tuner.ledger();
    if (spent) *spent = ledger.spent();
    if (baseline) *baseline = ledger.baseline();
    if (bound) *bound = ledger.bound();
  });
}

int64_t trimtab_tuner_state_size(const trimtab_tuner* tuner) {
  return tuner ? static_cast<int64_t>(tuner->tuner.state_size()) : 0;
}

trimtab_status trimtab_tuner_save(const trimtab_tuner* tuner, double* state) {
  return capi::guarded([&] {
    capi::require("tuner", tuner), capi::require("state", state);
    tuner->tuner.save({state, tuner->tuner.state_size()});
  });
}

trimtab_status trimtab_tuner_load(trimtab_tuner* tuner, const double* state, int64_t size) {
  return capi::guarded([&] {
    capi::require("tuner", tuner), capi::require("state", state);
    if (size < 0) reject("size", "at least 0", std::to_string(size));
    tuner->tuner.restore({state, static_cast<std::size_t>(size)});
  });
}
}
