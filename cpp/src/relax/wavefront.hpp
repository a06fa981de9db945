#pragma once

#include "../core/pause.hpp"
#include "stencil_layout.hpp"

#include <atomic>

/// @file wavefront.hpp
/// Row order on a grid, kept where it shows and given up where it does not: threads take bands of rows, and each
/// follows the band before it, segment by segment.

namespace trimtab::relax {

inline constexpr std::int64_t segment_steps = 128;

/// What is done of each band; a thread waits for that which it is about to look at.
class Progress {
 public:
  explicit Progress(std::int64_t bands) : done_(static_cast<std::size_t>(bands)) {}
  /// Until `count` is reached. Who has to wait waits for `ahead` instead, so that it need not at once again.
  void wait(std::int64_t band, std::int64_t count, std::int64_t ahead) {
    auto& done = done_[static_cast<std::size_t>(band)].count;
    if (done.load(std::memory_order_acquire) >= count) return;
    for (int spin = 0; spin < 2000; ++spin) {  // a segment takes a microsecond, to sleep and wake up takes fifty
      if (done.load(std::memory_order_acquire) >= ahead) return;
      pause_cpu();
    }
    for (std::int64_t seen; (seen = done.load(std::memory_order_acquire)) < count;)
      done.wait(seen, std::memory_order_acquire);
  }
  void set(std::int64_t band, std::int64_t count) {
    auto& done = done_[static_cast<std::size_t>(band)].count;
    done.store(count, std::memory_order_release);
    done.notify_all();
  }

 private:
  struct alignas(64) Count {
    std::atomic<std::int64_t> count{0};
  };
  std::vector<Count> done_;
};

/// turn(i) for i in [0, n), begun in order: what an earlier turn does can be waited for.
template <class Turn>
void in_turns(std::int64_t n, int threads, Turn&& turn) {
  std::atomic<std::int64_t> next{0};
  parallel_for(static_cast<std::size_t>(threads), threads, [&](std::size_t) {
    for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < n;) turn(i);
  });
}

/// Calls work(segment, result) for the segments of all bands in an order that respects row order, `sweeps` times over;
/// combines the results band by band. A sweep is as many bands behind the one before as neighbors are away.
template <bool ahead, class Layout, class Work, class Combine>
double in_row_order(const Layout& grid, int threads, std::int64_t sweeps, Work&& work, Combine&& combine) {
  const std::int64_t per_plane = grid.bands(), n = grid.nz() * per_plane, steps = grid.steps();
  const std::int64_t lag = grid.reach();
  const std::int64_t segments = (steps + segment_steps - 1) / segment_steps;
  const auto segments_of = [&](std::int64_t count) {  // that hold the first `count` steps
    return std::min(segments, (count + segment_steps - 1) / segment_steps);
  };
  std::vector<double> results(static_cast<std::size_t>(n), 0.0);
  Progress progress(sweeps * n);
  const auto wait = [&](std::int64_t sweep, std::int64_t place, std::int64_t count) {
    if (sweep >= 0 && place >= 0 && place < n) progress.wait(sweep * n + place, count, std::min(segments, count + 4));
  };
  in_turns(n + (sweeps - 1) * lag, threads, [&](std::int64_t turn) {
    for (std::int64_t sweep = 0; sweep < sweeps; ++sweep) {
      const std::int64_t place = turn - sweep * lag;  // of the band in the order of the sweep
      if (place < 0 || place >= n) continue;
      wait(sweep - 1, place + 1, segments);
      wait(sweep - 1, place + lag, segments);
      const std::int64_t band = ahead ? place : n - 1 - place;
      Segment segment = grid.whole(band / per_plane, band % per_plane);
      for (std::int64_t number = 0; number < segments; ++number) {
        const std::int64_t first = number * segment_steps, last = std::min(steps, first + segment_steps);
        // the first row looks at the last one of the band before, one column further than its own
        if (place % per_plane > 0) wait(sweep, place - 1, segments_of(last + Layout::lag * (band_rows - 1) + 1));
        wait(sweep, place - per_plane, segments_of(last));
        segment.first = ahead ? first : steps - last;
        segment.last = ahead ? last : steps - first;
        work(segment, results[static_cast<std::size_t>(place)]);
        progress.set(sweep * n + place, number + 1);
      }
    }
  });
  double total = 0;
  for (const double r : results) total = combine(total, r);
  return total;
}

}  // namespace trimtab::relax
