#include "pause.hpp"

#include <trimtab/core/cpu.hpp>
#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <pthread.h>
#include <thread>
#include <utility>

namespace trimtab {
namespace {

thread_local bool inside_region = false;

/// Waits until `value` leaves `old`: a short spin for back-to-back regions, then asleep in the kernel.
template <class T>
void wait_while(const std::atomic<T>& value, T old) {
  for (int spin = 0; spin < 64; ++spin) {
    if (value.load(std::memory_order_acquire) != old) return;
    pause_cpu();
  }
  value.wait(old, std::memory_order_acquire);
}

struct Job {
  int parts = 1;
  void (*body)(void*, int, int) = nullptr;
  void* ctx = nullptr;
};

class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    stopping_ = true;
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    for (auto& worker : workers_) worker.join();
  }

  void run(const Job& job) {
    while (static_cast<int>(workers_.size()) + 1 < job.parts) {
      const int part = static_cast<int>(workers_.size()) + 1;
      workers_.emplace_back([this, part, seen = round_.load(std::memory_order_relaxed)] { work(part, seen); });
    }
    job_ = job;
    error_ = nullptr;
    busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    run_part(0);
    for (int busy; (busy = busy_.load(std::memory_order_acquire)) != 0;) wait_while(busy_, busy);
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  void run_part(int part) {
    if (part >= job_.parts) return;
    try {
      job_.body(job_.ctx, part, job_.parts);
    } catch (...) {
      const std::lock_guard lock(error_mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }

  void work(int part, unsigned seen) {
    inside_region = true;
    for (;; ++seen) {
      wait_while(round_, seen);
      if (stopping_) return;
      run_part(part);
      if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
    }
  }

  std::vector<std::thread> workers_;
  std::atomic<unsigned> round_{0};
  std::atomic<int> busy_{0};
  std::atomic<bool> stopping_{false};
  Job job_;
  std::mutex error_mutex_;
  std::exception_ptr error_;
};

std::mutex gate;  // one region at a time
std::unique_ptr<Pool> pool;

/// The parent's threads do not exist in a child: drop the pool without joining them.
void forget_in_child() {
  (void)pool.release();
  new (&gate) std::mutex;
  inside_region = false;
}

constexpr int max_threads = 4096;
std::atomic<int> default_threads{0};

void check(int threads) {
  if (threads < 0 || threads > max_threads)
    reject("threads", "an integer from 1 to 4096, or 0 for the default", threads);
}

bool under_mpi() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "MV2_COMM_WORLD_SIZE"})
    if (std::getenv(name)) return true;
  return false;
}

int environment_threads() {
  const char* text = std::getenv("TRIMTAB_NUM_THREADS");
  if (!text || !*text) return 0;
  char* end = nullptr;
  const long n = std::strtol(text, &end, 10);
  if (*end || n < 1 || n > max_threads) reject("TRIMTAB_NUM_THREADS", "an integer from 1 to 4096", text);
  return static_cast<int>(n);
}

}  // namespace

void set_threads(int threads) {
  check(threads);
  default_threads = threads;
}

int resolve_threads(int requested) {
  check(requested);
  if (requested > 0) return requested;
  if (const int n = default_threads) return n;
  if (const int n = environment_threads()) return n;
  return under_mpi() ? 1 : available_cpus();
}

void run_parts(int threads, void (*body)(void*, int, int), void* ctx) {
  std::unique_lock lock(gate, std::defer_lock);
  if (threads < 2 || inside_region || !lock.try_lock()) return body(ctx, 0, 1);
  if (!pool) {
    [[maybe_unused]] static const int once = pthread_atfork(nullptr, nullptr, forget_in_child);
    pool = std::make_unique<Pool>();
  }
  inside_region = true;
  struct Leave {
    ~Leave() { inside_region = false; }
  } leave;
  pool->run({threads, body, ctx});
}

}  // namespace trimtab
