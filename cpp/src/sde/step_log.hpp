#pragma once

#include <trimtab/sde/solve.hpp>

#include <vector>

namespace trimtab::sde {

/// One list a chunk, so that threads do not meet.
struct StepLogState {
  std::vector<std::vector<StepRecord>> chunks;
};

}  // namespace trimtab::sde
