"""Functions of the interval whose fractional Laplacian is known in closed form.

With y from -1 to 1 over (a, b), w = 1 - y^2 and Jacobi's P_k of the weight w^(alpha/2) on both sides,

    L w^(alpha/2) P_k(y) = (2 / (b - a))^alpha Gamma(alpha + k + 1) / k! P_k(y)

(Dyda, Kuznetsov, Kwasnicki, Constr. Approx. 45 (2017) 427, theorem 3), and powers of w go to hypergeometric functions
(Dyda, Fract. Calc. Appl. Anal. 15 (2012) 536, theorem 1).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Place(NamedTuple):
    """Points of an interval: y in [-1, 1], and w = 1 - y^2 without cancellation at the ends."""

    y: Array
    w: Array
    length: float

    @classmethod
    def of(cls, x: Array, interval: tuple[float, float]) -> Place:
        a, b = interval
        left, right = np.maximum(x - a, 0.0), np.maximum(b - x, 0.0)
        return cls((left - right) / (b - a), 4 * left * right / (b - a) ** 2, b - a)


def jacobi(count: int, exponent: float, y: Array) -> Array:
    """P_0 ... P_{count-1} with both parameters equal to `exponent` > -1, (count, *y.shape)."""
    p = np.ones((count, *y.shape))
    if count > 1:
        p[1] = (exponent + 1) * y
    for k in range(2, count):
        s = 2 * (k + exponent)
        p[k] = (s - 1) * s * (s - 2) * y * p[k - 1] - 2 * (k + exponent - 1) ** 2 * s * p[k - 2]
        p[k] /= 2 * k * (k + 2 * exponent) * (s - 2)
    return p


def multipliers(count: int, alpha: float, length: float) -> Array:
    """What L does to w^(alpha/2) P_k, k < count."""
    mu = np.empty(count)
    value = math.gamma(alpha + 1) * (2 / length) ** alpha
    for k in range(count):
        mu[k] = value
        value *= (alpha + k + 1) / (k + 1)
    return mu


def modes(count: int, alpha: float, at: Place, derivative: int = 0) -> Array:
    """w^(alpha/2) P_k for k < count, or its first derivative in x, which is infinite at the ends for alpha < 2."""
    half = alpha / 2
    if derivative == 0:
        values: Array = at.w**half * jacobi(count, half, at.y)
        return values
    k = np.arange(count).reshape(-1, *(1,) * at.y.ndim)
    with np.errstate(divide="ignore"):
        slopes: Array = -4 / at.length * (k + 1) * at.w ** (half - 1) * jacobi(count + 1, half - 1, at.y)[1:]
    return slopes


def mode_images(count: int, alpha: float, at: Place) -> Array:
    mu = multipliers(count, alpha, at.length)
    images: Array = mu.reshape(-1, *(1,) * at.y.ndim) * jacobi(count, alpha / 2, at.y)
    return images


def corner_pair(alpha: float, at: Place, derivative: int = 0) -> Array:
    """(w/4)^Q and (w/4)^Q y with Q = 3 alpha / 2, or their first derivatives in x: the terms that a reaction adds."""
    q, v = 1.5 * alpha, at.w / 4
    if derivative == 0:
        return np.stack([v**q, v**q * at.y])
    with np.errstate(divide="ignore"):
        slope = -q * v ** (q - 1) * at.y
    return np.stack([slope, slope * at.y + 2 * v**q]) / at.length


def corner_images(alpha: float, at: Place) -> Array:
    """L of the corner pair; the second function is minus the derivative of a higher power, over its exponent."""
    q = 1.5 * alpha
    first = _power_factor(alpha, q) * _hyp2f1((1 + alpha) / 2, alpha / 2 - q, 0.5, at)
    # d/dx (w/4)^(q+1) = -(q + 1) (w/4)^q y / length
    a, b = (1 + alpha) / 2, alpha / 2 - q - 1
    second = _power_factor(alpha, q + 1) * (a * b / 0.5) * _hyp2f1(a + 1, b + 1, 1.5, at) * 2 * at.y * 2
    images: Array = np.stack([first, -second / (q + 1)]) * at.length**-alpha
    return images


def _power_factor(alpha: float, q: float) -> float:
    """L (x (1 - x))^q on (0, 1) over its hypergeometric function."""
    ratio = math.exp(math.lgamma(q + 1) - math.lgamma(q + 1 - alpha / 2) + math.lgamma((1 + alpha) / 2))
    return float(4.0 ** (alpha - q)) * ratio / math.sqrt(math.pi)


def _hyp2f1(a: float, b: float, c: float, at: Place) -> Array:
    """Gauss's function of y^2, for c - a - b not an integer (Abramowitz, Stegun 15.1.1 and 15.3.6)."""
    near = at.w < 0.5
    result = np.empty_like(at.y)
    result[~near] = _series(a, b, c, 1 - at.w[~near])
    w, s = at.w[near], c - a - b
    first = math.gamma(c) * math.gamma(s) * _rgamma(c - a) * _rgamma(c - b)
    second = math.gamma(c) * math.gamma(-s) * _rgamma(a) * _rgamma(b)
    result[near] = first * _series(a, b, 1 - s, w) + second * w**s * _series(c - a, c - b, 1 + s, w)
    return result


def _series(a: float, b: float, c: float, z: Array) -> Array:
    term: Array = np.ones_like(z)
    total: Array = term.copy()
    for k in range(200):  # z <= 1/2
        term = term * ((a + k) * (b + k) / ((c + k) * (k + 1)) * z)
        total += term
        if not np.any(np.abs(term) > 1e-18 * np.abs(total)):
            break
    return total


def _rgamma(x: float) -> float:
    return 0.0 if x <= 0 and x == round(x) else 1 / math.gamma(x)


def gauss_jacobi(count: int, exponent: float) -> tuple[Array, Array]:
    """Nodes and weights for the weight (1 - y^2)^exponent (Golub, Welsch, Math. Comp. 23 (1969) 221)."""
    k = np.arange(1, count)
    s = 2 * (k + exponent)
    off = np.sqrt(k * (k + 2 * exponent) / ((s - 1) * (s + 1)))
    nodes, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    mass = 2 ** (2 * exponent + 1) * math.exp(2 * math.lgamma(exponent + 1) - math.lgamma(2 * exponent + 2))
    weights: Array = mass * np.asarray(vectors[0], np.float64) ** 2
    return np.asarray(nodes, np.float64), weights


def norms(count: int, exponent: float) -> Array:
    """Integrals of P_k^2 over the weight, k < count."""
    k = np.arange(count)
    log = [2 * math.lgamma(i + exponent + 1) - math.lgamma(i + 1) - math.lgamma(i + 2 * exponent + 1) for i in k]
    return np.asarray(2.0 ** (2 * exponent + 1) / (2 * k + 2 * exponent + 1) * np.exp(log), np.float64)
