"""What happened to one system of a sequence."""

from __future__ import annotations

from dataclasses import dataclass

from .._result import Result


@dataclass(frozen=True, repr=False)
class AdaptiveInfo(Result):
    """What happened to one system of the sequence.

    Attributes
    ----------
    success, status, message, residual, seconds
        As in `RelaxResult`.
    iterations : int
        All iterations of this solve, those of a failed or abandoned attempt among them.
    omega : float
        Relaxation factor; 0 for the solve that measured the spectral gap by Jacobi-PCG.
    arm : int
        Which arm was played, -1 for the solve that measured.
    regret_bound : float
        By how many iterations the sequence so far may have cost more than with omega = 1 throughout, from the ledger;
        NaN where nothing is learned.
    """

    success: bool
    status: str
    message: str
    iterations: int
    omega: float
    arm: int
    residual: float
    seconds: float
    regret_bound: float
