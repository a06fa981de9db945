#include "arguments.hpp"
#include "matrix.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/fractional/riesz.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace trimtab::fractional {
namespace {

double in_cells(const RieszMatrix& a, double x) {
  return x == a.options.b ? static_cast<double>(a.space.n) : (x - a.options.a) / a.h;
}

}  // namespace

Riesz::Riesz(std::int64_t n, const RieszOptions& options) : matrix_(std::make_shared<RieszMatrix>(n, options)) {}
Riesz::~Riesz() = default;
Riesz::Riesz(const Riesz&) = default;
Riesz& Riesz::operator=(const Riesz&) = default;

SplineSpace Riesz::space() const { return matrix_->space; }
double Riesz::spacing() const { return matrix_->h; }

void Riesz::points(std::span<double> x) const {
  if (std::ssize(x) != size()) reject("x", std::to_string(size()) + " numbers", static_cast<double>(x.size()));
  for (std::int64_t u = 0; u < size(); ++u) x[u] = matrix_->options.a + matrix_->h * space().greville(u);
}

void Riesz::toeplitz(std::span<double> column, std::span<double> row) const {
  const auto table = near_table(space().degree, matrix_->options.alpha);
  toeplitz_entries(*table, matrix_->weights, column);
  toeplitz_entries(*table, matrix_->weights.swapped(), row);
  for (double& x : column) x *= matrix_->scale;
  for (double& x : row) x *= matrix_->scale;
}

void Riesz::border(std::span<double> columns, std::span<double> rows) const {
  if (!matrix_->structured()) reject("n", "at least 2 degree for a border", static_cast<double>(matrix_->space.n));
  const EndBorder& end = *matrix_->border.first;
  const auto copy = [&](const GradedVectors& from, const char* name, const char* allowed, std::span<double> to) {
    const std::size_t n = matrix_->size();
    if (to.size() != from.count() * n) reject(name, allowed, static_cast<double>(to.size()));
    for (std::size_t k = 0; k < from.count(); ++k) from.copy(k, to.data() + k * n);
    for (double& x : to) x *= matrix_->scale;
  };
  copy(end.columns, "columns", "degree - 1 vectors", columns);
  copy(end.rows, "rows", "degree - 2 vectors", rows);
}

void Riesz::dense(std::span<double> a) const {
  const auto entries = matrix_->dense();
  if (a.size() != entries.size()) reject("a", "size * size numbers", static_cast<double>(a.size()));
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = matrix_->scale * entries[i];
}

void Riesz::rows(std::span<const double> x, std::span<double> out) const {
  const RieszOptions& o = matrix_->options;
  const std::size_t n = matrix_->size();
  if (out.size() != x.size() * n) reject("out", "size numbers for each x", static_cast<double>(out.size()));
  for (const double y : x)
    if (!(y > o.a && y < o.b)) reject("x", "points inside (a, b)", y);
  const SplineSpace s = space();
  const std::int64_t p = s.degree, last = s.size() - 1;
  Entries entries(s, o.alpha);
  std::vector<Extended> value(1);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const Extended y = (Extended(x[k]) - o.a) / matrix_->h, to_end = static_cast<Extended>(s.n) - y;
    double* row = out.data() + k * n;
    const auto put = [&](std::int64_t u) {
      entries.row(y, u, matrix_->weights, value);
      row[u] = static_cast<double>(matrix_->scale * value[0]);
    };
    // single entries close to x and at the ends; the cardinal ones far away in one sweep to each side
    const auto cell = static_cast<std::int64_t>(y);
    const std::int64_t near_begin = std::max(p - 1, cell - 2 * p), near_end = std::min(last - p + 2, cell + 2 * p);
    for (std::int64_t u = 0; u < std::min(p - 1, last + 1); ++u) put(u);
    for (std::int64_t u = near_begin; u < near_end; ++u) put(u);
    for (std::int64_t u = std::max(p - 1, last - p + 2); u <= last; ++u) put(u);
    const auto sweep = [&](std::int64_t from, std::int64_t to) {  // away from x, from .. to exclusive
      if (from == to) return;
      const FarField cardinal(s, p - 1, entries.kernel());
      const Extended center = static_cast<Extended>(from) + static_cast<Extended>(3 - p) / 2;
      const bool right_of_x = to > from;
      std::vector<double> values(static_cast<std::size_t>(std::abs(to - from)));
      cardinal.progression(std::abs(center - y),
                           matrix_->scale * (right_of_x ? matrix_->weights.right : matrix_->weights.left), values);
      for (std::size_t i = 0; i < values.size(); ++i)
        row[from + (right_of_x ? 1 : -1) * static_cast<std::int64_t>(i)] = values[i];
    };
    if (last - p + 2 > p - 1) {
      sweep(std::min(near_begin, last - p + 2) - 1, p - 2);
      sweep(std::max(near_end, p - 1), last - p + 2);
    }
    if (o.kind == Kind::caputo) {
      row[0] -= static_cast<double>(matrix_->scale * matrix_->weights.left * entries.end_slope()(y));
      row[last] -= static_cast<double>(matrix_->scale * matrix_->weights.right * entries.end_slope()(to_end));
    }
  }
}

void Riesz::apply(std::span<const double> v, std::span<double> y, bool transposed) const {
  for_each_row(*matrix_, "v", v, y, [&](const double* in, double* out, Workspace& work, std::size_t) {
    matrix_->multiply(in, out, work, transposed);
    for (std::size_t i = 0; i < matrix_->size(); ++i) out[i] *= matrix_->scale;
  });
}

void Riesz::mass(std::span<const double> v, std::span<double> y, bool transposed) const {
  for_each_row(*matrix_, "v", v, y, [&](const double* in, double* out, Workspace&, std::size_t) {
    std::fill_n(out, matrix_->size(), 0.0);
    matrix_->mass.add_product(in, 1, nullptr, out, transposed);
  });
}

void Riesz::interpolate(std::span<const double> values, std::span<double> coefficients) const {
  for_each_row(*matrix_, "values", values, coefficients, [&](const double* in, double* out, Workspace&, std::size_t) {
    std::copy_n(in, matrix_->size(), out);
    matrix_->mass.solve(out);
  });
}

void Riesz::basis(std::span<const double> x, int derivative, std::span<double> out) const {
  const std::size_t n = matrix_->size();
  if (out.size() != x.size() * n) reject("out", "size numbers for each x", static_cast<double>(out.size()));
  std::fill(out.begin(), out.end(), 0.0);
  std::vector<double> values(static_cast<std::size_t>(space().degree) + 1);
  const double factor = std::pow(matrix_->h, -derivative);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double y = in_cells(*matrix_, x[k]);
    if (!(y >= 0 && y <= static_cast<double>(space().n))) continue;
    const std::int64_t first = fractional::basis(space(), y, derivative, values) - 1;
    for (std::int64_t r = 0; r < std::ssize(values); ++r)
      if (first + r >= 0 && first + r < size()) out[k * n + static_cast<std::size_t>(first + r)] = factor * values[r];
  }
}

void Riesz::evaluate(std::span<const double> coefficients, std::span<const double> x, int derivative,
                     std::span<double> out) const {
  std::vector<double> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = in_cells(*matrix_, x[i]);
  fractional::evaluate(space(), coefficients, y, derivative, out);
  if (derivative == 0) return;
  const double factor = std::pow(matrix_->h, -derivative);
  for (double& value : out) value *= factor;
}

}  // namespace trimtab::fractional
