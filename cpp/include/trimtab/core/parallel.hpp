#pragma once

#include <trimtab/core/export.hpp>

#include <cstddef>
#include <vector>

/// @file parallel.hpp
/// Threads with answers that do not depend on their number: work is cut into blocks by its size alone, and reductions
/// combine block results in block order.

namespace trimtab {

/// Threads to use when a caller asks for `requested`: a positive request, else set_threads(), else the environment's
/// TRIMTAB_NUM_THREADS, else 1 under an MPI launcher, else available_cpus().
/// @throws std::invalid_argument if the request, or the environment's word, is not in 1 ... 4096 (a request: or 0)
TRIMTAB_API int resolve_threads(int requested = 0);

/// Process-wide default for resolve_threads(); 0 returns to the environment's choice.
/// @throws std::invalid_argument if not in 0 ... 4096
TRIMTAB_API void set_threads(int threads);

/// Calls body(ctx, block) once for each block in [0, n_blocks), on up to `threads` threads. Returns when all are done;
/// the first exception of a block is thrown again here. Inside another region, or while one runs in another thread of
/// the process, the blocks run one after the other in the calling thread. Works in a child after fork().
TRIMTAB_API void run_blocks(std::size_t n_blocks, int threads, void (*body)(void* ctx, std::size_t block), void* ctx);

/// body(block) for each block in [0, n_blocks).
template <class Body>
void parallel_for(std::size_t n_blocks, int threads, Body&& body) {
  run_blocks(
      n_blocks, threads, [](void* ctx, std::size_t block) { (*static_cast<Body*>(ctx))(block); },
      const_cast<void*>(static_cast<const void*>(&body)));
}

/// combine(... combine(combine(init, map(0)), map(1)) ..., map(n_blocks - 1)), in this order for any thread count.
template <class T, class Map, class Combine>
T parallel_reduce(std::size_t n_blocks, int threads, T init, Map&& map, Combine&& combine) {
  std::vector<T> partial(n_blocks);
  parallel_for(n_blocks, threads, [&partial, &map](std::size_t block) { partial[block] = map(block); });
  for (const T& p : partial) init = combine(init, p);
  return init;
}

}  // namespace trimtab
