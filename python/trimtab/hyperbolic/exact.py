"""Exact solutions of Riemann problems, for tests and for judging a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check

__all__ = ["RiemannSolution", "riemann", "shallow_riemann"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RiemannSolution:
    """Self-similar solution of a Riemann problem.

    Attributes
    ----------
    left, right : tuple of float
        The given primitive states.
    p_star, v_star : float
        Pressure (shallow water: depth) and velocity between the two outer waves; 0 pressure where a vacuum opens.
    rho_star : tuple of float
        Density left and right of the contact (shallow water: the depth, twice).
    shocks : tuple of (float or None)
        Speed of the left and of the right wave where that is a shock.
    """

    left: tuple[float, ...]
    right: tuple[float, ...]
    p_star: float
    v_star: float
    rho_star: tuple[float, float]
    shocks: tuple[float | None, float | None]
    _sample: Any

    def sample(self, xi: ArrayLike) -> tuple[Array, ...]:
        """Primitive variables at ``xi = (x - x0) / t``, each of the shape of `xi`."""
        values: tuple[Array, ...] = self._sample(np.asarray(xi, dtype=np.float64))
        return values

    def at(self, x: ArrayLike, t: float, x0: float = 0.0) -> tuple[Array, ...]:
        """Primitive variables at coordinates `x` and time `t` > 0 for a jump at `x0`."""
        return self.sample((np.asarray(x, dtype=np.float64) - x0) / _check.real("t", t, above=0))


def riemann(left: Sequence[float], right: Sequence[float], gamma: float = 1.4) -> RiemannSolution:
    """Solve the Riemann problem of the Euler equations of an ideal gas exactly.

    Parameters
    ----------
    left, right : (rho, v, p)
        Primitive states; rho and p positive.
    gamma : float
        Ratio of specific heats, > 1.

    Returns
    -------
    RiemannSolution
        Star state and sampling; a vacuum between the states is allowed.

    References
    ----------
    Toro, Riemann Solvers and Numerical Methods for Fluid Dynamics, 3rd ed. (2009), chapter 4.

    Examples
    --------
    >>> import trimtab as tt
    >>> sod = tt.hyperbolic.exact.riemann((1, 0, 1), (0.125, 0, 0.1))
    >>> round(sod.p_star, 6), round(sod.v_star, 6)
    (0.30313, 0.927453)
    >>> rho, v, p = sod.at([0.25, 0.75], t=0.2, x0=0.5)
    >>> rho.round(4).tolist()
    [1.0, 0.2656]
    """
    g = _check.real("gamma", gamma, above=1)
    states = [_state(name, s, 3, positive=(0, 2)) for name, s in (("left", left), ("right", right))]
    (_, v_l, p_l), (_, v_r, p_r) = states
    c = [sqrt(g * p / rho) for rho, _, p in states]
    vacuum = 2 * (c[0] + c[1]) / (g - 1) <= v_r - v_l

    def wave(p: float, side: int) -> tuple[float, float]:
        """Velocity change across a wave that ends at pressure p, and its derivative."""
        rho, _, p0 = states[side]
        if p > p0:
            a, b = 2 / ((g + 1) * rho), (g - 1) / (g + 1) * p0
            root = sqrt(a / (p + b))
            return (p - p0) * root, root * (1 - (p - p0) / (2 * (p + b)))
        ratio = p / p0
        return 2 * c[side] / (g - 1) * (ratio ** ((g - 1) / (2 * g)) - 1), ratio ** (-(g + 1) / (2 * g)) / (
            rho * c[side]
        )

    if vacuum:
        p, v = 0.0, 0.5 * (v_l + v_r + 2 * (c[0] - c[1]) / (g - 1))
    else:
        z = (g - 1) / (2 * g)  # the two-rarefaction estimate is below the root where both waves are rarefactions
        guess = ((c[0] + c[1] - 0.5 * (g - 1) * (v_r - v_l)) / (c[0] / p_l**z + c[1] / p_r**z)) ** (1 / z)
        p = _newton(lambda q: [x + y for x, y in zip(wave(q, 0), wave(q, 1), strict=True)], v_r - v_l, guess)
        v = 0.5 * (v_l + v_r) + 0.5 * (wave(p, 1)[0] - wave(p, 0)[0])

    def density(side: int) -> float:
        rho, _, p0 = states[side]
        ratio, k = p / p0, (g - 1) / (g + 1)
        return rho * ((ratio + k) / (k * ratio + 1) if p > p0 else ratio ** (1 / g))

    rho_star = (density(0), density(1))
    speeds = [
        sign * c[i] * sqrt((g + 1) / (2 * g) * p / states[i][2] + (g - 1) / (2 * g)) + states[i][1]
        if p > states[i][2]
        else None
        for i, sign in ((0, -1), (1, 1))
    ]

    def sample(xi: Array) -> tuple[Array, ...]:
        out = [np.empty(xi.shape) for _ in range(3)]
        # the right half is the mirror image of a left half
        for i, sign in ((0, 1.0), (1, -1.0)):
            rho, v0, p0 = states[i][0], sign * states[i][1], states[i][2]
            here = (xi <= v) if i == 0 else (xi > v)
            s = sign * xi[here]
            star = (rho_star[i], sign * v, p)
            head = v0 - c[i]
            if p > p0:
                shock = sign * speeds[i]  # type: ignore[operator]
                parts = [np.where(s < shock, outer, inner) for outer, inner in zip((rho, v0, p0), star, strict=True)]
            else:
                tail = sign * v - c[i] * (p / p0) ** ((g - 1) / (2 * g))
                if vacuum:
                    tail = v0 + 2 * c[i] / (g - 1)
                    star = (0.0, sign * v, 0.0)
                fan_v = 2 / (g + 1) * (c[i] + (g - 1) / 2 * v0 + s)
                ratio = np.maximum(2 / (g + 1) + (g - 1) / ((g + 1) * c[i]) * (v0 - s), 0.0)
                fan = (rho * ratio ** (2 / (g - 1)), fan_v, p0 * ratio ** (2 * g / (g - 1)))
                parts = [
                    np.where(s < head, outer, np.where(s < tail, middle, inner))
                    for outer, middle, inner in zip((rho, v0, p0), fan, star, strict=True)
                ]
            for k, part in enumerate(parts):
                out[k][here] = sign * part if k == 1 else part
        return tuple(out)

    return RiemannSolution(states[0], states[1], p, v, rho_star, (speeds[0], speeds[1]), sample)


def shallow_riemann(left: Sequence[float], right: Sequence[float], g: float = 9.81) -> RiemannSolution:
    """Solve the Riemann problem of the shallow-water equations exactly.

    Parameters
    ----------
    left, right : (h, v)
        Depth (positive) and velocity.
    g : float
        Gravity, positive.

    Returns
    -------
    RiemannSolution
        ``p_star`` is the depth between the waves.

    Raises
    ------
    ValueError
        Also if the bed falls dry between the states.

    References
    ----------
    Toro, Shock-Capturing Methods for Free-Surface Shallow Flows (2001), chapter 5.

    Examples
    --------
    >>> import trimtab as tt
    >>> dam = tt.hyperbolic.exact.shallow_riemann((1, 0), (0.5, 0), g=1)
    >>> round(dam.p_star, 9), round(dam.v_star, 9), round(dam.shocks[1], 9)
    (0.726920446, 0.294807405, 0.944390575)
    """
    g = _check.real("g", g, above=0)
    states = [_state(name, s, 2, positive=(0,)) for name, s in (("left", left), ("right", right))]
    (_, v_l), (_, v_r) = states
    c = [sqrt(g * h) for h, _ in states]
    if 2 * (c[0] + c[1]) <= v_r - v_l:
        raise ValueError(f"right: the bed falls dry for velocities {v_l:g} and {v_r:g}")

    def wave(h: float, side: int) -> tuple[float, float]:
        h0 = states[side][0]
        if h > h0:
            root = sqrt(0.5 * g * (h + h0) / (h * h0))
            return (h - h0) * root, root - g * (h - h0) / (4 * h * h * root)
        return 2 * (sqrt(g * h) - c[side]), sqrt(g / h)

    guess = (0.5 * (c[0] + c[1]) - 0.25 * (v_r - v_l)) ** 2 / g
    h = _newton(lambda q: [x + y for x, y in zip(wave(q, 0), wave(q, 1), strict=True)], v_r - v_l, guess)
    v = 0.5 * (v_l + v_r) + 0.5 * (wave(h, 1)[0] - wave(h, 0)[0])
    speeds = [
        states[i][1] + sign * c[i] * sqrt(0.5 * (h + states[i][0]) * h) / states[i][0] if h > states[i][0] else None
        for i, sign in ((0, -1), (1, 1))
    ]

    def sample(xi: Array) -> tuple[Array, ...]:
        out = [np.empty(xi.shape) for _ in range(2)]
        for i, sign in ((0, 1.0), (1, -1.0)):
            h0, v0 = states[i][0], sign * states[i][1]
            here = (xi <= v) if i == 0 else (xi > v)
            s = sign * xi[here]
            if h > h0:
                shock = sign * speeds[i]  # type: ignore[operator]
                depth, speed = np.where(s < shock, h0, h), np.where(s < shock, v0, sign * v)
            else:
                head, tail = v0 - c[i], sign * v - sqrt(g * h)
                fan_c = (v0 + 2 * c[i] - s) / 3
                fan_v = (v0 + 2 * c[i] + 2 * s) / 3
                depth = np.where(s < head, h0, np.where(s < tail, fan_c**2 / g, h))
                speed = np.where(s < head, v0, np.where(s < tail, fan_v, sign * v))
            out[0][here], out[1][here] = depth, sign * speed
        return tuple(out)

    return RiemannSolution(states[0], states[1], h, v, (h, h), (speeds[0], speeds[1]), sample)


def _state(name: str, values: Sequence[float], size: int, positive: tuple[int, ...]) -> tuple[float, ...]:
    state = tuple(_check.real(name, v) for v in values)
    if len(state) != size:
        raise ValueError(f"{name}: expected {size} numbers, got {len(state)}")
    for k in positive:
        if state[k] <= 0:
            raise ValueError(f"{name}: expected a positive number at position {k}, got {state[k]!r}")
    return state


def _newton(wave: Any, jump: float, guess: float) -> float:
    """Root of wave(p) + jump = 0; the left side is increasing and concave, so Newton from below never overshoots."""
    p = guess
    for _ in range(200):
        value, slope = wave(p)
        following = float(p - (value + jump) / slope)
        if following <= 0:
            following = 0.1 * p
        if abs(following - p) <= 1e-15 * following:
            return following
        p = following
    return p
