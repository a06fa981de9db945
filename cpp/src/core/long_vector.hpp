#pragma once

#include <cstddef>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

/// @file long_vector.hpp
/// Vectors of millions of numbers. The first touch of their memory, page by page, would take longer than a pass over
/// them; large pages are asked for where the system has them.

namespace trimtab {

template <class T>
struct LargePages {
  using value_type = T;

  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    void* const memory = ::operator new(bytes, alignment(bytes));
#ifdef __linux__
    if (is_long(bytes)) madvise(memory, bytes / page * page, MADV_HUGEPAGE);  // a wish: no harm if it fails
#endif
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t n) { ::operator delete(memory, alignment(n * sizeof(T))); }

  friend bool operator==(const LargePages&, const LargePages&) { return true; }

 private:
  static constexpr std::size_t page = 2 << 20;
  static bool is_long(std::size_t bytes) { return bytes >= 2 * page; }
  static std::align_val_t alignment(std::size_t bytes) { return std::align_val_t{is_long(bytes) ? page : 64}; }
};

template <class T>
using LongVector = std::vector<T, LargePages<T>>;

}  // namespace trimtab
