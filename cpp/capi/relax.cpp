#include "options.hpp"
#include "status.hpp"

#include <trimtab/relax/solve.hpp>
#include <trimtab/relax/theory.hpp>

#include <span>

using namespace trimtab;
using namespace trimtab::relax;

struct trimtab_relax_matrix {
  Matrix<double> matrix;
};

namespace {

StopOptions stop_options(const trimtab_relax_options& o) {
  return {.rtol = o.rtol,
          .atol = o.atol,
          .max_iterations = o.max_iterations,
          .watch = {.poll = o.poll, .ctx = o.ctx, .time_limit = o.time_limit}};
}

Order order(const trimtab_relax_options& o) {
  if (o.order < 0 || o.order > 2) reject("order", "0, 1 or 2", o.order);
  return static_cast<Order>(o.order);
}

SorOptions sor_options(const trimtab_relax_options& o) {
  if (o.direction < 0 || o.direction > 2) reject("direction", "0, 1 or 2", o.direction);
  return {
      .omega = o.omega, .direction = static_cast<Direction>(o.direction), .order = order(o), .stop = stop_options(o)};
}

template <class Solve>
trimtab_status solve(const trimtab_relax_matrix* a, const double* b, double* x, const trimtab_relax_options* options,
                     trimtab_relax_report* report, Solve&& body) {
  return capi::guarded([&] {
    capi::require("a", a), capi::require("b", b), capi::require("x", x);
    capi::require("options", options), capi::require("report", report);
    const Report r = body(a->matrix);
    *report = {static_cast<int>(r.status), r.iterations, r.residual, r.reference, r.seconds, r.ritz_min};
  });
}

}  // namespace

extern "C" {

trimtab_status trimtab_relax_omega_opt(double gap, double* omega) {
  return capi::guarded([&] {
    capi::require("omega", omega);
    *omega = omega_opt(gap);
  });
}

trimtab_status trimtab_relax_omega_from_gap(double eps, double norm, double* omega) {
  return capi::guarded([&] {
    capi::require("omega", omega);
    *omega = omega_from_gap(eps, norm);
  });
}

void trimtab_relax_default_options(trimtab_relax_options* options) {
  *options = {1.0, 1e-8, 0.0, 10000, 0, 0, 0.0, nullptr, nullptr};
}

trimtab_status trimtab_relax_matrix_csr(int64_t n, const int32_t* indptr, const int32_t* indices, const double* data,
                                        int threads, trimtab_relax_matrix** a) {
  return capi::guarded([&] {
    capi::require("indptr", indptr), capi::require("indices", indices), capi::require("data", data);
    capi::require("a", a);
    *a = new trimtab_relax_matrix{Matrix<double>(Csr<double, std::int32_t>{n, indptr, indices, data}, threads)};
  });
}

trimtab_status trimtab_relax_matrix_stencil(int64_t nz, int64_t ny, int64_t nx, int points, int variable,
                                            const double* coefficients, int threads, trimtab_relax_matrix** a) {
  return capi::guarded([&] {
    capi::require("coefficients", coefficients), capi::require("a", a);
    *a = new trimtab_relax_matrix{
        Matrix<double>(Stencil<double>{nz, ny, nx, points, variable != 0, coefficients}, threads)};
  });
}

void trimtab_relax_matrix_destroy(trimtab_relax_matrix* a) { delete a; }

trimtab_status trimtab_relax_jacobi_norm(const trimtab_relax_matrix* a, double* norm) {
  return capi::guarded([&] {
    capi::require("a", a), capi::require("norm", norm);
    *norm = a->matrix.jacobi_norm();
  });
}

trimtab_status trimtab_relax_sor(const trimtab_relax_matrix* a, const double* b, double* x,
                                 const trimtab_relax_options* options, trimtab_relax_report* report) {
  return solve(a, b, x, options, report, [&](const Matrix<double>& m) {
    return sor<double>(m, {b, m.size()}, {x, m.size()}, sor_options(*options));
  });
}

trimtab_status trimtab_relax_psor(const trimtab_relax_matrix* a, const double* b, const double* floor, double* x,
                                  const trimtab_relax_options* options, trimtab_relax_report* report) {
  return solve(a, b, x, options, report, [&](const Matrix<double>& m) {
    capi::require("floor", floor);
    return psor<double>(m, {b, m.size()}, {floor, m.size()}, {x, m.size()}, sor_options(*options));
  });
}

trimtab_status trimtab_relax_ssor_pcg(const trimtab_relax_matrix* a, const double* b, double* x,
                                      const trimtab_relax_options* options, trimtab_relax_report* report) {
  return solve(a, b, x, options, report, [&](const Matrix<double>& m) {
    return ssor_pcg<double>(m, {b, m.size()}, {x, m.size()},
                            {.omega = options->omega, .order = order(*options), .stop = stop_options(*options)});
  });
}

trimtab_status trimtab_relax_jacobi_pcg(const trimtab_relax_matrix* a, const double* b, double* x,
                                        const trimtab_relax_options* options, trimtab_relax_report* report) {
  return solve(a, b, x, options, report, [&](const Matrix<double>& m) {
    return jacobi_pcg<double>(m, {b, m.size()}, {x, m.size()}, {.stop = stop_options(*options)});
  });
}
}
