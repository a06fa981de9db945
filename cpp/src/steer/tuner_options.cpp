#include "learner.hpp"

#include <trimtab/core/error.hpp>

#include <cmath>
#include <string>

namespace trimtab::steer {

void check(const TunerOptions& o) {
  const auto count = [](std::size_t n) { return std::to_string(n); };
  const bool weighs =
      o.learner == LearnerName::tsallis_inf || o.learner == LearnerName::tsallis_rv || o.learner == LearnerName::exp3;
  const std::size_t q = o.context_upper.size();
  if (o.arms < 1 || o.arms > 65536) reject("arms", "1 to 65536 of them", count(o.arms));
  if (weighs && q > 1) reject("context_dim", "0 or 1 for this learner", count(q));
  if (o.learner == LearnerName::chebcb && q != 1) reject("context_dim", "1 for chebcb", count(q));
  if (q > Tuner::max_contexts) reject("context_dim", "at most 4", count(q));
  if (o.context_lower.size() != q)
    reject("context_range", "as many ranges as contexts, " + count(q), count(o.context_lower.size()));
  for (std::size_t i = 0; i < q; ++i)
    if (!(o.context_lower[i] < o.context_upper[i] && std::isfinite(o.context_upper[i] - o.context_lower[i])))
      reject("context_range", "finite ends, the lower one first", o.context_lower[i]);
  if (o.bins < 1 || o.bins > 1024) reject("bins", "1 to 1024", count(o.bins));
  if (o.degree < 1 || o.degree > 16) reject("degree", "1 to 16", count(o.degree));
  if (!o.positions.empty() && o.learner != LearnerName::thompson) reject("positions", "none but for thompson", "some");
  if (!o.positions.empty() && o.positions.size() != o.arms)
    reject("positions", "one number per arm, " + count(o.arms), count(o.positions.size()));
  for (double s : o.positions)
    if (std::abs(s) > 1e100) reject("positions", "finite numbers, or NaN", s);
  if (!(o.noise > 0 && o.noise <= 10)) reject("noise", "a number in (0, 10]", o.noise);
  if (!(o.cost_cap >= 0 && o.cost_cap <= Tuner::max_cost)) reject("cost_cap", "a positive number, or 0", o.cost_cap);
  if (o.cost_cap > 0 && !weighs) reject("cost_cap", "0 for this learner, which scales by itself", o.cost_cap);
  if (!(o.discount > 0 && o.discount <= 1)) reject("discount", "a number in (0, 1]", o.discount);
  if (!(o.restart >= 0 && std::isfinite(o.restart))) reject("restart", "a positive number, or 0", o.restart);
  if (o.restart > 0 && q > 0) reject("restart", "0 with a context, which explains changes", o.restart);
  if (o.split_every > 0 && (!weighs || q > 0))
    reject("split_every", "0 but for tsallis and exp3 without a context", count(o.split_every));
  if (o.reference < -1 || o.reference >= static_cast<std::int64_t>(o.arms))
    reject("reference", "an arm, 0 to " + count(o.arms - 1), std::to_string(o.reference));
}

}  // namespace trimtab::steer
