"""Checks of arguments that are functions of x: numbers, arrays at the points, or callables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check

Array = NDArray[np.float64]


def sampled(name: str, value: Any, points: Array, *, columns: bool = False) -> Array:
    """`value` at the points, (N,) or with `columns` also (N, k), finite; errors give index and x."""
    size = len(points)
    source = "array"
    if callable(value):
        source = "callable returned"
        value = value(points)
    result = _check.real_array(name, value, source=f"{source} of ")
    if result.ndim == 0:
        result = np.full(size, result, np.float64)
    if result.shape[0] != size or result.ndim > (2 if columns else 1):
        allowed = f"({size},) or ({size}, k)" if columns else f"({size},)"
        raise ValueError(
            f"{name}: expected shape {allowed}, n + degree - 2 values at op.points (not on a uniform grid); "
            f"got {source} of shape {result.shape}"
        )
    result = np.ascontiguousarray(result, np.float64)
    bad = np.argwhere(~np.isfinite(result))
    if len(bad):
        index = tuple(int(i) for i in bad[0])
        where = index[0] if len(index) == 1 else index
        x = float(points[index[0]])
        raise ValueError(f"{name}: expected finite numbers, got {result[index]} at index {where}, x = {x:.17g}")
    return result


def two_numbers(name: str, value: Any) -> tuple[float, float]:
    """A pair of numbers; errors show the part that is none."""
    part = value
    try:
        first, second = value
        part = first
        left = float(part)
        part = second
        return left, float(part)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected a pair of numbers, got {part!r}") from None


def coefficient(name: str, value: Any, points: Array, *, positive: bool = False) -> Array:
    """A coefficient of the equation as the core takes it: no, one or N numbers."""
    if value is None:
        return np.zeros(0)
    if np.ndim(value) == 0 and not callable(value):
        return np.array([_check.real(name, value, above=0) if positive else _check.real(name, value)])
    result = sampled(name, value, points)
    if positive and not (result > 0).all():
        index = int(np.argmin(result > 0))
        x = float(points[index])
        raise ValueError(f"{name}: expected numbers > 0, got {result[index]} at index {index}, x = {x:.17g}")
    return result


def as_rows(columns: Array) -> Array:
    """(N,) or (N, k) as rows of N numbers, the layout of the core."""
    return columns if columns.ndim == 1 else np.ascontiguousarray(columns.T)


def as_columns(rows: Array) -> Array:
    return rows if rows.ndim == 1 else np.ascontiguousarray(rows.T)
