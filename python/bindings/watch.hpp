#pragma once

#include "bindings.hpp"

#include <trimtab/core/stop.hpp>

namespace trimtab::py {

/// Lets Ctrl-C and a Python progress callable into a long run that has released the GIL.
class PythonWatch {
 public:
  /// @param progress callable(fraction) -> true to stop, or None
  PythonWatch(pb::object progress, double time_limit) : progress_(std::move(progress)), time_limit_(time_limit) {}

  WatchOptions options() { return {.poll = &PythonWatch::poll, .ctx = this, .time_limit = time_limit_}; }

 private:
  static int poll(void* ctx, double fraction) {
    const pb::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) throw pb::error_already_set();
    const auto& progress = static_cast<PythonWatch*>(ctx)->progress_;
    return !progress.is_none() && pb::bool_(progress(fraction)) ? 1 : 0;
  }

  pb::object progress_;
  double time_limit_;
};

}  // namespace trimtab::py
