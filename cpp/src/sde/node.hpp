#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

/// @file node.hpp
/// Arithmetic of nodes by heap id: root 1, children 2n and 2n + 1; 0 stands above the root.

namespace trimtab::sde {

/// Level of a node, root 0; of what stands above the root, -1.
inline int level_of(std::uint64_t node) { return static_cast<int>(std::bit_width(node)) - 1; }

inline std::uint64_t node_at(int level, std::uint64_t index) { return (std::uint64_t{1} << level) | index; }

/// The ancestor of a node at a level not below its own.
inline std::uint64_t ancestor(std::uint64_t node, int level) { return node >> (level_of(node) - level); }

/// Deepest node that is an ancestor of both or one of them.
inline std::uint64_t common_ancestor(std::uint64_t a, std::uint64_t b) {
  const int level = std::min(level_of(a), level_of(b));
  a = ancestor(a, level);
  b = ancestor(b, level);
  return a >> std::bit_width(a ^ b);
}

/// Ticks of a node of this level.
inline std::uint64_t width_of(int level) { return std::uint64_t{1} << (52 - level); }

/// The node of a level that holds this tick.
inline std::uint64_t node_holding(int level, std::uint64_t tick) { return node_at(level, tick >> (52 - level)); }

/// Level of the smallest node that holds both ticks.
inline int common_level(std::uint64_t a, std::uint64_t b) { return 52 - static_cast<int>(std::bit_width(a ^ b)); }

/// First level on which a tick is a border between nodes.
inline int border_level(std::uint64_t tick) { return tick == 0 ? 0 : 52 - std::countr_zero(tick); }

}  // namespace trimtab::sde
