#include "check.hpp"

#include <trimtab/core/stop.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace trimtab;

namespace {

/// Remembers each fraction it is polled with; asks to stop once `stop_at` is reached.
struct Poller {
  std::vector<double> seen = {};
  double stop_at = 2;

  static int poll(void* ctx, double fraction) {
    auto& self = *static_cast<Poller*>(ctx);
    self.seen.push_back(fraction);
    return fraction >= self.stop_at;
  }
  WatchOptions every_step() { return {.poll = &poll, .ctx = this, .interval = 0}; }
};

void a_watch_without_wishes_never_stops() {
  Watch watch({});
  for (int step = 0; step <= 100; ++step) CHECK(watch.check(step / 100.0) == Stop::none);
}

void a_poll_sees_the_fraction_and_can_stop() {
  Poller poller{.stop_at = 0.5};
  Watch watch(poller.every_step());
  CHECK(watch.check(0) == Stop::none);
  CHECK(watch.check(0.25) == Stop::none);
  CHECK(watch.check(0.5) == Stop::requested);
  CHECK((poller.seen == std::vector<double>{0, 0.25, 0.5}));
}

void polls_keep_their_distance() {
  Poller poller;
  Watch watch({.poll = &Poller::poll, .ctx = &poller, .interval = 3600});
  for (int step = 0; step < 1000; ++step) CHECK(watch.check(step / 1000.0) == Stop::none);
  CHECK(poller.seen.size() == 1);  // the first check polls at once
}

void the_time_limit_stops() {
  Watch watch({.time_limit = 1e-3});
  while (watch.seconds() < 1e-3) std::this_thread::yield();
  CHECK(watch.check(0.5) == Stop::time_limit);
  Watch patient({.time_limit = 3600});
  CHECK(patient.check(0.5) == Stop::none);
}

void a_request_wins_over_the_time_limit() {
  Poller poller{.stop_at = 0};
  WatchOptions options = poller.every_step();
  options.time_limit = std::numeric_limits<double>::min();
  Watch watch(options);
  while (watch.seconds() == 0) std::this_thread::yield();
  CHECK(watch.check(0) == Stop::requested);
}

void exceptions_of_a_poll_pass_through() {
  Watch watch({.poll = [](void*, double) -> int { throw std::runtime_error("interrupted"); }, .interval = 0});
  CHECK_THROWS(watch.check(0), std::runtime_error, "interrupted");
  CHECK_THROWS(watch.check(0.5), std::runtime_error, "interrupted");  // and the watch stays usable
}

void bad_options_are_named() {
  CHECK_THROWS(Watch({.time_limit = -1}), std::invalid_argument, "time_limit: expected seconds >= 0");
  CHECK_THROWS(Watch({.time_limit = std::nan("")}), std::invalid_argument, "time_limit");
  CHECK_THROWS(Watch({.interval = -0.5}), std::invalid_argument, "interval: expected seconds >= 0, got -0.5");
}

}  // namespace

int main() {
  a_watch_without_wishes_never_stops();
  a_poll_sees_the_fraction_and_can_stop();
  polls_keep_their_distance();
  the_time_limit_stops();
  a_request_wins_over_the_time_limit();
  exceptions_of_a_poll_pass_through();
  bad_options_are_named();
}
