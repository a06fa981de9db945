#pragma once

#include <trimtab/core/export.hpp>

/// @file cpu.hpp
/// What this build is, and what the machine lends it.

namespace trimtab {

/// Version of the library, "major.minor.patch".
TRIMTAB_API const char* version() noexcept;

/// Compiler that built the library, such as "GNU 12.2.0".
TRIMTAB_API const char* compiler() noexcept;

/// Version of the Eigen headers that the library was built with.
TRIMTAB_API const char* eigen_version() noexcept;

/// Instruction-set level of the library that was loaded: "base", "v3" or "v4" on x86-64, else "base".
TRIMTAB_API const char* isa_level() noexcept;

/// CPUs that this process may use: affinity mask and control-group quota, at least 1.
TRIMTAB_API int available_cpus() noexcept;

}  // namespace trimtab
