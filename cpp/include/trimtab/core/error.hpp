#pragma once

#include <trimtab/core/export.hpp>

#include <stdexcept>
#include <string>

/// @file error.hpp
/// Errors of the library. Bad arguments are std::invalid_argument, whose text names the argument, what came and what
/// is allowed. A computation that went wrong is a Failure.

namespace trimtab {

/// A run that cannot go on: it diverged, lost positivity or met a NaN. The text says where and why.
class TRIMTAB_API Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws std::invalid_argument("name: expected <what is allowed>, got <what came>").
[[noreturn]] TRIMTAB_API void reject(const char* name, const std::string& allowed, const std::string& got);
[[noreturn]] TRIMTAB_API void reject(const char* name, const std::string& allowed, double got);

}  // namespace trimtab
