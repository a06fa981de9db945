#include "check.hpp"

#include <trimtab/fractional/solve.hpp>
#include <trimtab/fractional/symbol.hpp>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

using namespace trimtab::fractional;

namespace {

std::vector<double> wave(std::int64_t n, double frequency) {
  std::vector<double> v(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = std::cos(frequency * static_cast<double>(i) + 1);
  return v;
}

std::vector<double> dense_product(const Riesz& riesz, const std::vector<double>& v) {
  const std::size_t n = v.size();
  std::vector<double> a(n * n), y(n);
  riesz.dense(a);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) y[i] += a[i * n + j] * v[j];
  return y;
}

/// Around the least n of the structured form, and at lengths with and without large prime factors.
void products_equal_those_of_the_dense_matrix() {
  for (const int degree : {2, 3, 4, 7})
    for (const double alpha : {0.3, 1.0, 1.5})
      for (const std::int64_t n : {2 * degree - 1, 2 * degree, 2 * degree + 1, 61, 64, 71}) {
        const Riesz riesz(n, {.degree = degree, .alpha = alpha});
        const auto v = wave(riesz.size(), 0.7), expected = dense_product(riesz, v);
        std::vector<double> y(v.size());
        riesz.apply(v, y);
        const double scale = std::pow(riesz.spacing(), -alpha);
        for (std::size_t i = 0; i < y.size(); ++i) CHECK_NEAR(y[i], expected[i], 1e-14 * scale);
      }
}

void solutions_satisfy_the_equation_for_any_preconditioner() {
  for (const auto preconditioner : {Preconditioner::automatic, Preconditioner::tau, Preconditioner::padded_tau,
                                    Preconditioner::strang, Preconditioner::none, Preconditioner::dense})
    for (const std::int64_t n : {5, 30, 125, 130}) {
      const Riesz riesz(n, {.degree = 4, .alpha = 1.3});
      const double reaction = 3;
      const System system(riesz, {.reaction = {&reaction, 1}, .preconditioner = preconditioner});
      const auto f = wave(riesz.size(), 0.1);
      std::vector<double> u(f.size()), y(f.size());
      const Report report = system.solve(f, u, {.rtol = 1e-13});
      CHECK(report.status == Status::converged || report.status == Status::floor);
      system.apply(u, y);
      for (std::size_t i = 0; i < y.size(); ++i) CHECK_NEAR(y[i], f[i], 1e-9);
    }
}

void iterations_do_not_grow_with_n() {
  for (const int degree : {2, 3, 4, 6, 8})
    for (const double alpha : {1.1, 1.5, 1.9})
      for (const std::int64_t smooth : {256, 4096, 32768}) {
        const Riesz riesz(smooth - degree + 1, {.degree = degree, .alpha = alpha});
        std::vector<double> f(static_cast<std::size_t>(riesz.size())), u(f.size());
        riesz.points(f);
        for (double& x : f) x = std::pow(x * (1 - x), 4);
        CHECK(System(riesz).solve(f, u).iterations <= 8);
      }
}

void factors_agree_with_iterations() {
  for (const std::int64_t n : {7, 100, 1021})
    for (const double shift : {0.0, 40.0}) {
      const Riesz riesz(n, {.degree = 5, .alpha = 1.7});
      const auto f = wave(riesz.size(), 0.01);
      std::vector<double> u(f.size()), v(f.size());
      System(riesz, {.reaction = {&shift, 1}}).solve(f, u, {.rtol = 1e-13});
      Factorization(riesz, 1, shift).solve(f, v);
      for (std::size_t i = 0; i < u.size(); ++i) CHECK_NEAR(u[i], v[i], 1e-11);
    }
}

void threads_do_not_show_in_the_bits() {
  std::vector<double> first;
  for (const int threads : {1, 2, 4}) {
    const Riesz riesz(700, {.degree = 4, .alpha = 1.5, .threads = threads});
    const auto f = wave(6 * riesz.size(), 0.03);
    std::vector<double> u(f.size());
    System(riesz).solve(f, u);
    if (first.empty()) first = u;
    CHECK(u == first);
  }
}

void the_symbol_vanishes_as_theta_to_the_alpha() {
  const double theta[] = {1e-8, -1e-8, 1e-100, std::numbers::pi};
  double f[4];
  for (const double alpha : {0.2, 1.0, 1.9}) {
    symbol(4, alpha, theta, f);
    CHECK_NEAR(f[0] / std::pow(1e-8, alpha), 1, 1e-14);
    CHECK(f[0] == f[1]);
    CHECK_NEAR(f[2] / std::pow(1e-100, alpha), 1, 1e-13);
  }
}

void entries_far_away_are_a_power() {
  const double ratio = cardinal_entry(4, 1.5, 1'000'000'000) / cardinal_entry(4, 1.5, 500'000'000);
  CHECK_NEAR(ratio, std::pow(0.5, 2.5), 1e-15);
}

void wrong_arguments_are_named() {
  CHECK_THROWS(Riesz(10, {.alpha = 2}), std::invalid_argument, "alpha: expected a number in (0, 2); 2 is the ordinary");
  CHECK_THROWS(Riesz(10, {.degree = 1}), std::invalid_argument, "degree: expected 2 ... 20");
  CHECK_THROWS(Riesz(1), std::invalid_argument, "n: expected");
  const Riesz riesz(50);
  std::vector<double> short_one(5), f(52, 1.0), u(52);
  CHECK_THROWS(riesz.apply(short_one, u), std::invalid_argument, "v: expected rows of 52 numbers, got 5");
  f[3] = std::nan("");
  CHECK_THROWS(System(riesz).solve(f, u), std::invalid_argument, "f: expected finite numbers, got nan at index 3");
  const double negative = -1;
  CHECK_THROWS(System(riesz, {.diffusion = {&negative, 1}}), std::invalid_argument, "diffusion: expected finite");
  CHECK_THROWS(Factorization(riesz, 1, -1), std::invalid_argument, "shift: expected a number >= 0");
}

}  // namespace

int main() {
  products_equal_those_of_the_dense_matrix();
  solutions_satisfy_the_equation_for_any_preconditioner();
  iterations_do_not_grow_with_n();
  factors_agree_with_iterations();
  threads_do_not_show_in_the_bits();
  the_symbol_vanishes_as_theta_to_the_alpha();
  entries_far_away_are_a_power();
  wrong_arguments_are_named();
}
