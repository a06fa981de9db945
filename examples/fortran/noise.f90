!> dy = sin(y) dt + dW by a scheme of one's own: the library gives the noise, W and its time integral H over any interval,
!> the same Brownian path whatever the steps. So steps can be halved on the same path, and their difference is the error:
!> it falls with order 1.5. The scheme is ShARK of Foster, dos Reis and Strange (SIAM J. Numer. Anal. 62, 2024).
program noise
  use, intrinsic :: iso_c_binding
  use trimtab
  implicit none
  integer, parameter :: paths = 500, coarsest = 16, halvings = 5
  real(c_double), parameter :: t_end = 1
  real(c_double) :: coarse(paths), fine(paths), error, before
  integer :: k, n

  n = coarsest
  call solve(n, coarse)
  before = 0
  do k = 1, halvings
    call solve(2 * n, fine)
    error = norm2(fine - coarse) / sqrt(real(paths, c_double))
    if (k == 1) print '(i6, a, es9.2)', n, ' steps: error', error
    if (k > 1) print '(i6, a, es9.2, a, f5.2)', n, ' steps: error', error, ', order', log(before / error) / log(2.0_c_double)
    before = error
    coarse = fine
    n = 2 * n
  end do

contains

  !> All paths from y = 1 to the end in n steps.
  subroutine solve(n, y)
    integer, intent(in) :: n
    real(c_double), intent(out) :: y(paths)
    real(c_double), target :: w(paths), area(paths)
    real(c_double) :: s(paths), t(paths), h, first(paths)
    integer(c_int64_t) :: path(paths), component(paths)
    integer :: i
    path = [(int(i, c_int64_t), i=0, paths - 1)]
    component = 0
    y = 1
    h = t_end / n
    do i = 1, n
      s = t_end * (i - 1) / n
      t = t_end * i / n
      call check(trimtab_brownian_increment(7_c_int64_t, 0.0_c_double, t_end, 2, 52, int(paths, c_int64_t), s, t, &
                                            path, component, c_loc(w), c_loc(area), c_null_ptr))
      first = h * sin(y + area)
      y = y + 0.4_c_double * first + 0.6_c_double * h * sin(y + 5 * first / 6 + 5 * w / 6 + area) + w
    end do
  end subroutine

  subroutine check(status)
    integer(c_int), intent(in) :: status
    if (status == 0) return
    print '(a)', trimtab_last_error()
    stop 1
  end subroutine

end program noise
