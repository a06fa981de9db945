"""Equations in time."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._errors import RunFailure
from .._progress import Report, reporter
from .._result import Result
from ..steer import Decisions
from ._arguments import Array, coefficient, sampled
from ._riesz import Riesz
from ._spline import Spline
from ._stepping import Equation, SolveFailed, TrBdf2, make

logger = logging.getLogger("trimtab")

METHODS = ("tr-bdf2", "bdf2", "theta", "rannacher", "exp")


@dataclass(frozen=True, repr=False)
class Evolution(Result):
    """A solution in time.

    Attributes
    ----------
    t : ndarray, (m,)
        Times of the solutions: the initial one and those asked for, as far as the run came.
    coef : ndarray, (m, N)
        Coefficients of the splines.
    success : bool
    status : str
        ``"success"``, ``"stopped"``, ``"maxsteps"``, ``"step_too_small"``, ``"not_finite"`` or ``"failed"`` (the linear
        solver); except with success, the last solution is the last good one.
    message : str
        The status in words.
    steps, rejected : int
        Steps that were kept, and tried in vain.
    iterations : int
        Of GMRES, in all solves together.
    decisions : trimtab.steer.Decisions
        Per step: time, step, error estimate over tolerance, whether it was kept.
    seconds : float
    op : Riesz
    """

    t: NDArray[np.float64]
    coef: NDArray[np.float64]
    success: bool
    status: str
    message: str
    steps: int
    rejected: int
    iterations: int
    decisions: Decisions = field(repr=False)
    seconds: float
    op: Riesz = field(repr=False)

    def __len__(self) -> int:
        return len(self.t)

    def at(self, index: int) -> Spline:
        """The solution at ``t[index]`` as a function of x."""
        return Spline(self.coef[index], op=self.op)

    def __call__(self, x: ArrayLike) -> NDArray[np.float64] | Any:
        """Values of the last solution."""
        return self.at(-1)(x)


def evolve(
    u0: Any,
    alpha: float,
    K: Any,
    t: float | Sequence[float],
    *,
    source: Any = None,
    reaction: Any = None,
    interval: Sequence[float] = (0.0, 1.0),
    n: int = 256,
    degree: int = 4,
    kind: Literal["riesz", "caputo"] = "riesz",
    method: Literal["tr-bdf2", "bdf2", "theta", "rannacher", "exp"] = "tr-bdf2",
    tol: float = 1e-6,
    steps: int | None = None,
    theta: float = 0.5,
    maxsteps: int = 100_000,
    progress: bool | Report = False,
    raise_on_failure: bool = False,
) -> Evolution:
    """Solve u_t = -K(x) L u - r(x) u + g(x, t) from t = 0, u = 0 outside; L = (-Laplace)^(alpha/2).

    Parameters
    ----------
    u0 : callable, array (N,) or Spline
        Initial values: a function of x, or samples at ``Riesz(n, degree, alpha, interval).points``.
    alpha : float
        Order, in (0, 2).
    K : float, array (N,) or callable
        Diffusion coefficient K > 0, in length^alpha per time.
    t : float or increasing sequence
        Final time, or all times at which to keep the solution, above 0.
    source : float, array (N,) or callable (x, t), optional
        g; default 0.
    reaction : float, array (N,) or callable, optional
        r; default 0.
    interval, n, degree, kind
        Of the `Riesz` operator.
    method : {"tr-bdf2", "bdf2", "theta", "rannacher", "exp"}
        "tr-bdf2" picks its steps by an embedded error estimate unless `steps` is given; "bdf2" and "theta" (1/2: Crank
        and Nicolson's, 1: backward Euler) take `steps` equal ones, and so does "rannacher", which damps rough initial
        values by four half steps of backward Euler first. "exp" is exact in time for sources that are linear between
        steps, by default one per output time.
    tol : float
        Error of a step relative to the largest coefficient; for "exp", of the Krylov approximation.
    steps : int, optional
        Number of equal steps from 0 to the last time; output times must be among their ends.
    theta : float
        For "theta", from 1/2 to 1.
    maxsteps : int
        Limit of the steps that are tried.
    progress : bool or callable
        Bar, or function (fraction, info) that returns true to stop.
    raise_on_failure : bool
        Raise RunFailure, which carries the result, instead of returning one without success.

    Returns
    -------
    Evolution

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, or a function returns the wrong shape or numbers that are not finite.
    RunFailure
        With `raise_on_failure`.

    Notes
    -----
    Each implicit stage solves M + w (K A + r M) with the structured preconditioner of `Riesz.system`: 5 to 8 iterations
    for any mesh and step.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> run = tt.fractional.evolve(lambda x: (x * (1 - x)) ** 2, alpha=1.5, K=0.1, t=[0.5, 1.0], n=64)
    >>> run.success, run.t.tolist()
    (True, [0.0, 0.5, 1.0])
    """
    begun = time.perf_counter()
    op = Riesz(n, degree, alpha, interval, kind)
    x = op.points
    times = np.atleast_1d(np.asarray(t, dtype=np.float64))
    if times.ndim != 1 or not (np.isfinite(times).all() and times[0] > 0 and (np.diff(times) > 0).all()):
        raise ValueError(f"t: expected a positive time or increasing positive times, got {t!r}")
    _check.choice("method", method, METHODS)
    tol = _check.real("tol", tol, above=0, below=1)
    theta = _check.real("theta", theta, at_least=0.5)
    if theta > 1:
        raise ValueError(f"theta: expected a number from 0.5 to 1, got {theta:g}")
    maxsteps = _check.integer("maxsteps", maxsteps, minimum=1)
    if steps is None and method in ("bdf2", "theta", "rannacher"):
        raise TypeError(f"steps: expected a number of equal steps for method {method!r}; 'tr-bdf2' picks its own")
    diffusion = np.broadcast_to(coefficient("K", K, x, positive=True), x.shape)
    if diffusion.size != x.size:
        raise TypeError("K: expected a diffusion coefficient, got None")
    r = np.zeros(x.shape) + (0.0 if reaction is None else sampled("reaction", reaction, x))
    start = u0.coef if isinstance(u0, Spline) and u0.op.n == op.n and u0.op.degree == op.degree else None
    c = np.array(start if start is not None else op.interpolate(u0).coef)
    if c.shape != x.shape:
        raise ValueError(f"u0: expected shape {x.shape}, got {c.shape}")

    equation = Equation(op, diffusion, r, _source(source, x), min(1e-10, 1e-4 * tol))
    stepper = make(method, equation, theta, tol)
    with reporter(progress, "fractional") as report:
        run = _Run(equation, stepper, times, tol, maxsteps, report)
        if steps is not None:
            run.equal(c, _check.integer("steps", steps, minimum=1))
        elif method == "exp":
            run.between(c)
        else:
            run.adaptive(c)
    log = Decisions(
        "step sizes by the embedded estimate" if steps is None else "equal steps",
        ("t", "dt", "error", "kept"),
        np.array(run.log).reshape(-1, 4),
        1,
    )
    result = Evolution(
        np.array(run.t),
        np.array(run.kept),
        run.status == "success",
        run.status,
        run.message,
        int(log["kept"].sum()),
        int(len(log) - log["kept"].sum()),
        equation.iterations,
        log,
        time.perf_counter() - begun,
        op,
    )
    logger.info("fractional.evolve: %s after %d steps", run.status, result.steps)
    if raise_on_failure and not result.success:
        raise RunFailure(result.message, result)
    return result


def _source(source: Any, x: Array) -> Any:
    if source is None:
        zero = np.zeros(x.shape)
        return lambda t: zero
    if callable(source):
        return lambda t: sampled("source", lambda at: source(at, t), x)
    constant = sampled("source", source, x)
    return lambda t: constant


class _Run:
    """The loop over steps, and what it leaves."""

    def __init__(
        self, equation: Equation, stepper: Any, times: Array, tol: float, maxsteps: int, report: Report | None
    ) -> None:
        self.equation, self.stepper, self.times, self.tol = equation, stepper, times, tol
        self.maxsteps, self.report = maxsteps, report
        self.t: list[float] = [0.0]
        self.kept: list[Array] = []
        self.log: list[tuple[float, float, float, float]] = []
        self.status, self.message = "success", "reached the last time"

    def end(self, status: str, message: str, t: float, c: Array) -> None:
        self.status, self.message = status, f"{message} at t = {t:.6g}"
        if t > self.t[-1]:
            self.t.append(t)
            self.kept.append(c)

    def stops(self, t: float, dt: float, c: Array) -> bool:
        if self.report is not None and self.report(t / float(self.times[-1]), {"t": t, "dt": dt}):
            self.end("stopped", "stopped by the progress function", t, c)
        elif len(self.log) >= self.maxsteps:
            self.end("maxsteps", f"tried {self.maxsteps} steps (maxsteps)", t, c)
        else:
            return False
        return True

    def accept(self, t: float, c: Array) -> None:
        if t in self.times:
            self.t.append(t)
            self.kept.append(c)

    def fixed(self, c: Array, ends: Array, steps: Array) -> None:
        self.kept.append(c)
        t = 0.0
        for end, dt in zip(ends.tolist(), steps.tolist(), strict=True):
            if self.stops(t, dt, c):
                return
            try:
                new = self.stepper(t, c, dt)
            except SolveFailed as failure:
                return self.end("failed", str(failure), t, c)
            if not np.isfinite(new).all():
                return self.end("not_finite", "the solution is no longer finite", t, c)
            t, c = end, new
            self.log.append((t, dt, math.nan, 1.0))
            self.accept(t, c)

    def equal(self, c: Array, steps: int) -> None:
        last = float(self.times[-1])
        ends = last * np.arange(1, steps + 1) / steps
        nearest = np.rint(self.times / last * steps).astype(int)
        if (nearest < 1).any() or not np.allclose(ends[np.maximum(nearest, 1) - 1], self.times, rtol=1e-12, atol=0):
            raise ValueError(f"t: expected ends of {steps} equal steps up to {last:g}, got {self.times.tolist()}")
        ends[nearest - 1] = self.times
        self.fixed(c, ends, np.full(steps, last / steps))  # one dt, whatever the ends round to: one preconditioner

    def between(self, c: Array) -> None:
        self.fixed(c, self.times, np.diff(self.times, prepend=0.0))

    def adaptive(self, c: Array) -> None:
        self.kept.append(c)
        method = TrBdf2(self.equation)
        last = float(self.times[-1])
        t, dt, index = 0.0, min(last, float(self.times[0])) * self.tol ** (1 / 3) / 10, 0
        while index < len(self.times):
            if self.stops(t, dt, c):
                return
            target = float(self.times[index])
            lands = t + 1.001 * dt >= target
            h = target - t if lands else dt
            try:
                new, error = method.pair(t, c, h)
            except SolveFailed as failure:
                return self.end("failed", str(failure), t, c)
            scale = max(float(np.abs(c).max()), float(np.abs(new).max()), 1e-300)
            ratio = float(np.abs(error).max()) / (self.tol * scale)
            keep = ratio <= 1
            self.log.append((t + h if keep else t, h, ratio, float(keep)))
            if keep:
                t, c = (target if lands else t + h), new
                if lands:
                    index += 1
                    self.accept(t, c)
            elif h <= 1e-14 * last:
                name = "not_finite" if not math.isfinite(ratio) else "step_too_small"
                return self.end(name, f"no step above {h:.2g} has an error below tol = {self.tol:g}", t, c)
            factor = 0.9 * ratio ** (-1 / 3) if 0 < ratio < math.inf else (5.0 if ratio == 0 else 0.1)
            proposal = h * min(max(factor, 0.1), 5.0)
            if keep and lands:  # h was cut to the output time
                dt = max(dt, proposal)
            elif not keep or not 0.9 <= factor <= 1.5:  # a step that stays keeps its preconditioner
                dt = proposal
