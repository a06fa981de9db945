/*
 * Heat conduction that comes and goes: u_t = kappa(t) lap u + 1 by implicit Euler, one system I + g(t) K in each step.
 * A tuner chooses among guesses of the spectral gap; each guess gives an omega for the matrix at hand. The same calls
 * steer a solver that is not trimtab's: suggest, solve, observe.
 */
#include <trimtab/trimtab.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { n = 60, unknowns = n * n, steps = 600, arms = 11 };

static void check(trimtab_status status) {
  if (status == TRIMTAB_OK) return;
  fprintf(stderr, "%s\n", trimtab_last_error());
  exit(1);
}

static trimtab_relax_matrix* matrix_at(double t) {
  const double wave = sin(6.283185307179586 * t), kappa = wave > 0 ? 0.1 * wave : -10 * wave;
  const double g = kappa * 1e-3 * (n + 1) * (n + 1);
  const double stencil[5] = {-g, -g, 1 + 4 * g, -g, -g};
  trimtab_relax_matrix* a = NULL;
  check(trimtab_relax_matrix_stencil(1, n, n, 5, 0, stencil, 0, &a));
  return a;
}

static int64_t solve(const trimtab_relax_matrix* a, double* u, double omega, double cap) {
  double b[unknowns];
  trimtab_relax_options options;
  trimtab_relax_report report;
  int64_t spent = 0;
  for (int i = 0; i < unknowns; ++i) b[i] = u[i] + 1e-3;
  trimtab_relax_default_options(&options);
  options.omega = omega;
  if (cap < 10000) options.max_iterations = (int64_t)cap;
  check(trimtab_relax_ssor_pcg(a, b, u, &options, &report));
  spent = report.iterations;
  if (report.status == 1) { /* dearer than agreed: omega = 1 goes on from here */
    options.omega = 1, options.max_iterations = 10000;
    check(trimtab_relax_ssor_pcg(a, b, u, &options, &report));
    spent += report.iterations;
  }
  if (report.status != 0) {
    fprintf(stderr, "no convergence: status %d\n", report.status);
    exit(1);
  }
  return spent > 0 ? spent : 1;
}

int main(void) {
  char options[512] = "context_lower=-5 context_upper=0 noise=0.08 discount=0.998 reference=0";
  static double u[unknowns], v[unknowns];
  double spent, baseline, bound;
  int64_t plain = 0;
  trimtab_tuner* tuner = NULL;
  int length = (int)sizeof "context_lower=-5 context_upper=0 noise=0.08 discount=0.998 reference=0" - 1;
  for (int i = 0; i < arms; ++i) /* eps = 10^(-i/2), from 1, which is omega = 1, to 1e-5 */
    length += snprintf(options + length, sizeof options - (size_t)length, " position=%g", -0.5 * i);
  check(trimtab_tuner_create(arms, "thompson", 7, options, &tuner));
  for (int step = 0; step < steps; ++step) {
    trimtab_relax_matrix* a = matrix_at((step + 400.5) * 1e-3);
    double norm, omega, hardness, cap;
    int64_t arm;
    check(trimtab_relax_jacobi_norm(a, &norm));
    hardness = log10(1 - norm);
    check(trimtab_tuner_suggest(tuner, &hardness, 1, &arm, &cap));
    check(trimtab_relax_omega_from_gap(pow(10, -0.5 * (double)arm), norm, &omega));
    check(trimtab_tuner_observe(tuner, (double)solve(a, u, omega, cap)));
    plain += solve(a, v, 1, INFINITY);
    trimtab_relax_matrix_destroy(a);
  }
  check(trimtab_tuner_ledger(tuner, &spent, &baseline, &bound));
  trimtab_tuner_destroy(tuner);
  printf("%.0f iterations, %lld with omega = 1\n", spent, (long long)plain);
  return 0;
}
