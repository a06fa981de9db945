"""Relaxation: SOR, SSOR-preconditioned conjugate gradients and projected SOR."""

from ._adaptive import AdaptiveSOR
from ._info import AdaptiveInfo
from ._precondition import ssor_preconditioner
from ._result import RelaxResult
from ._smoother import Smoother
from ._sor import psor, sor
from ._ssor_pcg import ssor_pcg
from ._stencil import Stencil2D, Stencil3D
from ._theory import omega_opt, young_rate

__all__ = [
    "AdaptiveInfo",
    "AdaptiveSOR",
    "RelaxResult",
    "Smoother",
    "Stencil2D",
    "Stencil3D",
    "omega_opt",
    "psor",
    "sor",
    "ssor_pcg",
    "ssor_preconditioner",
    "young_rate",
]
