#pragma once

#include <trimtab/core/error.hpp>

#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <sstream>
#include <string>

/// @file options.hpp
/// Words that C programs give: "key=value" pairs, names of choices, numbers.

namespace trimtab::capi {

template <class Pointer>
void require(const char* name, Pointer p) {
  if (!p) reject(name, "a pointer", "NULL");
}

template <class E>
E named(const std::string& key, const std::string& value, std::initializer_list<const char*> names) {
  int index = 0;
  std::string allowed;
  for (const char* name : names) {
    if (value == name) return static_cast<E>(index);
    allowed += std::string(index++ ? ", " : "") + name;
  }
  reject(key.c_str(), "one of " + allowed, value);
}

inline double number(const std::string& key, const std::string& value) {
  char* end = nullptr;
  const double x = std::strtod(value.c_str(), &end);
  if (value.empty() || *end) reject(key.c_str(), "a number", value);
  return x;
}

inline std::size_t whole_number(const std::string& key, const std::string& value) {
  const double x = number(key, value);
  if (!(x >= 0 && x < 0x1p53 && x == static_cast<double>(static_cast<std::size_t>(x))))
    reject(key.c_str(), "a whole number", value);
  return static_cast<std::size_t>(x);
}

/// Calls set(key, value) for each "key=value" of a text separated by blanks; NULL is an empty one.
template <class Set>
void for_each_option(const char* options, Set&& set) {
  std::istringstream words(options ? options : "");
  for (std::string word; words >> word;) {
    const auto split = word.find('=');
    if (split == std::string::npos) reject("options", "key=value pairs", word);
    set(word.substr(0, split), word.substr(split + 1));
  }
}

}  // namespace trimtab::capi
