#include <trimtab/core/error.hpp>
#include <trimtab/core/stop.hpp>

namespace trimtab {

Watch::Watch(const WatchOptions& options) : options_(options), start_(Clock::now()), next_poll_(start_) {
  if (!(options.time_limit >= 0)) reject("time_limit", "seconds >= 0, 0 for none", options.time_limit);
  if (!(options.interval >= 0)) reject("interval", "seconds >= 0", options.interval);
}

double Watch::seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

Stop Watch::check(double fraction) {
  const auto now = Clock::now();
  if (options_.poll && now >= next_poll_) {
    next_poll_ = now + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.interval));
    if (options_.poll(options_.ctx, fraction) != 0) return Stop::requested;
  }
  if (options_.time_limit > 0 && std::chrono::duration<double>(now - start_).count() >= options_.time_limit)
    return Stop::time_limit;
  return Stop::none;
}

}  // namespace trimtab
