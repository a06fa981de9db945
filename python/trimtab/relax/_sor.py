"""Successive over-relaxation, plain and projected."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from .._progress import Report
from . import _matrix
from ._result import RelaxResult
from ._run import run
from ._stopping import Stopping
from ._stopping import omega as checked_omega
from ._vectors import vectors

DIRECTIONS = ("forward", "backward", "symmetric")
ORDERS = ("row", "red-black", "multicolor")


def sor(
    A: Any,
    b: ArrayLike,
    *,
    omega: float = 1.0,
    x0: ArrayLike | None = None,
    direction: Literal["forward", "backward", "symmetric"] = "forward",
    order: Literal["row", "red-black", "multicolor"] = "row",
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
        Right-hand sides. Columns are solved on several threads at once, and on sparse rows four share one pass over the
        matrix, unless progress is asked for; each gets the bits of a solve of its own.
    omega : float
        Relaxation factor in (0, 2); 1 is Gauss-Seidel. `omega_opt` gives Young's choice.
    x0 : array_like, shape of b, optional
        Start. Default: zeros.
    direction : {"forward", "backward", "symmetric"}
        Order of the rows; symmetric is forward, then backward, and counts as one sweep.
    order : {"row", "red-black", "multicolor"}
        Row order for any matrix; red-black for 5- and 7-point stencils, faster a sweep at nearly the same rate;
        multicolor for any matrix, color by color of a greedy coloring in which no two neighbors are alike, from a
        sorted copy of the matrix.
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
    order: Literal["row", "red-black", "multicolor"] = "row",
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
    factor = checked_omega(factor)
    which = DIRECTIONS.index(_check.choice("direction", direction, DIRECTIONS))
    rows_by = ORDERS.index(_check.choice("order", order, ORDERS))
    stopping = Stopping.checked(rtol, atol, ref, maxiter, time_limit)
    core = _matrix.prepare(A, threads)
    rows, x = vectors(A, core, b, x0)
    floors = None if floor is None else vectors(A, core, floor, None, "floor")[0]
    if floors is not None and len(floors) != len(rows):
        raise ValueError(f"floor: expected shape {np.shape(b)}, got {np.asarray(floor).shape}")

    def solve(i: Any, poll: Any) -> Any:
        low = None if floors is None else floors[i]
        return core.sor(rows[i], low, x[i], factor, which, rows_by, stopping.core(poll))

    return run(rows, x, solve, b, factor, stopping, progress, raise_on_failure)
