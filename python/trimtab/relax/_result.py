"""What the solvers of this room return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from .._result import Result

REASONS = {
    "success": "converged",
    "maxiter": "ran out of iterations",
    "stopped": "stopped by the progress function",
    "time_limit": "reached the time limit",
    "diverged": "diverged; x is the start",
    "not_spd": "A is not positive definite: a direction of negative curvature came up",
}


@dataclass(frozen=True, repr=False)
class RelaxResult(Result):
    """What a solver of this room found.

    Attributes
    ----------
    x : ndarray, shape of b
        The solution, or the last good iterate.
    success : bool
        Whether the residual is as small as was asked for.
    status : str
        ``"success"``, ``"maxiter"``, ``"stopped"``, ``"time_limit"``, ``"diverged"`` or ``"not_spd"``.
    message : str
        The status in words.
    nit : int
        Iterations; the largest number if there are several right-hand sides.
    residual : float
        True residual of `x` relative to the reference, that is to |b| or to the residual of the start.
    omega : float
        Relaxation factor.
    seconds : float
        Wall-clock time of the iteration.
    """

    x: NDArray[Any]
    success: bool
    status: str
    message: str
    nit: int
    residual: float
    omega: float
    seconds: float
