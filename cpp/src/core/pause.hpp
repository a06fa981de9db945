#pragma once

namespace trimtab {

/// Tells the processor that a loop waits for another thread.
inline void pause_cpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace trimtab
