program consumer
  use, intrinsic :: iso_c_binding
  use trimtab
  implicit none
  if (trimtab_set_threads(2) /= 0) stop 1
  if (trimtab_set_threads(-1) /= 1) stop 2
  if (index(trimtab_last_error(), 'threads: expected an integer') /= 1) stop 3
  call shock_tube()
  call relaxation()
  call tuning()
  call torsion()
  call brownian()
  print '(a)', trimtab_version()

contains

  subroutine shock_tube()
    integer, parameter :: n = 200
    type(hyperbolic_solver) :: solver
    real(c_double) :: w(n, 3)
    integer :: steps
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
  end subroutine

  subroutine relaxation()
    type(c_ptr) :: a
    type(trimtab_relax_options) :: options
    type(trimtab_relax_report) :: report
    real(c_double) :: b(100), x(100), floor(100)
    if (trimtab_relax_matrix_stencil(1_c_int64_t, 10_c_int64_t, 10_c_int64_t, 5, 0, &
        [-1, -1, 4, -1, -1] * 1.0_c_double, 0, a) /= 0) stop 14
    if (trimtab_relax_omega_opt(1 - 0.959492973614497_c_double, options%omega) /= 0) stop 15
    b = 1
    x = 0
    if (trimtab_relax_ssor_pcg(a, b, x, options, report) /= 0 .or. report%status /= 0) stop 16
    floor = -1
    b = x
    x = 0
    if (trimtab_relax_psor(a, spread(1.0_c_double, 1, 100), floor, x, options, report) /= 0) stop 17
    if (report%status /= 0 .or. maxval(abs(b - x)) > 1e-6) stop 18
    call trimtab_relax_matrix_destroy(a)
  end subroutine

  subroutine tuning()
    type(tuner) :: first, second
    real(c_double), allocatable :: state(:)
    integer :: t, arm, other, cheap
    if (first%create(3, learner='ucb') /= 1) stop 20
    if (index(trimtab_last_error(), 'learner: expected one of') /= 1) stop 21
    if (first%create(3) /= 0) stop 22
    cheap = 0
    do t = 1, 1000
      if (first%suggest(arm) /= 0) stop 23
      if (first%observe(merge(10.0_c_double, 30.0_c_double, arm == 2)) /= 0) stop 24
      if (arm == 2) cheap = cheap + 1
    end do
    if (cheap < 700) stop 25
    allocate (state(first%state_size()))
    if (first%save(state) /= 0 .or. second%create(3) /= 0) stop 26
    if (second%load(state) /= 0) stop 27
    if (first%suggest(arm) /= 0 .or. second%suggest(other) /= 0 .or. arm /= other) stop 28
    call first%destroy()
    call second%destroy()
  end subroutine

  ! L u = 1 on (0, 1): u(1/2) = 2^-1.5 / Gamma(2.5), by iteration and by factors.
  subroutine torsion()
    type(riesz_operator) :: op
    type(trimtab_fractional_report) :: report
    real(c_double) :: x(66), f(66, 2), u(66, 2), v(66, 2), value(1)
    if (op%create(64, alpha=2.0_c_double) /= 1) stop 30
    if (index(trimtab_last_error(), 'alpha: expected a number in (0, 2)') /= 1) stop 31
    if (op%create(64, degree=4, alpha=1.5_c_double, options='reaction=0') /= 0) stop 32
    if (op%size() /= 66) stop 33
    if (op%points(x) /= 0) stop 33
    f(:, 1) = 1
    f(:, 2) = x
    if (op%solve(f, u, report=report) /= 0) stop 34
    if (report%status /= 0) stop 34
    if (op%evaluate(u(:, 1), [0.5_c_double], value) /= 0) stop 35
    if (abs(value(1) - 2.0_c_double**(-1.5_c_double) / gamma(2.5_c_double)) > 1.0e-3_c_double) stop 36
    if (op%apply(u, v) /= 0) stop 37
    if (maxval(abs(v - f)) > 1.0e-6_c_double) stop 37
    if (op%factorize() /= 0) stop 38
    if (op%solve_factorized(f, v) /= 0) stop 38
    if (maxval(abs(v - u)) > 1.0e-9_c_double) stop 39
    call op%destroy()
  end subroutine

  ! Brownian increments: known numbers, and two halves that make the whole.
  subroutine brownian()
    real(c_double), parameter :: s(3) = [0.1_c_double, 0.1_c_double, 0.3_c_double]
    real(c_double), parameter :: t(3) = [0.7_c_double, 0.3_c_double, 0.7_c_double]
    integer(c_int64_t), parameter :: path(3) = 4, dim(3) = 0
    real(c_double), target :: w(3), h(3)
    if (trimtab_brownian_increment(12345_c_int64_t, 0.0_c_double, 1.0_c_double, 3, 52, 3_c_int64_t, s, t, path, dim, &
        c_loc(w), c_loc(h), c_null_ptr) /= 0) stop 40
    if (abs(w(1) + 0.547797452755542_c_double) > 1.0e-13_c_double) stop 41
    if (abs(h(1) - 0.0439823538727959_c_double) > 1.0e-13_c_double) stop 41
    if (abs(w(2) + w(3) - w(1)) > 1.0e-15_c_double) stop 42
    if (trimtab_brownian_increment(1_c_int64_t, 0.0_c_double, 1.0_c_double, 1, 52, 3_c_int64_t, s, t, path, dim, &
        c_loc(w), c_loc(h), c_null_ptr) /= 1) stop 43
    if (index(trimtab_last_error(), 'levy: expected H or K, to give H, got W') /= 1) stop 44
  end subroutine

end program consumer
