"""Hyperbolic conservation laws by A-WENO schemes that pick the scheme cell by cell."""

from . import exact
from ._bc import Ghosts, Inflow
from ._result import HyperbolicResult
from ._solver import Solver

__all__ = ["Ghosts", "HyperbolicResult", "Inflow", "Solver", "exact"]
