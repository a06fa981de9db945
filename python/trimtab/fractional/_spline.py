"""Solutions as functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._config import optional
from .._result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from scipy.interpolate import BSpline

    from ._riesz import Riesz


@dataclass(frozen=True, repr=False)
class Spline(Result):
    """A spline that vanishes at both ends and outside, and how it was found.

    Attributes
    ----------
    coef : ndarray, (N,) or (N, k)
        Coefficients of the B-splines; k splines on the same knots.
    success : bool
        Whether the coefficients are as accurate as was asked for, or as rounding lets them be.
    status : str
        ``"success"``, ``"floor"`` (rounding is all that is left), ``"maxiter"`` or ``"diverged"``.
    message : str
        The status in words.
    iterations : int
        Of GMRES; the largest number if there are several right-hand sides. 0 for a direct solution.
    error_estimate : float
        Preconditioned residual relative to that of the right-hand side: nearly the relative error of the coefficients
        as a solution of the linear system. It knows nothing of the error of the discretization.
    seconds : float
        Wall-clock time.
    preconditioner : str
        The one that was used.
    op : Riesz
        The operator with the mesh.
    order : int
        Derivative that a call evaluates.
    """

    coef: NDArray[np.float64]
    success: bool = True
    status: str = "success"
    message: str = ""
    iterations: int = 0
    error_estimate: float = 0.0
    seconds: float = 0.0
    preconditioner: str = ""
    op: Riesz = field(default=None, repr=False)  # type: ignore[assignment]
    order: int = field(default=0, repr=False)

    def __call__(self, x: ArrayLike) -> NDArray[np.float64] | Any:
        """Values at points of any shape, in the unit of length of the interval; zero outside.

        Returns
        -------
        ndarray of the shape of `x`, with a last axis k for k splines; a float for one spline and one point.

        Examples
        --------
        >>> import trimtab as tt
        >>> u = tt.fractional.Riesz(64).solve(1.0)
        >>> abs(u(0.5) - 0.2659615) < 1e-3
        True
        """
        given = _check.real_array("x", x)
        at = np.ascontiguousarray(given, np.float64)
        core = self.op._core
        if self.coef.ndim == 2:
            rows = [core.evaluate(np.ascontiguousarray(c), at, self.order) for c in self.coef.T]
            return np.stack(rows, axis=-1).reshape(*given.shape, len(rows))
        values = core.evaluate(self.coef, at, self.order)
        return values if given.ndim else float(values[0])

    def derivative(self, order: int = 1) -> Spline:
        """The derivative as a function of x; unit: that of u per length to the power of `order`."""
        from dataclasses import replace

        return replace(self, order=self.order + _check.integer("order", order, minimum=0, maximum=100))

    @property
    def degree(self) -> int:
        """Degree of the spline that a call evaluates."""
        return max(self.op.degree - self.order, 0)

    @property
    def knots(self) -> NDArray[np.float64]:
        """All knots of the mesh, (n + 2 degree + 1,): both ends degree + 1 times."""
        return self.op.knots

    def to_scipy(self) -> BSpline:
        """The same function as a ``scipy.interpolate.BSpline``; NaN outside the interval."""
        interpolate = optional("scipy.interpolate", "scipy", "to_scipy()")
        rim = np.zeros((1, *self.coef.shape[1:]))
        spline = interpolate.BSpline(
            self.knots, np.concatenate([rim, self.coef, rim]), self.op.degree, extrapolate=False
        )
        return spline.derivative(self.order) if self.order else spline

    def plot(self, ax: Axes | None = None, *, points: int = 1001, **style: Any) -> Axes:
        """Draw the function on the interval; `style` goes to matplotlib's plot."""
        from ..plot import draw_function

        return draw_function(self, self.op.interval, ax, _check.integer("points", points, minimum=2), style)
