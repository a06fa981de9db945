"""Checks of arguments: each error names the argument, what is allowed and what came."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def integer(name: str, value: Any, *, minimum: int, maximum: int = 2**63 - 1) -> int:
    """`value` as an int from `minimum` to `maximum`."""
    try:
        result = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected an integer, got {value!r}") from None
    if not minimum <= result <= maximum:
        allowed = f">= {minimum}" if result < minimum else f"<= {maximum}"
        raise ValueError(f"{name}: expected an integer {allowed}, got {result}")
    return result


def real(
    name: str,
    value: Any,
    *,
    above: float = -math.inf,
    below: float = math.inf,
    at_least: float = -math.inf,
    at_most: float = math.inf,
) -> float:
    """`value` as a finite float inside the given bounds."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected a number, got {value!r}") from None
    lower, upper = max(above, at_least), min(below, at_most)
    inside = above < result < below and at_least <= result <= at_most
    if not (math.isfinite(result) and inside):
        bounds = f"{'(' if lower == above else '['}{lower:g}, {upper:g}{')' if upper == below else ']'}"
        allowed = "a finite number" if lower == -math.inf and upper == math.inf else f"a number in {bounds}"
        raise ValueError(f"{name}: expected {allowed}, got {result!r}")
    return result


def threads(value: int | None) -> int:
    """A number of threads from 1 to 4096, or for None the core's word for the default, 0."""
    return 0 if value is None else integer("threads", value, minimum=1, maximum=4096)


def choice(name: str, value: Any, allowed: Iterable[str]) -> str:
    """`value`, which must be one of the words in `allowed`."""
    words = list(allowed)
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{name}: expected one of {', '.join(map(repr, words))}, got {value!r}")
    return value


def real_array(name: str, value: Any, expected: str = "numbers", source: str = "") -> NDArray[Any]:
    """`value` as an array of real numbers, of any shape and precision."""
    try:
        result = np.asarray(value)
    except ValueError:
        raise TypeError(f"{name}: expected {expected}, got {type(value).__name__}") from None
    if result.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected real numbers, got {source}dtype {result.dtype}")
    return result


def array(name: str, value: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """`value` as a finite float64 array of the given shape; a scalar fills it. Copies only where it must."""
    result = real_array(name, value, f"an array of numbers of shape {shape}")
    if result.ndim == 0:
        result = np.full(shape, result, dtype=np.float64)
    if result.shape != shape:
        raise ValueError(f"{name}: expected shape {shape}, got {result.shape}")
    result = np.ascontiguousarray(result, dtype=np.float64)
    if not np.isfinite(result).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(result))[0])
        where = index[0] if len(index) == 1 else index
        raise ValueError(f"{name}: expected finite numbers, got {result[index]} at index {where}")
    return result
