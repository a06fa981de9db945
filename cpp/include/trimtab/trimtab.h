#ifndef TRIMTAB_H
#define TRIMTAB_H

/**
 * @file trimtab.h
 * The C interface of trimtab, also the ground under the Fortran module.
 *
 * Every function that can fail returns a status: TRIMTAB_OK, or a code below whose text trimtab_last_error() gives, per
 * thread. Codes are never reused. Arrays are the caller's, double precision, contiguous.
 */

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#if defined(TRIMTAB_BUILDING)
#define TRIMTAB_C_API __declspec(dllexport)
#else
#define TRIMTAB_C_API __declspec(dllimport)
#endif
#else
#define TRIMTAB_C_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum trimtab_status {
  TRIMTAB_OK = 0,
  TRIMTAB_INVALID_ARGUMENT = 1, /**< an argument is out of range or of the wrong size */
  TRIMTAB_OUT_OF_MEMORY = 2,
  TRIMTAB_FAILURE = 3, /**< the computation cannot go on; its last good state is kept */
  TRIMTAB_STOPPED = 4, /**< a callback or the time limit ended the run early */
  TRIMTAB_INTERNAL = 99
} trimtab_status;

/** Text of this thread's last error, "" if there was none. Valid until this thread's next call. */
TRIMTAB_C_API const char* trimtab_last_error(void);

/** Version of the library, "major.minor.patch". */
TRIMTAB_C_API const char* trimtab_version(void);

/** Instruction-set level of the loaded library: "base", "v3" or "v4". */
TRIMTAB_C_API const char* trimtab_isa_level(void);

/** Default number of threads of every later call; 0 returns to the environment's choice. */
TRIMTAB_C_API trimtab_status trimtab_set_threads(int threads);

/** Solver of one-dimensional hyperbolic conservation laws; see trimtab_hyperbolic_create(). */
typedef struct trimtab_hyperbolic trimtab_hyperbolic;

/**
 * Fills the three ghost cells of one side at time t with primitive values. Both arrays are n_vars x 3, row-major, in
 * the order of increasing coordinate; `interior` holds the three cells next to the side.
 */
typedef void (*trimtab_ghost_fill)(void* ctx, double t, const double* interior, double* ghosts);

/** Source term s of n cells at time t from their conserved values u; both n_vars x n, row-major. */
typedef void (*trimtab_source_fill)(void* ctx, double t, const double* u, double* s, int64_t n);

/**
 * Creates an A-WENO solver that chooses its scheme cell by cell.
 *
 * @param law      "euler" (rho, v, p), "advection" (u), "burgers" (u) or "shallow_water" (h, v)
 * @param n_dims   number of dimensions, 1
 * @param n        cells in each dimension, at least 6
 * @param lower,upper  ends of the domain in each dimension
 * @param options  "key=value" pairs separated by blanks, or NULL: gamma, speed, g (parameter of the law), bc, bc_lower,
 *                 bc_upper (periodic, outflow, reflect), scheme (adaptive, aweno, aweno-ldcu, linear), si (defect,
 * dual), tol, cfl, kappa, grow, contact (0, 1), hysteresis (0, 1), threads, dtype (float64, float32)
 * @param solver   receives the solver; give it back with trimtab_hyperbolic_destroy()
 */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_create(const char* law, int n_dims, const int64_t* n,
                                                       const double* lower, const double* upper, const char* options,
                                                       trimtab_hyperbolic** solver);

/** Frees a solver; NULL is allowed. */
TRIMTAB_C_API void trimtab_hyperbolic_destroy(trimtab_hyperbolic* solver);

/** Gives a side (0 lower, 1 upper) a boundary condition of one's own. Before set_primitive. */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_set_ghosts(trimtab_hyperbolic* solver, int side,
                                                           trimtab_ghost_fill fill, void* ctx);

/** Adds a source term. Before set_primitive. */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_set_source(trimtab_hyperbolic* solver, trimtab_source_fill fill,
                                                           void* ctx);

/** Number of variables of the law. */
TRIMTAB_C_API int trimtab_hyperbolic_n_vars(const trimtab_hyperbolic* solver);

/** Sets primitive values at time t and starts anew; w is n_vars x n, row-major. */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_set_primitive(trimtab_hyperbolic* solver, double t, const double* w);

/** Copies the primitive values to w, n_vars x n, row-major. */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_primitive(const trimtab_hyperbolic* solver, double* w);

/** Copies the conserved values to u, n_vars x n, row-major. */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_conservative(const trimtab_hyperbolic* solver, double* u);

/** Copies the class of each cell: 0 smooth, 1 shock, 2 contact. */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_classes(const trimtab_hyperbolic* solver, uint8_t* classes);

/** Time of the state. */
TRIMTAB_C_API double trimtab_hyperbolic_time(const trimtab_hyperbolic* solver);

/**
 * Advances to t_end.
 *
 * @param dt         fixed time step, or 0 for the Courant number's choice
 * @param max_steps  stop after so many steps (TRIMTAB_STOPPED), or 0 for no bound
 * @param steps      receives the number of steps taken; may be NULL
 * @return TRIMTAB_FAILURE if the run cannot go on; the solver then holds the last good state
 */
TRIMTAB_C_API trimtab_status trimtab_hyperbolic_run(trimtab_hyperbolic* solver, double t_end, double dt,
                                                    int64_t max_steps, int64_t* steps);

/* ---- relax: successive over-relaxation and SSOR-preconditioned conjugate gradients */

/** A checked square matrix. Compressed rows are borrowed and must outlive it; stencils are copied. */
typedef struct trimtab_relax_matrix trimtab_relax_matrix;

/** Called now and then with the fraction of the work done; an answer other than 0 stops the run. */
typedef int (*trimtab_relax_poll)(void* ctx, double fraction);

typedef struct trimtab_relax_options {
  double omega;            /**< relaxation factor in (0, 2) */
  double rtol;             /**< stop at |b - A x| <= max(rtol |b|, atol) */
  double atol;             /**< one of rtol and atol is above 0 */
  int64_t max_iterations;  /**< at least 1 */
  int direction;           /**< of SOR: 0 forward, 1 backward, 2 symmetric */
  int order;               /**< 0 by rows, 1 red-black (SOR forward, 5- and 7-point stencils), 2 multicolor */
  double time_limit;       /**< seconds, 0 for none */
  trimtab_relax_poll poll; /**< or NULL */
  void* ctx;               /**< handed to poll */
} trimtab_relax_options;

typedef struct trimtab_relax_report {
  int status; /**< 0 converged, 1 out of iterations, 2 stopped by poll, 3 time limit, 4 diverged (x as it came), 5 not
                 positive definite */
  int64_t iterations;
  double residual;  /**< |b - A x|; for psor max |min(x - floor, A x - b)| */
  double reference; /**< |b|, what rtol is relative to */
  double seconds;
  double ritz_min; /**< jacobi_pcg: smallest Ritz value of D^-1 A, 0 otherwise */
} trimtab_relax_report;

/** omega = 1, rtol = 1e-8, atol = 0, 10000 iterations, forward by rows, nobody asked. */
TRIMTAB_C_API void trimtab_relax_default_options(trimtab_relax_options* options);

/** Young's best omega for the gap 1 - (spectral radius of the Jacobi iteration), in (0, 1]. */
TRIMTAB_C_API trimtab_status trimtab_relax_omega_opt(double gap, double* omega);

/**
 * Young's omega for the Jacobi radius (1 - eps) norm, with norm of trimtab_relax_jacobi_norm() and a guess eps of the
 * gap: one eps serves c I + g K for every c and g, so tune eps, not omega.
 */
TRIMTAB_C_API trimtab_status trimtab_relax_omega_from_gap(double eps, double norm, double* omega);

/** n rows with ascending columns, counted from 0; threads 0 for the default. Give the matrix back with _destroy. */
TRIMTAB_C_API trimtab_status trimtab_relax_matrix_csr(int64_t n, const int32_t* indptr, const int32_t* indices,
                                                      const double* data, int threads, trimtab_relax_matrix** a);

/**
 * A 5-, 9- or 7-point stencil on nz x ny x nx unknowns, nz = 1 in two dimensions. Coefficients in the order of the
 * unknowns (5 points: north, west, center, east, south): `points` numbers, or if variable points x nz x ny x nx.
 */
TRIMTAB_C_API trimtab_status trimtab_relax_matrix_stencil(int64_t nz, int64_t ny, int64_t nx, int points, int variable,
                                                          const double* coefficients, int threads,
                                                          trimtab_relax_matrix** a);

TRIMTAB_C_API void trimtab_relax_matrix_destroy(trimtab_relax_matrix* a);

/** Largest row sum of |I - D^-1 A|. */
TRIMTAB_C_API trimtab_status trimtab_relax_jacobi_norm(const trimtab_relax_matrix* a, double* norm);

/** Solve A x = b by SOR sweeps; x holds the start, then the solution. */
TRIMTAB_C_API trimtab_status trimtab_relax_sor(const trimtab_relax_matrix* a, const double* b, double* x,
                                               const trimtab_relax_options* options, trimtab_relax_report* report);

/** Solve x >= floor, A x >= b, (x - floor)'(A x - b) = 0 by projected SOR. */
TRIMTAB_C_API trimtab_status trimtab_relax_psor(const trimtab_relax_matrix* a, const double* b, const double* floor,
                                                double* x, const trimtab_relax_options* options,
                                                trimtab_relax_report* report);

/** Solve A x = b, A symmetric positive definite, by conjugate gradients with the SSOR preconditioner. */
TRIMTAB_C_API trimtab_status trimtab_relax_ssor_pcg(const trimtab_relax_matrix* a, const double* b, double* x,
                                                    const trimtab_relax_options* options, trimtab_relax_report* report);

/** The same with the diagonal as preconditioner; 1 - (1 - ritz_min) / norm then estimates the gap eps. */
TRIMTAB_C_API trimtab_status trimtab_relax_jacobi_pcg(const trimtab_relax_matrix* a, const double* b, double* x,
                                                      const trimtab_relax_options* options,
                                                      trimtab_relax_report* report);

/* ---- fractional: (-Laplace)^(alpha/2), which is minus the Riesz derivative, by B-spline collocation */

/** d L u + r u = f on an interval, u = 0 outside. A solution is given by its n + degree - 2 spline coefficients. */
typedef struct trimtab_fractional trimtab_fractional;

typedef struct trimtab_fractional_report {
  int status;     /**< 0 converged, 1 converged to the rounding floor, 2 out of iterations, 3 diverged */
  int iterations; /**< the largest number if there are several right-hand sides */
  double error;   /**< preconditioned residual relative to that of f: nearly the relative error of the coefficients */
  double seconds;
} trimtab_fractional_report;

/**
 * Creates the operator and its preconditioner.
 *
 * @param n        cells, at least 2
 * @param degree   of the splines, 2 to 20; 4 is a good choice
 * @param alpha    order, in (0, 2)
 * @param a,b      ends of the interval
 * @param options  "key=value" pairs separated by blanks, or NULL: kind (riesz, caputo), weight_left, weight_right (of
 *                 the one-sided derivatives), diffusion (d, 1), reaction (r, 0), preconditioner (auto, tau, padded_tau,
 *                 strang, none, dense), threads
 * @param op       receives the operator; give it back with trimtab_fractional_destroy()
 */
TRIMTAB_C_API trimtab_status trimtab_fractional_create(int64_t n, int degree, double alpha, double a, double b,
                                                       const char* options, trimtab_fractional** op);

/** Frees an operator; NULL is allowed. */
TRIMTAB_C_API void trimtab_fractional_destroy(trimtab_fractional* op);

/** Number of unknowns, n + degree - 2. */
TRIMTAB_C_API int64_t trimtab_fractional_size(const trimtab_fractional* op);

/** Copies the points where right-hand sides are sampled. */
TRIMTAB_C_API trimtab_status trimtab_fractional_points(const trimtab_fractional* op, double* x);

/** f = d L u + r u at the points, for `count` vectors of coefficients one after the other. */
TRIMTAB_C_API trimtab_status trimtab_fractional_apply(const trimtab_fractional* op, int64_t count, const double* u,
                                                      double* f);

/** Solves for `count` right-hand sides; rtol is that of report->error, which may be NULL. */
TRIMTAB_C_API trimtab_status trimtab_fractional_solve(const trimtab_fractional* op, int64_t count, const double* f,
                                                      double* u, double rtol, int max_iterations,
                                                      trimtab_fractional_report* report);

/** Prepares for many right-hand sides; equal weights and reaction >= 0 only. */
TRIMTAB_C_API trimtab_status trimtab_fractional_factorize(trimtab_fractional* op);

/** Solves without iteration, after trimtab_fractional_factorize(). */
TRIMTAB_C_API trimtab_status trimtab_fractional_solve_factorized(const trimtab_fractional* op, int64_t count,
                                                                 const double* f, double* u);

/** Values of one spline, or of a derivative, at `count` points. */
TRIMTAB_C_API trimtab_status trimtab_fractional_evaluate(const trimtab_fractional* op, const double* u, int64_t count,
                                                         const double* x, int derivative, double* values);

/* ---- steer: a tuner for anybody's solver */

/** Chooses among the settings of a solver from what the choices cost; see trimtab_tuner_create(). */
typedef struct trimtab_tuner trimtab_tuner;

/**
 * Creates a tuner. Ask it before each task by trimtab_tuner_suggest(), tell it afterwards by trimtab_tuner_observe().
 *
 * @param arms     number of settings to choose from, at least 1
 * @param learner  "tsallis-inf", "tsallis-rv", "exp3", "chebcb" or "thompson"
 * @param seed     the arm of a round is a function of the arguments, the costs so far and of (seed, round)
 * @param options  "key=value" pairs separated by blanks, or NULL: context_lower, context_upper (once per context),
 *                 position (once per arm, none for an arm by itself), reference, bins, degree, noise, cost_cap,
 * discount, restart, alpha, slack, cap
 * @param tuner    receives the tuner; give it back with trimtab_tuner_destroy()
 */
TRIMTAB_C_API trimtab_status trimtab_tuner_create(int64_t arms, const char* learner, uint64_t seed, const char* options,
                                                  trimtab_tuner** tuner);

/** Frees a tuner; NULL is allowed. */
TRIMTAB_C_API void trimtab_tuner_destroy(trimtab_tuner* tuner);

/**
 * Arm of the next task, 0 to arms - 1.
 *
 * @param context  what is known of the task, one number per range in the options; NULL without ranges
 * @param size     what the reference arm may cost here, in any unit; 1 where tasks are alike
 * @param cap      receives the cost at which to give up, infinite without a reference; may be NULL
 */
TRIMTAB_C_API trimtab_status trimtab_tuner_suggest(trimtab_tuner* tuner, const double* context, double size,
                                                   int64_t* arm, double* cap);

/** Tells what the suggested arm cost: iterations, seconds, anything from 0 to 1e100. */
TRIMTAB_C_API trimtab_status trimtab_tuner_observe(trimtab_tuner* tuner, double cost);

/**
 * The account of a tuner with a reference: what was spent, what the reference would have cost, and what may be spent.
 * Any of the three may be NULL.
 */
TRIMTAB_C_API trimtab_status trimtab_tuner_ledger(const trimtab_tuner* tuner, double* spent, double* baseline,
                                                  double* bound);

/** Numbers in the state of a tuner; it depends on how the tuner was created alone. */
TRIMTAB_C_API int64_t trimtab_tuner_state_size(const trimtab_tuner* tuner);

/** Copies the state to trimtab_tuner_state_size() numbers. */
TRIMTAB_C_API trimtab_status trimtab_tuner_save(const trimtab_tuner* tuner, double* state);

/** Takes up a saved state, bit for bit, in a tuner created alike. */
TRIMTAB_C_API trimtab_status trimtab_tuner_load(trimtab_tuner* tuner, const double* state, int64_t size);

/**
 * Increments of Brownian paths over [s[i], t[i]], of path path[i] and component dim[i]. Nothing is kept between calls:
 * the same arguments always give the same numbers, in any order, on any thread.
 *
 * @param seed   of all paths
 * @param t0,t1  ends of time, t0 <= s[i] <= t[i] <= t1; equal times give zeros
 * @param levy   1 for W, 2 for W and H, 3 for W, H and K: trees of their own, whose W differ
 * @param depth  levels of the tree, 52 for exact times; with fewer, two times in one leaf are refused
 * @param n      increments
 * @param path,dim  0 ... 2^40 - 1 and 0 ... 2^24 - 1
 * @param w,h,k  receive n numbers each, H and K the integrals against time, of variance (t - s)/12 and (t - s)/720;
 * NULL for what is not wanted
 */
TRIMTAB_C_API trimtab_status trimtab_brownian_increment(uint64_t seed, double t0, double t1, int levy, int depth,
                                                        int64_t n, const double* s, const double* t,
                                                        const int64_t* path, const int64_t* dim, double* w, double* h,
                                                        double* k);

#ifdef __cplusplus
}
#endif

#endif
