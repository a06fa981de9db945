#include "border.hpp"

#include "../core/sums.hpp"

#include <algorithm>

namespace trimtab::fractional {
namespace {

constexpr std::size_t piece = 1024;

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

void add_combination(std::size_t n, const double* data, std::size_t count, const double* coefficients, double* y,
                     bool reversed) {
  double sum[piece];
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t length = std::min(piece, n - begin);
    std::fill_n(sum, length, 0.0);
    for (std::size_t k = 0; k < count; ++k) {
      const double c = coefficients[k];
      const double* x = data + k * n + begin;
      for (std::size_t i = 0; i < length; ++i) sum[i] += c * x[i];
    }
    if (reversed) {
      double* end = y + (n - begin);
      for (std::size_t i = 0; i < length; ++i) *--end += sum[i];
    } else {
      for (std::size_t i = 0; i < length; ++i) y[begin + i] += sum[i];
    }
  }
}

void dot_products(std::size_t n, const double* data, std::size_t count, const double* x, bool reversed, double* out) {
  double buffer[piece];
  std::fill_n(out, count, 0.0);
  for (std::size_t begin = 0; begin < n; begin += piece) {
    const std::size_t length = std::min(piece, n - begin);
    const double* part = x + begin;
    if (reversed) {
      const double* end = x + (n - begin);
      for (std::size_t i = 0; i < length; ++i) buffer[i] = *--end;
      part = buffer;
    }
    for (std::size_t k = 0; k < count; ++k) {
      const double* row = data + k * n + begin;
      out[k] += lane_sum(0, length, [&](std::size_t i) { return row[i] * part[i]; });
    }
  }
}

void Border::add_product(const double* x, double* y, bool transposed) const {
  const std::size_t n = first->size, columns = first->columns, rows = first->rows;
  std::vector<double> c(2 * (columns + rows));
  double *near = c.data(), *far = c.data() + columns + rows;
  for (const bool reversed : {false, true}) {
    const EndBorder& end = reversed ? *last : *first;
    double* out = reversed ? far : near;
    const std::size_t many = transposed ? columns : rows, few = transposed ? rows : columns;
    dot_products(n, (transposed ? end.column_data : end.row_data).data(), many, x, reversed, out);
    for (std::size_t i = 0; i < few; ++i) out[many + i] = x[reversed ? n - 1 - i : i];
  }
  for (const bool reversed : {false, true}) {
    const EndBorder& end = reversed ? *last : *first;
    const double* in = reversed ? far : near;
    const std::size_t many = transposed ? columns : rows, few = transposed ? rows : columns;
    add_combination(n, (transposed ? end.row_data : end.column_data).data(), few, in + many, y, reversed);
    for (std::size_t i = 0; i < many; ++i) y[reversed ? n - 1 - i : i] += in[i];
  }
}

void Border::project(const double* x, double* c) const {
  const std::size_t n = first->size, columns = first->columns, rows = first->rows;
  for (const bool reversed : {false, true}) {
    const EndBorder& end = reversed ? *last : *first;
    for (std::size_t v = 0; v < columns; ++v) *c++ = x[reversed ? n - 1 - v : v];
    dot_products(n, end.row_data.data(), rows, x, reversed, c);
    c += rows;
  }
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
