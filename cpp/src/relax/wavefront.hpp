#pragma once

#include "../core/pause.hpp"
#include "stencil_layout.hpp"

#include <atomic>
#include <thread>

/// @file wavefront.hpp
/// Row order on a grid, kept where it shows and given up where it does not.

namespace trimtab::relax {

/// A count that others wait for.
class alignas(64) Count {
 public:
  void set(std::int64_t count) { count_.store(count, std::memory_order_release); }
  bool has_reached(std::int64_t count) const { return count_.load(std::memory_order_acquire) >= count; }
  void wait(std::int64_t count) const {
    // without sleep: to look for sleepers, the one who counts would have to wait until all he wrote is in the cache
    for (int spin = 0; !has_reached(count); ++spin) spin < 2000 ? pause_cpu() : std::this_thread::yield();
  }

 private:
  std::atomic<std::int64_t> count_{0};
};

/// Calls work(segment, state, sweep) for all bands in an order that respects row order, `sweeps` times over; returns
/// the states, one for each sweep and band. A sweep is as many bands behind the one before as neighbors are away.
///
/// Each thread has a part of every band, and keeps it from sweep to sweep: what the others need of it is at its ends.
/// It follows the thread to the left, which may end the next band when the first steps of this one are done.
template <bool ahead, class State, class Layout, class Work>
std::vector<State> in_row_order(const Layout& grid, int threads, std::int64_t sweeps, Work&& work) {
  constexpr std::int64_t edge = Layout::lag * (band_rows - 1) + 2;  // steps that see another part
  const std::int64_t n = grid.n_bands(), steps = grid.steps(), lag = grid.reach();
  threads = grid.sweeping_threads(threads);
  struct Reached {
    Count begun, done;  ///< of the sweeps of all bands, in their order
  };
  std::vector<Reached> reached(static_cast<std::size_t>(threads));
  std::vector<State> states(static_cast<std::size_t>(n * sweeps));
  parallel_parts(threads, [&](int part, int parts) {
    const std::int64_t first = steps * part / parts, last = steps * (part + 1) / parts;
    const bool has_left = part > 0, has_right = part + 1 < parts;
    Reached& own = reached[static_cast<std::size_t>(part)];
    for (std::int64_t i = 0; i < (n + (sweeps - 1) * lag) * sweeps; ++i) {
      const std::int64_t sweep = i % sweeps, place = i / sweeps - sweep * lag;
      const bool counts = place >= 0 && place < n;
      const auto take = [&](std::int64_t from, std::int64_t to) {
        Segment now = grid.whole(ahead ? place : n - 1 - place);
        now.first = ahead ? from : steps - to;
        now.last = ahead ? to : steps - from;
        work(now, states[static_cast<std::size_t>(sweep * n + place)], sweep);
      };
      std::int64_t from = first;
      if (has_left) {
        (&own)[-1].done.wait(i + 1);
        if (counts) take(from, from + edge);
        from += edge;
        own.begun.set(i + 1);
      }
      if (has_right && counts && !(&own)[1].begun.has_reached(i + 1 - sweeps)) {
        take(from, last - edge);
        from = last - edge;
        (&own)[1].begun.wait(i + 1 - sweeps);
      }
      if (counts) take(from, last);
      if (has_right) own.done.set(i + 1);
    }
  });
  return states;
}

}  // namespace trimtab::relax
