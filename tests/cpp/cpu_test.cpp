#include "check.hpp"

#include <trimtab/core/cpu.hpp>
#include <trimtab/trimtab.h>

#include <cstdio>
#include <sched.h>
#include <string>

using namespace trimtab;

namespace {

void versions_are_numbers_with_dots() {
  int major = -1, minor = -1, patch = -1;
  CHECK(std::sscanf(version(), "%d.%d.%d", &major, &minor, &patch) == 3);
  CHECK(major >= 0 && minor >= 0 && patch >= 0);
  CHECK(std::string(trimtab_version()) == version());
  CHECK(std::sscanf(eigen_version(), "%d.%d", &major, &minor) == 2);
  CHECK(10 * major + minor >= 34);
}

void the_compiler_is_named() {
  const std::string name = compiler();
  CHECK(name.starts_with("GNU ") || name.starts_with("Clang "));
}

/// Wherever the library came from, this CPU must be able to run it.
void the_level_suits_the_cpu() {
  const std::string level = isa_level();
  CHECK(level == trimtab_isa_level());
#if defined(__x86_64__)
  if (level == "v4") CHECK(__builtin_cpu_supports("avx512vl"));
  if (level != "base") CHECK(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"));
#endif
  CHECK(level == "base" || level == "v3" || level == "v4");
}

void cpus_follow_the_affinity_mask() {
  const int all = available_cpus();
  CHECK(all >= 1);
  cpu_set_t before, one;
  CHECK(sched_getaffinity(0, sizeof before, &before) == 0);
  CHECK(all <= CPU_COUNT(&before));
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(available_cpus() == 1);
  CHECK(sched_setaffinity(0, sizeof before, &before) == 0);
  CHECK(available_cpus() == all);
}

}  // namespace

int main() {
  versions_are_numbers_with_dots();
  the_compiler_is_named();
  the_level_suits_the_cpu();
  cpus_follow_the_affinity_mask();
}
