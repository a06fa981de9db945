"""Riesz derivatives and fractional Laplacians on an interval: B-spline collocation in O(n log n).

The operator is the positive one, L = (-Laplace)^(alpha/2) = -d^alpha/d|x|^alpha; for d^alpha u/d|x|^alpha = s pass
f = -s.
"""

from ._derivative import derivative
from ._drive import Decision, Solution, solve
from ._enrichment import EnrichedSpline
from ._evolve import Evolution, evolve
from ._kron import Kron2D, Kron3D, TensorSpline
from ._riesz import Riesz
from ._spectral import ModeSum, spectral
from ._spline import Spline
from ._symbol import symbol
from ._system import Factorization, System

__all__ = [
    "Decision",
    "EnrichedSpline",
    "Evolution",
    "Factorization",
    "Kron2D",
    "Kron3D",
    "ModeSum",
    "Riesz",
    "Solution",
    "Spline",
    "System",
    "TensorSpline",
    "derivative",
    "evolve",
    "solve",
    "spectral",
    "symbol",
]
