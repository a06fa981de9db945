#include "arguments.hpp"
#include "cursor_kernels.hpp"
#include "node.hpp"

#include <trimtab/sde/brownian.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace trimtab::sde {

/// Turns questions to lanes into questions to rows: row = component * lanes + lane.
template <class Real>
struct CursorState {
  BrownianTree tree;
  std::size_t size;
  std::unique_ptr<CursorKernels<Real>> kernels;
  std::vector<std::uint64_t> asked;  // by lane, the last call that asked it
  std::uint64_t call = 0;
  std::vector<std::size_t> rows;
  std::vector<std::uint64_t> first, second;
  std::vector<Scales> scales;

  CursorState(const BrownianTree& tree, const Paths& paths) : tree(tree), size(paths.count), asked(paths.count) {
    check_paths(paths);
    std::vector<std::uint64_t> path(size * tree.dim()), dim(path.size());
    for (std::size_t row = 0; row < path.size(); ++row) {
      path[row] = paths[row % size];
      dim[row] = row / size;
    }
    kernels = make_cursor<Real>(tree, path, dim);
  }

  /// Starts a call to these lanes, whose other lists have these lengths.
  void start(std::span<const std::uint32_t> lanes, std::size_t n_first, std::size_t n_second) {
    if (n_first != lanes.size() || n_second != lanes.size())
      reject("lanes", std::to_string(n_first) + " lanes, one for each question", std::to_string(lanes.size()));
    ++call;
    for (const std::uint32_t lane : lanes) {
      if (lane >= size) reject("lanes", "below " + std::to_string(size), std::to_string(lane));
      if (asked[lane] == call) reject("lanes", "each lane once", std::to_string(lane) + " twice");
      asked[lane] = call;
    }
    rows.clear(), first.clear(), second.clear(), scales.clear();
  }

  /// Repeats the questions of the first component for the others.
  void repeat(std::span<const std::uint32_t> lanes) {
    const std::size_t n = lanes.size();
    for (std::size_t d = 0; d < tree.dim(); ++d)
      for (const std::uint32_t lane : lanes) rows.push_back(d * size + lane);
    const auto extend = [&](auto& list) {
      list.reserve(rows.size());
      for (std::size_t i = 0; list.size() < rows.size(); ++i) list.push_back(list[i]);
    };
    if (n == rows.size()) return;
    extend(first), extend(scales);
    if (!second.empty()) extend(second);
  }

  static void check_ticks(std::uint64_t from, std::uint64_t to) {
    if (to > n_ticks) reject("to", "at most 2^52 ticks", std::to_string(to));
    if (from > to) reject("from", "at most to = " + std::to_string(to), std::to_string(from));
  }
};

template <class Real>
BrownianCursor<Real>::BrownianCursor(const BrownianTree& tree, const Paths& paths)
    : state_(std::make_unique<CursorState<Real>>(tree, paths)) {}
template <class Real>
BrownianCursor<Real>::~BrownianCursor() = default;
template <class Real>
BrownianCursor<Real>::BrownianCursor(BrownianCursor&&) noexcept = default;
template <class Real>
BrownianCursor<Real>& BrownianCursor<Real>::operator=(BrownianCursor&&) noexcept = default;

template <class Real>
std::size_t BrownianCursor<Real>::size() const {
  return state_->size;
}

template <class Real>
std::uint64_t BrownianCursor<Real>::splits() const {
  return state_->kernels->splits();
}

template <class Real>
void BrownianCursor<Real>::node(int level, std::uint64_t index, const Increments<Real>& out) {
  check_node(state_->tree, level, index);
  state_->kernels->node(node_at(level, index), Scales(state_->tree.length(width_of(level))),
                        outputs(state_->tree, out));
}

template <class Real>
void BrownianCursor<Real>::nodes(std::span<const std::uint32_t> lanes, std::span<const int> levels,
                                 std::span<const std::uint64_t> indices, const Increments<Real>& out) {
  CursorState<Real>& s = *state_;
  s.start(lanes, levels.size(), indices.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    check_node(s.tree, levels[i], indices[i]);
    s.first.push_back(node_at(levels[i], indices[i]));
    s.scales.emplace_back(s.tree.length(width_of(levels[i])));
  }
  s.repeat(lanes);
  s.kernels->nodes(s.rows, s.first, s.scales, outputs(s.tree, out));
}

template <class Real>
void BrownianCursor<Real>::increment(std::uint64_t from, std::uint64_t to, const Increments<Real>& out) {
  state_->check_ticks(from, to);
  state_->kernels->increment(from, to, Scales(state_->tree.length(to - from)), outputs(state_->tree, out));
}

template <class Real>
void BrownianCursor<Real>::increments(std::span<const std::uint32_t> lanes, std::span<const std::uint64_t> from,
                                      std::span<const std::uint64_t> to, const Increments<Real>& out) {
  CursorState<Real>& s = *state_;
  s.start(lanes, from.size(), to.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    s.check_ticks(from[i], to[i]);
    s.first.push_back(from[i]);
    s.second.push_back(to[i]);
    s.scales.emplace_back(s.tree.length(to[i] - from[i]));
  }
  s.repeat(lanes);
  s.kernels->increments(s.rows, s.first, s.second, s.scales, outputs(s.tree, out));
}

template class TRIMTAB_API BrownianCursor<float>;
template class TRIMTAB_API BrownianCursor<double>;

}  // namespace trimtab::sde
