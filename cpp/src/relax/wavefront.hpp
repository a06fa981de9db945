#pragma once

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
  void wait(std::int64_t band, std::int64_t count) {
    auto& done = done_[static_cast<std::size_t>(band)].count;
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

/// Calls work(segment, result) for the segments of all bands in an order that respects row order; combines the results
/// band by band.
template <bool ahead, class Layout, class Work, class Combine>
double in_row_order(const Layout& grid, int threads, Work&& work, Combine&& combine) {
  const std::int64_t per_plane = grid.bands(), n = grid.nz() * per_plane, steps = grid.steps();
  const std::int64_t segments = (steps + segment_steps - 1) / segment_steps;
  const auto segments_of = [&](std::int64_t count) {  // that hold the first `count` steps
    return std::min(segments, (count + segment_steps - 1) / segment_steps);
  };
  std::vector<double> results(static_cast<std::size_t>(n), 0.0);
  const auto run = [&](std::int64_t turn, std::int64_t number) {
    const std::int64_t band = ahead ? turn : n - 1 - turn;
    Segment segment = grid.whole(band / per_plane, band % per_plane);
    const std::int64_t first = number * segment_steps, last = std::min(steps, first + segment_steps);
    segment.first = ahead ? first : steps - last;
    segment.last = ahead ? last : steps - first;
    double& result = results[static_cast<std::size_t>(turn)];
    work(segment, result);
  };
  if (threads == 1 || n == 1) {
    for (std::int64_t turn = 0; turn < n; ++turn)
      for (std::int64_t number = 0; number < segments; ++number) run(turn, number);
  } else {
    Progress progress(n);
    in_turns(n, threads, [&](std::int64_t turn) {
      for (std::int64_t number = 0; number < segments; ++number) {
        const std::int64_t last = (number + 1) * segment_steps;
        // the first row looks at the last one of the band before, one column further than its own
        if (turn % per_plane > 0) progress.wait(turn - 1, segments_of(last + Layout::lag * (band_rows - 1) + 1));
        if (turn >= per_plane) progress.wait(turn - per_plane, segments_of(last));
        run(turn, number);
        progress.set(turn, number + 1);
      }
    });
  }
  double total = 0;
  for (const double r : results) total = combine(total, r);
  return total;
}

}  // namespace trimtab::relax
