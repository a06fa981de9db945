#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace trimtab::fft_detail {

/// The Plan of length n, from those used last or made anew. Safe to call from many threads.
template <class Plan>
std::shared_ptr<const Plan> cached(std::size_t n) {
  using Entry = std::pair<std::size_t, std::shared_ptr<const Plan>>;
  constexpr std::size_t capacity = 32;
  static std::mutex mutex;
  static std::vector<Entry> entries;  // the one used last comes first

  const auto find = [n]() -> std::shared_ptr<const Plan> {
    const auto found = std::find_if(entries.begin(), entries.end(), [n](const Entry& e) { return e.first == n; });
    if (found == entries.end()) return nullptr;
    std::rotate(entries.begin(), found, found + 1);
    return entries.front().second;
  };
  {
    const std::lock_guard lock(mutex);
    if (auto plan = find()) return plan;
  }
  auto made = std::make_shared<const Plan>(n);  // outside the lock: others need not wait for it
  const std::lock_guard lock(mutex);
  if (auto plan = find()) return plan;
  entries.insert(entries.begin(), {n, made});
  if (entries.size() > capacity) entries.pop_back();
  return made;
}

}  // namespace trimtab::fft_detail
