"""What a run of the hyperbolic solver returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._config import optional
from .._result import Result, brief
from ..steer import Decisions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from xarray import Dataset

CLASS_NAMES = ("smooth", "shock", "contact")


@dataclass(frozen=True, repr=False)
class HyperbolicResult(Result):
    """Solution of a conservation law; each primitive variable is an attribute of its own (``r.rho``).

    Attributes
    ----------
    t : float or ndarray, shape (n_snapshots,)
        Time of the solution, or times of the snapshots if ``every`` was given.
    x : ndarray, shape (n,)
        Cell centers.
    W : ndarray, shape (n_vars, n) or (n_snapshots, n_vars, n)
        Primitive point values at the cell centers.
    classes : ndarray of uint8, shape (n,)
        Class of each cell at the end: 0 smooth, 1 shock, 2 contact.
    stats : dict
        ``steps``, ``seconds`` (wall clock), ``cell_steps_per_second``, ``smooth``, ``shock``, ``contact`` (mean shares
        of cells), ``blended`` (fluxes blended for positivity), ``floored`` (cells raised to the floor).
    decisions : trimtab.steer.Decisions
        Per step: time, step size, cells in each class and the largest defect.
    success : bool
    status : str
        ``"success"``, ``"stopped"``, ``"time_limit"``, ``"max_steps"``, ``"not_finite"``, ``"not_positive"`` or
        ``"step_too_small"``.
    message : str
        The status in words; after a failure with step, time, cell and state.
    """

    t: float | NDArray[np.float64]
    x: NDArray[np.float64]
    W: NDArray[np.float64]
    classes: NDArray[np.uint8] = field(repr=False)
    stats: dict[str, Any]
    decisions: Decisions
    success: bool
    status: str
    message: str
    law: str = field(repr=False)
    variables: tuple[str, ...] = field(repr=False)
    parameters: dict[str, Any] = field(repr=False)

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        # reached only for names that are no field; the guard keeps copy and pickle from asking in circles
        variables: tuple[str, ...] = self.__dict__.get("variables", ())
        if name in variables:
            values: NDArray[np.float64] = self.W[..., variables.index(name), :]
            return values
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def _rows(self) -> list[tuple[str, str]]:
        rows = [(n, t) for n, t in super()._rows() if n not in ("W", "decisions")]
        values = [(name, brief(getattr(self, name))) for name in self.variables]
        log = [("decisions", f"{len(self.decisions)} records of {', '.join(self.decisions.columns)}")]
        return rows[:2] + values + rows[2:3] + log + rows[3:]

    def plot(self, ax: Axes | None = None, variable: str | None = None, exact: Any = None) -> Axes:
        """Draw one variable at the final time, with the class of each cell as a strip along the bottom.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.
        variable : str, optional
            Default: the first primitive variable.
        exact : array_like, shape (n,), optional
            Exact values at `x`, drawn as a line.

        Returns
        -------
        matplotlib Axes
        """
        from ..plot import draw_profile

        return draw_profile(self, ax, variable or self.variables[0], exact)

    def to_xarray(self) -> Dataset:
        """Return an xarray Dataset with the primitive variables over ``x``, or over ``t`` and ``x``."""
        xarray = optional("xarray", "io", "to_xarray()")
        dims = ("x",) if self.W.ndim == 2 else ("t", "x")
        coords: dict[str, Any] = {"x": self.x, "t": self.t}
        data: dict[str, Any] = {name: (dims, getattr(self, name)) for name in self.variables}
        data["class"] = (("x",), self.classes, {"flag_values": [0, 1, 2], "flag_meanings": " ".join(CLASS_NAMES)})
        attrs = {"law": self.law, "status": self.status, **self.parameters}
        dataset: Dataset = xarray.Dataset(data, coords=coords, attrs=attrs)
        return dataset
