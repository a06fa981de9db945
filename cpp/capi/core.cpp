#include "status.hpp"

#include <trimtab/core/cpu.hpp>
#include <trimtab/core/parallel.hpp>

#include <string>

namespace {
thread_local std::string last_error;
}

namespace trimtab::capi {

void remember(const char* text) noexcept {
  try {
    last_error = text;
  } catch (...) {  // no memory for the text: an empty one is all there is
    last_error.clear();
  }
}

}  // namespace trimtab::capi

extern "C" {

const char* trimtab_last_error() { return last_error.c_str(); }
const char* trimtab_version() { return trimtab::version(); }
const char* trimtab_isa_level() { return trimtab::isa_level(); }

trimtab_status trimtab_set_threads(int threads) {
  return trimtab::capi::guarded([&] { trimtab::set_threads(threads); });
}
}
