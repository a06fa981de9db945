"""The solver that looks for its own mesh: it watches its order of convergence and acts on it."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._errors import RunFailure
from .._result import Result
from ._enrichment import Ends, EnrichedSpline, solve_enriched
from ._riesz import Riesz
from ._spectral import ModeSum, spectral
from ._spline import Spline

logger = logging.getLogger("trimtab")

GRID = (1 - np.cos(np.pi * (np.arange(1024) + 0.5) / 1024)) / 2  # where two meshes are compared: dense at the ends
STAGES = ((0, False), (4, False), (4, True))  # weighted Jacobi functions; with the pair of powers


@dataclass(frozen=True)
class Decision:
    """One attempt of `solve`.

    Attributes
    ----------
    method : str
        ``"spectral"`` or ``"spline"``.
    size : int
        Number of modes or of cells.
    enrichment : int
        Number of end functions.
    preconditioner : str
    iterations : int
    difference : float
        Largest change from the mesh before, relative to the largest value; for modes from half of them.
    order : float
        Observed order of convergence; NaN where it is not known.
    action : str
        What was decided.
    """

    method: str
    size: int
    enrichment: int
    preconditioner: str
    iterations: int
    difference: float
    order: float
    action: str


@dataclass(frozen=True, repr=False)
class Solution(Result):
    """A solution as a function of x, and how it was found.

    Attributes
    ----------
    u : Spline, EnrichedSpline or ModeSum
        The function, zero outside.
    success : bool
        Whether `error_estimate` reached the tolerance.
    status : str
        ``"success"``, ``"floor"`` (finer meshes bring no more digits), ``"nmax"`` or ``"failed"`` (the linear solver).
    message : str
        The status in words.
    method : str
        ``"spectral"`` or ``"spline"``.
    error_estimate : float
        The change from a mesh twice as coarse, relative to the largest value; the true error is below it as long as the
        error falls with the mesh.
    best_guess : float
        Error extrapolated by the observed order (Richardson): usually closer, and sometimes too small.
    n : int
        Cells of the last mesh, or modes.
    enrichment : int
        End functions of the solution.
    exterior : float
        Value outside, which a call adds to `u`.
    decisions : list of Decision
        Every attempt in order.
    seconds : float
        Wall-clock time.
    """

    u: Spline | ModeSum = field(repr=False)
    success: bool
    status: str
    message: str
    method: str
    error_estimate: float
    best_guess: float
    n: int
    enrichment: int
    exterior: float
    decisions: list[Decision] = field(repr=False)
    seconds: float

    def __call__(self, x: ArrayLike) -> NDArray[np.float64] | Any:
        return self.u(x) + self.exterior

    def derivative(self) -> Spline | ModeSum:
        """The first derivative as a function of x."""
        return self.u.derivative()

    def plot(self, ax: Any = None, *, points: int = 1001, **style: Any) -> Any:
        """Draw the solution on its interval; `style` goes to matplotlib's plot."""
        from ..plot import draw_function

        interval = self.u.interval if isinstance(self.u, ModeSum) else self.u.op.interval
        return draw_function(self, interval, ax, _check.integer("points", points, minimum=2), style)


def _difference(f: Any, reaction: Any, exterior: float) -> Any:
    def at(value: Any, x: NDArray[np.float64]) -> Any:
        return value(x) if callable(value) else value

    return lambda x: np.asarray(at(f, x)) - np.asarray(at(reaction, x)) * exterior


class _Search:
    """Attempts, what each showed, and what follows."""

    def __init__(self, tol: float, nmax: int, degree: int) -> None:
        self.tol, self.nmax, self.degree = tol, nmax, degree
        self.decisions: list[Decision] = []

    def log(self, *record: Any) -> None:
        self.decisions.append(Decision(*record))
        logger.info("fractional.solve: %s", self.decisions[-1])

    def by_modes(self, f: Any, op: Riesz, diffusion: float, last: bool) -> tuple[Any, str, float, float, int] | None:
        """Modes until the second half of them is below the tolerance; None if that does not happen soon."""
        for count in (8, 16, 32, 64, 128, 256, 512) if last else (8, 16, 32, 64):
            u = spectral(f, op.alpha, op.interval, diffusion=diffusion, modes=count)
            done = u.error_estimate <= self.tol
            action = "accept" if done else "more modes" if count < (512 if last else 64) else "give up on modes"
            self.log("spectral", count, 0, "", 0, u.error_estimate, math.nan, action)
            if done or (last and count == 512):
                return u, "success" if done else "nmax", u.error_estimate, u.error_estimate, count
        return None

    def by_meshes(self, f: Any, op: Riesz, diffusion: Any, reaction: Any) -> tuple[Any, str, float, float, int]:
        degree, alpha, (a, b) = self.degree, op.alpha, op.interval
        best = degree + (2 if degree % 2 == 0 else 1) - alpha
        corner = max(1.5, 1.5 * alpha + 0.5)  # a little more than the order that the next powers allow
        x = a + (b - a) * GRID
        power = first = max(4, math.ceil(math.log2(4 * degree)))  # n + degree - 1 = 2^power suits the sine transform
        stage = slow = flat = 0
        last = None  # values, solution and n of the mesh before
        before = math.inf  # the change that led there
        while True:
            n = 2**power - degree + 1
            op = Riesz(n, degree, alpha, (a, b))
            if STAGES[stage][0]:
                ends = Ends(*STAGES[stage], alpha, (a, b))
                u: Spline = solve_enriched(op, f, ends, diffusion=diffusion, reaction=reaction, rtol=1e-14)
            else:
                u = op.solve(f, diffusion=diffusion, reaction=reaction, rtol=min(1e-10, 1e-3 * self.tol))
            values = u(x)
            change = order = math.nan
            if last is not None:
                size = float(np.abs(values).max())
                change = float(np.abs(values - last[0]).max()) / size if size > 0 else 0.0
                order = math.log2(before / change) if change > 0 and before < math.inf else math.nan
            guess = change / (2 ** min(max(order, 0.5), best) - 1) if order == order else change
            outcome, following = None, stage
            if not u.success:
                outcome, action = "failed", "stop: the linear solver failed"
                if last is not None:
                    u, n, change = last[1], last[2], before
            elif change <= self.tol:
                outcome, action = "success", "accept"
            elif order < 1 and (change < 1e-12 or (flat and order < 0.1)):
                outcome, action = "floor", "stop: the change no longer falls"
            elif stage == 0 and order < (degree + 2 - alpha) / 2:
                following, action = 1, "the ends are singular: add 4 end functions, go back to n/4"
            elif stage == 1 and order < corner and slow:
                following, action = 2, "still singular: add the pair of powers 3 alpha/2"
            elif 2 ** (power + 1) - degree + 1 > self.nmax:
                outcome, action = "nmax", "stop: the next mesh is too large"
            else:
                action = "double n"
            functions = STAGES[stage][0] + 2 * STAGES[stage][1]
            self.log("spline", n, functions, u.preconditioner, u.iterations, change, order, action)
            if outcome:
                return u, outcome, change, guess, n
            slow = slow + 1 if order < corner else 0
            flat = flat + 1 if order < 0.1 else 0
            last, before, power = (values, u, n), change if change == change else math.inf, power + 1
            if following != stage:
                before, slow, flat = math.inf, 0, 0
                if stage == 0:
                    last, power = None, max(first, power - 3)
                stage = following


def solve(
    f: Any,
    alpha: float,
    interval: Sequence[float] = (0.0, 1.0),
    *,
    tol: float = 1e-8,
    diffusion: Any = None,
    reaction: Any = None,
    exterior: float = 0.0,
    degree: int = 4,
    nmax: int = 2**17,
    method: str = "auto",
    raise_on_failure: bool = False,
) -> Solution:
    """Solve d(x) L u + r(x) u = f to a tolerance; L = (-Laplace)^(alpha/2) = -d^alpha/d|x|^alpha.

    Parameters
    ----------
    f : callable or float
        Right-hand side, called with arrays of points.
    alpha : float
        Order, in (0, 2).
    interval : (a, b)
    tol : float
        Bound of the error, relative to the largest value of u.
    diffusion, reaction : callable or float, optional
        d > 0 and r; default 1 and 0.
    exterior : float
        Value of u outside of the interval.
    degree : int
        Degree of the splines.
    nmax : int
        Largest number of cells.
    method : {"auto", "spectral", "spline"}
        "auto" tries modes first where the coefficients are constant.
    raise_on_failure : bool
        Raise RunFailure, which carries the result, if the tolerance is not reached.

    Returns
    -------
    Solution

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, or a function is not finite, with its x.
    RunFailure
        With `raise_on_failure`.

    Notes
    -----
    With constant coefficients, 8, 16, 32 and 64 weighted Jacobi modes are tried. Otherwise meshes are doubled while
    the change d_n from one to the next exceeds `tol`. When the observed order falls short of what a smooth solution
    gives, (degree + 2 - alpha) / 2, the ends are taken to be singular and end functions join the splines; when these
    twice converge no faster than the next powers of the distance let them, 3 alpha / 2, those join too. The sequence
    ends with status "floor" when d_n has stopped falling. Singularities inside the interval are not enriched: there
    the order stays low.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> u = tt.fractional.solve(np.exp, alpha=1.5, tol=1e-10)
    >>> u.success, u.method
    (True, 'spectral')
    >>> v = tt.fractional.solve(np.cos, alpha=1.5, reaction=lambda x: 1 + x, tol=1e-7)
    >>> v.success, v.enrichment
    (True, 4)
    """
    start = time.perf_counter()
    tol = _check.real("tol", tol, above=0, below=1)
    nmax = _check.integer("nmax", nmax, minimum=64)
    _check.choice("method", method, ("auto", "spectral", "spline"))
    for name, value in (("f", f), ("diffusion", diffusion), ("reaction", reaction)):
        if value is not None and not callable(value) and np.ndim(value):
            raise TypeError(f"{name}: expected a number or a callable of x, got an array; use Riesz.solve for samples")
    exterior = _check.real("exterior", exterior)
    constant = not callable(diffusion) and (reaction is None or (not callable(reaction) and float(reaction) == 0))
    if method == "spectral" and not constant:
        raise ValueError(
            "method: expected 'spline' or 'auto' with coefficients that vary or a reaction, got 'spectral'"
        )
    if exterior and reaction is not None:  # L of a constant is zero everywhere
        f = _difference(f, reaction, exterior)

    search = _Search(tol, nmax, _check.integer("degree", degree, minimum=2, maximum=20))
    first = Riesz(16, search.degree, alpha, interval)
    outcome = None
    if constant and method != "spline":
        outcome = search.by_modes(f, first, 1.0 if diffusion is None else diffusion, last=method == "spectral")
    if outcome is None:
        outcome = search.by_meshes(f, first, diffusion, reaction)
    u, status, error, guess, n = outcome
    message = {
        "success": f"changed by {error:.2e} on the last doubling, tol = {tol:g}",
        "floor": f"the change has stopped falling at {error:.2e}, above tol = {tol:g}: rounding, or f too rough",
        "nmax": f"changed by {error:.2e} at n = {n}, the largest that nmax = {nmax} allows; tol = {tol:g}",
        "failed": f"the linear solver failed at n = {n}",
    }[status]
    result = Solution(
        u,
        status == "success",
        status,
        message,
        "spectral" if isinstance(u, ModeSum) else "spline",
        error,
        guess,
        n,
        len(u.ends) if isinstance(u, EnrichedSpline) else 0,
        exterior,
        search.decisions,
        time.perf_counter() - start,
    )
    if raise_on_failure and not result.success:
        raise RunFailure(message, result)
    return result
