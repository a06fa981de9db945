"""Products of vectors with derivatives, and the sums of their parts for parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


class Products:
    """Wraps the products of f and g for the core, which sees y_bar alone, and adds up the rest."""

    def __init__(self, vjp: Callable[..., Any], g_vjp: Callable[..., Any] | None, args: tuple[Any, ...]) -> None:
        self._vjp, self._g_vjp, self._args = vjp, g_vjp, args
        self._sums: list[Any] = []

    def start(self) -> None:
        self._sums = [None] * len(self._args)

    def sums(self) -> tuple[Any, ...]:
        return tuple(_zeros(a) if total is None else total for a, total in zip(self._args, self._sums, strict=True))

    def drift(self, t: Any, y: Any, v: Any) -> Any:
        return self._split("vjp", self._vjp(t, y, v, *self._args))

    def diffusion(self, t: Any, y: Any, v: Any) -> Any:
        return None if self._g_vjp is None else self._split("g_vjp", self._g_vjp(t, y, v, *self._args))

    def _split(self, name: str, result: Any) -> Any:
        if not self._args:
            return result
        if not isinstance(result, tuple) or len(result) != 1 + len(self._args):
            count = len(result) if isinstance(result, tuple) else type(result).__name__
            raise ValueError(f"{name}: expected a tuple of y_bar and {len(self._args)} parts for args, got {count}")
        for i, part in enumerate(result[1:]):
            self._sums[i] = _add(self._sums[i], part)
        return result[0]


def _add(total: Any, part: Any) -> Any:
    """total + part, in place where total is an array of ours."""
    if part is None:
        return total
    if isinstance(part, dict):
        return {key: _add((total or {}).get(key), value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        olds = total or [None] * len(part)
        return type(part)(_add(old, value) for old, value in zip(olds, part, strict=True))
    if total is None:
        return np.array(part, dtype=np.float64) if isinstance(part, np.ndarray) else part
    total += part
    return total


def _zeros(arg: Any) -> Any:
    if isinstance(arg, dict):
        return {key: _zeros(value) for key, value in arg.items()}
    if isinstance(arg, list | tuple):
        return type(arg)(map(_zeros, arg))
    return np.zeros(np.shape(arg)) if isinstance(arg, int | float | np.ndarray | np.generic) else None
