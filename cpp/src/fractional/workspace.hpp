#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace trimtab::fractional {

/// Memory of the transforms, owned by whoever runs many of them: fresh pages would cost as much as a transform.
struct Workspace {
  std::vector<std::complex<double>> transform;
  std::vector<std::vector<double>> vectors;  ///< of an iteration
  int threads = 1;

  /// Vector i of n numbers.
  double* vector(std::size_t i, std::size_t n) {
    if (vectors.size() <= i) vectors.resize(i + 1);
    return sized(vectors[i], n).data();
  }

  /// Room for n complex numbers, or 2 n real ones, to be transformed where they lie.
  std::span<std::complex<double>> complexes(std::size_t n) { return sized(transform, n); }

  template <class T>
  static std::span<T> sized(std::vector<T>& v, std::size_t n) {
    if (v.size() < n) v.resize(n);
    return {v.data(), n};
  }
};

/// Workspaces that one matrix has used, for its next products and solutions.
class WorkspacePool {
 public:
  /// Borrows a workspace while it lives.
  class Lease {
   public:
    explicit Lease(const WorkspacePool& pool) : pool_(pool), work_(pool.take()) {}
    ~Lease() { pool_.give(std::move(work_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Workspace& operator*() const { return *work_; }
    Workspace* operator->() const { return work_.get(); }

   private:
    const WorkspacePool& pool_;
    std::unique_ptr<Workspace> work_;
  };

 private:
  std::unique_ptr<Workspace> take() const {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      free_.reserve(++made_);  // giving back cannot throw
      return std::make_unique<Workspace>();
    }
    auto work = std::move(free_.back());
    free_.pop_back();
    return work;
  }
  void give(std::unique_ptr<Workspace> work) const {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(work));
  }

  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspace>> free_;
  mutable std::size_t made_ = 0;
};

}  // namespace trimtab::fractional
