#include "border.hpp"

#include "../core/sums.hpp"
#include "arguments.hpp"

#include <algorithm>
#include <utility>

namespace trimtab::fractional {
namespace {

constexpr std::size_t piece = 1024, most_columns = most_degree;

/// Builds the border of the first end.
class EndBuilder {
 public:
  EndBuilder(const NearTable& table, const SplineSpace& space, const Weights& w, Kind kind)
      : table_(table), space_(space), w_(w), below_(static_cast<std::size_t>(space.size())), above_(below_.size()) {
    const auto p = static_cast<std::size_t>(space.degree);
    end_ = {below_.size(), p - 1, p - 2, std::vector<double>((p - 1) * below_.size()),
            std::vector<double>((p - 2) * below_.size())};
    toeplitz_entries(table, w, below_);
    toeplitz_entries(table, w.swapped(), above_);
    for (std::size_t v = 0; v < end_.columns; ++v) fill_column(v, end_.column_data.data() + v * end_.size);
    for (std::size_t u = 0; u < end_.rows; ++u) fill_row(u, end_.row_data.data() + u * end_.size);
    if (kind == Kind::caputo) subtract_end_slope(end_.column_data.data());
  }

  EndBorder take() { return std::move(end_); }

 private:
  /// Points of the other end are not on the lattice of this one.
  std::size_t lattice_end() const { return end_.size - end_.rows; }
  Extended point(std::size_t u) const {
    if (u < lattice_end()) return space_.greville<Extended>(static_cast<std::int64_t>(u));
    return static_cast<Extended>(space_.n) - space_.greville<Extended>(static_cast<std::int64_t>(end_.size - 1 - u));
  }
  double toeplitz(std::size_t u, std::size_t v) const { return u >= v ? below_[u - v] : above_[v - u]; }

  void fill_column(std::size_t v, double* column) const {
    const FarField& far = table_.far_columns[v];
    const auto extent = static_cast<std::size_t>(table_.extent), near = std::min(lattice_end(), extent);
    for (std::size_t u = 0; u < near; ++u) {
      const Extended d = point(u) - far.center();
      column[u] = static_cast<double>(d < far.nearest() ? table_.entries.combined(table_.columns[v * extent + u], w_)
                                                        : w_.left * far(d));
    }
    far.progression(point(near) - far.center(), w_.left, {column + near, lattice_end() - near});
    for (std::size_t u = lattice_end(); u < end_.size; ++u)
      column[u] = static_cast<double>(w_.left * far(point(u) - far.center()));
    for (std::size_t u = 0; u < end_.size; ++u) column[u] -= toeplitz(u, v);
  }

  void fill_row(std::size_t u, double* row) const {
    const std::size_t first = end_.columns, cardinal_end = end_.size - first;
    const auto extent = static_cast<std::size_t>(table_.extent);
    const auto distance = [&](std::size_t v) {  // from the point to the middle of cardinal unknown v
      return static_cast<Extended>(v) + static_cast<Extended>(3 - space_.degree) / 2 - point(u);
    };
    std::size_t v = first;
    for (; v < std::min(cardinal_end, first + extent) && distance(v) < table_.cardinal.nearest(); ++v)
      row[v] = static_cast<double>(table_.entries.combined(table_.rows[u * extent + (v - first)], w_));
    table_.cardinal.mirrored().progression(distance(v), w_.right, {row + v, cardinal_end - v});
    for (v = first; v < cardinal_end; ++v) row[v] -= toeplitz(u, v);
  }

  /// What Caputo's definition leaves out of the first column.
  void subtract_end_slope(double* column) const {
    const FarField power = table_.entries.end_slope();
    const auto subtract = [&](std::size_t u) { column[u] -= static_cast<double>(w_.left * power(point(u))); };
    for (std::size_t u = 0; u < end_.rows; ++u) subtract(u);
    std::vector<double> values(lattice_end() - end_.rows);
    power.progression(point(end_.rows), w_.left, values);
    for (std::size_t i = 0; i < values.size(); ++i) column[end_.rows + i] -= values[i];
    for (std::size_t u = lattice_end(); u < end_.size; ++u) subtract(u);
  }

  const NearTable& table_;
  const SplineSpace& space_;
  Weights w_;
  std::vector<double> below_, above_;
  EndBorder end_;
};

std::shared_ptr<const EndBorder> make_end(const NearTable& table, const SplineSpace& space, const Weights& w,
                                          Kind kind) {
  return std::make_shared<const EndBorder>(EndBuilder(table, space, w, kind).take());
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
