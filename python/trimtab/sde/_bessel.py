"""The modified Bessel function of the first kind, where it would overflow."""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import ArrayLike, NDArray

from .._config import optional

SMALL, LARGE, TERMS = 1e-4, 40.0, 10


def log_ive(order: float, z: ArrayLike) -> NDArray[np.float64]:
    """log(I_order(z) exp(-z)) for order > -1 and z > 0, to about 1e-14 of the largest of 1 and its parts.

    Debye's expansion (Abramowitz and Stegun 9.7.7, in powers of 1/r, r = hypot(order, z)) where r is large: it holds
    there for any ratio of the two. Two terms of the series where z is small, SciPy's function between.
    """
    special = optional("scipy.special", "scipy", "fit_cir()")
    z = np.asarray(z, dtype=np.float64)
    r = np.hypot(order, z)
    with np.errstate(all="ignore"):  # of the branches that are not taken
        between = np.log(special.ive(order, np.clip(z, SMALL, LARGE)))
        series = order * np.log(z / 2) - special.gammaln(order + 1) + np.log1p(z * z / (4 * (order + 1))) - z
        p2 = (order / r) ** 2
        total = sum(poly(p2) / r**k for k, poly in enumerate(DEBYE))
        # order**2 / (r + z) is r - z without cancellation
        large = order**2 / (r + z) - order * np.arcsinh(order / z) + np.log(total) - np.log(2 * math.pi * r) / 2
    return np.asarray(np.select([r > LARGE, z < SMALL], [large, series], between))


def _debye(terms: int) -> list[Polynomial]:
    """U_k(p) = p^k poly_k(p²) by U_(k+1) = p² (1 - p²) U_k' / 2 + (integral of (1 - 5 p²) U_k from 0 to p) / 8."""
    u = [Polynomial([1.0])]
    for _ in range(terms):
        last = u[-1]
        u.append(Polynomial([0, 0, 0.5, 0, -0.5]) * last.deriv() + (Polynomial([1, 0, -5]) * last).integ() / 8)
    return [Polynomial(x.coef[k::2]) for k, x in enumerate(u)]


DEBYE = _debye(TERMS)
