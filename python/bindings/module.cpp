#include "bindings.hpp"

PYBIND11_MODULE(_core, m) {
  m.doc() = "Compiled core of trimtab; use the public modules instead.";
  trimtab::py::bind_core(m.def_submodule("core"));
  trimtab::py::bind_fractional(m.def_submodule("fractional"));
  trimtab::py::bind_hyperbolic(m.def_submodule("hyperbolic"));
  trimtab::py::bind_fft(m.def_submodule("fft"));
  trimtab::py::bind_rng(m.def_submodule("rng"));
  trimtab::py::bind_relax(m.def_submodule("relax"));
  auto sde = m.def_submodule("sde");
  trimtab::py::bind_sde(sde);
  trimtab::py::bind_sde_solve(sde);
  trimtab::py::bind_ode(m.def_submodule("ode"));
  trimtab::py::bind_adjoint(m.def_submodule("adjoint"));
  trimtab::py::bind_steer(m.def_submodule("steer"));
}
