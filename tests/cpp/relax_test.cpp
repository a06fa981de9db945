#include "check.hpp"

#include <trimtab/relax/solve.hpp>
#include <trimtab/relax/theory.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

using namespace trimtab;
using namespace trimtab::relax;

namespace {

/// A grid's stencil as a matrix: rows of `points` entries but for those outside the grid.
struct Assembled {
  std::vector<std::int32_t> indptr{0}, indices;
  std::vector<double> data;

  Assembled(std::int64_t nz, std::int64_t ny, std::int64_t nx, int points, const std::vector<double>& coefficients) {
    const std::int64_t n = nz * ny * nx;
    const bool variable = std::ssize(coefficients) != points;
    for (std::int64_t k = 0; k < nz; ++k)
      for (std::int64_t i = 0; i < ny; ++i)
        for (std::int64_t j = 0; j < nx; ++j) {
          for (int e = 0; e < points; ++e) {
            std::int64_t dk = 0, di = 0, dj = 0;
            if (points == 9) {
              di = e / 3 - 1, dj = e % 3 - 1;
            } else {
              const int c = points / 2, distance = std::abs(e - c), sign = e < c ? -1 : 1;
              (distance == 1 ? dj : distance == 2 ? di : dk) = distance == 0 ? 0 : sign;
            }
            if (k + dk < 0 || k + dk >= nz || i + di < 0 || i + di >= ny || j + dj < 0 || j + dj >= nx) continue;
            const std::int64_t row = (k * ny + i) * nx + j;
            indices.push_back(static_cast<std::int32_t>(row + (dk * ny + di) * nx + dj));
            data.push_back(coefficients[variable ? e * n + row : e]);
          }
          indptr.push_back(static_cast<std::int32_t>(indices.size()));
        }
  }
  Csr<double, std::int32_t> view() const {
    return {std::ssize(indptr) - 1, indptr.data(), indices.data(), data.data()};
  }
};

std::vector<double> coefficients(int points, bool variable, std::int64_t n) {
  std::vector<double> c(variable ? points * n : points);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const int e = variable ? static_cast<int>(static_cast<std::int64_t>(i) / n) : static_cast<int>(i);
    const double wave = 1 + 0.3 * std::sin(1.7 * static_cast<double>(i));
    c[i] = e == points / 2 ? 1.5 * points * wave : -wave;
  }
  return c;
}

std::vector<double> golden_rhs(std::int64_t n) {
  std::vector<double> b(n);
  for (std::int64_t i = 0; i < n; ++i) {
    const double x = static_cast<double>(i);
    b[i] = std::sin(1 + x) + 0.5 * std::cos(std::fmod(0.3 * x * x, 7));
  }
  return b;
}

struct Shape {
  std::int64_t nz, ny, nx;
  int points;
};
const Shape shapes[] = {{1, 1, 1, 5},   {1, 1, 7, 5},    {1, 9, 1, 5}, {1, 13, 17, 5}, {1, 40, 760, 5},
                        {1, 14, 31, 9}, {1, 30, 540, 9}, {3, 4, 5, 7}, {9, 13, 8, 7},  {3, 20, 540, 7},
                        {1, 6, 16, 5},  {1, 65, 9, 9},   {17, 1, 1, 7}};

/// Sweeps and conjugate gradients on grids give the bits of the assembled matrix, and threads do not show in either.
void grids_equal_assembled_matrices_for_any_threads() {
  for (const auto& [nz, ny, nx, points] : shapes)
    for (const bool variable : {false, true}) {
      const std::int64_t n = nz * ny * nx;
      const auto c = coefficients(points, variable, n);
      const Assembled assembled(nz, ny, nx, points, c);
      const auto b = golden_rhs(n);
      for (const Direction direction : {Direction::forward, Direction::backward, Direction::symmetric}) {
        SorOptions options{.omega = 1.3, .direction = direction};
        options.stop.max_iterations = 5;
        options.stop.rtol = 1e-300;
        std::vector<double> first;
        for (const int threads : {1, 3}) {
          const Matrix<double> sparse(assembled.view(), threads),
              grid(Stencil<double>{nz, ny, nx, points, variable, c.data()}, threads);
          CHECK_NEAR(grid.jacobi_norm(), sparse.jacobi_norm(), 1e-14);
          for (const Matrix<double>* a : {&sparse, &grid}) {
            std::vector<double> x(n, 0.25);
            sor<double>(*a, b, x, options);
            if (first.empty()) first = x;
            CHECK(x == first);
          }
        }
      }
      std::vector<double> pcg[2];
      for (const int threads : {1, 3}) {
        const Matrix<double> grid(Stencil<double>{nz, ny, nx, points, variable, c.data()}, threads);
        pcg[threads / 3].assign(n, 0.0);
        ssor_pcg<double>(grid, b, pcg[threads / 3], {.omega = 1.2});
      }
      CHECK(pcg[0] == pcg[1]);
    }
}

void level_scheduling_gives_the_bits_of_row_order() {
  const std::int64_t m = 600;  // levels of up to 600 rows: wide enough to be used
  const std::vector<double> c{-1, -1, 4, -1, -1};
  const Assembled assembled(1, m, m, 5, c);
  const auto b = golden_rhs(m * m);
  std::vector<double> plain(m * m), first;
  for (const int threads : {1, 2, 4}) {
    const Matrix<double> a(assembled.view(), threads);
    std::vector<double> x(m * m);
    SorOptions options{.omega = 1.7};
    options.stop.max_iterations = 3;
    const Report r = sor<double>(a, b, x, options);
    CHECK(r.status == Status::max_iterations);
    if (first.empty()) first = x;
    CHECK(x == first);
  }
}

/// Columns that share the matrix get the bits and the counts of solves of their own, whatever moment each ends at.
void columns_are_solved_as_if_alone() {
  const std::int64_t m = 23, n = m * m;
  const std::vector<double> c{-1, -1, 4.3, -1.1, -1};
  const Assembled assembled(1, m, m, 5, c);
  const Matrix<double> a(assembled.view(), 2);
  const std::vector<double> rhs = golden_rhs(9 * n);
  for (const std::size_t k : {1, 2, 3, 4, 7, 9}) {
    std::vector<double> b(rhs.begin(), rhs.begin() + static_cast<std::ptrdiff_t>(k) * n), x(b.size());
    std::fill_n(b.begin(), n, 0.0);
    std::vector<double> low(b.size(), -0.3);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i / n) * b[i];
    for (const bool projected : {false, true}) {
      std::vector<double> together = x;
      std::vector<Report> reports(k);
      const SorOptions options{.omega = 1.5};
      if (projected) {
        psor<double>(a, b, low, together, options, reports);
      } else {
        sor<double>(a, b, together, options, reports);
      }
      for (std::size_t i = 0; i < k; ++i) {
        const std::size_t at = i * static_cast<std::size_t>(n);
        const auto column = [&](std::span<double> v) { return v.subspan(at, static_cast<std::size_t>(n)); };
        std::vector<double> alone(column(x).begin(), column(x).end());
        const Report r = projected ? psor<double>(a, column(b), column(low), alone, options)
                                   : sor<double>(a, column(b), alone, options);
        CHECK(std::equal(alone.begin(), alone.end(), column(together).begin()));
        CHECK(r.iterations == reports[i].iterations && r.residual == reports[i].residual);
        CHECK(r.status == Status::converged && r.status == reports[i].status);
      }
    }
  }
}

/// Red-black sweeps are row-order sweeps of the matrix with the red unknowns in front, and threads do not show.
void red_black_equals_the_reordered_matrix() {
  for (const auto& [nz, ny, nx, points] : shapes) {
    if (points == 9) continue;
    for (const bool variable : {false, true}) {
      const std::int64_t n = nz * ny * nx;
      const auto c = coefficients(points, variable, n);
      const Assembled assembled(nz, ny, nx, points, c);
      const auto b = golden_rhs(n);
      std::vector<double> expected(n, 0.25), first;
      for (int sweep = 0; sweep < 4; ++sweep)
        for (int color = 0; color < 2; ++color)
          for (std::int64_t row = 0; row < n; ++row) {
            if ((row / (ny * nx) + row / nx % ny + row % nx) % 2 != color) continue;
            double sum = 0, d = 0;
            for (std::int32_t k = assembled.indptr[row]; k < assembled.indptr[row + 1]; ++k) {
              if (assembled.indices[k] == row) {
                d = assembled.data[k];
              } else {
                sum += assembled.data[k] * expected[assembled.indices[k]];
              }
            }
            expected[row] += 1.4 / d * ((b[row] - sum) - d * expected[row]);
          }
      for (const int threads : {1, 3}) {
        const Matrix<double> grid(Stencil<double>{nz, ny, nx, points, variable, c.data()}, threads);
        SorOptions options{.omega = 1.4, .order = Order::red_black};
        options.stop.max_iterations = 4;
        options.stop.rtol = 1e-300;
        std::vector<double> x(n, 0.25);
        sor<double>(grid, b, x, options);
        CHECK(x == expected);
      }
    }
  }
}

/// Sweeps that go over memory together are those that go one by one.
void sweeps_together_change_nothing() {
  const std::int64_t m = 520;  // wide enough for two threads
  const std::vector<double> flat{-1, -1, 4, -1, -1}, nine{-1, -4, -1, -4, 20, -4, -1, -4, -1},
      solid{-1, -1, -1, 6, -1, -1, -1};
  const Stencil<double> grids[] = {
      {1, m, m, 5, false, flat.data()}, {1, m, m, 9, false, nine.data()}, {10, 60, m, 7, false, solid.data()}};
  for (const Stencil<double>& grid : grids)
    for (const Order order : {Order::row, Order::red_black})
      for (const Direction direction : {Direction::forward, Direction::backward}) {
        if (order == Order::red_black && (grid.points == 9 || direction == Direction::backward)) continue;
        const auto b = golden_rhs(grid.nz * grid.ny * grid.nx);
        std::vector<double> first;
        for (const std::int64_t at_once : {40, 1})
          for (const int threads : {1, 3}) {
            const Matrix<double> a(grid, threads);
            std::vector<double> x(b.size());
            SorOptions options{.omega = 1.9, .direction = direction, .order = order};
            options.stop.rtol = 1e-300;
            options.stop.max_iterations = at_once;  // 1: a new solve for every sweep
            for (std::int64_t k = 0; k < 40; k += at_once) sor<double>(a, b, x, options);
            if (first.empty()) first = x;
            CHECK(x == first);
          }
      }
}

/// Multicolor order is row order of the sorted matrix: two colors of a 5-point stencil are red and black, a 9-point one
/// has four; threads do not show.
void multicolor_order() {
  for (const auto& [nz, ny, nx, points] : shapes) {
    const std::int64_t n = nz * ny * nx;
    const auto c = coefficients(points, true, n);
    const Assembled assembled(nz, ny, nx, points, c);
    const auto b = golden_rhs(n);
    SorOptions options{.omega = 1.3, .order = Order::multicolor};
    options.stop.max_iterations = 5;
    options.stop.rtol = 1e-300;
    std::vector<double> first, pcg;
    for (const int threads : {1, 3}) {
      const Matrix<double> sparse(assembled.view(), threads),
          grid(Stencil<double>{nz, ny, nx, points, true, c.data()}, threads);
      for (const Matrix<double>* a : {&sparse, &grid}) {
        std::vector<double> x(n, 0.25), y(n);
        sor<double>(*a, b, x, options);
        if (first.empty()) first = x;
        CHECK(x == first);
        if (points == 9) continue;
        std::vector<double> red(n, 0.25);
        options.order = Order::red_black;
        sor<double>(grid, b, red, options);
        options.order = Order::multicolor;
        for (std::int64_t i = 0; i < n; ++i) CHECK_NEAR(red[i], x[i], 1e-13);
      }
    }
  }
}

/// Conjugate gradients find the same solution in any order of the preconditioner.
void preconditioners_of_any_order_solve() {
  const std::int64_t m = 40;
  const std::vector<double> c{-1, -4, -1, -4, 20, -4, -1, -4, -1};
  const auto b = golden_rhs(m * m);
  const Matrix<double> a(Stencil<double>{1, m, m, 9, false, c.data()}, 1);
  std::vector<double> row(m * m), color(m * m);
  PcgOptions options{.omega = 1.2};
  options.stop.rtol = 1e-12;
  CHECK(ssor_pcg<double>(a, b, row, options).status == Status::converged);
  options.order = Order::multicolor;
  CHECK(ssor_pcg<double>(a, b, color, options).status == Status::converged);
  for (std::int64_t i = 0; i < m * m; ++i) CHECK_NEAR(row[i], color[i], 1e-9);
  options.order = Order::red_black;
  CHECK_THROWS(ssor_pcg<double>(a, b, color, options), std::invalid_argument, "order");
}

/// The residual that the sweeps hand out is that of the iterate which is returned.
void residuals_are_true() {
  const std::int64_t m = 60;
  const std::vector<double> c{-1, -1, 4.1, -1, -1};
  const auto b = golden_rhs(m * m);
  const Matrix<double> a(Stencil<double>{1, m, m, 5, false, c.data()}, 1);
  const auto residual = [&](const std::vector<double>& x) {
    std::vector<double> y(m * m);
    a.multiply(x, y);
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += (b[i] - y[i]) * (b[i] - y[i]);
    return std::sqrt(sum);
  };
  for (const Order order : {Order::row, Order::red_black})
    for (const double omega : {0.7, 1.0, 1.6, 1.9}) {
      std::vector<double> x(m * m);
      const Report r = sor<double>(a, b, x, {.omega = omega, .order = order});
      CHECK(r.status == Status::converged && r.residual <= 1e-8 * r.reference);
      CHECK_NEAR(residual(x), r.residual, 1e-6 * r.residual);
    }
  for (const double omega : {0.7, 1.0, 1.6, 1.9}) {
    std::vector<double> x(m * m);
    const Report r = ssor_pcg<double>(a, b, x, {.omega = omega});
    CHECK(r.status == Status::converged && r.residual <= 1e-8 * r.reference);
    CHECK_NEAR(residual(x), r.residual, 1e-6 * r.residual);
  }
}

void young_is_inverted() {
  const double beta = std::cos(std::numbers::pi / 11);
  CHECK_NEAR(omega_opt(1 - beta), 1.56038792127477, 1e-13);
  for (const double omega : {0.8, 1.0, 1.3, 1.55})
    CHECK_NEAR(beta_from_rate(omega, young_rate(omega, beta)), beta, 1e-14);
  CHECK_THROWS(omega_opt(0), std::invalid_argument, "gap: expected a number in (0, 1], got 0");
  CHECK_THROWS(young_rate(2, 0.5), std::invalid_argument, "omega: expected a number in (0, 2)");
}

void single_precision_converges() {
  const std::int64_t m = 33;
  const std::vector<float> c{-1, -1, 4, -1, -1};
  std::vector<float> b(m * m, 1.0f), x(m * m), y(m * m);
  const Matrix<float> a(Stencil<float>{1, m, m, 5, false, c.data()}, 1);
  PcgOptions options{.omega = 1.5};
  options.stop.rtol = 1e-5;
  CHECK(ssor_pcg<float>(a, b, x, options).status == Status::converged);
  a.multiply(x, y);
  for (const float v : y) CHECK_NEAR(v, 1, 1e-4);
}

void wrong_arguments_are_named() {
  const std::vector<std::int32_t> indptr{0, 1, 3}, indices{0, 0, 1};
  const auto make = [&](std::vector<double> data) {
    Matrix<double>(Csr<double, std::int32_t>{2, indptr.data(), indices.data(), data.data()});
  };
  CHECK_THROWS(make({1, 2, 0}), std::invalid_argument, "row 1: zero diagonal; SOR needs a_ii != 0");
  CHECK_THROWS(make({1, std::nan(""), 1}), std::invalid_argument, "A: expected finite numbers, got row 1");
  const std::vector<double> c{-1, -1, 0, -1, -1};
  CHECK_THROWS((Matrix<double>(Stencil<double>{1, 3, 3, 5, false, c.data()})), std::invalid_argument, "zero diagonal");
  CHECK_THROWS((Matrix<double>(Stencil<double>{1, 3, 3, 6, false, c.data()})), std::invalid_argument, "points");
}

}  // namespace

int main() {
  grids_equal_assembled_matrices_for_any_threads();
  level_scheduling_gives_the_bits_of_row_order();
  columns_are_solved_as_if_alone();
  red_black_equals_the_reordered_matrix();
  sweeps_together_change_nothing();
  multicolor_order();
  preconditioners_of_any_order_solve();
  residuals_are_true();
  young_is_inverted();
  single_precision_converges();
  wrong_arguments_are_named();
}
