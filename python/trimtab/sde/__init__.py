"""Stochastic differential equations: Brownian paths that can be asked anywhere."""

from ._brownian import BrownianTree
from ._increment import Increment, IncrementW, IncrementWH, IncrementWHK

__all__ = ["BrownianTree", "Increment", "IncrementW", "IncrementWH", "IncrementWHK"]
