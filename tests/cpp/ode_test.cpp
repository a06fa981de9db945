#include "check.hpp"

#include <trimtab/sde/adjoint.hpp>
#include <trimtab/sde/ode.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

using namespace trimtab::sde;

namespace {

const double tolerances[2] = {1e-8, 1e-8};

OdeOptions options() {
  OdeOptions o;
  o.rtol = 1e-8, o.atol = tolerances;
  return o;
}

/// Paths (x, v) of x'' = -x.
struct Oscillator {
  void operator()(const double*, const double* y, double* out, std::int64_t m) const {
    for (std::int64_t i = 0; i < m; ++i) out[i] = y[m + i], out[m + i] = -y[i];
  }
};

void many_paths_in_blocks_and_threads() {
  Oscillator f;
  const std::size_t n = 700;
  std::vector<double> y0(2 * n);
  for (std::size_t i = 0; i < n; ++i) y0[2 * i] = .01 * static_cast<double>(i);
  const double times[2] = {1, 4};
  OdeOptions o = options();
  o.save_all = false, o.save_at = times, o.threads = 4, o.dense = true;
  const OdeSolution sol(function_of(f), n, 2, 0, 4, y0.data(), o);
  for (std::size_t i = 0; i < n; ++i) {
    double t[2], y[4];
    const OdeReport r = sol.report(i);
    CHECK(r.status == OdeStatus::reached_end && r.points == 2 && r.t == 4);
    sol.points(i, t, y);
    for (int k = 0; k < 2; ++k) CHECK_NEAR(y[2 * k], y0[2 * i] * std::cos(times[k]), 1e-6);
    std::vector<OdeStep> steps(r.steps);
    sol.steps(i, steps.data());
    CHECK(r.pieces <= r.steps && steps[0].path == static_cast<std::int64_t>(i));
    CHECK(static_cast<std::size_t>(r.evaluations) == 2 + 6 * r.steps);
  }
}

void zeros_are_found_backward_too() {
  Oscillator f;
  auto value = [](const double*, const double* y, double* out, std::int64_t m) {
    for (std::int64_t i = 0; i < m; ++i) out[i] = y[i];
  };
  const OdeEvent event{function_of(value), 0, 2};
  OdeOptions o = options();
  o.events = std::span(&event, 1);
  const double y0[2] = {1, 0};
  const OdeSolution sol(function_of(f), 1, 2, 0, -9, y0, o);
  CHECK(sol.report(0).status == OdeStatus::event && sol.event_count(0, 0) == 2);
  double t[2], y[4];
  sol.events(0, 0, t, y);
  CHECK_NEAR(t[0], -1.5707963267948966, 1e-7);
  CHECK_NEAR(t[1], -4.71238898038469, 1e-7);
}

void bad_options_are_named() {
  Oscillator f;
  const double y0[2] = {1, 0};
  const auto solve = [&](const OdeOptions& o) { return OdeSolution(function_of(f), 1, 2, 0, 1, y0, o); };
  OdeOptions o;
  CHECK_THROWS(solve(o), std::invalid_argument, "atol: expected 2 numbers, got 0");
  o = options(), o.rtol = -1;
  CHECK_THROWS(solve(o), std::invalid_argument, "rtol");
  o = options(), o.min_step = 1, o.max_step = .5;
  CHECK_THROWS(solve(o), std::invalid_argument, "min_step");
  CHECK_THROWS(OdeSolution(function_of(f), 1, 2, 0, NAN, y0, options()), std::invalid_argument, "t1");
}

/// dx = a sin(x) dt + b x o dW with gradients of sum x(1) + R by a and b; p = (a, b).
struct Model {
  double a = .7, b = .4;
  void operator()(const double*, const double* y, double* out, std::int64_t m) const {
    for (std::int64_t i = 0; i < m; ++i) out[i] = a * std::sin(y[i]);
  }
};

void gradients_with_noise_add_to_the_parameters() {
  const std::size_t m = 5, n = 16;
  const BrownianTree tree(3, 0, 1, 1, Levy::H);
  std::vector<double> t(n * m), h(n * m, 1. / n), y0(m), saved(m), errors(n * m), slopes(n * m);
  std::vector<std::uint64_t> from(n * m), to(n * m);
  std::vector<std::size_t> begin(n + 1), lane(m), index(m);
  const std::vector<double> theta(m, 1.);
  for (std::size_t k = 0; k < n * m; ++k) {
    from[k] = (k / m) * (n_ticks / n), to[k] = from[k] + n_ticks / n;
    t[k] = tree.time(from[k]);
  }
  for (std::size_t i = 0; i < m; ++i) y0[i] = .3 + .2 * static_cast<double>(i), lane[i] = i;
  begin[n] = m;
  const double atol = .1;
  AdjointOptions o;
  o.method = Method::spark, o.rtol = .1, o.atol = &atol, o.checkpoints = 3;
  const auto run = [&](Model model, double* y_bar, double* p_bar) {
    auto diffusion = [&model](const double*, const double* y, double* out, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) out[i] = model.b * y[i];
    };
    System system;
    system.noise = Noise::diagonal, system.drift = function_of(model), system.diffusion = function_of(diffusion);
    Adjoint adjoint(system, {n, t.data(), h.data(), from.data(), to.data()},
                    {1, begin.data(), lane.data(), index.data(), theta.data()}, y0.data(), m, &tree, {0, m, nullptr},
                    o);
    adjoint.forward(saved.data(), errors.data(), slopes.data());
    double loss = 0;
    for (double y : saved) loss += y;
    for (double e : errors) loss += e;
    if (y_bar) {
      const std::vector<double> ones(n * m, 1.);
      const VectorJacobian f{
          [](const double*, const double* y, const double* v, double* bar, double* p, std::int64_t count, void* ctx) {
            for (std::int64_t i = 0; i < count; ++i) {
              bar[i] = v[i] * static_cast<Model*>(ctx)->a * std::cos(y[i]);
              p[0] += v[i] * std::sin(y[i]);
            }
          },
          &model};
      const VectorJacobian g{
          [](const double*, const double* y, const double* v, double* bar, double* p, std::int64_t count, void* ctx) {
            for (std::int64_t i = 0; i < count; ++i) {
              bar[i] = v[i] * static_cast<Model*>(ctx)->b;
              p[1] += v[i] * y[i];
            }
          },
          &model};
      adjoint.reverse({ones.data(), ones.data(), nullptr}, f, g, y_bar, p_bar);
    }
    return loss;
  };
  double p_bar[2] = {0, 0};
  std::vector<double> y_bar(m);
  run({}, y_bar.data(), p_bar);
  const double step = 1e-5;
  CHECK_NEAR(p_bar[0], (run({.7 + step, .4}, nullptr, nullptr) - run({.7 - step, .4}, nullptr, nullptr)) / (2 * step),
             1e-7);
  CHECK_NEAR(p_bar[1], (run({.7, .4 + step}, nullptr, nullptr) - run({.7, .4 - step}, nullptr, nullptr)) / (2 * step),
             1e-7);
  CHECK_NEAR(stability_size(Method::tsit5), 3.5068, 0);
  System deterministic;
  deterministic.drift = deterministic.diffusion = {[](auto...) {}, nullptr};
  const auto make = [&](Method method, const BrownianTree* noise) {
    AdjointOptions with = o;
    with.method = method;
    return Adjoint(deterministic, {}, {}, y0.data(), 1, noise, {}, with);
  };
  CHECK_THROWS(make(Method::tsit5, &tree), std::invalid_argument, "method");
  CHECK_THROWS(make(Method::heun, nullptr), std::invalid_argument, "tree");
  const BrownianTree flat(3, 0, 1);
  CHECK_THROWS(make(Method::shark, &flat), std::invalid_argument, "tree: expected levy H or K");
}

}  // namespace

int main() {
  many_paths_in_blocks_and_threads();
  zeros_are_found_backward_too();
  bad_options_are_named();
  gradients_with_noise_add_to_the_parameters();
}
