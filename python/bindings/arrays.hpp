#pragma once

#include "bindings.hpp"

#include <cstddef>
#include <span>

namespace trimtab::py {

/// A C-contiguous NumPy array of T.
template <class T>
using Contiguous = pb::array_t<T, pb::array::c_style>;

/// All numbers of an array, without a copy.
template <class T>
std::span<const T> view(const Contiguous<T>& a) {
  return {a.data(), static_cast<std::size_t>(a.size())};
}
template <class T>
std::span<T> mutable_view(Contiguous<T>& a) {
  return {a.mutable_data(), static_cast<std::size_t>(a.size())};
}

}  // namespace trimtab::py
