"""One step of a solver, for integrators of other people's own."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check, _core
from ._equations import Equation
from ._solvers import SOLVERS


class Step(NamedTuple):
    """The new states (m, d), the estimated errors (m, d) and the estimated stiffness (m,).

    Errors are NaN for a solver without an estimate, the stiffness is 0.
    """

    y: NDArray[np.float64]
    error: NDArray[np.float64]
    stiffness: NDArray[np.float64]


def step(sde: Equation, t: ArrayLike, y: ArrayLike, h: ArrayLike, noise: Any, *, solver: str) -> Step:
    """Take one step of m paths, each from its own time and of its own length.

    Parameters
    ----------
    sde : SDE or model
        As in `solve`.
    t, h : float or array_like, shape (m,)
        Times and lengths.
    y : array_like, shape (m, d)
    noise : sequence of array_like, shape (m, noise_dim)
        W, H, K over [t, t + h], as far as the solver reads them; for instance a `BrownianTree` increment.
    solver : str
        One of `solver_names`.

    Returns
    -------
    Step

    Raises
    ------
    ValueError
        If a shape or the solver does not fit, or H or K is missing.

    Examples
    --------
    >>> import trimtab as tt
    >>> B = tt.sde.BrownianTree(1, 0.0, 1.0, levy="H")
    >>> y, error, stiffness = tt.sde.step(
    ...     tt.sde.double_well(), 0.0, [[1.0]] * 5, 0.25, B.increment(0, 0.25, paths=5), solver="shark"
    ... )
    >>> y.shape
    (5, 1)
    """
    info = SOLVERS[_check.choice("solver", solver, SOLVERS)]
    given = _check.real_array("y", y)
    if given.ndim != 2 or given.size == 0:
        raise ValueError(f"y: expected shape (m, d), got {given.shape}")
    states = _check.array("y", given, given.shape)
    m, d = states.shape
    _, noise_dim = sde.dimensions(d)
    areas = [_check.real_array("noise", part) for part in noise]
    if len(areas) < " WHK".index(info.levy):
        raise ValueError(f"noise: expected W to {info.levy} for solver {solver!r}, got {len(areas)} arrays")
    width = (areas[0].shape[-1] if areas[0].ndim else 1) if noise_dim is None else noise_dim
    increments = [np.ascontiguousarray(_check.array("noise", part, (m, width)).T) for part in areas]
    core = sde.core(float(np.ravel(t)[0]), states, width)
    y1, error, stiffness = _core.sde.step(
        core,
        info.number,
        _check.array("t", t, (m,)),
        _check.array("h", h, (m,)),
        np.ascontiguousarray(states.T),
        increments,
    )
    return Step(y1.T, error.T if info.embedded else np.full((m, d), np.nan), stiffness)
