#include "check.hpp"

#include <trimtab/core/parallel.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace trimtab;

namespace {

double sum_of_reciprocals(std::size_t n_blocks, int threads) {
  return parallel_reduce(
      n_blocks, threads, 0.0, [](std::size_t block) { return 1.0 / (1.0 + static_cast<double>(block)); },
      [](double a, double b) { return a + b; });
}

void every_block_runs_once() {
  for (std::size_t n : {0, 1, 2, 3, 7, 64, 1000})
    for (int threads : {1, 2, 3, 8}) {
      std::vector<int> hits(n, 0);
      parallel_for(n, threads, [&](std::size_t block) { ++hits[block]; });
      for (int h : hits) CHECK(h == 1);
    }
}

void reductions_do_not_depend_on_threads() {
  const double serial = sum_of_reciprocals(12345, 1);
  for (int threads : {2, 3, 5, 16}) CHECK(sum_of_reciprocals(12345, threads) == serial);
}

void exceptions_come_back() {
  CHECK_THROWS(parallel_for(100, 4,
                            [](std::size_t b) {
                              if (b == 77) throw std::runtime_error("block 77");
                            }),
               std::runtime_error, "block 77");
  every_block_runs_once();
}

void nested_and_concurrent_regions_finish() {
  const double serial = sum_of_reciprocals(1000, 1);
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i)
    callers.emplace_back([serial] {
      for (int repeat = 0; repeat < 40; ++repeat) CHECK(sum_of_reciprocals(1000, 3) == serial);
    });
  for (auto& c : callers) c.join();
  std::vector<double> inner(8);
  parallel_for(8, 4, [&](std::size_t b) { inner[b] = sum_of_reciprocals(1000, 4); });
  for (double x : inner) CHECK(x == serial);
}

void parts_may_wait_for_each_other() {
  for (int threads : {1, 2, 5}) {
    std::atomic<int> arrived{0}, inner{0};
    parallel_parts(threads, [&](int part, int parts) {
      CHECK(parts == threads && part < parts);
      ++arrived;
      while (arrived < parts) std::this_thread::yield();
      parallel_parts(threads, [&](int, int n) { inner += n; });  // inside another region it is one part
    });
    CHECK(arrived == threads && inner == threads);
  }
}

[[maybe_unused]] void a_forked_child_can_use_threads() {
  const double serial = sum_of_reciprocals(1000, 1);
  CHECK(sum_of_reciprocals(1000, 2) == serial);
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(sum_of_reciprocals(1000, 2) == serial ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void requests_win_over_settings() {
  CHECK(resolve_threads(3) == 3);
  set_threads(5);
  CHECK(resolve_threads() == 5 && resolve_threads(2) == 2);
  set_threads(0);
  setenv("TRIMTAB_NUM_THREADS", "4", 1);
  CHECK(resolve_threads() == 4);
  setenv("TRIMTAB_NUM_THREADS", "many", 1);
  CHECK_THROWS(resolve_threads(), std::invalid_argument, "TRIMTAB_NUM_THREADS");
  unsetenv("TRIMTAB_NUM_THREADS");
  CHECK(resolve_threads() >= 1);
  CHECK_THROWS(set_threads(-1), std::invalid_argument, "threads: expected an integer from 1 to 4096");
  CHECK_THROWS(resolve_threads(4097), std::invalid_argument, "got 4097");
}

}  // namespace

int main() {
  every_block_runs_once();
  reductions_do_not_depend_on_threads();
  exceptions_come_back();
  nested_and_concurrent_regions_finish();
  parts_may_wait_for_each_other();
#if !defined(__SANITIZE_THREAD__)  // TSan forbids threads in a child of a threaded parent
  a_forked_child_can_use_threads();
#endif
  requests_win_over_settings();
}
