"""One step of a method and its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._result import Result
from ._brownian import BrownianTree
from ._ode import start_state
from ._paths import PathsLike
from ._step_lists import one_step
from ._sweep import Gradient, Sweep

Reals = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class LocalStep(Result):
    """One step, as `local_step` returns it; it unpacks as ``y1, error, stiffness = step``.

    Attributes
    ----------
    y1 : ndarray, shape (d,) or (n_paths, d)
    error : float, or ndarray of shape (n_paths,)
        Scaled error, rms over components; NaN if the method has no estimate.
    stiffness : float, or ndarray of shape (n_paths,)
        Estimate of the largest eigenvalue of df/dy in absolute value; NaN if nothing moves.
    """

    y1: Reals
    error: Any
    stiffness: Any
    _sweep: Sweep = field(repr=False)

    def __iter__(self) -> Any:
        return iter((self.y1, self.error, self.stiffness))

    def gradient(
        self, y1_bar: ArrayLike | None = None, error_bar: ArrayLike = 0.0, stiffness_bar: ArrayLike = 0.0
    ) -> Gradient:
        """Gradient of a loss, given its derivatives with respect to `y1`, `error` and `stiffness`.

        Parameters
        ----------
        y1_bar : array_like, shaped as `y1`, optional
        error_bar, stiffness_bar : float, or array_like of shape (n_paths,), optional
            For the local regularizer error h of this step: ``error_bar=weight * h``.

        Returns
        -------
        Gradient
            Its ``y0`` is with respect to y. The local regularizer takes y as a constant and uses ``args`` alone.
        """
        bar = np.zeros(self.y1.shape) if y1_bar is None else _check.array("y1_bar", y1_bar, self.y1.shape)
        shape = np.shape(self.error)
        rows = [
            np.atleast_1d(_check.array(name, value, shape))[None]
            for name, value in (("error_bar", error_bar), ("stiffness_bar", stiffness_bar))
        ]
        return self._sweep.reverse(bar[..., None], *rows)


def local_step(
    f: Callable[..., Any],
    vjp: Callable[..., Any],
    t: ArrayLike,
    y: ArrayLike,
    h: ArrayLike,
    *,
    args: Sequence[Any] = (),
    method: Literal["tsit5", "euler", "heun", "sra1", "shark", "spark"] = "tsit5",
    g: Callable[..., Any] | None = None,
    g_vjp: Callable[..., Any] | None = None,
    noise: Literal["additive", "scalar", "diagonal", "commutative", "general"] = "diagonal",
    brownian: BrownianTree | None = None,
    paths: PathsLike = None,
    rtol: float = 1e-6,
    atol: ArrayLike = 1e-9,
) -> LocalStep:
    """One step from y at t to t + h, with the derivatives of its end, error and stiffness.

    A step from a random time is the local regularizer of neural differential equations: its error times h estimates
    R_E (see `adjoint`) at the cost of one step, without bias for a time uniform in the interval, with a bias towards
    where steps are short for that of a random accepted step.

    Parameters
    ----------
    f, vjp, args, method, g, g_vjp, noise, brownian, paths, rtol, atol
        As for `adjoint`.
    t, h : float, or array_like of shape (n_paths,)
        Start and length; h < 0 steps back, if there is no noise.
    y : array_like, shape (d,) or (n_paths, d)

    Returns
    -------
    LocalStep

    Raises
    ------
    ValueError, TypeError
        As `adjoint`.

    References
    ----------
    A. Pal, A. Edelman, C. Rackauckas, Locally regularized neural differential equations, ICML 2023.

    Examples
    --------
    >>> import numpy as np
    >>> import trimtab as tt
    >>> def f(t, y, a):
    ...     return a * y
    >>> def vjp(t, y, v, a):
    ...     return a * v, v @ y
    >>> step = tt.sde.local_step(f, vjp, 0.0, [1.0], 0.5, args=(-3.0,))
    >>> y1, error, stiffness = step
    >>> round(stiffness, 6)
    3.0
    >>> step.gradient(error_bar=0.5).args[0].shape
    ()
    """
    start = start_state(y)
    steps = one_step(t, h, len(np.atleast_2d(start)), start.ndim == 1, brownian)
    sweep = Sweep((f, vjp, g, g_vjp), start, steps, None, args, method, noise, brownian, paths, rtol, atol, 1)
    y1, errors, stiffnesses = sweep.forward()
    single = start.ndim == 1
    return LocalStep(
        y1=np.ascontiguousarray(y1[..., 0]),
        error=float(errors[0, 0]) if single else errors[0],
        stiffness=float(stiffnesses[0, 0]) if single else stiffnesses[0],
        _sweep=sweep,
    )
