#include "sor_run.hpp"

#include <trimtab/core/error.hpp>

#include <string>

namespace trimtab::relax {
namespace {

template <class Real>
void check(const Matrix<Real>& a, std::span<const Real> b, std::span<const Real> x, const SorOptions& options,
           std::size_t total) {
  check_options(options.omega, options.stop);
  check_columns<Real>(b, x, a.size(), total);
  if (options.order == Order::red_black) {
    if (!a.kernels().red_black())
      reject("order", "row for this matrix; red-black needs a 5- or 7-point stencil", "red-black");
    if (options.direction != Direction::forward) reject("direction", "forward for red-black sweeps", "another");
  }
}

/// floor may be null
template <class Real>
void solve(const Matrix<Real>& matrix, const Real* b, const Real* floor, Real* x, const SorOptions& options,
           std::span<Report> reports) {
  const Operator<Real>& a = matrix.kernels();
  const auto run = [&]<class Value>(Value, std::size_t first, std::size_t count) {
    const std::size_t at = first * a.size();
    Watch watch(options.stop.watch);
    SorRun<Real, Value>(a, b + at, floor ? floor + at : nullptr, x + at, reports.subspan(first, count), options,
                        watch)();
  };
  for_columns(
      in_order(a, options.order).for_columns(), reports.size(), a.threads(),
      [&](std::size_t first, std::size_t count) { run(Columns<Real>{}, first, count); },
      [&](std::size_t i) { run(Real{}, i, 1); });
}

}  // namespace

template <class Real>
Report sor(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const SorOptions& options) {
  Report report;
  sor(a, b, x, options, {&report, 1});
  return report;
}

template <class Real>
void sor(const Matrix<Real>& a, std::span<const Real> b, std::span<Real> x, const SorOptions& options,
         std::span<Report> reports) {
  check<Real>(a, b, x, options, reports.size());
  solve<Real>(a, b.data(), nullptr, x.data(), options, reports);
}

template <class Real>
Report psor(const Matrix<Real>& a, std::span<const Real> b, std::span<const Real> floor, std::span<Real> x,
            const SorOptions& options) {
  Report report;
  psor(a, b, floor, x, options, {&report, 1});
  return report;
}

template <class Real>
void psor(const Matrix<Real>& a, std::span<const Real> b, std::span<const Real> floor, std::span<Real> x,
          const SorOptions& options, std::span<Report> reports) {
  check<Real>(a, b, x, options, reports.size());
  check_vector<Real>("floor", floor, b.size());
  if (const auto row = a.negative_diagonal(); row >= 0)
    throw std::invalid_argument("A: row " + std::to_string(row) +
                                ": a_ii < 0; projected SOR needs a positive diagonal");
  solve<Real>(a, b.data(), floor.data(), x.data(), options, reports);
}

#define INSTANTIATE(Real)                                                                                        \
  template Report sor<Real>(const Matrix<Real>&, std::span<const Real>, std::span<Real>, const SorOptions&);     \
  template void sor<Real>(const Matrix<Real>&, std::span<const Real>, std::span<Real>, const SorOptions&,        \
                          std::span<Report>);                                                                    \
  template Report psor<Real>(const Matrix<Real>&, std::span<const Real>, std::span<const Real>, std::span<Real>, \
                             const SorOptions&);                                                                 \
  template void psor<Real>(const Matrix<Real>&, std::span<const Real>, std::span<const Real>, std::span<Real>,   \
                           const SorOptions&, std::span<Report>);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace trimtab::relax
