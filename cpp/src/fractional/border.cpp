#include "border.hpp"

#include "arguments.hpp"

#include <algorithm>

namespace trimtab::fractional {
namespace {

constexpr std::size_t most_columns = most_degree;

/// Builds the border of the first end.
class EndBuilder {
 public:
  EndBuilder(const NearTable& table, const SplineSpace& space, const Weights& w, Kind kind)
      : table_(table), space_(space), w_(w), kind_(kind), size_(static_cast<std::size_t>(space.size())) {}

  EndBorder build() const {
    const std::size_t steep = 64 + 16 * degree();
    return {{size_, degree() - 1, steep, lattice_end(),
             [this](std::size_t v, std::size_t begin, std::span<double> out) { fill_column(v, begin, out); },
             [this](std::size_t v, Extended middle, std::span<Extended> c) { expand_column(v, middle, c); }},
            {size_, degree() - 2, steep, cardinal_end(),
             [this](std::size_t u, std::size_t begin, std::span<double> out) { fill_row(u, begin, out); },
             [this](std::size_t u, Extended middle, std::span<Extended> c) { expand_row(u, middle, c); }}};
  }

 private:
  std::size_t degree() const { return static_cast<std::size_t>(space_.degree); }
  /// Points of the other end are not on the lattice of this one, and unknowns there are not cardinal.
  std::size_t lattice_end() const { return size_ - (degree() - 2); }
  std::size_t cardinal_end() const { return size_ - (degree() - 1); }

  /// Point u on the lattice.
  Extended lattice(Extended u) const { return u + static_cast<Extended>(3 - space_.degree) / 2; }
  Extended point(std::size_t u) const {
    if (u < lattice_end()) return space_.greville<Extended>(static_cast<std::int64_t>(u));
    return static_cast<Extended>(space_.n) - space_.greville<Extended>(static_cast<std::int64_t>(size_ - 1 - u));
  }

  /// out[i] -= T[begin + i][v], or its transpose with swapped weights
  void subtract_toeplitz(std::size_t v, const Weights& w, std::size_t begin, std::span<double> out) const {
    if (out.empty()) return;
    std::vector<double> t;
    if (begin == 0) {
      t.resize(std::max(v + 1, out.size()));
      toeplitz_entries(table_, w, t);
      std::vector<double> above(v + 1);
      toeplitz_entries(table_, w.swapped(), above);
      for (std::size_t u = 0; u < out.size(); ++u) out[u] -= u >= v ? t[u - v] : above[v - u];
    } else {
      for (std::size_t i = 0; i < out.size(); ++i)
        out[i] -= static_cast<double>(w.left * table_.cardinal(static_cast<Extended>(begin + i - v)));
    }
  }

  void fill_column(std::size_t v, std::size_t begin, std::span<double> out) const {
    const FarField& far = table_.far_columns[v];
    const auto extent = static_cast<std::size_t>(table_.extent), end = begin + out.size();
    std::size_t u = begin;
    const auto put = [&] {
      const Extended d = point(u) - far.center();
      const bool is_near = u < extent && d < far.nearest();
      out[u - begin] =
          static_cast<double>(is_near ? table_.entries.combined(table_.columns[v * extent + u], w_) : w_.left * far(d));
    };
    for (; u < std::min(end, extent); ++u) put();
    if (u < std::min(end, lattice_end())) {
      far.progression(point(u) - far.center(), w_.left, out.subspan(u - begin, std::min(end, lattice_end()) - u));
      u = std::min(end, lattice_end());
    }
    for (; u < end; ++u) put();
    subtract_toeplitz(v, w_, begin, out);
    if (kind_ == Kind::caputo && v == 0)
      for (u = begin; u < end; ++u)
        out[u - begin] -= static_cast<double>(w_.left * table_.entries.end_slope()(point(u)));
  }

  void expand_column(std::size_t v, Extended middle, std::span<Extended> c) const {
    const FarField& far = table_.far_columns[v];
    far.add_taylor(lattice(middle) - far.center(), w_.left, c);
    table_.cardinal.add_taylor(middle - static_cast<Extended>(v), -w_.left, c);
    if (kind_ == Kind::caputo && v == 0) table_.entries.end_slope().add_taylor(lattice(middle), -w_.left, c);
  }

  /// From point u to the middle of cardinal unknown v.
  Extended distance(std::size_t u, Extended v) const { return lattice(v) - point(u); }

  void fill_row(std::size_t u, std::size_t begin, std::span<double> out) const {
    const std::size_t first = degree() - 1, end = std::min(begin + out.size(), cardinal_end());
    const auto extent = static_cast<std::size_t>(table_.extent);
    std::fill(out.begin(), out.end(), 0.0);
    if (begin > 0) return;  // only columns of the other end, which are not cardinal
    std::size_t v = first;
    for (; v < std::min(end, first + extent) && distance(u, static_cast<Extended>(v)) < table_.cardinal.nearest(); ++v)
      out[v] = static_cast<double>(table_.entries.combined(table_.rows[u * extent + (v - first)], w_));
    table_.cardinal.mirrored().progression(distance(u, static_cast<Extended>(v)), w_.right, out.subspan(v, end - v));
    subtract_toeplitz(u, w_.swapped(), 0, out.first(end));
    std::fill_n(out.begin(), first, 0.0);
  }

  void expand_row(std::size_t u, Extended middle, std::span<Extended> c) const {
    table_.cardinal.mirrored().add_taylor(distance(u, middle), w_.right, c);
    table_.cardinal.add_taylor(middle - static_cast<Extended>(u), -w_.right, c);
  }

  const NearTable& table_;
  const SplineSpace& space_;
  Weights w_;
  Kind kind_;
  std::size_t size_;
};

std::shared_ptr<const EndBorder> make_end(const NearTable& table, const SplineSpace& space, const Weights& w,
                                          Kind kind) {
  return std::make_shared<const EndBorder>(EndBuilder(table, space, w, kind).build());
}

}  // namespace

Border make_border(const NearTable& table, const SplineSpace& space, const Weights& weights, Kind kind) {
  Border b;
  b.first = make_end(table, space, weights, kind);
  b.last = weights.left == weights.right ? b.first : make_end(table, space, weights.swapped(), kind);
  return b;
}

void Border::add_product(const double* x, double* y, bool transposed) const {
  for (const bool backwards : {false, true}) {
    const EndBorder& end = backwards ? *last : *first;
    const GradedVectors &by_dots = transposed ? end.columns : end.rows, &by_sums = transposed ? end.rows : end.columns;
    double dots[most_columns], ends[most_columns];
    by_dots.dot_products(x, dots, backwards);
    for (std::size_t i = 0; i < by_sums.count(); ++i) ends[i] = x[backwards ? size() - 1 - i : i];
    by_sums.add_combination(ends, y, backwards);
    for (std::size_t i = 0; i < by_dots.count(); ++i) y[backwards ? size() - 1 - i : i] += dots[i];
  }
}

void Border::project(const double* x, double* c) const {
  for (const bool backwards : {false, true}) {
    const EndBorder& end = backwards ? *last : *first;
    for (std::size_t v = 0; v < end.columns.count(); ++v) *c++ = x[backwards ? size() - 1 - v : v];
    end.rows.dot_products(x, c, backwards);
    c += end.rows.count();
  }
}

void Border::factor(std::size_t i, double* out) const {
  const bool backwards = i >= rank() / 2;
  const EndBorder& end = backwards ? *last : *first;
  i -= backwards ? rank() / 2 : 0;
  if (i < end.columns.count()) {
    end.columns.copy(i, out);
  } else {
    std::fill_n(out, size(), 0.0);
    out[i - end.columns.count()] = 1;
  }
  if (backwards) std::reverse(out, out + size());
}

}  // namespace trimtab::fractional
