#include <trimtab/trimtab.h>

#include <stdio.h>
#include <string.h>

int main(void) {
  if (trimtab_set_threads(2) != TRIMTAB_OK) return 1;
  if (trimtab_set_threads(-1) != TRIMTAB_INVALID_ARGUMENT) return 2;
  if (!strstr(trimtab_last_error(), "threads: expected an integer")) return 3;
  const double poisson[5] = {-1, -1, 4, -1, -1};
  double b[100], x[100], y[100], omega;
  trimtab_relax_matrix* a;
  trimtab_relax_options options;
  trimtab_relax_report report;
  for (int i = 0; i < 100; ++i) b[i] = 1, x[i] = y[i] = 0;
  if (trimtab_relax_matrix_stencil(1, 10, 10, 5, 0, poisson, 0, &a) != TRIMTAB_OK) return 4;
  trimtab_relax_default_options(&options);
  if (trimtab_relax_omega_opt(1 - 0.959492973614497, &omega) != TRIMTAB_OK) return 5;
  options.omega = omega;
  if (trimtab_relax_sor(a, b, x, &options, &report) != TRIMTAB_OK || report.status != 0) return 6;
  if (trimtab_relax_ssor_pcg(a, b, y, &options, &report) != TRIMTAB_OK || report.status != 0) return 7;
  for (int i = 0; i < 100; ++i)
    if (x[i] - y[i] > 1e-6 || y[i] - x[i] > 1e-6) return 8;
  options.omega = 2;
  if (trimtab_relax_sor(a, b, x, &options, &report) != TRIMTAB_INVALID_ARGUMENT) return 9;
  if (!strstr(trimtab_last_error(), "omega: expected a number in (0, 2)")) return 10;
  trimtab_relax_matrix_destroy(a);
  printf("%s %s\n", trimtab_version(), trimtab_isa_level());
  return 0;
}
