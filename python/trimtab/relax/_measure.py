"""The spectral gap, measured by conjugate gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from ._stopping import Stopping


@dataclass
class GapMeasurement:
    """The eps of (1 - eps) |B| = radius of B, B = I - D^-1 A, once a system was hard enough to show it.

    Attributes
    ----------
    eps : float or None
        What was measured.
    hardest : float
        |B| of the hardest system that was tried.
    """

    eps: float | None = None
    hardest: float = 0.0

    def wants(self, norm: float, least: float) -> bool:
        """Whether to try on a system of this |B|: from `least` on, then only if twice as hard as the last one."""
        if self.eps is not None or (norm < least and self.hardest == 0):
            return False
        return self.hardest == 0 or 1 - min(norm, 1.0) <= 0.5 * (1 - min(self.hardest, 1.0))

    def radius(self, norm: float) -> float:
        """Of B, by the measured gap."""
        return norm if self.eps is None else (1 - self.eps) * norm

    def solve(
        self, core: Any, rows: NDArray[Any], x: NDArray[Any], norm: float, stopping: Stopping
    ) -> list[tuple[Any, ...]]:
        """Solve by Jacobi-PCG, which shows the smallest eigenvalue of D^-1 A.

        Ritz values of short solves are biased: they count from 15 iterations on, and if the last two give the same eps
        to 5 %.
        """
        reports: list[tuple[Any, ...]] = core.jacobi_pcg(rows, x, stopping.core(None))
        self.hardest = norm
        status, nit, _, _, _, theta, theta_before, _ = reports[0]
        excess = norm - 1 + theta  # of |B| over the radius
        if status == "success" and nit >= 15 and abs(theta - theta_before) <= 0.05 * abs(excess):
            self.eps = min(max(excess / norm, 1e-8), 1.0)
        return reports
