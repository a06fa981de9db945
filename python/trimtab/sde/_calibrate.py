"""Maximum likelihood for models whose transition density is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._config import optional
from .._result import Result
from ._bessel import log_ive
from ._models import Model, cir

Array = NDArray[np.float64]

STEP = 1e-3
"""Of central differences in the logarithms of the parameters: truncation and rounding both near 1e-7."""


@dataclass(frozen=True, repr=False)
class CirFit(Result):
    """The Cox-Ingersoll-Ross model dy = a (b - y) dt + sigma sqrt(y) dW of a series.

    Attributes
    ----------
    a, b, sigma : float
        Rate of reversion (1 / time), long-time mean, volatility.
    standard_errors : dict
        Of ``a``, ``b`` and ``sigma``, from the observed information; NaN if the likelihood has no maximum inside.
    log_likelihood : float
        Of the n - 1 transitions, given the first value.
    n : int
        Length of the series.
    success : bool
    message : str
    covariance : ndarray, shape (3, 3)
        Of the estimates, in the order a, b, sigma.
    """

    a: float
    b: float
    sigma: float
    standard_errors: dict[str, float]
    log_likelihood: float
    n: int
    success: bool
    message: str
    covariance: Array = field(repr=False)

    @property
    def is_feller(self) -> bool:
        """Whether 2 a b >= sigma²: no path reaches zero."""
        return 2 * self.a * self.b >= self.sigma**2

    @property
    def is_volatile(self) -> bool:
        """Whether sigma² > 4 a b: paths stay near zero, and ``"hosts"`` needs steps that adapt."""
        return self.sigma**2 > 4 * self.a * self.b

    def model(self) -> Model:
        """The fitted equation for `solve`."""
        return cir(self.a, self.b, self.sigma)


def fit_cir(rates: ArrayLike, dt: float | None = None, *, times: ArrayLike | None = None) -> CirFit:
    """Fit the Cox-Ingersoll-Ross model to a series of positive values by maximum likelihood.

    The likelihood is exact, by the scaled noncentral chi-square law of the transitions, so observations may lie far
    apart. It is maximized over the logarithms of the parameters from a least squares fit of the conditional mean and
    variance.

    Parameters
    ----------
    rates : array_like, shape (n,)
        The series, n >= 4, positive, in any unit: in percent instead of fractions `b` is 100 and `sigma` 10 times as
        large.
    dt : float, optional
        Time between observations. Either this or `times`.
    times : array_like, shape (n,), optional
        Ascending times of the observations.

    Returns
    -------
    CirFit
        ``success`` is False where the likelihood grows on towards a border of the parameters, as for a series that
        drifts away instead of returning to a mean.

    Raises
    ------
    ValueError, TypeError
        If a rate is not positive and finite, the series too short or constant, or the spacing not positive.
    ImportError
        If SciPy is not installed.

    References
    ----------
    J. Cox, J. Ingersoll, S. Ross, Econometrica 53 (1985), 385-407, eq. 18.

    Examples
    --------
    >>> import numpy as np
    >>> import trimtab as tt
    >>> B = tt.sde.BrownianTree(5, 0.0, 64.0, levy="H")
    >>> t = np.arange(0.25, 64.1, 0.25)
    >>> y = tt.sde.solve(tt.sde.cir(1.0, 4.0, 0.8), [4.0], B, steps=tt.sde.Constant(4096), save_at=t).y[0, :, 0]
    >>> fit = tt.sde.fit_cir(y, 0.25)
    >>> fit.success, fit.is_feller
    (True, True)
    >>> bool(abs(fit.b - 4.0) < 3 * fit.standard_errors["b"])
    True
    """
    y, spacing = _series(rates, dt, times)

    def loss(parameters: Array) -> float:
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            total = -float(log_density(y[1:], y[:-1], spacing, *np.exp(parameters)).sum())
        return total if math.isfinite(total) else 1e300

    optimize = optional("scipy.optimize", "scipy", "fit_cir()")
    point, curvature, found = _minimize(loss, np.log(_start(y, spacing)), optimize.minimize)
    a, b, sigma = (float(x) for x in np.exp(point))
    scale = np.exp(point)
    covariance = np.linalg.inv(curvature) * np.outer(scale, scale) if found else np.full((3, 3), math.nan)
    errors = dict(zip(("a", "b", "sigma"), map(float, np.sqrt(np.diag(covariance))), strict=True))
    return CirFit(a, b, sigma, errors, -loss(point), y.size, found, _message(found, a, b, sigma), covariance)


def log_density(y: ArrayLike, x: ArrayLike, dt: ArrayLike, a: float, b: float, sigma: float) -> Array:
    """Logarithm of the density of y, a time dt after the value x."""
    y, x, h = (np.asarray(v, dtype=np.float64) for v in (y, x, dt))
    c = 2 * a / (-np.expm1(-a * h) * sigma**2)
    u, v = c * x * np.exp(-a * h), c * y
    q = 2 * a * b / sigma**2 - 1
    return np.asarray(
        np.log(c) - (np.sqrt(u) - np.sqrt(v)) ** 2 + q / 2 * np.log(v / u) + log_ive(q, 2 * np.sqrt(u * v))
    )


def _series(rates: ArrayLike, dt: float | None, times: ArrayLike | None) -> tuple[Array, Array]:
    """The values, and the times between them."""
    given = _check.real_array("rates", rates)
    if given.ndim != 1 or given.size < 4:
        raise ValueError(f"rates: expected a series of 4 values at least, got shape {given.shape}")
    y = _check.array("rates", given, given.shape)
    if not (y > 0).all():
        index = int(np.flatnonzero(y <= 0)[0])
        raise ValueError(f"rates: expected numbers > 0, got {y[index]} at index {index}")
    if y.min() == y.max():
        raise ValueError(f"rates: expected values that differ, got {y[0]} throughout")
    if (dt is None) == (times is None):
        raise ValueError(f"dt: expected either dt or times, got {'neither' if dt is None else 'both'}")
    if times is None:
        return y, np.full(y.size - 1, _check.real("dt", dt, above=0))
    if np.shape(times) != y.shape:
        raise ValueError(f"times: expected shape {y.shape}, got {np.shape(times)}")
    spacing = np.diff(_check.array("times", times, y.shape))
    if not (spacing > 0).all():
        index = int(np.flatnonzero(spacing <= 0)[0]) + 1
        raise ValueError(f"times: expected ascending numbers, got a step of {spacing[index - 1]} to index {index}")
    return y, spacing


def _start(y: Array, spacing: Array) -> tuple[float, float, float]:
    """Least squares for E[y1 | y0] = b + (y0 - b) exp(-a h) with weights 1/y0, then sigma from the residuals."""
    h, root = float(spacing.mean()), np.sqrt(y[:-1])
    slope, intercept = np.linalg.lstsq(np.stack([root, 1 / root], 1), y[1:] / root, rcond=None)[0]
    decay = float(np.clip(slope, 0.01, 1 - 1 / y.size))
    b = float(intercept) / (1 - decay) if slope == decay and intercept > 0 else float(y.mean())
    a = -math.log(decay) / h
    variance = y[:-1] * decay * (1 - decay) / a + b * (1 - decay) ** 2 / (2 * a)  # for sigma = 1
    sigma = math.sqrt(float(np.mean((y[1:] - b - (y[:-1] - b) * decay) ** 2 / variance)))
    return a, b, sigma


def _minimize(loss: Callable[[Array], float], start: Array, minimize: Any) -> tuple[Array, Array, bool]:
    """The minimum, the Hessian there, and whether it is one.

    It is if the Hessian is positive definite and Newton's step moves no parameter by 1e-4 of its standard error.
    """
    point = np.asarray(minimize(loss, start, jac=lambda p: gradient(loss, p), method="BFGS").x)
    for _ in range(3):
        slope, curvature = gradient(loss, point), hessian(loss, point)
        try:
            np.linalg.cholesky(curvature)
        except np.linalg.LinAlgError:
            break
        step = np.linalg.solve(curvature, slope)
        if float(slope @ step) < 1e-8:
            return point, curvature, True
        if loss(point - step) < loss(point):
            point = point - step
    return point, curvature, False


def gradient(loss: Callable[[Array], float], p: Array) -> Array:
    """Central differences."""
    return np.array([loss(p + e) - loss(p - e) for e in STEP * np.eye(p.size)]) / (2 * STEP)


def hessian(loss: Callable[[Array], float], p: Array) -> Array:
    """Central second differences, on the diagonal of twice the step."""
    unit = STEP * np.eye(p.size)
    return np.array(
        [[loss(p + d + e) - loss(p + d - e) - loss(p - d + e) + loss(p - d - e) for e in unit] for d in unit]
    ) / (4 * STEP**2)


def _message(found: bool, a: float, b: float, sigma: float) -> str:
    if not found:
        return "the likelihood has no maximum inside the parameters: the series does not show a return to a mean"
    if sigma**2 > 4 * a * b:
        return "sigma^2 > 4 a b: paths reach zero and stay near it; adapt steps"
    if sigma**2 > 2 * a * b:
        return "2 a b < sigma^2 <= 4 a b: paths reach zero"
    return "2 a b >= sigma^2: no path reaches zero"
