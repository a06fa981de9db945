"""Stochastic differential equations: Brownian paths that can be asked anywhere; ordinary ones, and derivatives."""

from ._adjoint import Adjoint, adjoint
from ._brownian import BrownianTree
from ._increment import Increment, IncrementW, IncrementWH, IncrementWHK
from ._local_step import LocalStep, local_step
from ._ode import solve_ode
from ._ode_result import OdeInterpolant, OdeResult
from ._sweep import Gradient

__all__ = [
    "Adjoint",
    "BrownianTree",
    "Gradient",
    "Increment",
    "IncrementW",
    "IncrementWH",
    "IncrementWHK",
    "LocalStep",
    "OdeInterpolant",
    "OdeResult",
    "adjoint",
    "local_step",
    "solve_ode",
]
