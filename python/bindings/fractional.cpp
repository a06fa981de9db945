#include "arrays.hpp"

#include <trimtab/fractional/riesz.hpp>
#include <trimtab/fractional/solve.hpp>
#include <trimtab/fractional/symbol.hpp>

#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace trimtab::py {
namespace {

using namespace fractional;
using Array = Contiguous<double>;

/// A new array of this shape, filled by body(span) without the interpreter lock.
template <class Body>
Array filled(const std::vector<pb::ssize_t>& shape, Body&& body) {
  Array out(shape);
  const auto to = mutable_view(out);
  const pb::gil_scoped_release unlocked;
  body(to);
  return out;
}

std::vector<pb::ssize_t> shape_of(const Array& a) { return {a.shape(), a.shape() + a.ndim()}; }

Riesz make_riesz(std::int64_t n, int degree, double alpha, double a, double b, bool caputo, double weight_left,
                 double weight_right, int threads) {
  const pb::gil_scoped_release unlocked;
  return Riesz(n, {.degree = degree,
                   .alpha = alpha,
                   .a = a,
                   .b = b,
                   .kind = caputo ? Kind::caputo : Kind::riesz,
                   .weight_left = weight_left,
                   .weight_right = weight_right,
                   .threads = threads});
}

Array points(const Riesz& self) {
  return filled({self.size()}, [&](auto out) { self.points(out); });
}
pb::tuple toeplitz(const Riesz& self) {
  Array column(self.size()), row(self.size());
  self.toeplitz(mutable_view(column), mutable_view(row));
  return pb::make_tuple(column, row);
}
pb::tuple border(const Riesz& self) {
  const pb::ssize_t p = self.space().degree, n = self.size();
  Array columns({p - 1, n}), rows({p - 2, n});
  self.border(mutable_view(columns), mutable_view(rows));
  return pb::make_tuple(columns, rows);
}
Array dense(const Riesz& self) {
  return filled({self.size(), self.size()}, [&](auto out) { self.dense(out); });
}
Array rows(const Riesz& self, const Array& x) {
  const auto from = view(x);
  return filled({x.size(), self.size()}, [&](auto out) { self.rows(from, out); });
}
Array apply(const Riesz& self, const Array& v, bool transposed) {
  const auto from = view(v);
  return filled(shape_of(v), [&](auto out) { self.apply(from, out, transposed); });
}
Array mass(const Riesz& self, const Array& v, bool transposed) {
  const auto from = view(v);
  return filled(shape_of(v), [&](auto out) { self.mass(from, out, transposed); });
}
Array interpolate(const Riesz& self, const Array& values) {
  const auto from = view(values);
  return filled(shape_of(values), [&](auto out) { self.interpolate(from, out); });
}
/// Values of all B-splines at each x.
Array basis_rows(const Riesz& self, const Array& x, int derivative) {
  const auto at = view(x);
  const std::int64_t n = self.size();
  return filled({x.size(), n}, [&](auto out) { self.basis(at, derivative, out); });
}
Array evaluate_spline(const Riesz& self, const Array& coefficients, const Array& x, int derivative) {
  const auto c = view(coefficients), at = view(x);
  return filled(shape_of(x), [&](auto out) { self.evaluate(c, at, derivative, out); });
}

constexpr const char* preconditioners[] = {"auto", "tau", "padded tau", "strang", "none", "dense"};

System make_system(const Riesz& riesz, const Array& diffusion, const Array& reaction, int preconditioner, bool border) {
  const SystemOptions options{.diffusion = view(diffusion),
                              .reaction = view(reaction),
                              .preconditioner = static_cast<Preconditioner>(preconditioner),
                              .border = border};
  const pb::gil_scoped_release unlocked;
  return System(riesz, options);
}
Array apply_system(const System& self, const Array& v) {
  const auto from = view(v);
  return filled(shape_of(v), [&](auto out) { self.apply(from, out); });
}
Array precondition(const System& self, const Array& v) {
  const auto from = view(v);
  return filled(shape_of(v), [&](auto out) { self.precondition(from, out); });
}
/// Solves in place of u; status, iterations, error, seconds.
pb::tuple solve(const System& self, const Array& f, Array u, double rtol, int max_iterations, bool from_start) {
  constexpr const char* names[] = {"success", "floor", "maxiter", "diverged"};
  const auto from = view(f);
  const auto to = mutable_view(u);
  Report r;
  {
    const pb::gil_scoped_release unlocked;
    r = self.solve(from, to, {.rtol = rtol, .max_iterations = max_iterations}, from_start);
  }
  return pb::make_tuple(names[static_cast<int>(r.status)], r.iterations, r.error, r.seconds);
}

Factorization factorize(const Riesz& riesz, double diffusion, double shift) {
  const pb::gil_scoped_release unlocked;
  return Factorization(riesz, diffusion, shift);
}
Array solve_factorized(const Factorization& self, const Array& f) {
  const auto from = view(f);
  return filled(shape_of(f), [&](auto out) { self.solve(from, out); });
}

}  // namespace

void bind_fractional(pb::module_ m) {
  using namespace pb::literals;
  m.def(
      "symbol",
      [](const Array& theta, int degree, double alpha) {
        const auto from = view(theta);
        return filled(shape_of(theta), [&](auto out) { symbol(degree, alpha, from, out); });
      },
      "theta"_a, "degree"_a, "alpha"_a);
  m.def(
      "cardinal_entries",
      [](std::int64_t count, int degree, double alpha) {
        return filled({count}, [&](auto out) { cardinal_entries(degree, alpha, out); });
      },
      "count"_a, "degree"_a, "alpha"_a);
  m.def("cardinal_entry", &cardinal_entry, "degree"_a, "alpha"_a, "distance"_a);
  pb::class_<Riesz>(m, "Riesz")
      .def(pb::init(&make_riesz), "n"_a, "degree"_a, "alpha"_a, "a"_a, "b"_a, "caputo"_a, "weight_left"_a,
           "weight_right"_a, "threads"_a)
      .def_property_readonly("size", &Riesz::size)
      .def_property_readonly("spacing", &Riesz::spacing)
      .def("points", &points)
      .def("toeplitz", &toeplitz)
      .def("border", &border)
      .def("dense", &dense)
      .def("rows", &rows, "x"_a)
      .def("apply", &apply, "v"_a, "transposed"_a)
      .def("mass", &mass, "v"_a, "transposed"_a)
      .def("interpolate", &interpolate, "values"_a)
      .def("basis", &basis_rows, "x"_a, "derivative"_a)
      .def("evaluate", &evaluate_spline, "coefficients"_a, "x"_a, "derivative"_a);
  m.attr("PRECONDITIONERS") =
      pb::cast(std::vector<std::string>(std::begin(preconditioners), std::end(preconditioners)));
  pb::class_<System>(m, "System")
      .def(pb::init(&make_system), "riesz"_a, "diffusion"_a, "reaction"_a, "preconditioner"_a, "border"_a)
      .def_property_readonly("size", &System::size)
      .def_property_readonly("preconditioner",
                             [](const System& s) { return preconditioners[static_cast<int>(s.preconditioner())]; })
      .def("apply", &apply_system, "v"_a)
      .def("precondition", &precondition, "v"_a)
      .def("solve", &solve, "f"_a, "u"_a.noconvert(), "rtol"_a, "max_iterations"_a, "from_start"_a);
  pb::class_<Factorization>(m, "Factorization")
      .def(pb::init(&factorize), "riesz"_a, "diffusion"_a, "shift"_a)
      .def_property_readonly("size", &Factorization::size)
      .def("solve", &solve_factorized, "f"_a);
}

}  // namespace trimtab::py
