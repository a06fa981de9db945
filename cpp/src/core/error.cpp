#include <trimtab/core/error.hpp>

#include <cstdio>

namespace trimtab {

void reject(const char* name, const std::string& allowed, const std::string& got) {
  throw std::invalid_argument(std::string(name) + ": expected " + allowed + ", got " + got);
}

void reject(const char* name, const std::string& allowed, double got) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", got);
  reject(name, allowed, text);
}

}  // namespace trimtab
