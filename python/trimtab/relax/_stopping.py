"""When an iteration ends, and the factor it runs with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import _check, _core


@dataclass(frozen=True)
class Stopping:
    """When an iteration ends, checked."""

    rtol: float
    atol: float
    ref: str
    maxiter: int
    time_limit: float

    @classmethod
    def checked(cls, rtol: float, atol: float, ref: str, maxiter: int, time_limit: float | None) -> Stopping:
        rtol, atol = _check.real("rtol", rtol, at_least=0), _check.real("atol", atol, at_least=0)
        if rtol == 0 and atol == 0:
            raise ValueError("rtol: expected rtol or atol above 0, got 0 for both")
        return cls(
            rtol,
            atol,
            _check.choice("ref", ref, ("b", "r0")),
            _check.integer("maxiter", maxiter, minimum=1),
            0.0 if time_limit is None else _check.real("time_limit", time_limit, above=0),
        )

    def core(self, poll: Callable[[float], Any] | None) -> _core.relax.Stopping:
        return _core.relax.Stopping(self.rtol, self.atol, self.ref == "r0", self.maxiter, self.time_limit, poll)


def omega(value: float) -> float:
    """A checked relaxation factor."""
    result = _check.real("omega", value)
    if not 0 < result < 2:
        raise ValueError(f"omega: expected a number in (0, 2), outside of which SOR diverges, got {result!r}")
    return result
