program consumer
  use, intrinsic :: iso_c_binding
  use trimtab
  implicit none
  type(c_ptr) :: a
  type(trimtab_relax_options) :: options
  type(trimtab_relax_report) :: report
  real(c_double) :: b(100), x(100), floor(100)
  if (trimtab_set_threads(2) /= 0) stop 1
  if (trimtab_set_threads(-1) /= 1) stop 2
  if (index(trimtab_last_error(), 'threads: expected an integer') /= 1) stop 3
  if (trimtab_relax_matrix_stencil(1_c_int64_t, 10_c_int64_t, 10_c_int64_t, 5, 0, &
      [-1, -1, 4, -1, -1] * 1.0_c_double, 0, a) /= 0) stop 4
  if (trimtab_relax_omega_opt(1 - 0.959492973614497_c_double, options%omega) /= 0) stop 5
  b = 1
  x = 0
  if (trimtab_relax_ssor_pcg(a, b, x, options, report) /= 0 .or. report%status /= 0) stop 6
  floor = -1
  b = x
  x = 0
  if (trimtab_relax_psor(a, spread(1.0_c_double, 1, 100), floor, x, options, report) /= 0) stop 7
  if (report%status /= 0 .or. maxval(abs(b - x)) > 1e-6) stop 8
  call trimtab_relax_matrix_destroy(a)
  print '(a)', trimtab_version()
end program consumer
