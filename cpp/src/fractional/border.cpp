#include "border.hpp"

#include "../core/sums.hpp"
#include "arguments.hpp"

#include <algorithm>

namespace trimtab::fractional {
namespace {

constexpr std::size_t piece = 1024, most_columns = most_degree;

std::shared_ptr<const EndBorder> make_end(const NearTable& table, const SplineSpace& space, const Weights& w,
                                          Kind kind) {
  const int p = space.degree;
  const auto n = static_cast<std::size_t>(space.size());
  auto made = std::make_shared<EndBorder>(
      EndBorder{n, static_cast<std::size_t>(p) - 1, static_cast<std::size_t>(p) - 2, {}, {}});
  EndBorder& end = *made;
  end.column_data.resize(end.columns * n);
  end.row_data.resize(end.rows * n);
  std::vector<double> t(n), mirrored;
  toeplitz_entries(table, w, t);
  if (w.left != w.right) {
    mirrored.resize(n);
    toeplitz_entries(table, w.swapped(), mirrored);
  }
  const std::vector<double>& above = mirrored.empty() ? t : mirrored;

  // points of the other end are not on the lattice of the first one
  const std::size_t lattice_end = n - end.rows, near = std::min(lattice_end, static_cast<std::size_t>(table.extent));
  const Extended length = static_cast<Extended>(space.n);
  const auto point = [&](std::size_t u) {
    return u < lattice_end ? static_cast<Extended>(0) + space.greville<Extended>(static_cast<std::int64_t>(u))
                           : length - space.greville<Extended>(static_cast<std::int64_t>(n - 1 - u));
  };
  for (std::size_t v = 0; v < end.columns; ++v) {
    double* column = end.column_data.data() + v * n;
    const FarField& far = table.far_columns[v];
    for (std::size_t u = 0; u < near; ++u) {
      const Extended d = point(u) - far.center();
      column[u] = static_cast<double>(d < far.nearest() ? table.entries.combined(table.columns[v * table.extent + u], w)
                                                        : w.left * far(d));
    }
    far.progression(point(near) - far.center(), w.left, {column + near, lattice_end - near});
    for (std::size_t u = lattice_end; u < n; ++u)
      column[u] = static_cast<double>(w.left * far(point(u) - far.center()));
    if (kind == Kind::caputo && v == 0) {
      for (std::size_t u = 0; u < n; ++u)
        column[u] -= static_cast<double>(w.left * table.entries.end_slope_term(point(u)));
    }
    for (std::size_t u = 0; u < n; ++u) column[u] -= u >= v ? t[u - v] : above[v - u];
  }
  const FarField mirrored_cardinal = table.cardinal.mirrored();
  const auto first = static_cast<std::size_t>(p) - 1, cardinal_end = n - first;
  for (std::size_t u = 0; u < end.rows; ++u) {
    double* row = end.row_data.data() + u * n;
    const Extended x = point(u);
    const auto distance = [&](std::size_t v) {
      return static_cast<Extended>(v) + static_cast<Extended>(3 - p) / 2 - x;
    };
    std::size_t v = first;
    for (; v < std::min(cardinal_end, first + static_cast<std::size_t>(table.extent)) &&
           distance(v) < table.cardinal.nearest();
         ++v)
      row[v] = static_cast<double>(table.entries.combined(table.rows[u * table.extent + (v - first)], w));
    mirrored_cardinal.progression(distance(v), w.right, {row + v, cardinal_end - v});
    for (v = first; v < cardinal_end; ++v) row[v] -= u >= v ? t[u - v] : above[v - u];
  }
  return made;
}

}  // namespace

Border make_border(const NearTable& table, const SplineSpace& space, const Weights& weights, Kind kind) {
  Border b;
  b.first = make_end(table, space, weights, kind);
  b.last = weights.left == weights.right ? b.first : make_end(table, space, weights.swapped(), kind);
  return b;
}

template <class Stored>
void add_combinations(std::size_t n, std::size_t count, const Stored* first, const double* c_first, const Stored* last,
                      const double* c_last, double* y) {
  double front[piece], back[piece];
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t length = std::min(piece, n - begin);
    std::fill_n(front, length, 0.0);
    std::fill_n(back, length, 0.0);
    for (std::size_t k = 0; k < count; ++k) {
      const double a = c_first[k], b = c_last[k];
      const Stored *f = first + k * n + begin, *l = last + k * n + begin;
      for (std::size_t i = 0; i < length; ++i) {
        front[i] += a * static_cast<double>(f[i]);
        back[i] += b * static_cast<double>(l[i]);
      }
    }
    for (std::size_t i = 0; i < length; ++i) y[begin + i] += front[i];
    double* mirrored = y + (n - begin - length);
    for (std::size_t i = 0; i < length; ++i) mirrored[i] += back[length - 1 - i];
  }
}

template void add_combinations(std::size_t, std::size_t, const float*, const double*, const float*, const double*,
                               double*);
template void add_combinations(std::size_t, std::size_t, const double*, const double*, const double*, const double*,
                               double*);

void dot_products(std::size_t n, std::size_t count, const double* first, double* out_first, const double* last,
                  double* out_last, const double* x) {
  double back[piece];
  std::fill_n(out_first, count, 0.0);
  std::fill_n(out_last, count, 0.0);
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t length = std::min(piece, n - begin);
    const double *front = x + begin, *mirrored = x + (n - begin - length);
    for (std::size_t i = 0; i < length; ++i) back[i] = mirrored[length - 1 - i];
    for (std::size_t k = 0; k < count; ++k) {
      const double *f = first + k * n + begin, *l = last + k * n + begin;
      out_first[k] += lane_sum(0, length, [=](std::size_t i) { return f[i] * front[i]; });
      out_last[k] += lane_sum(0, length, [&back, l](std::size_t i) { return l[i] * back[i]; });
    }
  }
}

void Border::add_product(const double* x, double* y, bool transposed) const {
  const std::size_t n = first->size, columns = first->columns, rows = first->rows;
  const std::size_t many = transposed ? columns : rows, few = transposed ? rows : columns;
  const auto by_dots = [&](const EndBorder& e) { return (transposed ? e.column_data : e.row_data).data(); };
  const auto by_sums = [&](const EndBorder& e) { return (transposed ? e.row_data : e.column_data).data(); };
  double dots[2][most_columns], ends[2][most_columns];
  dot_products(n, many, by_dots(*first), dots[0], by_dots(*last), dots[1], x);
  for (std::size_t i = 0; i < few; ++i) ends[0][i] = x[i], ends[1][i] = x[n - 1 - i];
  add_combinations(n, few, by_sums(*first), ends[0], by_sums(*last), ends[1], y);
  for (std::size_t i = 0; i < many; ++i) y[i] += dots[0][i], y[n - 1 - i] += dots[1][i];
}

void Border::project(const double* x, double* c) const {
  const std::size_t n = first->size, columns = first->columns, half = columns + first->rows;
  for (std::size_t v = 0; v < columns; ++v) c[v] = x[v], c[half + v] = x[n - 1 - v];
  dot_products(n, first->rows, first->row_data.data(), c + columns, last->row_data.data(), c + half + columns, x);
}

void Border::factor(std::size_t i, double* out) const {
  const std::size_t n = first->size, columns = first->columns, half = columns + first->rows;
  const bool reversed = i >= half;
  const EndBorder& end = reversed ? *last : *first;
  i -= reversed ? half : 0;
  std::fill_n(out, n, 0.0);
  if (i < columns) {
    std::copy_n(end.column(i), n, out);
    if (reversed) std::reverse(out, out + n);
  } else {
    out[reversed ? n - 1 - (i - columns) : i - columns] = 1;
  }
}

}  // namespace trimtab::fractional
