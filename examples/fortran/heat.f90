!> Heat conduction that comes and goes: u_t = kappa(t) lap u + 1 by implicit Euler, one system I + g(t) K in each step.
!> A tuner chooses among guesses of the spectral gap; each guess gives an omega for the matrix at hand. The same calls
!> steer a solver that is not trimtab's: suggest, solve, observe.
program heat
  use, intrinsic :: iso_c_binding
  use trimtab
  implicit none
  integer, parameter :: n = 60, steps = 600, arms = 11
  real(c_double), parameter :: dt = 1.0e-3_c_double
  type(tuner) :: gaps
  type(c_ptr) :: a
  real(c_double) :: u(n * n), v(n * n), norm, omega, cap, spent, baseline, bound
  integer :: step, arm, plain
  character(len=512) :: options
  character(len=16) :: position

  options = 'context_lower=-5 context_upper=0 noise=0.08 discount=0.998 reference=0'
  do arm = 0, arms - 1 ! eps = 10**(-arm / 2), from 1, which is omega = 1, to 1e-5
    write (position, '(f6.2)') -0.5 * arm
    options = trim(options) // ' position=' // adjustl(position)
  end do
  call check(gaps%create(arms, 'thompson', 7_c_int64_t, trim(options)))
  u = 0
  v = 0
  plain = 0
  do step = 0, steps - 1
    a = matrix_at((step + 400.5_c_double) * dt)
    call check(trimtab_relax_jacobi_norm(a, norm))
    call check(gaps%suggest(arm, [log10(1 - norm)], cap))
    call check(trimtab_relax_omega_from_gap(10.0_c_double**(-0.5_c_double * (arm - 1)), norm, omega))
    call check(gaps%observe(real(solve(a, u, omega, cap), c_double)))
    plain = plain + solve(a, v, 1.0_c_double, huge(cap))
    call trimtab_relax_matrix_destroy(a)
  end do
  call check(gaps%ledger(spent, baseline, bound))
  print '(i0, a, i0, a)', nint(spent), ' iterations, ', plain, ' with omega = 1'

contains

  subroutine check(status)
    integer(c_int), intent(in) :: status
    if (status == 0) return
    print '(a)', trimtab_last_error()
    stop 1
  end subroutine

  function matrix_at(t) result(a)
    real(c_double), intent(in) :: t
    type(c_ptr) :: a
    real(c_double) :: wave, g
    wave = sin(6.283185307179586_c_double * t)
    g = max(0.1_c_double * wave, -10 * wave) * dt * (n + 1)**2
    call check(trimtab_relax_matrix_stencil(1_c_int64_t, int(n, c_int64_t), int(n, c_int64_t), 5, 0, &
                                            [-g, -g, 1 + 4 * g, -g, -g], 0, a))
  end function

  !> One step from u; the iterations that it took.
  function solve(a, u, omega, cap) result(iterations)
    type(c_ptr), intent(in) :: a
    real(c_double), intent(inout) :: u(:)
    real(c_double), intent(in) :: omega, cap
    integer :: iterations
    real(c_double) :: b(n * n)
    type(trimtab_relax_options) :: options
    type(trimtab_relax_report) :: report
    b = u + dt
    options%omega = omega
    if (cap < 10000) options%max_iterations = int(cap, c_int64_t)
    call check(trimtab_relax_ssor_pcg(a, b, u, options, report))
    iterations = int(report%iterations)
    if (report%status == 1) then ! dearer than agreed: omega = 1 goes on from here
      options%omega = 1
      options%max_iterations = 10000
      call check(trimtab_relax_ssor_pcg(a, b, u, options, report))
      iterations = iterations + int(report%iterations)
    end if
    if (report%status /= 0) stop 2
    iterations = max(iterations, 1)
  end function

end program
