"""Fractional derivatives of samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ._riesz import Riesz

KINDS = ("riesz", "left", "right", "caputo")


def derivative(
    values: Any,
    alpha: float,
    interval: Sequence[float] = (0.0, 1.0),
    *,
    kind: Literal["riesz", "left", "right", "caputo"] = "riesz",
    degree: int = 6,
    n: int | None = None,
) -> NDArray[np.float64]:
    """Fractional derivative of a function that vanishes at both ends and outside of an interval.

    Parameters
    ----------
    values : array, (N,) or (N, k), or callable
        Samples at ``Riesz(n, degree, interval=interval).points``, N = n + degree - 2; or the function itself, and `n`.
    alpha : float
        Order, in (0, 2); above 1 for all kinds but "riesz".
    interval : (a, b)
    kind : {"riesz", "left", "right", "caputo"}
        The positive operator L = (-Laplace)^(alpha/2), which is *minus* d^alpha/d|x|^alpha; the Riemann-Liouville
        derivative from the left, without any factor, or from the right; or L with the second derivative inside the
        integral.
    degree : int
        Degree of the interpolating spline.
    n : int, optional
        Number of cells, for a callable.

    Returns
    -------
    ndarray of the shape of the samples
        The derivative at the same points.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range or the samples are not finite.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> g = tt.fractional.derivative(lambda x: (x * (1 - x)) ** 3, 1.1, n=64)
    >>> x = tt.fractional.Riesz(64, 6, 1.1).points
    >>> bool(abs(np.interp(0.3, x, g) - 0.0228131792500532) < 1e-4)
    True
    """
    _check.choice("kind", kind, KINDS)
    degree = _check.integer("degree", degree, minimum=2, maximum=20)
    order = _check.real("alpha", alpha)
    if kind != "riesz" and not 1 < order < 2:
        raise ValueError(f"alpha: expected a number in (1, 2) for kind {kind!r}, got {order!r}")
    if callable(values):
        if n is None:
            raise TypeError("n: expected a number of cells beside a callable, got None")
        cells = _check.integer("n", n, minimum=2)
    else:
        size = np.shape(values)[0] if np.ndim(values) else 0
        if size < degree:
            raise ValueError(f"values: expected n + degree - 2 >= {degree} samples, got shape {np.shape(values)}")
        cells = size - degree + 2
        if n is not None and cells != n:
            raise ValueError(f"values: expected n + degree - 2 = {n + degree - 2} samples, got {size}")
    weights = {"left": (1.0, 0.0), "right": (0.0, 1.0)}.get(kind, (1.0, 1.0))
    op = Riesz(cells, degree, order, interval, "caputo" if kind == "caputo" else "riesz", weights)
    result = op @ op.interpolate(values).coef
    return result * (2 * math.cos(math.pi * order / 2)) if kind in ("left", "right") else result
