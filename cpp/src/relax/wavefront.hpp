#pragma once

#include "stencil_layout.hpp"

/// @file wavefront.hpp
/// Row order on a grid, kept where it shows and given up where it does not: tiles run on threads along wavefronts, and
/// within a tile several rows advance side by side, each two columns behind the row before it, so that their chains of
/// dependent operations overlap. The numbers are those of row order.

namespace trimtab::relax {

inline constexpr int bundle = 4;  ///< rows that advance side by side
inline constexpr std::int64_t tile_rows = 60, tile_columns = 256;

/// Calls work(integral_constant<int, rows>, position, columns, buffer) for pieces of `rows` rows, with room for rows x
/// columns numbers, in an order that respects row order; combines what it returns tile by tile.
template <bool ahead, class Layout, class Work, class Combine>
double in_tiles(const Layout& grid, int threads, Work&& work, Combine&& combine) {
  using Real = typename Layout::Real;
  // a 9-point row needs the corner of the row before, so its tiles would have to be slanted: it goes by whole rows
  const std::int64_t nz = grid.nz(), ny = grid.ny(), nx = grid.nx();
  const std::int64_t width = Layout::points == 9 ? nx : std::min(tile_columns, nx);
  const std::int64_t n_down = (ny + tile_rows - 1) / tile_rows, n_across = (nx + width - 1) / width;
  std::vector<double> results(static_cast<std::size_t>(nz * n_down * n_across), 0.0);
  const auto tile = [&](std::int64_t k, std::int64_t down, std::int64_t across) {
    double& result = results[(k * n_down + down) * n_across + across];
    if (!ahead) k = nz - 1 - k, down = n_down - 1 - down, across = n_across - 1 - across;
    const std::int64_t top = down * tile_rows, bottom = std::min(ny, top + tile_rows);
    const std::int64_t left = across * width, columns = std::min(width, nx - left);
    Real small[bundle * tile_columns];
    std::vector<Real> large(columns > tile_columns ? bundle * columns : 0);
    Real* buffer = large.empty() ? small : large.data();
    for (std::int64_t left_over = bottom - top; left_over > 0;) {
      const std::int64_t rows = left_over >= bundle ? bundle : 1;
      const std::ptrdiff_t p = grid.at(k, ahead ? bottom - left_over : top + left_over - rows) + left;
      left_over -= rows;
      result = combine(result, rows == bundle ? work(std::integral_constant<int, bundle>{}, p, columns, buffer)
                                              : work(std::integral_constant<int, 1>{}, p, columns, buffer));
    }
  };
  if (threads == 1 || n_across == 1) {
    for (std::int64_t k = 0; k < nz; ++k)
      for (std::int64_t down = 0; down < n_down; ++down)
        for (std::int64_t across = 0; across < n_across; ++across) tile(k, down, across);
  } else {
    std::vector<std::array<std::int64_t, 3>> front;  // independent tiles: those with the same sum of indices
    for (std::int64_t wave = 0; wave <= nz + n_down + n_across - 3; ++wave) {
      front.clear();
      for (std::int64_t k = 0; k < nz; ++k)
        for (std::int64_t down = 0; down < n_down; ++down)
          if (const std::int64_t across = wave - k - down; across >= 0 && across < n_across)
            front.push_back({k, down, across});
      parallel_for(front.size(), threads, [&](std::size_t task) {
        const auto [k, down, across] = front[task];
        tile(k, down, across);
      });
    }
  }
  double total = 0;
  for (const double r : results) total = combine(total, r);
  return total;
}

/// Advances `rows` rows from position `first` on. point(position, index in the buffer, near) returns the new value;
/// near(add) hands out the products with updated neighbors, inward.
template <bool ahead, int rows, class Real, int points, bool variable, class Point>
inline void side_by_side(const StencilPoints<Real, points, variable>& stencil, std::ptrdiff_t stride,
                         std::ptrdiff_t first, std::ptrdiff_t columns, const Real* x, Point&& point) {
  constexpr int n_near = points / 2;
  constexpr std::ptrdiff_t step = ahead ? 1 : -1;
  const auto start = [&](int q) { return first + (ahead ? q : rows - 1 - q) * stride + (ahead ? 0 : columns - 1); };
  Real previous[rows];
  for (int q = 0; q < rows; ++q) previous[q] = x[start(q) - step];
  const auto advance = [&](int q, std::ptrdiff_t column) __attribute__((always_inline)) {
    const std::ptrdiff_t p = start(q) + step * column;
    const std::ptrdiff_t local = (ahead ? q : rows - 1 - q) * columns + (ahead ? column : columns - 1 - column);
    const Real west = previous[q];
    previous[q] = point(p, local, [&](auto&& add) __attribute__((always_inline)) {
      unrolled<n_near - 1>([&](auto m) __attribute__((always_inline)) {
        const int e = ahead ? int(m) : points - 1 - int(m);
        add(stencil(e, p) * x[p + stencil.offset[e]]);
      });
      add(stencil(ahead ? n_near - 1 : n_near + 1, p) * west);
    });
  };
  constexpr std::ptrdiff_t lag = 2 * (rows - 1);
  const auto ragged = [&](std::ptrdiff_t lead) {
    for (int q = 0; q < rows; ++q)
      if (const std::ptrdiff_t column = lead - 2 * q; column >= 0 && column < columns) advance(q, column);
  };
  std::ptrdiff_t lead = 0;
  for (; lead < lag; ++lead) ragged(lead);
  for (; lead < columns; ++lead)
    unrolled<rows>([&](auto q) __attribute__((always_inline)) { advance(q, lead - 2 * q); });
  for (; lead < columns + lag; ++lead) ragged(lead);
}

}  // namespace trimtab::relax
