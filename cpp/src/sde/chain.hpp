#pragma once

#include "node.hpp"

#include <trimtab/sde/legendre.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

/// @file chain.hpp
/// The splits that a cursor remembers: on each row, one path and one component, a node and both halves of all its
/// ancestors and of itself.

namespace trimtab::sde {

/// Coordinates are arrays over the rows, padded to whole vectors: [level][side][coordinate][row].
template <class Real, std::size_t n>
class Chain {
 public:
  using Words = simd::WordLanes<std::uint64_t>;
  using Reals = simd::WordLanes<Real>;
  static constexpr std::size_t width = simd::lanes<Words>;

  /// @param path,dim  address of each row
  Chain(std::uint64_t seed, int depth, std::span<const std::uint64_t> path, std::span<const std::uint64_t> dim)
      : seed_(seed),
        padded_((path.size() + width - 1) / width * width),
        path_(path.begin(), path.end()),
        dim_(dim.begin(), dim.end()),
        halves_(std::make_unique_for_overwrite<Real[]>(2 * (static_cast<std::size_t>(depth) + 1) * n * padded_)),
        last_(path.size()) {
    path_.resize(padded_);
    dim_.resize(padded_);
    for (std::size_t row = 0; row < padded_; row += width)
      put<Reals>(place(1), row, normals<Purpose::root>(simd::broadcast<Words>(1), row));
  }

  std::size_t rows() const { return last_.size(); }
  std::size_t padded_rows() const { return padded_; }
  std::uint64_t splits() const { return splits_; }

  /// Coordinates of a node whose parent has been split on the rows in question: n arrays, padded_rows() apart.
  const Real* half(std::uint64_t node) const {
    return halves_.get() + (2 * static_cast<std::size_t>(level_of(node)) + (node & 1)) * n * padded_;
  }

  template <class T>
  Coordinates<T, n> get(const Real* coordinates, std::size_t row) const {
    Coordinates<T, n> a;
    for (std::size_t j = 0; j < n; ++j) a[j] = simd::load<T>(coordinates + j * padded_ + row);
    return a;
  }

  template <class T>
  void put(Real* coordinates, std::size_t row, const Coordinates<T, n>& a) const {
    for (std::size_t j = 0; j < n; ++j) simd::store(coordinates + j * padded_ + row, a[j]);
  }

  /// Splits a node and its ancestors on all rows; those that are split already are left alone.
  void split(std::uint64_t node) {
    if (!together_) {
      common_ = last_.empty() ? 0 : last_[0];
      for (const std::uint64_t last : last_) common_ = common_ancestor(common_, last);
      together_ = true;
    }
    const int from = level_of(common_ancestor(common_, node)) + 1, to = level_of(node);
    if (from > to) return;
    for (int level = from; level <= to; ++level) split_rows(ancestor(node, level));
    common_ = node;
    splits_ += rows() * static_cast<std::uint64_t>(to - from + 1);
  }

  /// The same for nodes[i] on row rows[i], no row twice. Vectors are filled with whichever rows have splits to make.
  void split(std::span<const std::size_t> rows, std::span<const std::uint64_t> nodes) {
    if (together_) std::fill(last_.begin(), last_.end(), common_);
    together_ = false;
    struct Descent {
      std::size_t row;
      std::uint64_t node;
      int level;
    };
    std::array<Descent, width> busy{};
    std::size_t count = 0;
    for (std::size_t next = 0;;) {
      for (; count < width && next < rows.size(); ++next) {
        const std::size_t row = rows[next];
        const std::uint64_t node = nodes[next];
        const int level = level_of(common_ancestor(last_[row], node)) + 1;
        if (level > level_of(node)) continue;
        busy[count++] = {row, node, level};
        last_[row] = node;
      }
      if (count == 0) break;
      Words node{}, path{}, dim{};
      Coordinates<Reals, n> a{};
      for (std::size_t lane = 0; lane < count; ++lane) {
        const auto& [row, target, level] = busy[lane];
        node[lane] = ancestor(target, level);
        path[lane] = path_[row];
        dim[lane] = dim_[row];
        for (std::size_t j = 0; j < n; ++j) a[j][lane] = half(node[lane])[j * padded_ + row];
      }
      const Halves<Reals, n> halves = halve(a, normals_at<Reals, n>(seed_, node, Purpose::halve, path, dim));
      for (std::size_t lane = 0; lane < count; ++lane)
        for (std::size_t j = 0; j < n; ++j) {
          place(2 * node[lane])[j * padded_ + busy[lane].row] = halves.left[j][lane];
          place(2 * node[lane] + 1)[j * padded_ + busy[lane].row] = halves.right[j][lane];
        }
      splits_ += count;
      for (std::size_t lane = count; lane-- > 0;)
        if (busy[lane].level++ == level_of(busy[lane].node)) busy[lane] = busy[--count];
    }
  }

  /// Normals of a node on the vector of rows from `row` on.
  template <Purpose purpose>
  Coordinates<Reals, n> normals(const Words& node, std::size_t row) const {
    return normals_at<Reals, n>(seed_, node, purpose, simd::load<Words>(&path_[row]), simd::load<Words>(&dim_[row]));
  }

  /// Normals that cut a leaf on one row.
  Coordinates<Real, n> normals_of_cut(std::uint64_t leaf, std::size_t row) const {
    return normals_at<Real, n>(seed_, leaf, Purpose::cut, path_[row], dim_[row]);
  }

 private:
  Real* place(std::uint64_t node) { return const_cast<Real*>(half(node)); }

  [[gnu::noinline]] void split_rows(std::uint64_t node) {
    const Real* const parent = half(node);
    Real* const left = place(2 * node);
    Real* const right = place(2 * node + 1);
    const Words nodes = simd::broadcast<Words>(node);
    for (std::size_t row = 0; row < padded_; row += width) {
      const auto halves = halve(get<Reals>(parent, row), normals<Purpose::halve>(nodes, row));
      put<Reals>(left, row, halves.left);
      put<Reals>(right, row, halves.right);
    }
  }

  std::uint64_t seed_;
  std::size_t padded_;
  std::vector<std::uint64_t> path_, dim_;
  std::unique_ptr<Real[]> halves_;
  std::vector<std::uint64_t> last_;  // deepest node that is split, by row; counts while the rows are not together
  std::uint64_t common_ = 0;         // the same for all rows while they are
  bool together_ = true;
  std::uint64_t splits_ = 0;
};

}  // namespace trimtab::sde
