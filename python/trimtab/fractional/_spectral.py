"""Solutions for constant coefficients as a sum of weighted Jacobi functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._result import Result
from . import _weighted_jacobi as jacobi
from ._arguments import sampled, two_numbers


@dataclass(frozen=True, repr=False)
class ModeSum(Result):
    """sum_k coef_k w^(alpha/2) P_k(y), y from -1 to 1 over the interval, w = 1 - y^2; zero outside.

    Attributes
    ----------
    coef : ndarray, (K,)
    alpha : float
    interval : (a, b)
    error_estimate : float
        What the second half of the terms adds, relative to the largest value.
    order : int
        Derivative that a call evaluates, 0 or 1.
    """

    coef: NDArray[np.float64]
    alpha: float
    interval: tuple[float, float]
    error_estimate: float
    order: int = field(default=0, repr=False)

    def __call__(self, x: ArrayLike) -> NDArray[np.float64] | Any:
        """Values at points of any shape, in the unit of length of the interval."""
        at = np.asarray(x, np.float64)
        place = jacobi.Place.of(np.clip(at, *self.interval), self.interval)
        inside = (at >= self.interval[0]) & (at <= self.interval[1])
        terms = jacobi.modes(len(self.coef), self.alpha, place, self.order)
        values = np.where(inside, np.tensordot(self.coef, terms, axes=(0, 0)), 0.0)
        return values if np.ndim(x) else float(values)

    def derivative(self) -> ModeSum:
        """The first derivative as a function of x, which is infinite at the ends."""
        if self.order:
            raise ValueError("derivative: expected one of a solution itself, got one of its derivative")
        return replace(self, order=1)


def spectral(
    f: Callable[[NDArray[np.float64]], ArrayLike] | float,
    alpha: float,
    interval: tuple[float, float] = (0.0, 1.0),
    *,
    diffusion: float = 1.0,
    modes: int = 32,
) -> ModeSum:
    """Solve diffusion L u = f with u = 0 outside by the functions that diagonalize L.

    Parameters
    ----------
    f : callable or float
        Right-hand side, called with an array of points. For smooth f the error falls exponentially with `modes`.
    alpha : float
        Order, in (0, 2).
    interval : (a, b)
    diffusion : float
        Above 0.
    modes : int
        Number of terms K, 1 to 512; costs K^2 operations and 2 K samples of f.

    Returns
    -------
    ModeSum

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range or f is not finite, with its x.

    Notes
    -----
    L w^(alpha/2) P_k = mu_k P_k (Dyda, Kuznetsov, Kwasnicki, Constr. Approx. 45 (2017) 427), so the coefficients are
    those of f in Jacobi polynomials, over mu_k; Gauss's rule with 2 K nodes integrates them.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> u = tt.fractional.spectral(np.exp, 1.5, modes=20)
    >>> u.error_estimate < 1e-14
    True
    """
    order = _check.real("alpha", alpha, above=0, below=2)
    count = _check.integer("modes", modes, minimum=1, maximum=512)
    d = _check.real("diffusion", diffusion, above=0)
    a, b = two_numbers("interval", interval)
    if not -math.inf < a < b < math.inf:
        raise ValueError(f"interval: expected a < b, got ({a:g}, {b:g})")
    y, weights = jacobi.gauss_jacobi(2 * count, order / 2)
    values = sampled("f", f, a + (b - a) * (1 + y) / 2)
    moments = jacobi.jacobi(count, order / 2, y) @ (weights * values)
    coef = moments / (d * jacobi.norms(count, order / 2) * jacobi.multipliers(count, order, b - a))
    grid = np.cos(np.pi * np.arange(4 * count + 1) / (4 * count))
    terms = coef[:, None] * jacobi.modes(count, order, jacobi.Place(grid, 1 - grid**2, b - a))
    largest = np.abs(terms.sum(axis=0)).max()
    tail = float(np.abs(terms[(count + 1) // 2 :].sum(axis=0)).max() / largest) if largest > 0 else 0.0
    return ModeSum(coef, order, (a, b), tail)
