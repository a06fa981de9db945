"""Stochastic and ordinary differential equations: Brownian paths, solvers that adapt on them, and derivatives."""

from ._adjoint import Adjoint, adjoint
from ._brownian import BrownianTree
from ._calibrate import CirFit, fit_cir
from ._callable import CFunction, cfunc
from ._equations import SDE
from ._increment import Increment, IncrementW, IncrementWH, IncrementWHK
from ._local_step import LocalStep, local_step
from ._models import (
    Model,
    cir,
    double_well,
    double_well_potential,
    funnel,
    geometric_brownian_motion,
    heston,
    langevin,
    ornstein_uhlenbeck,
    quadratic,
)
from ._ode import solve_ode
from ._ode_result import OdeInterpolant, OdeResult
from ._solution import Solution
from ._solve import solve
from ._solvers import SolverInfo, solver_info, solver_names
from ._step import Step, step
from ._steps import Adaptive, Cir, Constant
from ._sweep import Gradient

__all__ = [
    "SDE",
    "Adaptive",
    "Adjoint",
    "BrownianTree",
    "CFunction",
    "Cir",
    "CirFit",
    "Constant",
    "Gradient",
    "Increment",
    "IncrementW",
    "IncrementWH",
    "IncrementWHK",
    "LocalStep",
    "Model",
    "OdeInterpolant",
    "OdeResult",
    "Solution",
    "SolverInfo",
    "Step",
    "adjoint",
    "cfunc",
    "cir",
    "double_well",
    "double_well_potential",
    "fit_cir",
    "funnel",
    "geometric_brownian_motion",
    "heston",
    "langevin",
    "local_step",
    "ornstein_uhlenbeck",
    "quadratic",
    "solve",
    "solve_ode",
    "solver_info",
    "solver_names",
    "step",
]
