"""Between point values at cell centers and averages over cells, to fifth order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _differences(u: Array, bc: Any) -> tuple[Array, Array]:
    """Second and fourth differences along the last axis; beyond a side that is not periodic the edge value goes on."""
    modes = [(0, 0)] * (u.ndim - 1) + [(2, 2)]
    padded = np.pad(u, modes, mode="wrap" if bc[0] == "periodic" else "edge")
    second = padded[..., 2:] - 2 * padded[..., 1:-1] + padded[..., :-2]
    return second[..., 1:-1], second[..., 2:] - 2 * second[..., 1:-1] + second[..., :-2]


def to_averages(points: Array, bc: Any) -> Array:
    """Cell averages of the polynomial through five point values."""
    second, fourth = _differences(points, bc)
    return np.asarray(points + second / 24 - fourth * (17 / 5760))


def to_points(averages: Array, bc: Any) -> Array:
    """Point values of the polynomial with five given cell averages."""
    second, fourth = _differences(averages, bc)
    return np.asarray(averages - second / 24 + fourth * (3 / 640))
