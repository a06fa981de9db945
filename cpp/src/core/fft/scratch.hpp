#pragma once

#include "layout.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace trimtab::fft_detail {

/// Memory for `count` complex arrays of n numbers each, in split form, aligned to cache lines and out of step with each
/// other so that equal indices do not compete for one cache set. A thread keeps its last few pieces: asking the system
/// for fresh pages would cost as much as a transform.
template <class Real>
class Scratch {
 public:
  Scratch(std::size_t n, std::size_t count) : stride_((n + line - 1) / line * line + line) {
    const std::size_t size = 2 * count * stride_;
    auto& kept = pieces();
    for (std::size_t i = kept.size(); i-- > 0;)
      if (kept[i].size >= size) {
        piece_ = std::move(kept[i]);
        kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
        return;
      }
    piece_ = {std::unique_ptr<Real[], Free>(new (std::align_val_t{64}) Real[size]), size};
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    auto& kept = pieces();
    if (piece_.size * sizeof(Real) > max_kept_bytes) return;
    if (kept.size() == max_kept) kept.erase(kept.begin());
    kept.push_back(std::move(piece_));  // the capacity was reserved: cannot throw
  }

  Split<Real> operator[](std::size_t i) const {
    Real* re = piece_.data.get() + 2 * i * stride_;
    return {re, re + stride_};
  }

 private:
  static constexpr std::size_t line = 64 / sizeof(Real);
  static constexpr std::size_t max_kept = 4, max_kept_bytes = std::size_t{1} << 26;

  struct Free {
    void operator()(Real* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  struct Piece {
    std::unique_ptr<Real[], Free> data;
    std::size_t size = 0;
  };

  static std::vector<Piece>& pieces() {
    thread_local std::vector<Piece> kept = [] {
      std::vector<Piece> v;
      v.reserve(max_kept);
      return v;
    }();
    return kept;
  }

  std::size_t stride_;
  Piece piece_;
};

}  // namespace trimtab::fft_detail
