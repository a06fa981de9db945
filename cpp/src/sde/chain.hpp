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
  static constexpr std::size_t batch = 64;  // rows that are split together

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
      put(place(1), row,
          normals_at<Reals, n>(seed_, simd::broadcast<Words>(1), Purpose::root, simd::load<Words>(&path_[row]),
                               simd::load<Words>(&dim_[row])));
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

  /// The same for nodes[i] on row rows[i], no row twice. Batches are filled with whichever rows have splits to make.
  void split(std::span<const std::size_t> rows, std::span<const std::uint64_t> nodes) {
    if (together_) std::fill(last_.begin(), last_.end(), common_);
    together_ = false;
    struct Descent {
      std::size_t row;
      std::uint64_t node;
      int level;
    };
    std::array<Descent, batch> busy;
    Batch b{};
    Coordinates<std::array<Real, batch>, n> a{}, left, right;
    std::size_t count = 0;
    for (std::size_t next = 0;;) {
      for (; count < batch && next < rows.size(); ++next) {
        const std::size_t row = rows[next];
        const std::uint64_t node = nodes[next];
        const int level = level_of(common_ancestor(last_[row], node)) + 1;
        if (level > level_of(node)) continue;
        busy[count++] = {row, node, level};
        last_[row] = node;
      }
      if (count == 0) break;
      for (std::size_t i = 0; i < count; ++i) {
        const auto& [row, target, level] = busy[i];
        b.node[i] = ancestor(target, level);
        b.path[i] = path_[row];
        b.dim[i] = dim_[row];
        for (std::size_t j = 0; j < n; ++j) a[j][i] = half(b.node[i])[j * padded_ + row];
      }
      halve_batch(b, a[0].data(), left[0].data(), right[0].data(), batch, count);
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < n; ++j) {
          place(2 * b.node[i])[j * padded_ + busy[i].row] = left[j][i];
          place(2 * b.node[i] + 1)[j * padded_ + busy[i].row] = right[j][i];
        }
      splits_ += count;
      for (std::size_t i = count; i-- > 0;)
        if (busy[i].level++ == level_of(busy[i].node)) busy[i] = busy[--count];
    }
  }

  /// Normals that cut a leaf on one row.
  Coordinates<Real, n> normals_of_cut(std::uint64_t leaf, std::size_t row) const {
    return normals_at<Real, n>(seed_, leaf, Purpose::cut, path_[row], dim_[row]);
  }

 private:
  Real* place(std::uint64_t node) { return const_cast<Real*>(half(node)); }

  /// Addresses of nodes to split.
  struct Batch {
    std::array<std::uint64_t, batch> node, path, dim;
  };

  void split_rows(std::uint64_t node) {
    Batch b;
    b.node.fill(node);
    for (std::size_t row = 0; row < padded_; row += batch) {
      const std::size_t count = std::min(batch, padded_ - row);
      std::copy_n(&path_[row], count, b.path.begin());
      std::copy_n(&dim_[row], count, b.dim.begin());
      halve_batch(b, half(node) + row, place(2 * node) + row, place(2 * node + 1) + row, padded_, count);
    }
  }

  /// Halves the first `count` of a batch, whole vectors of them; coordinates stand `stride` apart. The words are made
  /// first and the normals later: a processor overlaps the long chains of operations of some vectors, not of this many.
  [[gnu::noinline]] void halve_batch(const Batch& b, const Real* a, Real* left, Real* right, std::size_t stride,
                                     std::size_t count) const {
    std::array<Uniforms<Reals, n>, batch / width> uniforms;
    for (std::size_t i = 0; i < count; i += width)
      uniforms[i / width] = uniforms_at<Reals, n>(seed_, simd::load<Words>(&b.node[i]), Purpose::halve,
                                                  simd::load<Words>(&b.path[i]), simd::load<Words>(&b.dim[i]));
    for (std::size_t i = 0; i < count; i += width) {
      Coordinates<Reals, n> parent;
      for (std::size_t j = 0; j < n; ++j) parent[j] = simd::load<Reals>(a + j * stride + i);
      const auto halves = halve(parent, normals<Reals, n>(uniforms[i / width]));
      for (std::size_t j = 0; j < n; ++j) {
        simd::store(left + j * stride + i, halves.left[j]);
        simd::store(right + j * stride + i, halves.right[j]);
      }
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
