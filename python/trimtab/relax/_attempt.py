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

    def __call__(self, core: Any, rows: Any, floors: Any, x: Any, factor: float, cap: float) -> list[tuple[Any, ...]]:
        """Reports of the core for all rows of right-hand sides, counting all iterations; x is solved in place.

        An attempt that diverges has left x at the start. One that reaches the cap has not lost anything: the energy of
        the error never grows, whatever the factor (Ostrowski, Reich).
        """
        limit = replace(self.stopping, maxiter=int(max(1, min(cap, self.stopping.maxiter))))
        reports = self._run(core, rows, floors, x, factor, limit)
        if factor == _FALLBACK:
            return reports
        for i, first in enumerate(reports):
            if self._gave_up(first) or first[0] in ("diverged", "not_spd"):
                one = slice(i, i + 1)
                reports[i] = self._go_on(core, rows[one], None if floors is None else floors[one], x[one], first)
        return reports

    def _gave_up(self, report: tuple[Any, ...]) -> bool:
        return bool(report[0] == "maxiter" and report[1] < self.stopping.maxiter)

    def _go_on(self, core: Any, row: Any, floor: Any, x: Any, first: tuple[Any, ...]) -> tuple[Any, ...]:
        rest = replace(self.stopping, maxiter=max(1, self.stopping.maxiter - first[1]))
        if self._gave_up(first) and self.stopping.ref == "r0":  # the start is that of the first attempt
            rest = replace(rest, rtol=0.0, atol=max(rest.rtol * first[3], rest.atol))
        (second,) = self._run(core, row, floor, x, _FALLBACK, rest)
        reference = first[3] if self._gave_up(first) else second[3]
        failed = (*second[5:-1], math.inf)  # the rate of the factor, not that of omega = 1
        return (second[0], first[1] + second[1], second[2], reference, first[4] + second[4], *failed)

    def _run(self, core: Any, rows: Any, floors: Any, x: Any, factor: float, stopping: Stopping) -> list[Any]:
        if self.method == "ssor-pcg":
            reports: list[Any] = core.ssor_pcg(rows, x, factor, 0, stopping.core(None))
        else:
            reports = core.sor(rows, floors, x, factor, 0, int(self.method == "rb-sor"), stopping.core(None))
        return reports
