#pragma once

#include <trimtab/core/export.hpp>

#include <chrono>

/// @file stop.hpp
/// The one way in which long runs report progress and end early.

namespace trimtab {

/// Why a run ended before its work was done.
enum class Stop { none = 0, requested = 1, time_limit = 2 };

/// What a caller may ask of a long run.
struct WatchOptions {
  /// Called with the fraction of the work done, in [0, 1], now and then; a non-zero answer stops the run. It may throw:
  /// the run then leaves its state as after the last whole step. nullptr: none.
  int (*poll)(void* ctx, double fraction) = nullptr;
  void* ctx = nullptr;
  double time_limit = 0;   ///< wall-clock seconds, 0 for none
  double interval = 0.05;  ///< seconds between two polls
};

/// Held by a run, asked once per step; costs one clock reading.
class TRIMTAB_API Watch {
 public:
  explicit Watch(const WatchOptions& options);

  /// @param fraction share of the work done
  Stop check(double fraction);

  /// Wall-clock seconds since construction.
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  WatchOptions options_;
  Clock::time_point start_;
  Clock::time_point next_poll_;
};

}  // namespace trimtab
