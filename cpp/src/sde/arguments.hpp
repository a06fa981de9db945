#pragma once

#include <trimtab/core/error.hpp>
#include <trimtab/core/rng.hpp>
#include <trimtab/sde/brownian.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

/// @file arguments.hpp
/// Checks of what the callers of a tree give.

namespace trimtab::sde {

/// A time with all its digits.
inline std::string text(double t) {
  std::ostringstream stream;
  stream.precision(17);
  stream << t;
  return stream.str();
}

inline void check_path(std::uint64_t path) {
  if (path > rng::max_path) reject("path", "below 2^40", std::to_string(path));
}

inline void check_paths(const Paths& paths) {
  if (paths.list) {
    for (std::size_t i = 0; i < paths.count; ++i) check_path(paths.list[i]);
  } else if (paths.count > 0) {
    check_path(paths.first);
    check_path(paths.first + (paths.count - 1));
  }
}

inline void check_node(const BrownianTree& tree, int level, std::uint64_t index) {
  if (level < 0 || level > tree.depth()) reject("level", "0 ... " + std::to_string(tree.depth()), level);
  if (index >> level != 0)
    reject("index", "below 2^" + std::to_string(level) + ", the nodes of the level", std::to_string(index));
}

/// The places of the coordinates, none of which a tree lacks.
template <class Real>
std::array<Real*, 3> outputs(const BrownianTree& tree, const Increments<Real>& out) {
  if (out.h && tree.levy() < Levy::H) reject("levy", "H or K, to give H", "W");
  if (out.k && tree.levy() < Levy::K) reject("levy", "K, to give K", tree.levy() == Levy::H ? "H" : "W");
  return {out.w, out.h, out.k};
}

}  // namespace trimtab::sde
