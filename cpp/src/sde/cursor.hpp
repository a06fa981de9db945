#pragma once

#include "chain.hpp"
#include "cursor_kernels.hpp"
#include "cut.hpp"
#include "walk.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

/// @file cursor.hpp
/// The kernels of a cursor for one number type, compiled in one source file each.

namespace trimtab::sde {

template <class Real, std::size_t n>
class Cursor final : public CursorKernels<Real> {
  using Base = CursorKernels<Real>;
  using typename Base::Numbers;
  using typename Base::Outputs;
  using typename Base::Rows;
  using Reals = typename Chain<Real, n>::Reals;

 public:
  Cursor(std::uint64_t seed, int depth, Numbers path, Numbers dim)
      : depth_(depth), chain_(seed, depth, path, dim), leaf_(n * chain_.padded_rows()), sums_{leaf_, leaf_} {}

  void node(std::uint64_t node, const Scales& scales, const Outputs& out) override {
    chain_.split(node >> 1);
    write(chain_.half(node), scales, out);
  }

  void nodes(Rows rows, Numbers nodes, std::span<const Scales> scales, const Outputs& out) override {
    parents_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) parents_[i] = nodes[i] >> 1;
    chain_.split(rows, parents_);
    for (std::size_t i = 0; i < rows.size(); ++i)
      write(chain_.template get<Real>(chain_.half(nodes[i]), rows[i]), scales[i], out, i);
  }

  void increment(std::uint64_t from, std::uint64_t to, const Scales& scales, const Outputs& out) override {
    const Route route(from, to, depth_);
    for (std::size_t i = 0; i < route.n_walks; ++i) {
      const Walk& walk = route.walks[i];
      chain_.split(walk.node(walk.last) >> 1);
      plan(walk);
      if (walk.cuts)
        for (std::size_t row = 0; row < chain_.rows(); ++row) cut_leaf(walk, row);
      if (route.n_walks == 1 && pieces_.size() == 1) return write(pieces_[0].coordinates, scales, out);
      for_each_vector([&](std::size_t row) { chain_.put(sums_[i].data(), row, collect<Reals>(walk, row)); });
    }
    const Finish finish(route);
    for_each_vector(
        [&](std::size_t row) { chain_.put(sums_[0].data(), row, finish.template operator()<Reals>(*this, row)); });
    write(sums_[0].data(), scales, out);
  }

  void increments(Rows rows, Numbers from, Numbers to, std::span<const Scales> scales, const Outputs& out) override {
    routes_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) routes_.emplace_back(from[i], to[i], depth_);
    for (std::size_t which = 0; which < 2; ++which) {
      walking_.clear();
      parents_.clear();
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (which < routes_[i].n_walks) {
          const Walk& walk = routes_[i].walks[which];
          walking_.push_back(rows[i]);
          parents_.push_back(walk.node(walk.last) >> 1);
        }
      chain_.split(walking_, parents_);
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (which < routes_[i].n_walks) {
          const Walk& walk = routes_[i].walks[which];
          plan(walk);
          if (walk.cuts) cut_leaf(walk, rows[i]);
          chain_.put(sums_[which].data(), rows[i], collect<Real>(walk, rows[i]));
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
      write(Finish(routes_[i]).template operator()<Real>(*this, rows[i]), scales[i], out, i);
  }

  std::uint64_t splits() const override { return chain_.splits(); }

 private:
  /// A part of a walk: where its coordinates stand, and how it is joined to the parts before it.
  struct Piece {
    const Real* coordinates;
    Join<Real> join;
  };

  /// Finds the parts of a walk, in the order in which they are met.
  void plan(const Walk& walk) {
    pieces_.clear();
    std::uint64_t before = 0;
    const auto add = [&](const Real* coordinates, std::uint64_t width) {
      pieces_.push_back({coordinates, walk.suffix ? Join<Real>(width, before) : Join<Real>(before, width)});
      before += width;
    };
    for (int level = walk.first + 1; level <= walk.last; ++level)
      if (walk.takes_sibling(level)) add(chain_.half(walk.node(level) ^ 1), width_of(level));
    add(walk.cuts ? leaf_.data() : chain_.half(walk.node(walk.last)), walk.end_width());
  }

  /// Joins what plan() found on the rows of one T.
  template <class T>
  Coordinates<T, n> collect(const Walk& walk, std::size_t row) const {
    auto sum = chain_.template get<T>(pieces_[0].coordinates, row);
    for (std::size_t i = 1; i < pieces_.size(); ++i) {
      const auto part = chain_.template get<T>(pieces_[i].coordinates, row);
      sum = walk.suffix ? pieces_[i].join(part, sum) : pieces_[i].join(sum, part);
    }
    return sum;
  }

  /// Joins the sums of the walks of a route.
  struct Finish {
    std::size_t n_walks;
    Join<Real> join;

    explicit Finish(const Route& route)
        : n_walks(route.n_walks), join(route.fork - route.from, route.to - route.fork) {}

    template <class T>
    Coordinates<T, n> operator()(const Cursor& cursor, std::size_t row) const {
      if (n_walks == 0) return {};
      const auto first = cursor.chain_.template get<T>(cursor.sums_[0].data(), row);
      return n_walks == 1 ? first : join(first, cursor.chain_.template get<T>(cursor.sums_[1].data(), row));
    }
  };

  void cut_leaf(const Walk& walk, std::size_t row) {
    const std::uint64_t leaf = walk.node(walk.last), width = width_of(walk.last), first = walk.tick & (width - 1);
    const auto a = chain_.template get<Real>(chain_.half(leaf), row), z = chain_.normals_of_cut(leaf, row);
    Coordinates<double, n> exact, normals;
    for (std::size_t j = 0; j < n; ++j) exact[j] = a[j], normals[j] = z[j];
    const Halves<double, n> parts = cut<n>(exact, normals, first, width - first);
    Coordinates<Real, n> part;
    for (std::size_t j = 0; j < n; ++j) part[j] = static_cast<Real>(walk.suffix ? parts.right[j] : parts.left[j]);
    chain_.put(leaf_.data(), row, part);
  }

  template <class Body>
  void for_each_vector(Body&& body) const {
    for (std::size_t row = 0; row < chain_.padded_rows(); row += chain_.width) body(row);
  }

  /// Increments of all rows.
  void write(const Real* coordinates, const Scales& scales, const Outputs& out) const {
    for (std::size_t j = 0; j < n; ++j) {
      if (!out[j]) continue;
      const Real factor = static_cast<Real>(scales.factor[j]);
      const Real* const from = coordinates + j * chain_.padded_rows();
      for (std::size_t row = 0; row < chain_.rows(); ++row) out[j][row] = factor * from[row];
    }
  }

  static void write(const Coordinates<Real, n>& a, const Scales& scales, const Outputs& out, std::size_t i) {
    for (std::size_t j = 0; j < n; ++j)
      if (out[j]) out[j][i] = static_cast<Real>(scales.factor[j]) * a[j];
  }

  int depth_;
  Chain<Real, n> chain_;
  std::vector<Real> leaf_;                 // a part of one
  std::array<std::vector<Real>, 2> sums_;  // of the walks of a route
  std::vector<Piece> pieces_;
  std::vector<Route> routes_;
  std::vector<std::size_t> walking_;
  std::vector<std::uint64_t> parents_;
};

template <class Real>
std::unique_ptr<CursorKernels<Real>> make_cursor(const BrownianTree& tree, std::span<const std::uint64_t> path,
                                                 std::span<const std::uint64_t> dim) {
  const auto make = [&]<std::size_t n> {
    return std::unique_ptr<CursorKernels<Real>>(
        std::make_unique<Cursor<Real, n>>(tree.seed(), tree.depth(), path, dim));
  };
  switch (tree.levy()) {
    case Levy::W:
      return make.template operator()<1>();
    case Levy::H:
      return make.template operator()<2>();
    default:
      return make.template operator()<3>();
  }
}

}  // namespace trimtab::sde
