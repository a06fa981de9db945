#include <trimtab/core/error.hpp>
#include <trimtab/core/parallel.hpp>
#include <trimtab/core/rng.hpp>

#include <algorithm>
#include <string>

namespace trimtab::rng {
namespace {

using Lanes = simd::Pack<std::uint64_t>;
using Reals = simd::Pack<double>;
constexpr std::size_t width = simd::lanes<Reals>;
constexpr std::size_t task_size = 4096;  // addresses

/// A range [first, first + count) that must end at `last` or before.
void check_range(const char* name, std::uint64_t first, std::uint64_t count, std::uint64_t last) {
  if (first > last || count > last - first + 1)
    reject(name, "addresses up to " + std::to_string(last),
           count > 1 ? std::to_string(count) + " from " + std::to_string(first) : std::to_string(first));
}

void check(const Draw& d, std::size_t size) {
  check_range("node", d.node, 1, max_node);
  check_range("kind", d.kind, std::max<std::uint64_t>((std::uint64_t{d.n} + 1) / 2, 1), max_kind);
  check_range("path", d.path, d.n_paths, max_path);
  check_range("dim", d.dim, d.n_dims, max_dim);
  std::size_t expected = 0;
  const bool huge =
      __builtin_mul_overflow(d.n_paths, d.n_dims, &expected) || __builtin_mul_overflow(expected, d.n, &expected);
  if (huge || size != expected)
    reject("out", huge ? "fewer than 2^64 numbers in all" : std::to_string(expected) + " numbers",
           std::to_string(size));
}

/// Where an address of a draw lies in its rectangle; counts along dim, then path.
struct Place {
  std::uint64_t path, dim;

  void advance(std::size_t n_dims) {
    if (++dim == n_dims) {
      dim = 0;
      ++path;
    }
  }
};

/// Paths and dims of the addresses from `place` on, one in each lane; leaves it behind them.
Pair<Lanes> next_lanes(const Draw& d, Place& place) {
  Lanes path, dim;
  if (place.dim + width < d.n_dims) {  // all on one path
    for (std::size_t lane = 0; lane < width; ++lane) dim[lane] = lane;
    dim += d.dim + place.dim;
    path = simd::broadcast<Lanes>(d.path + place.path);
    place.dim += width;
  } else {
    for (std::size_t lane = 0; lane < width; ++lane, place.advance(d.n_dims)) {
      path[lane] = d.path + place.path;
      dim[lane] = d.dim + place.dim;
    }
  }
  return {path, dim};
}

/// Writes the n numbers of `count` <= width addresses. Inlined twice, it would run out of registers for its constants.
template <class Sample>
[[gnu::noinline]] void fill_lanes(const Draw& d, const Pair<Lanes>& address, std::size_t count, double* out,
                                  Sample&& sample) {
  const auto node = simd::broadcast<Lanes>(d.node);
  for (std::size_t i = 0; i < d.n; i += 2) {
    const auto kind = simd::broadcast<Lanes>(d.kind + i / 2);
    const Pair<Reals> pair = sample(philox(counter(node, kind, address.first, address.second), d.seed));
    for (std::size_t lane = 0; lane < count; ++lane) {
      out[lane * d.n + i] = pair.first[lane];
      if (i + 1 < d.n) out[lane * d.n + i + 1] = pair.second[lane];
    }
  }
}

template <class Sample>
void fill(const Draw& d, std::span<double> out, int threads, Sample&& sample) {
  check(d, out.size());
  if (out.empty()) return;
  const std::size_t addresses = d.n_paths * d.n_dims;
  parallel_for((addresses + task_size - 1) / task_size, resolve_threads(threads), [&](std::size_t task) {
    const std::size_t begin = task * task_size, end = std::min(begin + task_size, addresses);
    Place place{begin / d.n_dims, begin % d.n_dims};
    std::size_t i = begin;
    for (; i + width <= end; i += width) fill_lanes(d, next_lanes(d, place), width, out.data() + i * d.n, sample);
    if (i < end) fill_lanes(d, next_lanes(d, place), end - i, out.data() + i * d.n, sample);
  });
}

}  // namespace

void fill_normals(const Draw& draw, std::span<double> out, int threads) {
  fill(draw, out, threads, [](const Block<Lanes>& words) { return normals<Reals>(words); });
}

void fill_uniforms(const Draw& draw, std::span<double> out, int threads) {
  fill(draw, out, threads, [](const Block<Lanes>& words) { return uniforms<Reals>(words); });
}

}  // namespace trimtab::rng
