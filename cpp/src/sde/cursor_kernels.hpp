#pragma once

#include <trimtab/sde/brownian.hpp>
#include <trimtab/sde/legendre.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// @file cursor_kernels.hpp
/// What a cursor does with ticks and nodes that have been checked.

namespace trimtab::sde {

/// A row is one path and one component. Questions to single rows come with lists of equal length, no row twice; the
/// answer to question i then stands at out[j][i], answers of all rows at out[j][row].
template <class Real>
class CursorKernels {
 public:
  virtual ~CursorKernels() = default;

  using Outputs = std::array<Real*, 3>;  ///< of the coordinates, null for what is not wanted
  using Rows = std::span<const std::size_t>;
  using Numbers = std::span<const std::uint64_t>;

  virtual void node(std::uint64_t node, const Scales& scales, const Outputs& out) = 0;
  virtual void nodes(Rows rows, Numbers nodes, std::span<const Scales> scales, const Outputs& out) = 0;
  virtual void increment(std::uint64_t from, std::uint64_t to, const Scales& scales, const Outputs& out) = 0;
  virtual void increments(Rows rows, Numbers from, Numbers to, std::span<const Scales> scales, const Outputs& out) = 0;
  virtual std::uint64_t splits() const = 0;
};

/// A cursor on rows with these addresses, for the seed, levy and depth of a tree.
template <class Real>
std::unique_ptr<CursorKernels<Real>> make_cursor(const BrownianTree& tree, std::span<const std::uint64_t> path,
                                                 std::span<const std::uint64_t> dim);

}  // namespace trimtab::sde
