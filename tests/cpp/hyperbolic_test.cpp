#include "check.hpp"

#include <trimtab/hyperbolic/euler.hpp>
#include <trimtab/hyperbolic/flux.hpp>
#include <trimtab/hyperbolic/reconstruct.hpp>
#include <trimtab/hyperbolic/scalar.hpp>
#include <trimtab/hyperbolic/scheme.hpp>
#include <trimtab/hyperbolic/solve.hpp>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace trimtab;
using namespace trimtab::hyperbolic;

namespace {

template <int dims>
using Values = State<double, dims + 2>;

/// Flux of a pair of primitive states along the first axis.
template <bool low_dissipation, int dims>
Values<dims> flux(const Values<dims>& left, const Values<dims>& right, int axis = 0) {
  const Euler<double, dims> law;
  return face_flux<low_dissipation>(law, law.conservative(left), law.conservative(right), left, right, axis);
}

template <int n>
void check_state(const State<double, n>& got, const State<double, n>& expected) {
  for (int k = 0; k < n; ++k) CHECK_NEAR(got[k], expected[k], 1e-12 * (1 + std::abs(expected[k])));
}

void fluxes_have_the_reference_values() {
  const Values<1> sod_l{1, 0, 1}, sod_r{0.125, 0, 0.1};
  check_state(flux<false, 1>(sod_l, sod_r), {0.51765698102122, 0.55, 1.3311179511974});
  check_state(flux<true, 1>(sod_l, sod_r), {0.37647780437907, 0.45454545454545, 1.2988484251078});
  const Values<2> l{1, 0.1, 0.2, 1}, r{0.6, -0.3, 0.5, 0.4};
  check_state(flux<false, 2>(l, r), {0.21585967734509, 0.91231086757085, -0.098360372621626, 0.86052259373333});
  check_state(flux<true, 2>(l, r), {0.1, 0.88971792325858, -0.092216717644058, 0.86676428772928});
}

/// For a contact that moves with the gas, whatever the shear, LDCU gives the physical flux; along any axis.
void ldcu_is_exact_for_isolated_contacts() {
  for (const double u : {0.3, -0.2, 0.0}) {
    const Values<3> l{1, u, 0.7, -0.4, 1}, r{0.4, u, -0.5, 0.2, 1};
    const Euler<double, 3> law;
    const auto upwind = u >= 0 ? l : r;
    const auto expected = law.flux(law.conservative(upwind), upwind, 0);
    const auto got = flux<true, 3>(l, r);
    if (u != 0) {
      check_state(got, expected);
    } else {
      CHECK_NEAR(got[0], 0, 1e-14);
      CHECK_NEAR(got[1], 1, 1e-14);
    }
    const auto turned = [](const Values<3>& w) { return Values<3>{w[0], w[3], w[1], w[2], w[4]}; };
    const auto along = flux<true, 3>(turned(l), turned(r), 1);
    for (const auto& [k, m] : {std::pair{0, 0}, {1, 2}, {2, 3}, {3, 1}, {4, 4}}) CHECK_NEAR(along[m], got[k], 1e-14);
  }
}

/// Projection and recovery are inverse to each other, and the eigenvectors diagonalize the flux.
template <int dims>
void characteristic_variables_decouple(int axis) {
  const Euler<double, dims> law;
  Values<dims> w;
  for (int k = 0; k < dims + 2; ++k) w[k] = 1.3 - 0.37 * k;
  w[dims + 1] = 0.8;
  const auto u = law.conservative(w);
  const auto frame = law.frame(w, axis);
  for (int k = 0; k < dims + 2; ++k) {
    Values<dims> unit{};
    unit[k] = 1;
    check_state(frame.project(frame.recover(unit)), unit);
    const auto direction = frame.recover(unit);
    const auto at = [&](double h) {
      auto v = u;
      for (int i = 0; i < dims + 2; ++i) v[i] += h * direction[i];
      return law.flux(v, law.primitive(v), axis);
    };
    const auto a = at(1e-5), b = at(-1e-5);
    const double c = law.sound_speed(w), speed = k == 0 ? w[1 + axis] - c : k == 1 ? w[1 + axis] + c : w[1 + axis];
    for (int i = 0; i < dims + 2; ++i) CHECK_NEAR((a[i] - b[i]) / 2e-5, speed * direction[i], 1e-8);
  }
}

/// dW/dU R and the quasilinear form against differences of the change of variables.
void primitive_forms_follow_from_conservative_ones() {
  const Euler<double, 2> law;
  const Values<2> w{1.2, 0.4, -0.3, 0.9}, d{0.3, -0.2, 0.5, 0.1};
  const auto u = law.conservative(w);
  auto ahead = u, behind = u;
  for (int k = 0; k < 4; ++k) ahead[k] += 1e-6 * d[k], behind[k] -= 1e-6 * d[k];
  const auto rate = law.primitive_rate(w, d);
  for (int k = 0; k < 4; ++k) CHECK_NEAR(rate[k], (law.primitive(ahead)[k] - law.primitive(behind)[k]) / 2e-6, 1e-8);
  for (int axis = 0; axis < 2; ++axis) {  // A(W) dW = dW/dU F'(U) dU/dW dW
    auto wp = w, wm = w;
    for (int k = 0; k < 4; ++k) wp[k] += 1e-6 * d[k], wm[k] -= 1e-6 * d[k];
    Values<2> df;
    for (int k = 0; k < 4; ++k)
      df[k] = (law.flux(law.conservative(wp), wp, axis)[k] - law.flux(law.conservative(wm), wm, axis)[k]) / 2e-6;
    const auto expected = law.primitive_rate(w, df), got = law.quasilinear(w, d, axis);
    for (int k = 0; k < 4; ++k) CHECK_NEAR(got[k], expected[k], 1e-8);
  }
}

void reconstruction_is_exact_where_it_should_be() {
  const auto polynomial = [](double x, int degree) { return std::pow(x + 0.7, degree); };
  for (int degree = 0; degree <= 4; ++degree) {
    double u[5];
    for (int s = 0; s < 5; ++s) u[s] = polynomial(s - 2, degree);
    CHECK_NEAR(interpolate(u[0], u[1], u[2], u[3], u[4]), polynomial(0.5, degree), 1e-12);
    if (degree <= 2) CHECK_NEAR(ai_weno_z(u[0], u[1], u[2], u[3], u[4]), polynomial(0.5, degree), 1e-12);
  }
  CHECK(ai_weno_z(2.5, 2.5, 2.5, 2.5, 2.5) == 2.5);
  CHECK(ai_weno_z(0.f, 0.f, 0.f, 0.f, 0.f) == 0.f);
  CHECK_NEAR(ai_weno_z(1.0, 1.0, 0.2, 0.1, 0.3), 0.10631391425419, 1e-12);
  CHECK_NEAR(ai_weno_z(0.0, 0.0, -3.7e-5, -3.7e-5, -3.7e-5), -3.7e-5, 1e-16);
  // affine invariance, over forty orders of magnitude
  const double u[5] = {0.1, 0.7, 0.4, 2.0, -0.3};
  const double plain = ai_weno_z(u[0], u[1], u[2], u[3], u[4]);
  for (const double s : {1e-20, -1e-3, 1e5, 1e20})
    CHECK_NEAR(ai_weno_z(s * u[0], s * u[1], s * u[2], s * u[3], s * u[4]) / s, plain, 1e-12);
}

void correction_has_its_weights() {
  const double zero = correction(1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
  CHECK_NEAR(zero, 0, 1e-17);
  CHECK_NEAR(correction(1.0, 0.0, 0.0, 0.0, 0.0, 0.0), 19.0 / 3840, 1e-17);
  CHECK_NEAR(correction(0.0, 1.0, 0.0, 0.0, 0.0, 0.0), -137.0 / 3840, 1e-17);
  CHECK_NEAR(correction(0.0, 0.0, 1.0, 0.0, 0.0, 0.0), 59.0 / 1920, 1e-17);
}

void packs_give_the_bits_of_scalars() {
  using Pack = simd::Pack<double>;
  constexpr std::size_t lanes = simd::lanes<Pack>;
  double in[5][lanes], out[lanes];
  for (int s = 0; s < 5; ++s)
    for (std::size_t l = 0; l < lanes; ++l) in[s][l] = std::sin(3.7 * s + 1.3 * static_cast<double>(l));
  simd::store(out, ai_weno_z(simd::load<Pack>(in[0]), simd::load<Pack>(in[1]), simd::load<Pack>(in[2]),
                             simd::load<Pack>(in[3]), simd::load<Pack>(in[4])));
  for (std::size_t l = 0; l < lanes; ++l) CHECK(out[l] == ai_weno_z(in[0][l], in[1][l], in[2][l], in[3][l], in[4][l]));
}

/// A law of one's own needs its flux, its speeds and its quasilinear form: u_t + (u^4/4)_x = 0, u > 0.
struct Quartic : ScalarLaw<double> {
  template <class T>
  S<T> flux(const S<T>& u, const S<T>&, int) const {
    return {0.25 * u[0] * u[0] * u[0] * u[0]};
  }
  template <class T>
  Speeds<T> speeds(const S<T>& u, int) const {
    return {u[0] * u[0] * u[0], u[0] * u[0] * u[0]};
  }
  template <class T>
  S<T> quasilinear(const S<T>& u, const S<T>& du, int) const {
    return {u[0] * u[0] * u[0] * du[0]};
  }
};

void a_law_of_ones_own_is_solved() {
  double error[2];
  for (int level = 0; level < 2; ++level) {
    const int n = 80 << level;
    SchemeOptions options;
    options.sides[0].kind = options.sides[1].kind = Boundary::periodic;
    Scheme<Quartic> scheme({}, n, 0, 1, options);
    std::vector<double> u(n);
    const auto start = [](double x) { return 1 + 0.2 * std::sin(2 * std::numbers::pi * x); };
    for (int j = 0; j < n; ++j) u[j] = start((j + 0.5) / n);
    scheme.set(u.data(), 0, Form::primitive);
    const double t = 0.1;
    const auto report = scheme.run(t, {.dt = 0.1 * std::pow(1.0 / n, 5.0 / 3)});
    CHECK(report.status == Status::success && report.share[0] == 1);
    scheme.primitive(u.data());
    error[level] = 0;
    for (int j = 0; j < n; ++j) {
      double v = u[j];
      for (int i = 0; i < 60; ++i) v = start((j + 0.5) / n - t * v * v * v);
      error[level] += std::abs(u[j] - v) / n;
    }
  }
  CHECK_NEAR(std::log2(error[0] / error[1]), 5, 0.4);
}

void threads_do_not_show() {
  const int n = 12'000;
  std::vector<double> w(3 * n), first(3 * n), second(3 * n);
  for (int j = 0; j < n; ++j)
    w[j] = 1 + (j % 97 < 40), w[n + j] = std::sin(0.01 * j), w[2 * n + j] = 1 + (j % 311 < 99);
  for (const Indicator indicator : {Indicator::defect, Indicator::dual})
    for (const int threads : {1, 4}) {
      SchemeOptions options;
      options.indicator = indicator;
      options.threads = threads;
      Solver solver({.n = n}, options);
      solver.set_primitive(w.data(), 0);
      CHECK(solver.run(1, {.max_steps = 8}).status == Status::max_steps);
      solver.primitive(threads == 1 ? first.data() : second.data());
      if (threads == 4) CHECK(first == second);
    }
}

void wrong_arguments_are_named() {
  const auto make = [](Problem p, SchemeOptions o) { return Solver(p, o); };
  CHECK_THROWS(make({.n = 5}, {}), std::invalid_argument, "shape: expected at least 6 cells, got 5");
  CHECK_THROWS(make({.parameter = 1, .n = 10}, {}), std::invalid_argument, "gamma");
  SchemeOptions one_sided;
  one_sided.sides[0].kind = Boundary::periodic;
  CHECK_THROWS(make({.n = 10}, one_sided), std::invalid_argument, "bc: expected periodic on both sides");
  Solver solver({.n = 10}, {});
  std::vector<double> w(30, 1.0);
  w[13] = std::nan("");
  CHECK_THROWS(solver.set_primitive(w.data(), 0), std::invalid_argument, "cell 3");
}

}  // namespace

int main() {
  fluxes_have_the_reference_values();
  ldcu_is_exact_for_isolated_contacts();
  characteristic_variables_decouple<1>(0);
  for (int axis = 0; axis < 2; ++axis) characteristic_variables_decouple<2>(axis);
  for (int axis = 0; axis < 3; ++axis) characteristic_variables_decouple<3>(axis);
  primitive_forms_follow_from_conservative_ones();
  reconstruction_is_exact_where_it_should_be();
  correction_has_its_weights();
  packs_give_the_bits_of_scalars();
  a_law_of_ones_own_is_solved();
  threads_do_not_show();
  wrong_arguments_are_named();
}
