"""Stochastic differential equations: Brownian paths that can be asked anywhere, and solvers that adapt on them."""

from ._brownian import BrownianTree
from ._calibrate import CirFit, fit_cir
from ._cfunc import CFunction, cfunc
from ._equations import SDE
from ._increment import Increment, IncrementW, IncrementWH, IncrementWHK
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
from ._solution import Solution
from ._solve import solve
from ._solvers import SolverInfo, solver_info, solver_names
from ._step import Step, step
from ._steps import Adaptive, Cir, Constant

__all__ = [
    "SDE",
    "Adaptive",
    "BrownianTree",
    "CFunction",
    "Cir",
    "CirFit",
    "Constant",
    "Increment",
    "IncrementW",
    "IncrementWH",
    "IncrementWHK",
    "Model",
    "Solution",
    "SolverInfo",
    "Step",
    "cfunc",
    "cir",
    "double_well",
    "double_well_potential",
    "fit_cir",
    "funnel",
    "geometric_brownian_motion",
    "heston",
    "langevin",
    "ornstein_uhlenbeck",
    "quadratic",
    "solve",
    "solver_info",
    "solver_names",
    "step",
]
