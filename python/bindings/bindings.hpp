#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

/// One function per room; each only translates between Python and the core.
namespace trimtab::py {

namespace pb = pybind11;

void bind_core(pb::module_ m);
void bind_fractional(pb::module_ m);
void bind_hyperbolic(pb::module_ m);
void bind_fft(pb::module_ m);
void bind_rng(pb::module_ m);
void bind_relax(pb::module_ m);
void bind_sde(pb::module_ m);
void bind_sde_solve(pb::module_ m);
void bind_ode(pb::module_ m);
void bind_adjoint(pb::module_ m);
void bind_steer(pb::module_ m);

}  // namespace trimtab::py
