#pragma once

#include <cstddef>

/// @file grid.hpp
/// Views of arrays; the caller keeps the memory alive.

namespace trimtab {

/// Rows of numbers, `stride` elements apart; entry j of row k is rows[k][j]. j may be negative where a margin exists.
template <class T>
struct Rows {
  T* data = nullptr;
  std::ptrdiff_t stride = 0;

  T* operator[](std::ptrdiff_t k) const noexcept { return data + k * stride; }

  /// The same rows seen from column j on.
  Rows from(std::ptrdiff_t j) const noexcept { return {data + j, stride}; }

  operator Rows<const T>() const noexcept { return {data, stride}; }
};

}  // namespace trimtab
