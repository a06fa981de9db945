#include <trimtab/core/cpu.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace trimtab {

#define TRIMTAB_TEXT_(x) #x
#define TRIMTAB_TEXT(x) TRIMTAB_TEXT_(x)

const char* version() noexcept { return TRIMTAB_VERSION; }

const char* compiler() noexcept {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GNU " __VERSION__;
#endif
}

const char* eigen_version() noexcept {
  return TRIMTAB_TEXT(EIGEN_WORLD_VERSION) "." TRIMTAB_TEXT(EIGEN_MAJOR_VERSION) "." TRIMTAB_TEXT(EIGEN_MINOR_VERSION);
}

const char* isa_level() noexcept {
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
  return "v4";
#elif defined(__AVX2__) && defined(__FMA__)
  return "v3";
#else
  return "base";
#endif
}

namespace {

/// CPUs granted by a control-group v2 quota, or a large number without one.
int quota() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string limit;
  double period = 0;
  if (!(file >> limit >> period) || limit == "max" || period <= 0) return 1 << 20;
  return std::max(1, static_cast<int>(std::ceil(std::stod(limit) / period)));
}

}  // namespace

int available_cpus() noexcept {
  int cpus = static_cast<int>(std::thread::hardware_concurrency());
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cpus = CPU_COUNT(&set);
#endif
  try {
    cpus = std::min(cpus, quota());
  } catch (...) {  // an unreadable quota is no quota
  }
  return std::max(cpus, 1);
}

}  // namespace trimtab
