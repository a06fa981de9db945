#pragma once

#include "../core/pause.hpp"
#include "stencil_layout.hpp"

#include <atomic>

/// @file wavefront.hpp
/// Row order on a grid, kept where it shows and given up where it does not.

namespace trimtab::relax {

/// A count that others wait for.
class alignas(64) Count {
 public:
  void set(std::int64_t count) {
    count_.store(count, std::memory_order_release);
    count_.notify_all();
  }
  void wait(std::int64_t count) const {
    for (int spin = 0; spin < 2000; ++spin) {  // a band takes microseconds, to sleep and wake up takes fifty
      if (count_.load(std::memory_order_acquire) >= count) return;
      pause_cpu();
    }
    for (std::int64_t seen; (seen = count_.load(std::memory_order_acquire)) < count;)
      count_.wait(seen, std::memory_order_acquire);
  }

 private:
  std::atomic<std::int64_t> count_{0};
};

/// Calls work(segment, state) for all bands in an order that respects row order, `sweeps` times over; returns the
/// states, one a band. A sweep is as many bands behind the one before as neighbors are away.
///
/// Each thread has a part of every band, and keeps it from sweep to sweep: what the others need of it is at its ends.
/// It follows the thread to the left, which may begin the next band when the first steps of this one are done.
template <bool ahead, class State, class Layout, class Work>
std::vector<State> in_row_order(const Layout& grid, int threads, std::int64_t sweeps, Work&& work) {
  const std::int64_t per_plane = grid.bands(), n = grid.nz() * per_plane, steps = grid.steps(), lag = grid.reach();
  constexpr std::int64_t beginning = Layout::lag * (band_rows - 1) + 2;  // a band's first row looks so far ahead
  const int most = static_cast<int>(std::clamp<std::int64_t>(steps / (8 * beginning), 1, threads));
  struct Reached {
    Count begun, done;  ///< places in the order of the bands
  };
  std::vector<Reached> reached(static_cast<std::size_t>(most));
  std::vector<State> states(static_cast<std::size_t>(n));
  parallel_parts(most, [&](int part, int parts) {
    const std::int64_t first = steps * part / parts, last = steps * (part + 1) / parts;
    Reached& own = reached[static_cast<std::size_t>(part)];
    std::int64_t i = 0;
    for (std::int64_t turn = 0; turn < n + (sweeps - 1) * lag; ++turn)
      for (std::int64_t sweep = 0; sweep < sweeps; ++sweep, ++i) {
        if (const std::int64_t place = turn - sweep * lag; place >= 0 && place < n) {
          const std::int64_t band = ahead ? place : n - 1 - place;
          Segment segment = grid.whole(band / per_plane, band % per_plane);
          const auto take = [&](std::int64_t from, std::int64_t to) {
            segment.first = ahead ? from : steps - to;
            segment.last = ahead ? to : steps - from;
            work(segment, states[static_cast<std::size_t>(place)]);
          };
          if (part > 0) (&own)[-1].done.wait(i + 1);
          if (part + 1 < parts) (&own)[1].begun.wait(i + 1 - sweeps);
          take(first, part > 0 ? first + beginning : last);
          if (part > 0) {
            own.begun.set(i + 1);
            take(first + beginning, last);
          }
        } else if (part > 0) {
          own.begun.set(i + 1);
        }
        if (part + 1 < parts) own.done.set(i + 1);
      }
  });
  return states;
}

}  // namespace trimtab::relax
