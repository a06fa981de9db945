#include <trimtab/trimtab.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void no_source(void* ctx, double t, const double* u, double* s, int64_t n) {
  (void)t, (void)u;
  ++*(int*)ctx;
  memset(s, 0, 3 * (size_t)n * sizeof *s);
}

/* A shock tube from C: mass is kept, the star pressure is the known one, and errors come back as codes. */
static int shock_tube(void) {
  enum { n = 200 };
  const int64_t cells = n;
  const double lower = 0, upper = 1;
  double w[3 * n];
  int64_t steps = 0;
  int calls = 0, i;
  trimtab_hyperbolic* s = NULL;
  if (trimtab_hyperbolic_create("euler", 1, &cells, &lower, &upper, "scheme=weno", &s) != TRIMTAB_INVALID_ARGUMENT)
    return 10;
  if (!strstr(trimtab_last_error(), "scheme: expected one of adaptive, aweno")) return 11;
  if (trimtab_hyperbolic_create("euler", 1, &cells, &lower, &upper, "gamma=1.4 bc=outflow tol=3e-4", &s) != TRIMTAB_OK)
    return 12;
  if (trimtab_hyperbolic_n_vars(s) != 3) return 13;
  if (trimtab_hyperbolic_set_source(s, no_source, &calls) != TRIMTAB_OK) return 14;
  for (i = 0; i < n; ++i) w[i] = i < n / 2 ? 1 : 0.125, w[n + i] = 0, w[2 * n + i] = i < n / 2 ? 1 : 0.1;
  if (trimtab_hyperbolic_set_primitive(s, 0, w) != TRIMTAB_OK) return 15;
  if (trimtab_hyperbolic_run(s, 0.2, 0, 10, NULL) != TRIMTAB_STOPPED) return 16;
  if (trimtab_hyperbolic_run(s, 0.2, 0, 0, &steps) != TRIMTAB_OK || steps < 100 || calls < 300) return 17;
  if (trimtab_hyperbolic_primitive(s, w) != TRIMTAB_OK || fabs(w[2 * n + 150] - 0.30313) > 1e-3) return 18;
  if (trimtab_hyperbolic_run(s, 0.1, 0, 0, NULL) != TRIMTAB_INVALID_ARGUMENT) return 19;
  trimtab_hyperbolic_destroy(s);
  return 0;
}

/* A tuner from C: it finds the cheap arm, and a restored one goes on alike. */
static int tuning(void) {
  trimtab_tuner *first = NULL, *second = NULL;
  int64_t arm, other, n;
  int t, cheap = 0;
  double* state;
  if (trimtab_tuner_create(3, "ucb", 1, NULL, &first) != TRIMTAB_INVALID_ARGUMENT) return 30;
  if (!strstr(trimtab_last_error(), "learner: expected one of tsallis-inf")) return 31;
  if (trimtab_tuner_create(3, "tsallis-rv", 1, "discount=0.999", &first) != TRIMTAB_OK) return 32;
  if (trimtab_tuner_observe(first, 1) != TRIMTAB_INVALID_ARGUMENT) return 33;
  for (t = 0; t < 1000; ++t) {
    if (trimtab_tuner_suggest(first, NULL, 1, &arm, NULL) != TRIMTAB_OK) return 34;
    if (trimtab_tuner_observe(first, arm == 1 ? 10 : 30) != TRIMTAB_OK) return 35;
    cheap += arm == 1;
  }
  if (cheap < 700) return 36;
  n = trimtab_tuner_state_size(first);
  state = malloc((size_t)n * sizeof *state);
  if (!state || trimtab_tuner_save(first, state) != TRIMTAB_OK) return 37;
  if (trimtab_tuner_create(3, "tsallis-rv", 2, "discount=0.999", &second) != TRIMTAB_OK) return 38;
  if (trimtab_tuner_load(second, state, n - 1) != TRIMTAB_INVALID_ARGUMENT) return 39;
  if (trimtab_tuner_load(second, state, n) != TRIMTAB_OK) return 40;
  free(state);
  for (t = 0; t < 100; ++t) {
    trimtab_tuner_suggest(first, NULL, 1, &arm, NULL), trimtab_tuner_suggest(second, NULL, 1, &other, NULL);
    if (arm != other) return 41;
    trimtab_tuner_observe(first, 1 + (double)arm), trimtab_tuner_observe(second, 1 + (double)arm);
  }
  trimtab_tuner_destroy(first), trimtab_tuner_destroy(second);
  return 0;
}

static int stop_at_once(void* ctx, double fraction) {
  ++*(int*)ctx;
  return fraction >= 0;
}

/* The Laplacian by SOR and by SSOR-PCG: the same answer twice, in every order. */
static int relaxation(void) {
  const double poisson[5] = {-1, -1, 4, -1, -1};
  double b[100], x[100], y[100], omega;
  int polls = 0;
  trimtab_relax_matrix* a;
  trimtab_relax_options options;
  trimtab_relax_report report;
  for (int i = 0; i < 100; ++i) b[i] = 1, x[i] = y[i] = 0;
  if (trimtab_relax_matrix_stencil(1, 10, 10, 5, 0, poisson, 0, &a) != TRIMTAB_OK) return 24;
  trimtab_relax_default_options(&options);
  if (trimtab_relax_omega_opt(1 - 0.959492973614497, &omega) != TRIMTAB_OK) return 25;
  options.omega = omega;
  if (trimtab_relax_sor(a, b, x, &options, &report) != TRIMTAB_OK || report.status != 0) return 26;
  if (trimtab_relax_ssor_pcg(a, b, y, &options, &report) != TRIMTAB_OK || report.status != 0) return 27;
  for (int i = 0; i < 100; ++i)
    if (x[i] - y[i] > 1e-6 || y[i] - x[i] > 1e-6) return 28;
  options.direction = 2;
  for (int i = 0; i < 100; ++i) x[i] = 0;
  if (trimtab_relax_sor(a, b, x, &options, &report) != TRIMTAB_OK || report.status != 0) return 42;
  options.direction = 0, options.order = 1;
  for (int i = 0; i < 100; ++i) y[i] = 0;
  if (trimtab_relax_sor(a, b, y, &options, &report) != TRIMTAB_OK || report.status != 0) return 43;
  for (int i = 0; i < 100; ++i)
    if (fabs(x[i] - y[i]) > 1e-6) return 44;
  options.order = 2;
  for (int i = 0; i < 100; ++i) y[i] = 0;
  if (trimtab_relax_ssor_pcg(a, b, y, &options, &report) != TRIMTAB_OK || report.status != 0) return 51;
  for (int i = 0; i < 100; ++i)
    if (fabs(x[i] - y[i]) > 1e-6) return 52;
  options.order = 7;
  if (trimtab_relax_sor(a, b, x, &options, &report) != TRIMTAB_INVALID_ARGUMENT) return 45;
  options.order = 0;
  for (int i = 0; i < 100; ++i) x[i] = 0;
  if (trimtab_relax_jacobi_pcg(a, b, x, &options, &report) != TRIMTAB_OK || report.status != 0) return 46;
  if (fabs(1 - report.ritz_min - 0.959492973614497) > 1e-9) return 47;
  if (trimtab_relax_omega_from_gap(report.ritz_min, 1, &omega) != TRIMTAB_OK) return 48;
  if (fabs(omega - options.omega) > 1e-8) return 49;
  options.poll = stop_at_once, options.ctx = &polls, options.rtol = 1e-300, options.max_iterations = 1000000000;
  for (int i = 0; i < 100; ++i) x[i] = 0;
  options.omega = 1e-9;
  if (trimtab_relax_sor(a, b, x, &options, &report) != TRIMTAB_OK || report.status != 2 || polls != 1) return 50;
  options.omega = 2;
  if (trimtab_relax_sor(a, b, x, &options, &report) != TRIMTAB_INVALID_ARGUMENT) return 29;
  if (!strstr(trimtab_last_error(), "omega: expected a number in (0, 2)")) return 30;
  trimtab_relax_matrix_destroy(a);
  return 0;
}

/* L u = 1 on (0, 1): u(1/2) = 2^-1.5 / Gamma(2.5), by iteration and by factors. */
static int torsion(void) {
  double f[66], u[66], v[66], x[66], middle = 0.5, value;
  trimtab_fractional* op;
  trimtab_fractional_report report;
  if (trimtab_fractional_create(64, 1, 1.5, 0, 1, NULL, &op) != TRIMTAB_INVALID_ARGUMENT) return 50;
  if (!strstr(trimtab_last_error(), "degree: expected 2 ... 20")) return 51;
  if (trimtab_fractional_create(64, 4, 1.5, 0, 1, "kind=riesz threads=1", &op) != TRIMTAB_OK) return 52;
  if (trimtab_fractional_size(op) != 66 || trimtab_fractional_points(op, x) != TRIMTAB_OK) return 53;
  for (int i = 0; i < 66; ++i) f[i] = 1;
  if (trimtab_fractional_solve(op, 1, f, u, 1e-10, 100, &report) != TRIMTAB_OK || report.status != 0) return 54;
  if (trimtab_fractional_evaluate(op, u, 1, &middle, 0, &value) != TRIMTAB_OK) return 55;
  if (value < 0.265 || value > 0.267) return 56;
  if (trimtab_fractional_apply(op, 1, u, v) != TRIMTAB_OK) return 57;
  for (int i = 0; i < 66; ++i)
    if (v[i] < 1 - 1e-6 || v[i] > 1 + 1e-6) return 58;
  if (trimtab_fractional_solve_factorized(op, 1, f, v) != TRIMTAB_INVALID_ARGUMENT) return 59;
  if (trimtab_fractional_factorize(op) != TRIMTAB_OK) return 60;
  if (trimtab_fractional_solve_factorized(op, 1, f, v) != TRIMTAB_OK) return 61;
  for (int i = 0; i < 66; ++i)
    if (v[i] - u[i] > 1e-9 || u[i] - v[i] > 1e-9) return 62;
  trimtab_fractional_destroy(op);
  return 0;
}

/* Brownian increments: known numbers, and two halves that make the whole. */
static int brownian(void) {
  const double s[3] = {0.1, 0.1, 0.3}, t[3] = {0.7, 0.3, 0.7};
  const int64_t path[3] = {4, 4, 4}, dim[3] = {0, 0, 0};
  double w[3], h[3], k[3];
  if (trimtab_brownian_increment(12345, 0, 1, 3, 52, 3, s, t, path, dim, w, h, k) != TRIMTAB_OK) return 70;
  if (fabs(w[0] + 0.547797452755542) > 1e-13 || fabs(h[0] - 0.0439823538727959) > 1e-13) return 71;
  if (fabs(k[0] + 0.0255482859030483) > 1e-13 || fabs(w[1] + w[2] - w[0]) > 1e-15) return 72;
  if (trimtab_brownian_increment(12345, 0, 1, 1, 52, 3, t, s, path, dim, w, NULL, NULL) != TRIMTAB_INVALID_ARGUMENT)
    return 73;
  if (!strstr(trimtab_last_error(), "t: expected a time not before s")) return 74;
  return 0;
}

int main(void) {
  if (trimtab_set_threads(2) != TRIMTAB_OK) return 1;
  if (trimtab_set_threads(-1) != TRIMTAB_INVALID_ARGUMENT) return 2;
  if (!strstr(trimtab_last_error(), "threads: expected an integer")) return 3;
  const int failed = shock_tube() + relaxation() + tuning() + torsion() + brownian();
  if (failed) return failed;
  printf("%s %s\n", trimtab_version(), trimtab_isa_level());
  return 0;
}
