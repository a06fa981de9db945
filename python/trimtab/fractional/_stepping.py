"""Steps in time of M c' = g(t) - S c, c the coefficients, M the mass matrix, S = K A + r M.

Everything implicit is one solve with M + w S, whose preconditioner is kept while w stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._errors import TrimtabError
from ._arguments import Array
from ._riesz import Riesz
from ._system import System


class SolveFailed(TrimtabError):
    """The linear solver did not converge within a step."""


class Equation:
    """M c' = g(t) - S c on one mesh."""

    def __init__(self, op: Riesz, K: Array, r: Array, source: Callable[[float], Array], rtol: float) -> None:
        self.op, self.K, self.r, self.source, self.rtol = op, K, r, source, rtol
        self.stiffness = op.system(K, r)
        self.systems: dict[float, System] = {}
        self.iterations = 0

    def rate(self, t: float, c: Array) -> Array:
        """M c' at the points."""
        result: Array = self.source(t) - self.stiffness @ c
        return result

    def mass(self, c: Array) -> Array:
        return self.op.mass_product(c)

    def implicit(self, w: float, rhs: Array, guess: Array | None = None) -> Array:
        """(M + w S)^-1 rhs."""
        system = self.systems.get(w)
        if system is None:
            if len(self.systems) > 3:
                self.systems.pop(next(iter(self.systems)))
            system = self.systems[w] = self.op.system(w * self.K, 1 + w * self.r)
        u = system.solve(rhs, rtol=self.rtol, x0=guess)
        self.iterations += u.iterations
        if not u.success:
            raise SolveFailed(f"M + {w:.3g} S: {u.message}")
        return u.coef


class Theta:
    """(M + theta dt S) c1 = M c0 + dt ((1 - theta) F0 + theta g1); theta = 1/2 is Crank and Nicolson's.

    With `damped` steps of backward Euler in halves first (Rannacher, Numer. Math. 43 (1984) 309), rough initial values
    do not ring.
    """

    def __init__(self, equation: Equation, theta: float = 0.5, damped: int = 0) -> None:
        self.equation, self.theta, self.damped = equation, theta, damped

    def __call__(self, t: float, c: Array, dt: float) -> Array:
        if self.damped > 0:
            self.damped -= 1
            return self.step(t + dt / 2, self.step(t, c, dt / 2, 1.0), dt / 2, 1.0)
        return self.step(t, c, dt, self.theta)

    def step(self, t: float, c: Array, dt: float, theta: float) -> Array:
        e = self.equation
        rhs = e.mass(c) + dt * theta * e.source(t + dt)
        if theta < 1:
            rhs += dt * (1 - theta) * e.rate(t, c)
        return e.implicit(theta * dt, rhs, c)


class Bdf2:
    """Second-order backward differences with constant steps, begun by one step of TR-BDF2."""

    def __init__(self, equation: Equation) -> None:
        self.equation = equation
        self.before: Array | None = None

    def __call__(self, t: float, c: Array, dt: float) -> Array:
        e = self.equation
        if self.before is None:
            new = TrBdf2(e)(t, c, dt)
        else:
            rhs = e.mass((4 * c - self.before) / 3) + (2 / 3) * dt * e.source(t + dt)
            new = e.implicit(2 / 3 * dt, rhs, 2 * c - self.before)
        self.before = c
        return new


class TrBdf2:
    """Trapezium, then backward differences, with the same matrix; L-stable, with an embedded error estimate.

    Bank et al., IEEE Trans. CAD 4 (1985) 436; Hosea, Shampine, Appl. Numer. Math. 20 (1996) 21.
    """

    gamma = 2 - math.sqrt(2)

    def __init__(self, equation: Equation) -> None:
        self.equation = equation

    def __call__(self, t: float, c: Array, dt: float) -> Array:
        return self.pair(t, c, dt)[0]

    def pair(self, t: float, c: Array, dt: float) -> tuple[Array, Array]:
        """The step, and an estimate of the error of its coefficients that stiff parts do not spoil."""
        e, g = self.equation, self.gamma
        w = g / 2 * dt
        rate = e.rate(t, c)
        source = e.source(t + g * dt)
        middle = e.implicit(w, e.mass(c) + w * (rate + source), c)
        rate_middle = source - e.stiffness @ middle
        source = e.source(t + dt)
        new = e.implicit(w, e.mass((middle - (1 - g) ** 2 * c) / (g * (2 - g))) + w * source, middle)
        rate_new = source - e.stiffness @ new
        k = (-3 * g**2 + 4 * g - 2) / (12 * (2 - g))
        raw = 2 * k * dt * (rate / g - rate_middle / (g * (1 - g)) + rate_new / (1 - g))
        return new, e.implicit(w, raw)


class Exponential:
    """c1 = c0 + dt phi_1(-dt B) c0' + dt phi_2(-dt B) M^-1 (g1 - g0), B = M^-1 S: exact if g is linear in time.

    The functions act through shift-and-invert Krylov spaces, whose size does not depend on the mesh (van den Eshof,
    Hochbruck, SIAM J. Sci. Comput. 27 (2006) 1438; Hochbruck, Ostermann, Acta Numer. 19 (2010) 209).
    """

    def __init__(self, equation: Equation, tol: float) -> None:
        self.equation, self.tol = equation, tol

    def __call__(self, t: float, c: Array, dt: float) -> Array:
        e = self.equation
        scale = float(np.abs(c).max())
        new = c + dt * self.phi(1, e.rate(t, c), dt, scale)
        bend = e.source(t + dt) - e.source(t)
        if np.any(bend):
            new = new + dt * self.phi(2, bend, dt, scale)
        return new

    def phi(self, order: int, values: Array, dt: float, scale: float, largest: int = 80) -> Array:
        """phi_order(-dt B) M^-1 values."""
        e = self.equation
        shift = dt / 10
        start = e.op.interpolate(values).coef
        size = float(np.linalg.norm(start))
        if size == 0:
            return start
        basis = [start / size]
        columns: list[Array] = []
        hessenberg = np.zeros((largest + 1, largest))
        for m in range(1, largest + 1):
            v = e.implicit(shift, e.mass(basis[-1]))
            for _ in range(2):  # twice is enough
                for i, b in enumerate(basis):
                    overlap = float(b @ v)
                    hessenberg[i, m - 1] += overlap
                    v = v - overlap * b
            hessenberg[m, m - 1] = np.linalg.norm(v)
            h = hessenberg[:m, :m]
            column = _phi(order, dt / shift * (np.eye(m) - np.linalg.inv(h)))[:, 0]
            columns.append(column)
            # the last three vectors together must not matter any more
            rest = math.inf
            if m > 3:
                rest = float(np.linalg.norm(column - np.pad(columns[-4], (0, 3)))) * size * dt
            if rest <= 0.1 * self.tol * max(scale, size * dt) or hessenberg[m, m - 1] < 1e-14:
                result: Array = size * (column @ np.array(basis))
                return result
            basis.append(v / hessenberg[m, m - 1])
        raise SolveFailed(f"exponential: the Krylov space of {largest} vectors is too small for dt = {dt:g}")


def _phi(order: int, a: Array) -> Array:
    """phi_1 or phi_2 of a small matrix, by a larger exponential (Saad, SIAM J. Numer. Anal. 29 (1992) 209)."""
    m = len(a)
    big = np.zeros(((order + 1) * m,) * 2)
    big[:m, :m] = a
    for block in range(order):
        big[block * m : (block + 1) * m, (block + 1) * m : (block + 2) * m] = np.eye(m)
    result: Array = _expm(big)[:m, order * m :]
    return result


def _expm(a: Array) -> Array:
    """Scaling and squaring of Taylor's series."""
    squarings = max(0, math.ceil(math.log2(max(float(np.linalg.norm(a, 1)), 1e-300))) + 2)
    a = a / 2.0**squarings
    total = term = np.eye(len(a))
    for k in range(1, 16):
        term = term @ a / k
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return total


def make(name: str, equation: Equation, theta: float, tol: float) -> Any:
    if name == "theta":
        return Theta(equation, theta)
    if name == "rannacher":
        return Theta(equation, 0.5, damped=2)
    if name == "bdf2":
        return Bdf2(equation)
    if name == "exp":
        return Exponential(equation, tol)
    return TrBdf2(equation)
