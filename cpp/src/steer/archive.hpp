#pragma once

#include <trimtab/core/error.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

/// @file archive.hpp
/// One pack() function saves and restores: it hands every member to one of these.

namespace trimtab::steer {

/// Either end of a state: appends to it, or reads it back. Integers stay below 2^53 and fit a double.
class Archive {
 public:
  explicit Archive(std::vector<double>& to) : to_(&to) {}
  explicit Archive(std::span<const double> from) : from_(from) {}

  bool saving() const { return to_ != nullptr; }

  template <class T>
    requires std::is_arithmetic_v<T>
  void operator()(T& value) {
    if (saving()) {
      to_->push_back(static_cast<double>(value));
    } else {
      const double number = next();
      if constexpr (std::integral<T>)
        if (!(number >= (std::signed_integral<T> ? -1 : 0) && number < 0x1p53 && number == std::floor(number)))
          reject("state", "a whole number", number);
      value = static_cast<T>(number);
    }
  }
  /// A vector of fixed size; its size is not stored.
  void operator()(std::vector<double>& values) {
    for (double& value : values) (*this)(value);
  }

  std::size_t left() const { return from_.size() - at_; }

 private:
  double next() {
    if (at_ == from_.size()) reject("state", "more numbers", static_cast<double>(from_.size()));
    return from_[at_++];
  }

  std::vector<double>* to_ = nullptr;
  std::span<const double> from_;
  std::size_t at_ = 0;
};

}  // namespace trimtab::steer
