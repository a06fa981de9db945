#pragma once

#include "node.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/sde/legendre.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

/// @file walk.hpp
/// How an increment between two ticks is put together from nodes.

namespace trimtab::sde {

/// Says that two ticks of one leaf cannot both cut it.
[[noreturn]] inline void refuse_two_cuts(std::uint64_t a, std::uint64_t b, int depth) {
  reject("depth", std::to_string(std::min(common_level(a, b) + 1, 52)) + " at least, as two times cut one leaf",
         std::to_string(depth));
}

/// A part of an interval that begins or ends on the border of a node: a descent through the tree towards its other end,
/// the tick of the cut. On its way stand whole nodes, beside the path, which are joined as they are met.
struct Walk {
  bool suffix = false;      ///< whether the part lies at the right end of the node where the walk starts
  std::uint64_t tick = 0;   ///< of the cut
  int first = 0, last = 0;  ///< levels of the nodes from the start to the end
  bool cuts = false;        ///< whether the last node is a leaf that the tick cuts

  Walk() = default;

  /// @param first  level of the node where it starts, and which the tick cuts or bounds
  Walk(bool suffix, std::uint64_t tick, int first, int depth) : suffix(suffix), tick(tick), first(first) {
    const int level = std::max(first, border_level(tick));
    last = std::min(level, depth);
    cuts = level > depth;
  }

  /// The node on the path at a level from first to last.
  std::uint64_t node(int level) const { return node_holding(level, suffix ? tick : tick - 1); }

  /// Whether the sibling of that node belongs to the part.
  bool takes_sibling(int level) const { return level > first && (node(level) & 1) == (suffix ? 0u : 1u); }

  /// Ticks of the part inside the last node.
  std::uint64_t end_width() const {
    const std::uint64_t width = width_of(last), past = tick & (width - 1);
    return !cuts ? width : suffix ? width - past : past;
  }
};

/// The walks that make up [from, to]: none if it is empty, one inside the smallest node around it if it begins or ends
/// with that node, else a suffix of the node's left half and a prefix of its right half.
struct Route {
  std::size_t n_walks = 0;
  std::array<Walk, 2> walks{};
  std::uint64_t from, fork, to;  ///< the walks meet at the fork

  /// @throws std::invalid_argument if both ticks lie inside one leaf
  Route(std::uint64_t from, std::uint64_t to, int depth) : from(from), fork(to), to(to) {
    if (from == to) return;
    const int top = std::min(common_level(from, to - 1), depth);
    const std::uint64_t inside = width_of(top) - 1;
    const bool begins = (from & inside) == 0, ends = (to & inside) == 0;
    if (begins || ends) {
      walks[n_walks++] = ends ? Walk(true, from, top, depth) : Walk(false, to, top, depth);
    } else if (top == depth) {
      refuse_two_cuts(from, to - 1, depth);
    } else {
      walks[n_walks++] = Walk(true, from, top + 1, depth);
      walks[n_walks++] = Walk(false, to, top + 1, depth);
      fork = (to - 1) & ~(width_of(top + 1) - 1);
    }
  }
};

}  // namespace trimtab::sde
