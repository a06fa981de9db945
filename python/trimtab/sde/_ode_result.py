"""What solve_ode returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._config import optional
from .._result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from xarray import Dataset

    from ._adjoint import Adjoint

Reals = NDArray[np.float64]


class OdeInterpolant:
    """The solution of one path as a function of time, of order 4 between the steps.

    Attributes
    ----------
    ts : ndarray, shape (n_steps + 1,)
        Ends of the steps.
    t_min, t_max : float
        Outside of them the polynomial of the outermost step goes on.
    """

    def __init__(self, ts: Reals, coefficients: Reals) -> None:
        self.ts = ts
        self._coefficients = coefficients
        self.t_min, self.t_max = float(min(ts[0], ts[-1])), float(max(ts[0], ts[-1]))

    def __call__(self, t: ArrayLike) -> Reals:
        """Values at `t`, shape (d,) for a number and (d, k) for k times."""
        times = np.asarray(t, dtype=np.float64)
        flat = np.atleast_1d(times)
        sign = 1.0 if self.ts[-1] >= self.ts[0] else -1.0
        n = np.searchsorted(sign * self.ts[1:-1], sign * flat)
        theta = ((flat - self.ts[n]) / (self.ts[n + 1] - self.ts[n]))[:, None]
        c = self._coefficients[n]
        y = c[:, 0] + theta * (c[:, 1] + theta * (c[:, 2] + theta * (c[:, 3] + theta * c[:, 4])))
        values: Reals = y[0] if times.ndim == 0 else y.T
        return values


@dataclass(frozen=True)
class OdeProblem:
    """What was solved, as the adjoint wants it again."""

    f: Any
    args: tuple[Any, ...]
    y0: Reals
    rtol: float
    atol: Reals
    t_eval: Reals | None


@dataclass(frozen=True, repr=False)
class OdeResult(Result):
    """Solution of an ordinary differential equation, in the manner of `scipy.integrate.solve_ivp`.

    Where `y0` has many paths, shape (n_paths, d), the fields become what is said after "paths:".

    Attributes
    ----------
    t : ndarray, shape (n,)
        Times: `t_eval`, or the start and the end of every accepted step. Paths: without `t_eval` a tuple of arrays.
    y : ndarray, shape (d, n)
        Values at `t`. Paths: shape (n_paths, d, n) at `t_eval`, NaN where a path did not come that far; without
        `t_eval` a tuple of arrays.
    sol : OdeInterpolant or None
        With ``dense_output=True``, the solution as a function of time. Paths: a tuple.
    t_events, y_events : list of ndarray, or None
        For each event its times, shape (k,), and states, shape (k, d). Paths: for each event a tuple of arrays.
    nfev : int
        Evaluations of f. Paths: an array.
    status : int
        0 the end was reached, 1 a terminal event, -1 step too small, -2 `max_steps`, -3 NaN or infinity, -4 stopped by
        `progress`. Paths: an array.
    message : str
        The status in words.
    success : bool
        True if the (every) status is 0 or 1.
    steps : structured ndarray
        Every attempted step: ``path``, ``t``, ``h``, ``error`` (the scaled error, rms over components; accepted below
        1), ``stiffness`` (abs(k7 - k6) / abs(z7 - z6), an estimate of the largest eigenvalue of df/dy in absolute
        value; NaN where nothing moves) and ``accepted``.
    """

    t: Any
    y: Any
    sol: Any = field(repr=False)
    t_events: list[Any] | None = field(repr=False)
    y_events: list[Any] | None = field(repr=False)
    nfev: Any
    status: Any
    message: str
    success: bool
    steps: NDArray[Any] = field(repr=False)
    _problem: OdeProblem = field(repr=False)

    def _rows(self) -> list[tuple[str, str]]:
        rows = [(n, f"{len(t)} arrays" if isinstance(getattr(self, n), tuple) else t) for n, t in super()._rows()]
        accepted = int(self.steps["accepted"].sum())
        return [*rows, ("steps", f"{accepted} accepted, {len(self.steps) - accepted} rejected")]

    def adjoint(self, vjp: Callable[..., Any], **options: Any) -> Adjoint:
        """Replay the accepted steps and keep what derivatives need; see `adjoint`.

        Parameters
        ----------
        vjp : callable(t, y, v, *args) -> (y_bar, *args_bar)
            Products of v with the derivatives of f.
        **options
            `save_at`, `error`, `stiffness` and `checkpoints` of `adjoint`. `save_at` is by default the times of this
            solution; of many paths without `t_eval`, the end.

        Returns
        -------
        Adjoint

        Examples
        --------
        >>> import numpy as np
        >>> import trimtab as tt
        >>> sol = tt.sde.solve_ode(lambda t, y, a: a * y, (0, 1), [1.0], args=(-0.5,), t_eval=[1.0])
        >>> tape = sol.adjoint(lambda t, y, v, a: (a * v, v @ y))
        >>> float(tape.gradient(np.ones((1, 1))).args[0].round(6))  # d/da exp(a)
        0.606531
        """
        from ._adjoint import adjoint

        p = self._problem
        if "save_at" not in options:
            options["save_at"] = p.t_eval if p.t_eval is not None or p.y0.ndim == 2 else self.t
        return adjoint(p.f, vjp, p.y0, self.steps, args=p.args, rtol=p.rtol, atol=p.atol, **options)

    def plot(self, ax: Axes | None = None, path: int = 0) -> Axes:
        """Draw all components of one path over time.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.
        path : int, optional
            Which one, where there are many.

        Returns
        -------
        matplotlib Axes
        """
        from ..plot import new_axes

        ax = new_axes() if ax is None else ax
        single = self._problem.y0.ndim == 1
        t = self.t[path] if isinstance(self.t, tuple) else self.t
        y, sol = (self.y, self.sol) if single else (self.y[path], None if self.sol is None else self.sol[path])
        fine = t if sol is None else np.linspace(sol.ts[0], sol.ts[-1], 20 * len(sol.ts))
        for i, values in enumerate(y if sol is None else sol(fine)):
            ax.plot(fine, values, label=f"y[{i}]")
        ax.set_xlabel("t")
        ax.legend(frameon=False)
        return ax

    def to_xarray(self) -> Dataset:
        """Return an xarray Dataset with ``y`` over ``component`` and ``t``, and ``path`` where there are many.

        Raises
        ------
        ValueError
            For many paths without `t_eval`, whose times differ.
        """
        if isinstance(self.t, tuple):
            raise ValueError("t_eval: expected times that all paths share, got None")
        xarray = optional("xarray", "io", "to_xarray()")
        dims = ("component", "t") if self.y.ndim == 2 else ("path", "component", "t")
        attrs = {"message": self.message, "rtol": self._problem.rtol}
        dataset: Dataset = xarray.Dataset({"y": (dims, self.y)}, coords={"t": self.t}, attrs=attrs)
        return dataset
