"""What a solve returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._config import optional
from .._result import Result
from ._brownian import BrownianTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from xarray import Dataset

STATUS = ("success", "event", "nan", "max_steps", "stopped")


@dataclass(frozen=True, repr=False)
class Solution(Result):
    """Paths of a stochastic differential equation.

    Pickles without the equation, whose functions may not: what comes back has no `error_estimate`.

    Attributes
    ----------
    t : ndarray, shape (n_times,)
        The times of `save_at`.
    y : ndarray, shape (n_paths, n_times, d)
        States at these times; NaN after a path's end.
    t_end, y_end : ndarray, shapes (n_paths,), (n_paths, d)
        Where each path ended: at the tree's end, at an event, or in its last good state.
    status : ndarray of int8, shape (n_paths,)
        0 success, 1 event, 2 the state became NaN or infinite, 3 max_steps reached, 4 stopped by `progress`.
    success : bool
        Whether every path ended by success or event.
    message : str
    solver : str
    stats : dict
        Sums over all paths: ``accepted``, ``rejected`` and ``forced`` steps, ``nfev`` evaluations of the drift, and
        ``splits`` of tree nodes.
    steps : ndarray or None
        With ``save_steps=True`` every attempted step: fields ``path``, ``t``, ``h``, ``error`` (scaled, accepted below
        1; NaN if not estimated), ``stiffness`` (rate per unit time, 0 if not estimated), ``accepted``; path by path.
    decisions : tuple of str
        What was chosen for the caller, and why.
    tree : BrownianTree
    """

    t: NDArray[np.float64]
    y: NDArray[np.float64]
    t_end: NDArray[np.float64]
    y_end: NDArray[np.float64]
    status: NDArray[np.int8]
    success: bool
    message: str
    solver: str
    stats: dict[str, int]
    steps: NDArray[Any] | None = field(repr=False)
    decisions: tuple[str, ...] = field(repr=False)
    tree: BrownianTree
    paths: NDArray[np.uint64] = field(repr=False)
    _again: Callable[[], Solution] | None = field(repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_again": None}

    @property
    def cost(self) -> int:
        """Evaluations of the drift on all paths."""
        return self.stats["nfev"]

    def error_estimate(self) -> NDArray[np.float64]:
        """Strong error of every path: how far it moves when solved again, on the same noise, with half the tolerance.

        With constant steps twice as many, with `Cir` half the `ctol`. Free of sampling noise, as both solves follow the
        same Brownian path.

        Returns
        -------
        ndarray, shape (n_paths, n_times)
            Euclidean distances between the states.

        Raises
        ------
        ValueError
            If the solution was pickled.

        Examples
        --------
        >>> import trimtab as tt
        >>> sol = tt.sde.solve(
        ...     tt.sde.double_well(), [1], tt.sde.BrownianTree(1, 0, 1, levy="H"), steps=tt.sde.Constant(64), paths=100
        ... )
        >>> bool(sol.error_estimate().max() < 0.01)
        True
        """
        if self._again is None:
            raise ValueError("error_estimate(): expected a solution that knows its equation, got one from a pickle")
        return np.asarray(np.linalg.norm(self.y - self._again().y, axis=-1))

    def plot(self, ax: Axes | None = None, component: int = 0, n_paths: int = 20, **style: Any) -> Axes:
        """Draw a component of the first paths over the saved times.

        Parameters
        ----------
        ax : matplotlib Axes, optional
        component : int, optional
        n_paths : int, optional
        **style
            As for ``ax.plot``.

        Returns
        -------
        Axes
        """
        from ..plot import new_axes

        ax = new_axes() if ax is None else ax
        ax.plot(self.t, self.y[:n_paths, :, component].T, **{"lw": 0.8, **style})
        ax.set_xlabel("t")
        ax.set_ylabel(f"y[{component}]")
        return ax

    def to_xarray(self) -> Dataset:
        """Return an xarray Dataset with ``y`` over path, time and component, and the status of each path."""
        xarray = optional("xarray", "io", "to_xarray()")
        data = {
            "y": (("path", "t", "component"), self.y),
            "status": ("path", self.status),
            "t_end": ("path", self.t_end),
        }
        attrs = {"solver": self.solver, "tree": repr(self.tree), "message": self.message}
        dataset: Dataset = xarray.Dataset(data, coords={"path": self.paths, "t": self.t}, attrs=attrs)
        return dataset


def message(status: NDArray[np.int8], paths: NDArray[np.uint64], t_end: NDArray[np.float64]) -> tuple[bool, str]:
    """Whether all is well, and what happened in words."""
    failed = status >= 2
    if not failed.any():
        events = int((status == 1).sum())
        return True, f"{events} of {status.size} paths ended at an event" if events else "all paths reached the end"
    first = int(np.flatnonzero(failed)[0])
    words = {2: "the state became NaN or infinite", 3: "max_steps reached", 4: "stopped by progress"}
    return False, (
        f"{int(failed.sum())} of {status.size} paths failed; path {paths[first]} at t = {t_end[first]:.6g}: "
        f"{words[int(status[first])]}"
    )
