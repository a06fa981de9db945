!> Fortran module over the C interface of trimtab (trimtab.h).
module trimtab
  use, intrinsic :: iso_c_binding
  implicit none
  private
  public :: trimtab_version, trimtab_last_error, trimtab_set_threads
  public :: hyperbolic_solver, tuner

  !> A-WENO solver of one-dimensional hyperbolic conservation laws. Every function returns a status, 0 for success;
  !> trimtab_last_error() gives the text. Arrays are (n, n_vars), so that one variable is contiguous.
  type :: hyperbolic_solver
    type(c_ptr), private :: handle = c_null_ptr
  contains
    procedure :: create => hyperbolic_create
    procedure :: set_primitive => hyperbolic_set_primitive
    procedure :: primitive => hyperbolic_primitive
    procedure :: time => hyperbolic_time
    procedure :: run => hyperbolic_run
    procedure :: destroy => hyperbolic_destroy
  end type

  public :: trimtab_relax_options, trimtab_relax_report, trimtab_relax_omega_opt, trimtab_relax_matrix_csr
  public :: trimtab_relax_matrix_stencil, trimtab_relax_matrix_destroy, trimtab_relax_jacobi_norm
  public :: trimtab_relax_sor, trimtab_relax_psor, trimtab_relax_ssor_pcg, trimtab_relax_jacobi_pcg
  public :: trimtab_relax_omega_from_gap

  !> Relaxation factor in (0, 2); stop at |b - A x| <= max(rtol |b|, atol). direction: 0 forward, 1 backward, 2 symmetric;
  !> order: 0 by rows, 1 red-black, 2 multicolor. poll: c_funloc of a bind(c) function (ctx, fraction), both by value,
  !> that gives a c_int other than 0 to stop.
  type, bind(c) :: trimtab_relax_options
    real(c_double) :: omega = 1, rtol = 1e-8_c_double, atol = 0
    integer(c_int64_t) :: max_iterations = 10000
    integer(c_int) :: direction = 0, order = 0
    real(c_double) :: time_limit = 0
    type(c_funptr) :: poll = c_null_funptr
    type(c_ptr) :: ctx = c_null_ptr
  end type

  !> status: 0 converged, 1 out of iterations, 2 stopped, 3 time limit, 4 diverged, 5 not positive definite.
  type, bind(c) :: trimtab_relax_report
    integer(c_int) :: status = 0
    integer(c_int64_t) :: iterations = 0
    real(c_double) :: residual = 0, reference = 0, seconds = 0, ritz_min = 0
  end type

  public :: trimtab_brownian_increment

  public :: riesz_operator, trimtab_fractional_report

  !> d L u + r u = f on an interval, L = (-Laplace)^(alpha/2), which is minus the Riesz derivative. Functions return a
  !> status as above; a solution is given by its n + degree - 2 spline coefficients, several ones are columns.
  type :: riesz_operator
    type(c_ptr), private :: handle = c_null_ptr
  contains
    procedure :: create => fractional_create
    procedure :: size => fractional_size
    procedure :: points => fractional_points
    procedure :: apply => fractional_apply
    procedure :: solve => fractional_solve
    procedure :: factorize => fractional_factorize
    procedure :: solve_factorized => fractional_solve_factorized
    procedure :: evaluate => fractional_evaluate
    procedure :: destroy => fractional_destroy
  end type

  !> status: 0 converged, 1 converged to the rounding floor, 2 out of iterations, 3 diverged.
  type, bind(c) :: trimtab_fractional_report
    integer(c_int) :: status = 0, iterations = 0
    real(c_double) :: error = 0, seconds = 0
  end type

  !> Chooses among the settings of a solver from what the choices cost. Functions return a status as above; arms count
  !> from 1.
  type :: tuner
    type(c_ptr), private :: handle = c_null_ptr
  contains
    procedure :: create => tuner_create
    procedure :: suggest => tuner_suggest
    procedure :: observe => tuner_observe
    procedure :: ledger => tuner_ledger
    procedure :: state_size => tuner_state_size
    procedure :: save => tuner_save
    procedure :: load => tuner_load
    procedure :: destroy => tuner_destroy
  end type

  interface
    function c_version() bind(c, name='trimtab_version') result(text)
      import :: c_ptr
      type(c_ptr) :: text
    end function
    function c_last_error() bind(c, name='trimtab_last_error') result(text)
      import :: c_ptr
      type(c_ptr) :: text
    end function
    !> Default number of threads of every later call; returns a status, 0 for success.
    function trimtab_set_threads(threads) bind(c, name='trimtab_set_threads') result(status)
      import :: c_int
      integer(c_int), value :: threads
      integer(c_int) :: status
    end function
    function c_hyperbolic_create(law, n_dims, n, lower, upper, options, solver) &
        bind(c, name='trimtab_hyperbolic_create') result(status)
      import :: c_char, c_int, c_int64_t, c_double, c_ptr
      character(kind=c_char), intent(in) :: law(*), options(*)
      integer(c_int), value :: n_dims
      integer(c_int64_t), intent(in) :: n(*)
      real(c_double), intent(in) :: lower(*), upper(*)
      type(c_ptr), intent(out) :: solver
      integer(c_int) :: status
    end function
    function c_hyperbolic_set_primitive(solver, t, w) bind(c, name='trimtab_hyperbolic_set_primitive') result(status)
      import :: c_int, c_double, c_ptr
      type(c_ptr), value :: solver
      real(c_double), value :: t
      real(c_double), intent(in) :: w(*)
      integer(c_int) :: status
    end function
    function c_hyperbolic_primitive(solver, w) bind(c, name='trimtab_hyperbolic_primitive') result(status)
      import :: c_int, c_double, c_ptr
      type(c_ptr), value :: solver
      real(c_double), intent(out) :: w(*)
      integer(c_int) :: status
    end function
    function c_hyperbolic_time(solver) bind(c, name='trimtab_hyperbolic_time') result(t)
      import :: c_double, c_ptr
      type(c_ptr), value :: solver
      real(c_double) :: t
    end function
    function c_hyperbolic_run(solver, t_end, dt, max_steps, steps) &
        bind(c, name='trimtab_hyperbolic_run') result(status)
      import :: c_int, c_int64_t, c_double, c_ptr
      type(c_ptr), value :: solver
      real(c_double), value :: t_end, dt
      integer(c_int64_t), value :: max_steps
      integer(c_int64_t), intent(out) :: steps
      integer(c_int) :: status
    end function
    subroutine c_hyperbolic_destroy(solver) bind(c, name='trimtab_hyperbolic_destroy')
      import :: c_ptr
      type(c_ptr), value :: solver
    end subroutine
    !> Young's best omega for the gap 1 - (spectral radius of the Jacobi iteration).
    function trimtab_relax_omega_opt(gap, omega) bind(c, name='trimtab_relax_omega_opt') result(status)
      import :: c_double, c_int
      real(c_double), value :: gap
      real(c_double), intent(out) :: omega
      integer(c_int) :: status
    end function
    !> Compressed rows counted from 0, borrowed: keep the arrays (as targets) while the matrix lives.
    function trimtab_relax_matrix_csr(n, indptr, indices, data, threads, a) &
        bind(c, name='trimtab_relax_matrix_csr') result(status)
      import :: c_int64_t, c_int32_t, c_double, c_int, c_ptr
      integer(c_int64_t), value :: n
      integer(c_int32_t), intent(in) :: indptr(*), indices(*)
      real(c_double), intent(in) :: data(*)
      integer(c_int), value :: threads
      type(c_ptr), intent(out) :: a
      integer(c_int) :: status
    end function
    !> A 5-, 9- or 7-point stencil; x runs fastest, as the first index of a Fortran array u(nx, ny, nz).
    function trimtab_relax_matrix_stencil(nz, ny, nx, points, variable, coefficients, threads, a) &
        bind(c, name='trimtab_relax_matrix_stencil') result(status)
      import :: c_int64_t, c_double, c_int, c_ptr
      integer(c_int64_t), value :: nz, ny, nx
      integer(c_int), value :: points, variable, threads
      real(c_double), intent(in) :: coefficients(*)
      type(c_ptr), intent(out) :: a
      integer(c_int) :: status
    end function
    subroutine trimtab_relax_matrix_destroy(a) bind(c, name='trimtab_relax_matrix_destroy')
      import :: c_ptr
      type(c_ptr), value :: a
    end subroutine
    !> Largest row sum of |I - D^-1 A|.
    function trimtab_relax_jacobi_norm(a, norm) bind(c, name='trimtab_relax_jacobi_norm') result(status)
      import :: c_ptr, c_double, c_int
      type(c_ptr), value :: a
      real(c_double), intent(out) :: norm
      integer(c_int) :: status
    end function
    !> A x = b by SOR sweeps; x holds the start, then the solution.
    function trimtab_relax_sor(a, b, x, options, report) bind(c, name='trimtab_relax_sor') result(status)
      import :: c_ptr, c_double, c_int, trimtab_relax_options, trimtab_relax_report
      type(c_ptr), value :: a
      real(c_double), intent(in) :: b(*)
      real(c_double), intent(inout) :: x(*)
      type(trimtab_relax_options), intent(in) :: options
      type(trimtab_relax_report), intent(out) :: report
      integer(c_int) :: status
    end function
    !> x >= floor, A x >= b and complementarity, by projected SOR.
    function trimtab_relax_psor(a, b, floor, x, options, report) bind(c, name='trimtab_relax_psor') result(status)
      import :: c_ptr, c_double, c_int, trimtab_relax_options, trimtab_relax_report
      type(c_ptr), value :: a
      real(c_double), intent(in) :: b(*), floor(*)
      real(c_double), intent(inout) :: x(*)
      type(trimtab_relax_options), intent(in) :: options
      type(trimtab_relax_report), intent(out) :: report
      integer(c_int) :: status
    end function
    !> A x = b by conjugate gradients with the SSOR preconditioner.
    function trimtab_relax_ssor_pcg(a, b, x, options, report) bind(c, name='trimtab_relax_ssor_pcg') result(status)
      import :: c_ptr, c_double, c_int, trimtab_relax_options, trimtab_relax_report
      type(c_ptr), value :: a
      real(c_double), intent(in) :: b(*)
      real(c_double), intent(inout) :: x(*)
      type(trimtab_relax_options), intent(in) :: options
      type(trimtab_relax_report), intent(out) :: report
      integer(c_int) :: status
    end function
    !> The same by Jacobi-PCG, which reports the smallest Ritz value of D^-1 A.
    function trimtab_relax_jacobi_pcg(a, b, x, options, report) bind(c, name='trimtab_relax_jacobi_pcg') result(status)
      import :: c_ptr, c_double, c_int, trimtab_relax_options, trimtab_relax_report
      type(c_ptr), value :: a
      real(c_double), intent(in) :: b(*)
      real(c_double), intent(inout) :: x(*)
      type(trimtab_relax_options), intent(in) :: options
      type(trimtab_relax_report), intent(out) :: report
      integer(c_int) :: status
    end function
    !> Young's omega for the Jacobi radius (1 - eps) norm.
    function trimtab_relax_omega_from_gap(eps, norm, omega) bind(c, name='trimtab_relax_omega_from_gap') result(status)
      import :: c_double, c_int
      real(c_double), value :: eps, norm
      real(c_double), intent(out) :: omega
      integer(c_int) :: status
    end function
    !> Increments of Brownian paths over [s, t] inside [t0, t1], n of them, of path 0 ... 2^40 - 1 and component dim 0 ...
    !> 2^24 - 1. levy: 1 for w, 2 for w and h, 3 for w, h and k; c_null_ptr for what is not wanted, else c_loc of n
    !> reals. depth: 52. Keeps nothing between calls.
    function trimtab_brownian_increment(seed, t0, t1, levy, depth, n, s, t, path, dim, w, h, k) &
        bind(c, name='trimtab_brownian_increment') result(status)
      import :: c_double, c_int, c_int64_t, c_ptr
      integer(c_int64_t), value :: seed, n
      real(c_double), value :: t0, t1
      integer(c_int), value :: levy, depth
      real(c_double), intent(in) :: s(*), t(*)
      integer(c_int64_t), intent(in) :: path(*), dim(*)
      type(c_ptr), value :: w, h, k
      integer(c_int) :: status
    end function
    function c_fractional_create(n, degree, alpha, a, b, options, op) &
        bind(c, name='trimtab_fractional_create') result(status)
      import :: c_char, c_int, c_int64_t, c_double, c_ptr
      integer(c_int64_t), value :: n
      integer(c_int), value :: degree
      real(c_double), value :: alpha, a, b
      character(kind=c_char), intent(in) :: options(*)
      type(c_ptr), intent(out) :: op
      integer(c_int) :: status
    end function
    subroutine c_fractional_destroy(op) bind(c, name='trimtab_fractional_destroy')
      import :: c_ptr
      type(c_ptr), value :: op
    end subroutine
    function c_fractional_size(op) bind(c, name='trimtab_fractional_size') result(n)
      import :: c_ptr, c_int64_t
      type(c_ptr), value :: op
      integer(c_int64_t) :: n
    end function
    function c_fractional_points(op, x) bind(c, name='trimtab_fractional_points') result(status)
      import :: c_ptr, c_double, c_int
      type(c_ptr), value :: op
      real(c_double), intent(out) :: x(*)
      integer(c_int) :: status
    end function
    function c_fractional_apply(op, count, u, f) bind(c, name='trimtab_fractional_apply') result(status)
      import :: c_ptr, c_double, c_int, c_int64_t
      type(c_ptr), value :: op
      integer(c_int64_t), value :: count
      real(c_double), intent(in) :: u(*)
      real(c_double), intent(out) :: f(*)
      integer(c_int) :: status
    end function
    function c_fractional_solve(op, count, f, u, rtol, max_iterations, report) &
        bind(c, name='trimtab_fractional_solve') result(status)
      import :: c_ptr, c_double, c_int, c_int64_t, trimtab_fractional_report
      type(c_ptr), value :: op
      integer(c_int64_t), value :: count
      real(c_double), intent(in) :: f(*)
      real(c_double), intent(out) :: u(*)
      real(c_double), value :: rtol
      integer(c_int), value :: max_iterations
      type(trimtab_fractional_report), intent(out), optional :: report
      integer(c_int) :: status
    end function
    function c_fractional_factorize(op) bind(c, name='trimtab_fractional_factorize') result(status)
      import :: c_ptr, c_int
      type(c_ptr), value :: op
      integer(c_int) :: status
    end function
    function c_fractional_solve_factorized(op, count, f, u) &
        bind(c, name='trimtab_fractional_solve_factorized') result(status)
      import :: c_ptr, c_double, c_int, c_int64_t
      type(c_ptr), value :: op
      integer(c_int64_t), value :: count
      real(c_double), intent(in) :: f(*)
      real(c_double), intent(out) :: u(*)
      integer(c_int) :: status
    end function
    function c_fractional_evaluate(op, u, count, x, derivative, values) &
        bind(c, name='trimtab_fractional_evaluate') result(status)
      import :: c_ptr, c_double, c_int, c_int64_t
      type(c_ptr), value :: op
      real(c_double), intent(in) :: u(*), x(*)
      integer(c_int64_t), value :: count
      integer(c_int), value :: derivative
      real(c_double), intent(out) :: values(*)
      integer(c_int) :: status
    end function
    function c_tuner_create(arms, learner, seed, options, tuner) bind(c, name='trimtab_tuner_create') result(status)
      import :: c_char, c_int, c_int64_t, c_ptr
      integer(c_int64_t), value :: arms, seed
      character(kind=c_char), intent(in) :: learner(*), options(*)
      type(c_ptr), intent(out) :: tuner
      integer(c_int) :: status
    end function
    function c_tuner_suggest(tuner, context, size, arm, cap) bind(c, name='trimtab_tuner_suggest') result(status)
      import :: c_int, c_int64_t, c_double, c_ptr
      type(c_ptr), value :: tuner
      real(c_double), intent(in), optional :: context(*)
      real(c_double), value :: size
      integer(c_int64_t), intent(out) :: arm
      real(c_double), intent(out) :: cap
      integer(c_int) :: status
    end function
    function c_tuner_observe(tuner, cost) bind(c, name='trimtab_tuner_observe') result(status)
      import :: c_int, c_double, c_ptr
      type(c_ptr), value :: tuner
      real(c_double), value :: cost
      integer(c_int) :: status
    end function
    function c_tuner_ledger(tuner, spent, baseline, bound) bind(c, name='trimtab_tuner_ledger') result(status)
      import :: c_ptr, c_double, c_int
      type(c_ptr), value :: tuner
      real(c_double), intent(out) :: spent, baseline, bound
      integer(c_int) :: status
    end function
    function c_tuner_state_size(tuner) bind(c, name='trimtab_tuner_state_size') result(n)
      import :: c_int64_t, c_ptr
      type(c_ptr), value :: tuner
      integer(c_int64_t) :: n
    end function
    function c_tuner_save(tuner, state) bind(c, name='trimtab_tuner_save') result(status)
      import :: c_int, c_double, c_ptr
      type(c_ptr), value :: tuner
      real(c_double), intent(out) :: state(*)
      integer(c_int) :: status
    end function
    function c_tuner_load(tuner, state, n) bind(c, name='trimtab_tuner_load') result(status)
      import :: c_int, c_int64_t, c_double, c_ptr
      type(c_ptr), value :: tuner
      real(c_double), intent(in) :: state(*)
      integer(c_int64_t), value :: n
      integer(c_int) :: status
    end function
    subroutine c_tuner_destroy(tuner) bind(c, name='trimtab_tuner_destroy')
      import :: c_ptr
      type(c_ptr), value :: tuner
    end subroutine
    function c_strlen(text) bind(c, name='strlen') result(n)
      import :: c_ptr, c_size_t
      type(c_ptr), value :: text
      integer(c_size_t) :: n
    end function
  end interface

contains

  !> Version of the library.
  function trimtab_version() result(text)
    character(len=:), allocatable :: text
    text = to_string(c_version())
  end function

  !> Text of this thread's last error.
  function trimtab_last_error() result(text)
    character(len=:), allocatable :: text
    text = to_string(c_last_error())
  end function

  !> Creates a solver; options are "key=value" pairs as in trimtab.h.
  function hyperbolic_create(self, law, n, lower, upper, options) result(status)
    class(hyperbolic_solver), intent(inout) :: self
    character(len=*), intent(in) :: law
    integer, intent(in) :: n
    real(c_double), intent(in) :: lower, upper
    character(len=*), intent(in), optional :: options
    integer(c_int) :: status
    character(len=:), allocatable :: text
    call self%destroy()
    text = ''
    if (present(options)) text = options
    status = c_hyperbolic_create(law // c_null_char, 1_c_int, [int(n, c_int64_t)], [lower], [upper], &
                                 text // c_null_char, self%handle)
  end function

  !> Sets primitive values w(n, n_vars) at time t and starts anew.
  function hyperbolic_set_primitive(self, t, w) result(status)
    class(hyperbolic_solver), intent(in) :: self
    real(c_double), intent(in) :: t
    real(c_double), contiguous, intent(in) :: w(:, :)
    integer(c_int) :: status
    status = c_hyperbolic_set_primitive(self%handle, t, w)
  end function

  !> Copies the primitive values to w(n, n_vars).
  function hyperbolic_primitive(self, w) result(status)
    class(hyperbolic_solver), intent(in) :: self
    real(c_double), contiguous, intent(out) :: w(:, :)
    integer(c_int) :: status
    status = c_hyperbolic_primitive(self%handle, w)
  end function

  !> Time of the state.
  function hyperbolic_time(self) result(t)
    class(hyperbolic_solver), intent(in) :: self
    real(c_double) :: t
    t = c_hyperbolic_time(self%handle)
  end function

  !> Advances to t_end, by a fixed step dt or by that of the Courant number.
  function hyperbolic_run(self, t_end, dt, steps) result(status)
    class(hyperbolic_solver), intent(in) :: self
    real(c_double), intent(in) :: t_end
    real(c_double), intent(in), optional :: dt
    integer, intent(out), optional :: steps
    integer(c_int) :: status
    integer(c_int64_t) :: taken
    real(c_double) :: fixed
    fixed = 0
    if (present(dt)) fixed = dt
    status = c_hyperbolic_run(self%handle, t_end, fixed, 0_c_int64_t, taken)
    if (present(steps)) steps = int(taken)
  end function

  !> Frees the solver; it may be created anew.
  subroutine hyperbolic_destroy(self)
    class(hyperbolic_solver), intent(inout) :: self
    if (c_associated(self%handle)) call c_hyperbolic_destroy(self%handle)
    self%handle = c_null_ptr
  end subroutine

  !> Creates the operator over n cells of [a, b], by default [0, 1]; options are "key=value" pairs as in trimtab.h.
  function fractional_create(self, n, degree, alpha, a, b, options) result(status)
    class(riesz_operator), intent(inout) :: self
    integer, intent(in) :: n
    integer, intent(in), optional :: degree
    real(c_double), intent(in), optional :: alpha, a, b
    character(len=*), intent(in), optional :: options
    integer(c_int) :: status, p
    real(c_double) :: order, lower, upper
    character(len=:), allocatable :: text
    call self%destroy()
    p = 4
    order = 1.5_c_double
    lower = 0
    upper = 1
    text = ''
    if (present(degree)) p = int(degree, c_int)
    if (present(alpha)) order = alpha
    if (present(a)) lower = a
    if (present(b)) upper = b
    if (present(options)) text = options
    status = c_fractional_create(int(n, c_int64_t), p, order, lower, upper, text // c_null_char, self%handle)
  end function

  !> Number of unknowns.
  function fractional_size(self) result(n)
    class(riesz_operator), intent(in) :: self
    integer :: n
    n = int(c_fractional_size(self%handle))
  end function

  !> Copies the points where right-hand sides are sampled.
  function fractional_points(self, x) result(status)
    class(riesz_operator), intent(in) :: self
    real(c_double), contiguous, intent(out) :: x(:)
    integer(c_int) :: status
    status = c_fractional_points(self%handle, x)
  end function

  !> f = d L u + r u for each column.
  function fractional_apply(self, u, f) result(status)
    class(riesz_operator), intent(in) :: self
    real(c_double), contiguous, intent(in) :: u(:, :)
    real(c_double), contiguous, intent(out) :: f(:, :)
    integer(c_int) :: status
    status = c_fractional_apply(self%handle, size(u, 2, c_int64_t), u, f)
  end function

  !> Solves for each column of f.
  function fractional_solve(self, f, u, rtol, max_iterations, report) result(status)
    class(riesz_operator), intent(in) :: self
    real(c_double), contiguous, intent(in) :: f(:, :)
    real(c_double), contiguous, intent(out) :: u(:, :)
    real(c_double), intent(in), optional :: rtol
    integer, intent(in), optional :: max_iterations
    type(trimtab_fractional_report), intent(out), optional :: report
    integer(c_int) :: status, limit
    real(c_double) :: tolerance
    tolerance = 1e-10_c_double
    limit = 200
    if (present(rtol)) tolerance = rtol
    if (present(max_iterations)) limit = int(max_iterations, c_int)
    status = c_fractional_solve(self%handle, size(f, 2, c_int64_t), f, u, tolerance, limit, report)
  end function

  !> Prepares for many right-hand sides.
  function fractional_factorize(self) result(status)
    class(riesz_operator), intent(in) :: self
    integer(c_int) :: status
    status = c_fractional_factorize(self%handle)
  end function

  !> Solves for each column of f without iteration.
  function fractional_solve_factorized(self, f, u) result(status)
    class(riesz_operator), intent(in) :: self
    real(c_double), contiguous, intent(in) :: f(:, :)
    real(c_double), contiguous, intent(out) :: u(:, :)
    integer(c_int) :: status
    status = c_fractional_solve_factorized(self%handle, size(f, 2, c_int64_t), f, u)
  end function

  !> Values of one spline, or of a derivative, at points x.
  function fractional_evaluate(self, u, x, values, derivative) result(status)
    class(riesz_operator), intent(in) :: self
    real(c_double), contiguous, intent(in) :: u(:), x(:)
    real(c_double), contiguous, intent(out) :: values(:)
    integer, intent(in), optional :: derivative
    integer(c_int) :: status, order
    order = 0
    if (present(derivative)) order = int(derivative, c_int)
    status = c_fractional_evaluate(self%handle, u, size(x, kind=c_int64_t), x, order, values)
  end function

  subroutine fractional_destroy(self)
    class(riesz_operator), intent(inout) :: self
    if (c_associated(self%handle)) call c_fractional_destroy(self%handle)
    self%handle = c_null_ptr
  end subroutine

  !> Creates a tuner over so many arms; options are "key=value" pairs as in trimtab.h, where arms count from 0.
  function tuner_create(self, arms, learner, seed, options) result(status)
    class(tuner), intent(inout) :: self
    integer, intent(in) :: arms
    character(len=*), intent(in), optional :: learner, options
    integer(c_int64_t), intent(in), optional :: seed
    integer(c_int) :: status
    character(len=:), allocatable :: name, text
    integer(c_int64_t) :: key
    call self%destroy()
    name = 'tsallis-inf'
    if (present(learner)) name = learner
    text = ''
    if (present(options)) text = options
    key = 0
    if (present(seed)) key = seed
    status = c_tuner_create(int(arms, c_int64_t), name // c_null_char, key, text // c_null_char, self%handle)
  end function

  !> Arm of the next task, from 1, and the cost at which to give it up; size is what the reference may cost here.
  function tuner_suggest(self, arm, context, cap, size) result(status)
    class(tuner), intent(in) :: self
    integer, intent(out) :: arm
    real(c_double), contiguous, intent(in), optional :: context(:)
    real(c_double), intent(out), optional :: cap
    real(c_double), intent(in), optional :: size
    integer(c_int) :: status
    integer(c_int64_t) :: index
    real(c_double) :: limit, scale
    index = -1
    limit = 0
    scale = 1
    if (present(size)) scale = size
    if (present(context)) then
      status = c_tuner_suggest(self%handle, context, scale, index, limit)
    else
      status = c_tuner_suggest(self%handle, size=scale, arm=index, cap=limit)
    end if
    arm = int(index) + 1
    if (present(cap)) cap = limit
  end function

  !> The account of a tuner with a reference: spent, what the reference would have cost, what may be spent.
  function tuner_ledger(self, spent, baseline, bound) result(status)
    class(tuner), intent(in) :: self
    real(c_double), intent(out) :: spent, baseline, bound
    integer(c_int) :: status
    status = c_tuner_ledger(self%handle, spent, baseline, bound)
  end function

  !> Tells what the suggested arm cost.
  function tuner_observe(self, cost) result(status)
    class(tuner), intent(in) :: self
    real(c_double), intent(in) :: cost
    integer(c_int) :: status
    status = c_tuner_observe(self%handle, cost)
  end function

  !> Numbers in the state.
  function tuner_state_size(self) result(n)
    class(tuner), intent(in) :: self
    integer :: n
    n = int(c_tuner_state_size(self%handle))
  end function

  !> Copies the state to state(state_size()).
  function tuner_save(self, state) result(status)
    class(tuner), intent(in) :: self
    real(c_double), contiguous, intent(out) :: state(:)
    integer(c_int) :: status
    status = c_tuner_save(self%handle, state)
  end function

  !> Takes up a saved state in a tuner created alike.
  function tuner_load(self, state) result(status)
    class(tuner), intent(in) :: self
    real(c_double), contiguous, intent(in) :: state(:)
    integer(c_int) :: status
    status = c_tuner_load(self%handle, state, size(state, kind=c_int64_t))
  end function

  !> Frees the tuner; it may be created anew.
  subroutine tuner_destroy(self)
    class(tuner), intent(inout) :: self
    if (c_associated(self%handle)) call c_tuner_destroy(self%handle)
    self%handle = c_null_ptr
  end subroutine

  function to_string(pointer) result(text)
    type(c_ptr), intent(in) :: pointer
    character(len=:), allocatable :: text
    character(kind=c_char), pointer :: chars(:)
    integer :: i
    call c_f_pointer(pointer, chars, [c_strlen(pointer)])
    allocate (character(len=size(chars)) :: text)
    do i = 1, size(chars)
      text(i:i) = chars(i)
    end do
  end function

end module trimtab
