#pragma once

#include <trimtab/core/export.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>
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

/// Calls body(ctx, part, parts) for all parts at once, each on a thread of its own, so that they may wait for each
/// other. There are `threads` of them, or only one, in the calling thread, inside another region or while one runs in
/// another thread of the process. Returns when all are done; the first exception is thrown again here. Works in a child
/// after fork().
TRIMTAB_API void run_parts(int threads, void (*body)(void* ctx, int part, int parts), void* ctx);

/// body(part, parts) for all parts at once, as by run_parts.
template <class Body>
void parallel_parts(int threads, Body&& body) {
  run_parts(
      threads, [](void* ctx, int part, int parts) { (*static_cast<std::remove_reference_t<Body>*>(ctx))(part, parts); },
      const_cast<void*>(static_cast<const void*>(&body)));
}

/// body(block) for each block in [0, n_blocks), on up to `threads` threads.
template <class Body>
void parallel_for(std::size_t n_blocks, int threads, Body&& body) {
  parallel_parts(static_cast<int>(std::min<std::size_t>(n_blocks, threads > 1 ? threads : 1)),
                 [&](int part, int parts) {
                   const std::size_t end = n_blocks * (part + 1) / parts;
                   for (std::size_t block = n_blocks * part / parts; block < end; ++block) body(block);
                 });
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
