"""Splines and the functions that solutions look like at the ends of the interval."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _weighted_jacobi as jacobi
from ._arguments import sampled
from ._spline import Spline
from ._weighted_jacobi import Array, Place

if TYPE_CHECKING:
    from scipy.interpolate import BSpline

    from ._riesz import Riesz


@dataclass(frozen=True)
class Ends:
    """`count` weighted Jacobi functions, and with `pair` the two next powers of the distance to an end."""

    count: int
    pair: bool
    alpha: float
    interval: tuple[float, float]

    def __len__(self) -> int:
        return self.count + 2 * self.pair

    def values(self, x: Array, derivative: int = 0) -> Array:
        """The functions at points, (len, *x.shape); zero outside."""
        return self._all(
            x, jacobi.modes(self.count, self.alpha, self._place(x), derivative), jacobi.corner_pair, derivative
        )

    def images(self, x: Array) -> Array:
        """L of the functions at points inside."""
        return self._all(x, jacobi.mode_images(self.count, self.alpha, self._place(x)), jacobi.corner_images)

    def _place(self, x: Array) -> Place:
        return Place.of(np.clip(x, *self.interval), self.interval)

    def _all(self, x: Array, first: Array, corner: Any, *more: Any) -> Array:
        if self.pair:
            first = np.concatenate([first, corner(self.alpha, self._place(x), *more)])
        outside = (x < self.interval[0]) | (x > self.interval[1])
        result: Array = np.where(outside, 0.0, first)
        return result

    def extra_points(self, op: Riesz) -> Array:
        """As many collocation points as there are functions, between the ends and the points next to them."""
        a, b = self.interval
        half = len(self) // 2
        inner = (op.points[0] - a) * np.arange(1, half + 1) / (half + 1)
        return np.concatenate([a + inner, b - inner[::-1]])


@dataclass(frozen=True, repr=False)
class EnrichedSpline(Spline):
    """A spline plus functions with the powers of the distance that solutions have at the ends.

    A `Spline` in all but `to_scipy`, with

    Attributes
    ----------
    amplitudes : ndarray, (m,)
        Of the functions: w^(alpha/2) P_k(y) for k < `enrichment`, y from -1 to 1 over the interval, w = 1 - y^2, P_k of
        Jacobi with both parameters alpha/2; then of (w/4)^Q and (w/4)^Q y, Q = 3 alpha / 2, if there is the pair.
    enrichment : int
        Number of weighted Jacobi functions.
    """

    amplitudes: NDArray[np.float64] = field(default=None, repr=False)  # type: ignore[arg-type]
    ends: Ends = field(default=None, repr=False)  # type: ignore[assignment]

    @property
    def enrichment(self) -> int:
        return self.ends.count

    def __call__(self, x: ArrayLike) -> NDArray[np.float64] | Any:
        """Values at points of any shape; zero outside."""
        smooth = super().__call__(x)
        if self.order > 1:
            raise ValueError(f"order: expected 0 or 1 with enrichment, got a derivative of order {self.order}")
        extra = np.tensordot(self.amplitudes, self.ends.values(np.asarray(x, np.float64), self.order), axes=(0, 0))
        total = smooth + extra
        return total if np.ndim(x) else float(total)

    def to_scipy(self) -> BSpline:
        raise TypeError("to_scipy: the solution has end functions, which no BSpline holds; solve with enrichment=0")


def solve_enriched(
    op: Riesz,
    f: Any,
    ends: Ends,
    weight: float = 1.0,
    *,
    diffusion: Any = None,
    reaction: Any = None,
    preconditioner: Any = "auto",
    **options: Any,
) -> EnrichedSpline:
    """The amplitudes from m more collocation points, by block elimination: m + 1 solutions with the spline matrix."""
    x = np.concatenate([op.points, ends.extra_points(op)])
    n, m = len(op.points), len(ends)
    rhs = sampled("f", _function("f", f), x)
    d = np.ones(n + m) if diffusion is None else sampled("diffusion", _function("diffusion", diffusion), x)
    r = np.zeros(n + m) if reaction is None else sampled("reaction", _function("reaction", reaction), x)

    functions = weight * d[:, None] * ends.images(x).T + r[:, None] * ends.values(x).T
    scale = np.abs(functions).max(axis=0)
    functions /= scale
    near = x[n:]
    rows = d[n:, None] * op.rows(near) + r[n:, None] * op.basis(near)

    system = op.system(_at_points(diffusion, d, n), _at_points(reaction, r, n), preconditioner=preconditioner)
    both = system.solve(np.column_stack([rhs[:n], functions[:n]]), **options)
    y, w = both.coef[:, 0], both.coef[:, 1:]
    schur = functions[n:] - rows @ w
    lines = np.abs(schur).max(axis=1, keepdims=True)  # functions that the spline knows already leave little behind
    amplitudes = np.linalg.lstsq(schur / lines, (rhs[n:] - rows @ y) / lines[:, 0], rcond=1e-15)[0]
    known = {f.name: getattr(both, f.name) for f in fields(both)}
    known["coef"] = y - w @ amplitudes
    return EnrichedSpline(**known, amplitudes=amplitudes / scale, ends=ends)


def _at_points(given: Any, values: Array, n: int) -> Any:
    return values[:n] if callable(given) else given


def _function(name: str, value: Any) -> Any:
    if callable(value) or np.ndim(value) == 0:
        return value
    raise TypeError(f"{name}: expected a number or a callable with enrichment, which needs more points; got an array")
