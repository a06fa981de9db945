#include "arrays.hpp"
#include "watch.hpp"

#include <trimtab/core/parallel.hpp>
#include <trimtab/relax/solve.hpp>
#include <trimtab/relax/theory.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace trimtab::py {
namespace {

using namespace relax;
template <class T>
using Vector = Contiguous<T>;

template <class Body>
auto with_gil_released(Body&& body) {
  const pb::gil_scoped_release nogil;
  return body();
}

pb::tuple as_tuple(const Report& r) {
  constexpr const char* names[] = {"success", "maxiter", "stopped", "time_limit", "diverged", "not_spd"};
  return pb::make_tuple(names[static_cast<int>(r.status)], r.iterations, r.residual, r.reference, r.seconds, r.ritz_min,
                        r.ritz_before, r.rate);
}

pb::list as_list(const std::vector<Report>& reports) {
  pb::list result;
  for (const Report& r : reports) result.append(as_tuple(r));
  return result;
}

/// rtol, atol, relative to the right-hand side or to the start, maxiter.
struct Stopping {
  double rtol, atol;
  bool from_start;
  std::int64_t max_iterations;
  PythonWatch watch;

  StopOptions options() {
    return {.rtol = rtol,
            .atol = atol,
            .reference = from_start ? StopOptions::Reference::start : StopOptions::Reference::rhs,
            .max_iterations = max_iterations,
            .watch = watch.options()};
  }
};

/// A matrix together with the arrays that it borrows.
template <class Real>
class PyMatrix {
 public:
  PyMatrix(Matrix<Real> matrix, pb::object kept) : matrix_(std::move(matrix)), kept_(std::move(kept)) {}

  template <class Index>
  static PyMatrix csr(const Vector<Index>& indptr, const Vector<Index>& indices, const Vector<Real>& data,
                      int threads) {
    const Csr<Real, Index> a{indptr.size() - 1, indptr.data(), indices.data(), data.data()};
    return {with_gil_released([&] { return Matrix<Real>(a, threads); }), pb::make_tuple(indptr, indices, data)};
  }
  static PyMatrix stencil(std::int64_t nz, std::int64_t ny, std::int64_t nx, int points, bool variable,
                          const Vector<Real>& coefficients, int threads) {
    const Stencil<Real> a{nz, ny, nx, points, variable, coefficients.data()};
    return {with_gil_released([&] { return Matrix<Real>(a, threads); }), pb::none()};
  }

  std::size_t size() const { return matrix_.size(); }
  double jacobi_norm() const {
    return with_gil_released([&] { return matrix_.jacobi_norm(); });
  }
  std::int64_t negative_diagonal() const { return matrix_.negative_diagonal(); }
  Vector<Real> multiply(const Vector<Real>& x) const {
    Vector<Real> y(x.size());
    const auto in = view(x);
    const auto out = mutable_view(y);
    with_gil_released([&] { matrix_.multiply(in, out); });
    return y;
  }

  pb::object sor(const Vector<Real>& b, const pb::object& floor, Vector<Real> x, double omega, int direction, int order,
                 Stopping& stopping) const {
    const SorOptions options{.omega = omega,
                             .direction = static_cast<Direction>(direction),
                             .order = static_cast<Order>(order),
                             .stop = stopping.options()};
    if (floor.is_none())
      return together(b, x,
                      [&](auto rhs, auto out, auto reports) { relax::sor<Real>(matrix_, rhs, out, options, reports); });
    const auto held = floor.cast<Vector<Real>>();
    const auto low = view(held);
    return together(
        b, x, [&](auto rhs, auto out, auto reports) { relax::psor<Real>(matrix_, rhs, low, out, options, reports); });
  }
  pb::object ssor_pcg(const Vector<Real>& b, Vector<Real> x, double omega, int order, Stopping& stopping) const {
    const PcgOptions options{.omega = omega, .order = static_cast<Order>(order), .stop = stopping.options()};
    return together(
        b, x, [&](auto rhs, auto out, auto reports) { relax::ssor_pcg<Real>(matrix_, rhs, out, options, reports); });
  }
  pb::object jacobi_pcg(const Vector<Real>& b, Vector<Real> x, Stopping& stopping) const {
    const PcgOptions options{.stop = stopping.options()};
    return together(b, x, [&](auto rhs, auto out, auto reports) {
      const std::size_t n = matrix_.size();
      parallel_for(reports.size(), matrix_.threads(), [&](std::size_t i) {
        reports[i] = relax::jacobi_pcg<Real>(matrix_, rhs.subspan(i * n, n), out.subspan(i * n, n), options);
      });
    });
  }
  Vector<Real> ssor_apply(double omega, const Vector<Real>& r) const {
    Vector<Real> z(r.size());
    const auto in = view(r);
    const auto out = mutable_view(z);
    with_gil_released([&] { relax::ssor_apply<Real>(matrix_, omega, in, out); });
    return z;
  }

 private:
  /// The report of one right-hand side, or a list of those of the rows of b.
  template <class Solve>
  static pb::object together(const Vector<Real>& b, Vector<Real>& x, Solve&& solve) {
    std::vector<Report> reports(b.ndim() == 1 ? 1 : static_cast<std::size_t>(b.shape(0)));
    const auto rhs = view(b);
    const auto out = mutable_view(x);
    with_gil_released([&] { solve(rhs, out, std::span(reports)); });
    return b.ndim() == 1 ? pb::object(as_tuple(reports[0])) : as_list(reports);
  }

  Matrix<Real> matrix_;
  pb::object kept_;
};

template <class Real>
void bind_matrix(pb::module_& m, const char* name) {
  using namespace pb::literals;
  using M = PyMatrix<Real>;
  pb::class_<M>(m, name)
      .def_static("csr", &M::template csr<std::int32_t>, "indptr"_a.noconvert(), "indices"_a.noconvert(),
                  "data"_a.noconvert(), "threads"_a)
      .def_static("csr", &M::template csr<std::int64_t>, "indptr"_a.noconvert(), "indices"_a.noconvert(),
                  "data"_a.noconvert(), "threads"_a)
      .def_static("stencil", &M::stencil, "nz"_a, "ny"_a, "nx"_a, "points"_a, "variable"_a, "coefficients"_a,
                  "threads"_a)
      .def_property_readonly("size", &M::size)
      .def("jacobi_norm", &M::jacobi_norm)
      .def("negative_diagonal", &M::negative_diagonal)
      .def("multiply", &M::multiply, "x"_a)
      .def("sor", &M::sor, "b"_a, "floor"_a, "x"_a.noconvert(), "omega"_a, "direction"_a, "order"_a, "stopping"_a)
      .def("ssor_pcg", &M::ssor_pcg, "b"_a, "x"_a.noconvert(), "omega"_a, "order"_a, "stopping"_a)
      .def("jacobi_pcg", &M::jacobi_pcg, "b"_a, "x"_a.noconvert(), "stopping"_a)
      .def("ssor_apply", &M::ssor_apply, "omega"_a, "r"_a);
}

}  // namespace

void bind_relax(pb::module_ m) {
  using namespace pb::literals;
  m.def("omega_opt", &omega_opt, "gap"_a);
  m.def("young_rate", &young_rate, "omega"_a, "beta"_a);
  m.def("beta_from_rate", &beta_from_rate, "omega"_a, "rate"_a);
  m.def("omega_from_gap", &omega_from_gap, "eps"_a, "norm"_a);
  pb::class_<Stopping>(m, "Stopping")
      .def(pb::init([](double rtol, double atol, bool from_start, std::int64_t max_iterations, double time_limit,
                       pb::object progress) {
             return Stopping{rtol, atol, from_start, max_iterations, PythonWatch(std::move(progress), time_limit)};
           }),
           "rtol"_a, "atol"_a, "from_start"_a, "max_iterations"_a, "time_limit"_a, "progress"_a);
  bind_matrix<double>(m, "Matrix64");
  bind_matrix<float>(m, "Matrix32");
}

}  // namespace trimtab::py
