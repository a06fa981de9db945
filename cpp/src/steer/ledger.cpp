#include <trimtab/core/error.hpp>
#include <trimtab/steer/ledger.hpp>

#include <algorithm>
#include <cmath>

namespace trimtab::steer {

Ledger::Ledger(const LedgerOptions& options) : options_(options) {
  if (!(options.alpha >= 0 && std::isfinite(options.alpha))) reject("alpha", "a number >= 0", options.alpha);
  if (!(options.slack >= 0 && std::isfinite(options.slack))) reject("slack", "a number >= 0", options.slack);
  if (!(options.cap >= 1 && std::isfinite(options.cap))) reject("cap", "a number >= 1", options.cap);
}

bool Ledger::allows_exploring(const Forecast& next) const {
  return count_ > 0 && spent_ + cap(next) <= bound(baseline_ + next.lower, rounds_ + 1);
}

void Ledger::observe(double cost, bool by_reference, double size, const Forecast& forecast) {
  spent_ += cost;
  baseline_ += by_reference ? cost : forecast.lower;
  ++rounds_;
  if (!by_reference) return;
  largest_ = std::max(largest_, cost);
  cost /= size;
  recent_[static_cast<std::size_t>(count_) % recent_.size()] = cost;
  ++count_;
  const double n = static_cast<double>(count_), change = cost - mean_;
  mean_ += change / n;
  squares_ += change * (cost - mean_);
  lower_ = count_ < 3 ? 0 : std::max(0.0, mean_ - 2 * std::sqrt(squares_ / (n - 1) / n));

  auto sorted = recent_;
  const auto known = std::min<std::size_t>(static_cast<std::size_t>(count_), recent_.size());
  const auto rank = (9 * (known - 1) + 9) / 10;  // upper 90 % quantile
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(rank),
                   sorted.begin() + static_cast<std::ptrdiff_t>(known));
  upper_ = sorted[rank];
}

}  // namespace trimtab::steer
