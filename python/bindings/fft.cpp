#include "bindings.hpp"

#include <trimtab/core/error.hpp>
#include <trimtab/core/fft.hpp>

#include <pybind11/complex.h>

#include <complex>
#include <span>

namespace trimtab::py {
namespace {

template <class T>
using Array = pb::array_t<T, pb::array::c_style>;

std::size_t row_length(const pb::array& a) {
  if (a.ndim() < 1) reject("x", "at least one dimension", "none");
  return static_cast<std::size_t>(a.shape(a.ndim() - 1));
}

/// Calls transform(in, out) on the numbers of both arrays, without the interpreter lock.
template <class In, class Out, class Transform>
void run(const Array<In>& in, Array<Out>& out, Transform&& transform) {
  const std::span<const In> from(in.data(), static_cast<std::size_t>(in.size()));
  const std::span<Out> to(out.mutable_data(), static_cast<std::size_t>(out.size()));
  const pb::gil_scoped_release unlocked;
  transform(from, to);
}

template <class Real>
void bind(pb::module_& m) {
  using Complex = std::complex<Real>;
  const auto in = pb::arg("x").noconvert();
  const auto out = pb::arg("out").noconvert();
  const auto threads = pb::arg("threads");
  m.def(
      "fft",
      [](const Array<Complex>& x, Array<Complex> y, int t) {
        const std::size_t n = row_length(x);
        run(x, y, [&](auto from, auto to) { fft<Real>(from, to, n, t); });
      },
      in, out, threads);
  m.def(
      "ifft",
      [](const Array<Complex>& x, Array<Complex> y, int t) {
        const std::size_t n = row_length(x);
        run(x, y, [&](auto from, auto to) { ifft<Real>(from, to, n, t); });
      },
      in, out, threads);
  m.def(
      "rfft",
      [](const Array<Real>& x, Array<Complex> y, int t) {
        const std::size_t n = row_length(x);
        run(x, y, [&](auto from, auto to) { rfft<Real>(from, to, n, t); });
      },
      in, out, threads);
  m.def(
      "irfft",
      [](const Array<Complex>& x, Array<Real> y, int t) {
        const std::size_t n = row_length(y);
        run(x, y, [&](auto from, auto to) { irfft<Real>(from, to, n, t); });
      },
      in, out, threads);
}

}  // namespace

void bind_fft(pb::module_ m) {
  m.def("next_fast_length", &next_fast_length, pb::arg("n"));
  bind<double>(m);
  bind<float>(m);
  bind<long double>(m);
}

}  // namespace trimtab::py
