"""Arguments of the solver that need more than a range check."""

from __future__ import annotations

import math
from typing import Any

from .. import _check
from ._laws import LAWS


def one_dimension(name: str, value: Any) -> Any:
    """The one entry of a tuple, or the plain value."""
    if isinstance(value, (tuple, list)):
        if len(value) != 1:
            raise ValueError(f"{name}: expected one dimension, got {value!r}")
        return value[0]
    return value


def ends(extent: Any) -> tuple[float, float]:
    """The two ends of the domain, in order."""
    pair = one_dimension("extent", extent) if isinstance(extent, (tuple, list)) and len(extent) == 1 else extent
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise ValueError(f"extent: expected two numbers (lower, upper), got {extent!r}")
    lower, upper = (_check.real("extent", end) for end in pair)
    if not lower < upper:
        raise ValueError(f"extent: expected lower < upper, got ({lower:g}, {upper:g})")
    return lower, upper


def law_parameter(law: str, given: dict[str, float | None]) -> float:
    """The one parameter of the law; parameters of other laws are refused."""
    info = LAWS[law]
    for name, value in given.items():
        if value is not None and name != info.parameter:
            raise ValueError(f"{name}: not a parameter of {law}")
    if info.parameter is None:
        return 0.0
    value = given[info.parameter]
    return _check.real(info.parameter, info.default if value is None else value, above=info.above)


def stops(t_start: float, t_end: float, every: float) -> list[float]:
    """Multiples of `every` between the two times, and the end."""
    first, last = math.floor(t_start / every) + 1, math.ceil(t_end / every)
    if last - first > 1_000_000:
        raise ValueError(f"every: expected at most a million snapshots, got {last - first}")
    return [*(k * every for k in range(first, last) if t_start < k * every < t_end), t_end]
