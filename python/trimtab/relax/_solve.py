"""The plain solvers: one matrix, one omega."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check, _core
from .._errors import RunFailure
from .._progress import Report, reporter
from .._result import Result
from . import _matrix
from ._stencil import _Stencil

logger = logging.getLogger("trimtab")

DIRECTIONS = ("forward", "backward", "symmetric")
REASONS = {
    "success": "converged",
    "maxiter": "ran out of iterations",
    "stopped": "stopped by the progress function",
    "time_limit": "reached the time limit",
    "diverged": "diverged; x is the start",
    "not_spd": "A is not positive definite: a direction of negative curvature came up",
}


@dataclass(frozen=True, repr=False)
class RelaxResult(Result):
    """What a solver of this room found.

    Attributes
    ----------
    x : ndarray, shape of b
        The solution, or the last good iterate.
    success : bool
        Whether the residual is as small as was asked for.
    status : str
        ``"success"``, ``"maxiter"``, ``"stopped"``, ``"time_limit"``, ``"diverged"`` or ``"not_spd"``.
    message : str
        The status in words.
    nit : int
        Iterations; the largest number if there are several right-hand sides.
    residual : float
        True residual of `x` relative to the reference, that is to |b| or to the residual of the start.
    omega : float
        Relaxation factor.
    seconds : float
        Wall-clock time of the iteration.
    """

    x: NDArray[Any]
    success: bool
    status: str
    message: str
    nit: int
    residual: float
    omega: float
    seconds: float


@dataclass(frozen=True)
class Stopping:
    """When an iteration ends, checked."""

    rtol: float
    atol: float
    ref: str
    maxiter: int
    time_limit: float

    @classmethod
    def checked(cls, rtol: float, atol: float, ref: str, maxiter: int, time_limit: float | None) -> Stopping:
        rtol, atol = _check.real("rtol", rtol, at_least=0), _check.real("atol", atol, at_least=0)
        if rtol == 0 and atol == 0:
            raise ValueError("rtol: expected rtol or atol above 0, got 0 for both")
        return cls(
            rtol,
            atol,
            _check.choice("ref", ref, ("b", "r0")),
            _check.integer("maxiter", maxiter, minimum=1),
            0.0 if time_limit is None else _check.real("time_limit", time_limit, above=0),
        )

    def core(self, poll: Callable[[float], Any] | None, maxiter: int | None = None) -> _core.relax.Stopping:
        iterations = self.maxiter if maxiter is None else maxiter
        return _core.relax.Stopping(self.rtol, self.atol, self.ref == "r0", iterations, self.time_limit, poll)


def omega(value: float) -> float:
    """A checked relaxation factor."""
    result = _check.real("omega", value)
    if not 0 < result < 2:
        raise ValueError(f"omega: expected a number in (0, 2), outside of which SOR diverges, got {result!r}")
    return result


def vectors(A: Any, core: _matrix.Core, b: Any, x0: Any, name: str = "b") -> tuple[NDArray[Any], NDArray[Any]]:
    """b and a fresh start as rows of numbers, (nrhs, n), in the matrix's precision."""
    n = core.size
    given = np.asarray(b)
    if isinstance(A, _Stencil) and given.shape == A.shape:
        shape: tuple[int, ...] = A.shape
    elif given.ndim == 2 and given.shape[0] == n:
        shape = given.shape
    else:
        shape = (n,)
    dtype = np.float32 if isinstance(core, _core.relax.Matrix32) else np.float64
    checked = _check.array(name, given, shape)
    start = np.zeros(shape) if x0 is None else _check.array("x0", x0, shape)
    batch = len(shape) == 2 and not (isinstance(A, _Stencil) and shape == A.shape)
    rows = [np.array(v.T if batch else v.reshape(1, n), dtype=dtype, order="C") for v in (checked, start)]
    return rows[0], rows[1]


def shaped(x: NDArray[Any], like: Any) -> NDArray[Any]:
    """The rows of `vectors` in the shape of the user's b."""
    shape = np.shape(like)
    return np.ascontiguousarray(x.T) if len(x) > 1 or (len(shape) == 2 and shape[1] == 1) else x.reshape(shape)


def run(
    b: NDArray[Any],
    x: NDArray[Any],
    solve: Callable[[NDArray[Any], NDArray[Any], Any], tuple[Any, ...]],
    like: Any,
    factor: float,
    stopping: Stopping,
    progress: bool | Report,
    raise_on_failure: bool,
) -> RelaxResult:
    """Call solve(b, x, poll) for each right-hand side and put the outcomes together."""
    reports = []
    with reporter(progress, "relax") as report:
        for i, (rhs, start) in enumerate(zip(b, x, strict=True)):

            def poll(fraction: float, done: int = i) -> Any:
                return None if report is None else report((done + fraction) / len(b), {"rhs": done})

            reports.append(solve(rhs, start, None if report is None else poll))
            if reports[-1][0] in ("stopped", "time_limit"):
                break
    return conclude(shaped(x, like), reports, factor, stopping, raise_on_failure)


def conclude(
    x: NDArray[Any], reports: list[tuple[Any, ...]], factor: float, stopping: Stopping, raise_on_failure: bool
) -> RelaxResult:
    status = next((r[0] for r in reports if r[0] != "success"), "success")
    nit = max(r[1] for r in reports)
    residual = max(r[2] / r[3] if r[3] else r[2] for r in reports)
    message = f"{REASONS[status]} after {nit} iterations, relative residual {residual:.2e}"
    if status == "maxiter":
        message += f" (maxiter={stopping.maxiter}, rtol={stopping.rtol:g})"
    result = RelaxResult(x, status == "success", status, message, nit, residual, factor, sum(r[4] for r in reports))
    logger.debug("relax: %s", message)
    if raise_on_failure and not result.success:
        raise RunFailure(message, result)
    return result


def sor(
    A: Any,
    b: ArrayLike,
    *,
    omega: float = 1.0,
    x0: ArrayLike | None = None,
    direction: Literal["forward", "backward", "symmetric"] = "forward",
    order: Literal["row", "red-black"] = "row",
    rtol: float = 1e-8,
    atol: float = 0.0,
    ref: Literal["b", "r0"] = "b",
    maxiter: int = 10_000,
    threads: int | None = None,
    time_limit: float | None = None,
    progress: bool | Report = False,
    raise_on_failure: bool = False,
) -> RelaxResult:
    """Solve A x = b by successive over-relaxation.

    Parameters
    ----------
    A : sparse matrix, Stencil2D, Stencil3D, (indptr, indices, data) or ndarray
        n x n, real, without zeros on the diagonal; float32 or float64, with int32 or int64 indices.
    b : array_like, shape (n,), (n, nrhs) or that of the stencil's grid
        Right-hand sides; columns are solved one after the other.
    omega : float
        Relaxation factor in (0, 2); 1 is Gauss-Seidel. `omega_opt` gives Young's choice.
    x0 : array_like, shape of b, optional
        Start. Default: zeros.
    direction : {"forward", "backward", "symmetric"}
        Order of the rows; symmetric is forward, then backward, and counts as one sweep.
    order : {"row", "red-black"}
        Row order for any matrix; red-black for 5- and 7-point stencils, faster a sweep at nearly the same rate.
    rtol, atol : float
        Stop at ``|b - A x| <= max(rtol * reference, atol)`` in the 2-norm.
    ref : {"b", "r0"}
        The reference: |b|, or the residual of the start.
    maxiter : int
        Most sweeps.
    threads : int, optional
        Results do not depend on it. Default: `trimtab.get_threads`.
    time_limit : float, optional
        Seconds.
    progress : bool or callable
        True shows a bar; a callable ``(fraction, info)`` stops the iteration by returning true.
    raise_on_failure : bool
        True raises `trimtab.RunFailure` where the result would say ``success=False``.

    Returns
    -------
    RelaxResult

    Raises
    ------
    ValueError
        If A is not square, has a zero on its diagonal or a number that is not finite, or an argument is out of range.

    Notes
    -----
    Young, Iterative Solution of Large Linear Systems (1971). The residual of every sweep is exact and comes with the
    next one at no extra product. A residual that grows ten-thousandfold ends the iteration as ``"diverged"``.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> A = tt.relax.Stencil2D.laplacian((30, 30))
    >>> gap = 1 - np.cos(np.pi / 31)
    >>> r = tt.relax.sor(A, np.ones((30, 30)), omega=tt.relax.omega_opt(gap=gap))
    >>> r.success, r.nit < 120
    (True, True)
    """
    return _sweeps(A, b, None, omega, x0, direction, order, rtol, atol, ref, maxiter, threads, time_limit, progress,
                   raise_on_failure)  # fmt: skip


def psor(
    A: Any,
    b: ArrayLike,
    floor: ArrayLike,
    *,
    omega: float = 1.0,
    x0: ArrayLike | None = None,
    order: Literal["row", "red-black"] = "row",
    rtol: float = 1e-8,
    atol: float = 0.0,
    ref: Literal["b", "r0"] = "b",
    maxiter: int = 10_000,
    threads: int | None = None,
    time_limit: float | None = None,
    progress: bool | Report = False,
    raise_on_failure: bool = False,
) -> RelaxResult:
    """Solve the obstacle problem x >= floor, A x >= b, (x - floor)'(A x - b) = 0 by projected SOR.

    Parameters
    ----------
    A, b, omega, x0, order, maxiter, threads, time_limit, progress, raise_on_failure
        As in `sor`; A symmetric positive definite or an M-matrix.
    floor : array_like, shape of b
        The obstacle.
    rtol, atol : float
        Stop at ``max|min(x - floor, A x - b)| <= max(rtol * reference, atol)``.
    ref : {"b", "r0"}
        The reference: max|b| (if that is zero, the start's), or the measure of the start.

    Returns
    -------
    RelaxResult

    Raises
    ------
    ValueError
        As in `sor`; also if the diagonal of A has a negative entry.

    Notes
    -----
    Cryer, SIAM J. Control 9 (1971) 385. The best omega belongs to the part of A where the obstacle does not touch, so
    it moves with the free boundary: learn it with `AdaptiveSOR` where many such problems come in turn.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> A = tt.relax.Stencil2D.laplacian((1, 63))
    >>> x = np.linspace(-1, 1, 65)[1:-1]
    >>> r = tt.relax.psor(A, np.full(63, -1e-3), 0.3 - x**2, omega=1.8)
    >>> r.success, bool((r.x >= 0.3 - x**2).all())
    (True, True)
    """
    return _sweeps(A, b, floor, omega, x0, "forward", order, rtol, atol, ref, maxiter, threads, time_limit, progress,
                   raise_on_failure)  # fmt: skip


def _sweeps(
    A: Any,
    b: ArrayLike,
    floor: ArrayLike | None,
    factor: float,
    x0: ArrayLike | None,
    direction: str,
    order: str,
    rtol: float,
    atol: float,
    ref: str,
    maxiter: int,
    threads: int | None,
    time_limit: float | None,
    progress: bool | Report,
    raise_on_failure: bool,
) -> RelaxResult:
    factor = omega(factor)
    which = DIRECTIONS.index(_check.choice("direction", direction, DIRECTIONS))
    red_black = _check.choice("order", order, ("row", "red-black")) == "red-black"
    stopping = Stopping.checked(rtol, atol, ref, maxiter, time_limit)
    core = _matrix.prepare(A, threads)
    rows, x = vectors(A, core, b, x0)
    floors = [None] * len(rows) if floor is None else list(vectors(A, core, floor, None, "floor")[0])
    if len(floors) != len(rows):
        raise ValueError(f"floor: expected shape {np.shape(b)}, got {np.asarray(floor).shape}")
    left = iter(floors)

    def solve(rhs: NDArray[Any], start: NDArray[Any], poll: Any) -> tuple[Any, ...]:
        return core.sor(rhs, next(left), start, factor, which, red_black, stopping.core(poll))

    return run(rows, x, solve, b, factor, stopping, progress, raise_on_failure)


def ssor_pcg(
    A: Any,
    b: ArrayLike,
    *,
    omega: float = 1.0,
    x0: ArrayLike | None = None,
    rtol: float = 1e-8,
    atol: float = 0.0,
    ref: Literal["b", "r0"] = "b",
    maxiter: int = 10_000,
    threads: int | None = None,
    time_limit: float | None = None,
    progress: bool | Report = False,
    raise_on_failure: bool = False,
) -> RelaxResult:
    """Solve A x = b for symmetric positive definite A by conjugate gradients with the SSOR preconditioner.

    Parameters
    ----------
    A, b, x0, rtol, atol, ref, maxiter, threads, time_limit, progress, raise_on_failure
        As in `sor`. Symmetry is checked on 64 rows.
    omega : float
        Relaxation factor of the preconditioner (D + omega L) D^-1 (D + omega U) / (omega (2 - omega)), in (0, 2).

    Returns
    -------
    RelaxResult
        ``residual`` is that of b - A x, not of a preconditioned system.

    Raises
    ------
    ValueError
        As in `sor`; also if A is seen not to be symmetric or has a negative diagonal entry.

    Notes
    -----
    Eisenstat, SIAM J. Sci. Stat. Comput. 2 (1981) 1: an iteration costs two triangular solves and no product.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> A = tt.relax.Stencil2D.laplacian((60, 60))
    >>> r = tt.relax.ssor_pcg(A, np.ones((60, 60)), omega=1.8)
    >>> r.success, r.nit < 40
    (True, True)
    """
    factor = _omega(omega)
    stopping = Stopping.checked(rtol, atol, ref, maxiter, time_limit)
    core = _matrix.prepare(A, threads)
    _matrix.require_symmetric(A)
    rows, x = vectors(A, core, b, x0)
    return run(
        rows,
        x,
        lambda rhs, start, poll: core.ssor_pcg(rhs, start, factor, stopping.core(poll)),
        b,
        factor,
        stopping,
        progress,
        raise_on_failure,
    )


_omega = omega
