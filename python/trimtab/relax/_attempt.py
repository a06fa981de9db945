"""One system under one factor, with a way back to omega = 1."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from ._stopping import Stopping

_FALLBACK = 1.0  # converges wherever any omega of SOR or SSOR-PCG is known to


@dataclass(frozen=True)
class Attempt:
    """Solves with a factor, gives up at a cap, and goes on with omega = 1."""

    method: str
    stopping: Stopping

    def __call__(self, core: Any, b: Any, floor: Any, x: Any, factor: float, cap: float) -> tuple[Any, ...]:
        """Report of the core, counting all iterations; x is solved in place.

        An attempt that diverges has left x at the start. One that reaches the cap has not lost anything: the energy of
        the error never grows, whatever the factor (Ostrowski, Reich).
        """
        most = self.stopping.maxiter
        first = self._run(core, b, floor, x, factor, replace(self.stopping, maxiter=int(max(1, min(cap, most)))))
        gave_up = first[0] == "maxiter" and first[1] < most
        if factor == _FALLBACK or not (gave_up or first[0] in ("diverged", "not_spd")):
            return first
        rest = replace(self.stopping, maxiter=max(1, most - first[1]))
        if gave_up and self.stopping.ref == "r0":  # the start is that of the first attempt
            rest = replace(rest, rtol=0.0, atol=max(rest.rtol * first[3], rest.atol))
        second = self._run(core, b, floor, x, _FALLBACK, rest)
        reference = first[3] if gave_up else second[3]
        failed = (*second[5:-1], math.inf)  # the rate of the factor, not that of omega = 1
        return (second[0], first[1] + second[1], second[2], reference, first[4] + second[4], *failed)

    def _run(self, core: Any, b: Any, floor: Any, x: Any, factor: float, stopping: Stopping) -> tuple[Any, ...]:
        if self.method == "ssor-pcg":
            return tuple(core.ssor_pcg(b, x, factor, 0, stopping.core(None)))
        return tuple(core.sor(b, floor, x, factor, 0, int(self.method == "rb-sor"), stopping.core(None)))
