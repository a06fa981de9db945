program consumer
  use trimtab
  use, intrinsic :: iso_c_binding, only: c_double
  implicit none
  integer, parameter :: n = 200
  type(hyperbolic_solver) :: solver
  real(c_double) :: w(n, 3)
  integer :: steps
  if (trimtab_set_threads(2) /= 0) stop 1
  if (trimtab_set_threads(-1) /= 1) stop 2
  if (index(trimtab_last_error(), 'threads: expected an integer') /= 1) stop 3
  if (solver%create('euler', n, 0.0_c_double, 1.0_c_double, 'scheme=weno') /= 1) stop 4
  if (index(trimtab_last_error(), 'scheme: expected one of') /= 1) stop 5
  if (solver%create('euler', n, 0.0_c_double, 1.0_c_double, 'bc=outflow') /= 0) stop 6
  w(:n / 2, :) = spread([1.0_c_double, 0.0_c_double, 1.0_c_double], 1, n / 2)
  w(n / 2 + 1:, :) = spread([0.125_c_double, 0.0_c_double, 0.1_c_double], 1, n / 2)
  if (solver%set_primitive(0.0_c_double, w) /= 0) stop 7
  if (solver%run(0.2_c_double, steps=steps) /= 0) stop 8
  if (solver%primitive(w) /= 0 .or. steps < 100) stop 9
  if (abs(w(151, 3) - 0.30313_c_double) > 1.0e-3_c_double) stop 10
  if (abs(solver%time() - 0.2_c_double) > 0) stop 11
  call solver%destroy()
  print '(a)', trimtab_version()
end program consumer
