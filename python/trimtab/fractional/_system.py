"""Equations d L u + r u = f with a preconditioner or factors, for one or many right-hand sides."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check, _core
from .._errors import RunFailure
from ._arguments import Array, as_columns, as_rows, coefficient, sampled
from ._spline import Spline

if TYPE_CHECKING:
    from ._riesz import Riesz

logger = logging.getLogger("trimtab")

PreconditionerName = Literal["auto", "tau", "padded tau", "strang", "none", "dense"]
REASONS = {
    "success": "converged",
    "floor": "converged to the rounding floor",
    "maxiter": "ran out of iterations",
    "diverged": "diverged",
}


class System:
    """The collocation matrix diag(d) A + diag(r) M with its preconditioner; `Riesz.system` makes it.

    ``system @ v`` is its product, `solve` its inverse. Time stepping solves
    ``op.system(diffusion=w * dt * K, reaction=1.0)``, which is M + w dt K A, again and again.
    """

    def __init__(
        self, op: Riesz, diffusion: Any, reaction: Any, preconditioner: PreconditionerName, border: bool
    ) -> None:
        self.op = op
        self.shape = op.shape
        self.dtype = op.dtype
        d = coefficient("diffusion", diffusion, op.points, positive=True)
        r = coefficient("reaction", reaction, op.points)
        names = list(_core.fractional.PRECONDITIONERS)
        kind = names.index(_check.choice("preconditioner", preconditioner, names))
        lowest = op.lowest_eigenvalue() * (d.min() if d.size else 1.0)
        if r.size and r.min() <= -lowest:
            warnings.warn(
                f"reaction: {r.min():.6g} is below minus the lowest eigenvalue of the diffusion, about {lowest:.6g}; "
                "the problem may be indefinite or singular",
                stacklevel=3,
            )
        if d.size and d.max() > 1e4 * d.min():
            warnings.warn(
                f"diffusion: varies by a factor {d.max() / d.min():.2g}, above 1e4; expect many iterations",
                stacklevel=3,
            )
        self._core = _core.fractional.System(op._core, d, r, kind, bool(border))

    @property
    def preconditioner(self) -> str:
        """The preconditioner that was chosen."""
        return self._core.preconditioner

    def matvec(self, v: ArrayLike) -> Array:
        """The product with (N,) or (N, k) coefficients."""
        return as_columns(self._core.apply(as_rows(sampled("v", v, self.op.points, columns=True))))

    __matmul__ = matmat = matvec

    def precondition(self, v: ArrayLike) -> Array:
        """The inverse of the preconditioner applied to (N,) or (N, k) numbers."""
        return as_columns(self._core.precondition(as_rows(sampled("v", v, self.op.points, columns=True))))

    def solve(
        self,
        f: Any,
        *,
        rtol: float = 1e-10,
        maxiter: int = 200,
        x0: Spline | ArrayLike | None = None,
        raise_on_failure: bool = False,
    ) -> Spline:
        """Solve for one or many right-hand sides; see `Riesz.solve`."""
        rhs = as_rows(sampled("f", f, self.op.points, columns=True))
        rtol = _check.real("rtol", rtol, at_least=0, below=1)
        maxiter = _check.integer("maxiter", maxiter, minimum=1, maximum=2**31 - 1)
        u = np.zeros(rhs.shape)
        if x0 is not None:
            start = x0.coef if isinstance(x0, Spline) else x0
            u[...] = as_rows(sampled("x0", start, self.op.points, columns=True))
        status, iterations, error, seconds = self._core.solve(rhs, u, rtol, maxiter, x0 is not None)
        message = f"{REASONS[status]} after {iterations} iterations, preconditioned residual {error:.2e}"
        if status == "maxiter":
            message += f" (maxiter={maxiter}, rtol={rtol:g})"
        ok = status in ("success", "floor")
        result = Spline(as_columns(u), ok, status, message, iterations, error, seconds, self.preconditioner, self.op)
        logger.debug("fractional: %s", message)
        if raise_on_failure and not ok:
            raise RunFailure(message, result)
        return result


class Factorization:
    """The inverse of shift M + diffusion A, for many right-hand sides; `Riesz.factorize` makes it."""

    def __init__(self, op: Riesz, diffusion: float, shift: float) -> None:
        self.op = op
        d = _check.real("diffusion", diffusion, above=0)
        self._core = _core.fractional.Factorization(op._core, d, _check.real("shift", shift, at_least=0))

    def solve(self, F: Any) -> NDArray[np.float64]:
        """Coefficients for the right-hand sides `F`, (N,) or (N, k), sampled at ``op.points``.

        Examples
        --------
        >>> import numpy as np, trimtab as tt
        >>> op = tt.fractional.Riesz(256)
        >>> F = np.stack([np.ones(op.shape[0]), np.cos(op.points)], axis=1)
        >>> U = op.factorize().solve(F)
        >>> bool(abs(op @ U - F).max() < 1e-9)
        True
        """
        return as_columns(self._core.solve(as_rows(sampled("F", F, self.op.points, columns=True))))
