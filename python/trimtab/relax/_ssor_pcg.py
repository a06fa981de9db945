"""Conjugate gradients with the symmetric sweep as preconditioner."""

from __future__ import annotations

from typing import Any, Literal

from numpy.typing import ArrayLike

from .. import _check
from .._progress import Report
from . import _matrix
from ._result import RelaxResult
from ._run import run
from ._sor import ORDERS
from ._stopping import Stopping
from ._stopping import omega as checked_omega
from ._vectors import vectors


def ssor_pcg(
    A: Any,
    b: ArrayLike,
    *,
    omega: float = 1.0,
    x0: ArrayLike | None = None,
    order: Literal["row", "multicolor"] = "row",
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
        As in `sor`. Symmetry is checked on 64 rows. Compressed rows are read once for four columns of b (two without
        AVX), from three of them on; each gets the numbers that it would get alone.
    omega : float
        Relaxation factor of the preconditioner (D + omega L) D^-1 (D + omega U) / (omega (2 - omega)), in (0, 2).
    order : {"row", "multicolor"}
        In which the preconditioner takes the rows. Colors run on any number of threads, for more iterations: red and
        black ones at omega = 1 take half of those of the plain diagonal, and more at larger factors.

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
    factor = checked_omega(omega)
    rows_by = ORDERS.index(_check.choice("order", order, ("row", "multicolor")))
    stopping = Stopping.checked(rtol, atol, ref, maxiter, time_limit)
    core = _matrix.prepare(A, threads)
    _matrix.require_symmetric(A)
    rows, x = vectors(A, core, b, x0)
    return run(
        rows,
        x,
        lambda i, poll: core.ssor_pcg(rows[i], x[i], factor, rows_by, stopping.core(poll)),
        b,
        factor,
        stopping,
        progress,
        raise_on_failure,
    )
