// Brownian increments from a cursor, in nanoseconds of CPU time for each path and increment, medians on one thread:
//
//     cmake -S . -B build/bench -DTRIMTAB_BENCH=ON && cmake --build build/bench --target bench_cursor
//     build/bench/bench/cpp/bench_cursor
#include <trimtab/core/rng.hpp>
#include <trimtab/sde/brownian.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <vector>

namespace sde = trimtab::sde;

template <class Call>
double median_ns(double count, Call call) {
  call();
  std::vector<double> ns;
  for (int round = 0; round < 15; ++round) {
    const std::clock_t start = std::clock();
    for (int repeat = 0; repeat < 4; ++repeat) call();
    ns.push_back(1e9 / CLOCKS_PER_SEC * static_cast<double>(std::clock() - start) / (4 * count));
  }
  std::nth_element(ns.begin(), ns.begin() + 7, ns.end());
  return ns[7];
}

// All nodes of a level in turn; every lane at its own node where `apart`.
template <class Real>
double walk(sde::Levy levy, int level, std::size_t lanes, bool apart) {
  const sde::BrownianTree tree(1, 0.0, 1.0, 1, levy);
  const std::uint64_t nodes = std::uint64_t{1} << level;
  std::vector<Real> w(lanes), h(lanes), k(lanes);
  const sde::Increments<Real> out{w.data(), levy == sde::Levy::W ? nullptr : h.data(),
                                  levy == sde::Levy::K ? k.data() : nullptr};
  std::vector<std::uint32_t> all(lanes);
  std::iota(all.begin(), all.end(), 0u);
  const std::vector<int> levels(lanes, level);
  std::vector<std::uint64_t> at(lanes);
  return median_ns(static_cast<double>(lanes * nodes), [&] {
    sde::BrownianCursor<Real> cursor(tree, {.count = lanes});
    for (std::uint64_t node = 0; node < nodes; ++node) {
      if (!apart) {
        cursor.node(level, node, out);
        continue;
      }
      for (std::size_t lane = 0; lane < lanes; ++lane) at[lane] = (node + lane) % nodes;
      cursor.nodes(all, levels, at, out);
    }
  });
}

double normals(std::size_t each) {
  std::vector<double> out(4096 * each);
  return median_ns(4096, [&] { trimtab::rng::fill_normals({.seed = 1, .node = 1, .n_paths = 4096, .n = each}, out); });
}

int main() {
  const sde::Levy kinds[] = {sde::Levy::W, sde::Levy::H, sde::Levy::K};
  const auto row = [&](const char* name, auto cell) {
    std::printf("%-44s", name);
    for (const auto levy : kinds) std::printf("%8.1f", cell(levy));
    std::printf("\n");
  };
  std::printf("%-44s%8s%8s%8s\n", "", "W", "W, H", "W, H, K");
  for (const std::size_t lanes : {std::size_t{64}, std::size_t{256}}) {
    std::printf("%zu lanes\n", lanes);
    row("all at one node, float64", [&](auto levy) { return walk<double>(levy, 10, lanes, false); });
    row("all at one node, float32", [&](auto levy) { return walk<float>(levy, 10, lanes, false); });
    row("each at a node of its own, float64", [&](auto levy) { return walk<double>(levy, 10, lanes, true); });
  }
  row("one path, 2^20 nodes, float64", [&](auto levy) { return walk<double>(levy, 20, 1, false); });
  row("fill_normals for the normals of a split", [&](auto levy) { return normals(levy == sde::Levy::K ? 4 : 2); });
}
