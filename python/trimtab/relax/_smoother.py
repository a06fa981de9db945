"""Sweeps for other people's multigrid."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .. import _check
from . import _matrix
from ._sor import DIRECTIONS, ORDERS
from ._stopping import Stopping
from ._stopping import omega as checked_omega


class Smoother:
    """A fixed number of SOR sweeps, as the smoother of a multigrid level of pyamg.

    Parameters
    ----------
    omega : float
        Relaxation factor in (0, 2).
    sweeps : int
        Sweeps a call.
    direction : {"forward", "backward", "symmetric"}
        Order of the rows. For a symmetric cycle give pre- and postsmoother opposite directions, or symmetric ones.
    threads : int, optional

    Raises
    ------
    ValueError
        Naming the argument.

    Notes
    -----
    pyamg calls ``level.presmoother(A, x, b)`` and expects x to be changed. The matrix is prepared at the first call
    with it, so give every level a smoother of its own.

    Examples
    --------
    A hierarchy ``ml`` of pyamg takes one a level:

        for level in ml.levels[:-1]:
            level.presmoother = tt.relax.Smoother(direction="forward")
            level.postsmoother = tt.relax.Smoother(direction="backward")

    >>> import numpy as np, trimtab as tt
    >>> A = tt.relax.Stencil2D.laplacian((20, 20))
    >>> x, b = np.zeros(400), np.ones(400)
    >>> tt.relax.Smoother(omega=1.5, sweeps=30)(A, x, b)
    >>> bool(abs(x - tt.relax.ssor_pcg(A, b).x).max() < 0.2 * x.max())
    True
    """

    def __init__(
        self,
        omega: float = 1.0,
        *,
        sweeps: int = 1,
        direction: Literal["forward", "backward", "symmetric"] = "forward",
        threads: int | None = None,
    ) -> None:
        self._omega = checked_omega(omega)
        self._direction = DIRECTIONS.index(_check.choice("direction", direction, DIRECTIONS))
        self._sweeps = _check.integer("sweeps", sweeps, minimum=1)
        self._threads = threads
        self._matrix: Any = None
        self._core: Any = None

    def __call__(self, A: Any, x: NDArray[Any], b: NDArray[Any]) -> None:
        """Change x by the sweeps for A x = b."""
        if self._matrix is not A:
            self._core, self._matrix = _matrix.prepare(A, self._threads), A
        # sweeps are counted, not judged: no residual is small enough
        stopping = Stopping(0.0, 1e-300, "b", self._sweeps, 0.0).core(None)
        rhs, solution = np.ravel(b), np.array(np.ravel(x))
        self._core.sor(rhs, None, solution, self._omega, self._direction, ORDERS.index("row"), stopping)
        x[...] = solution.reshape(x.shape)

    def __repr__(self) -> str:
        return f"Smoother(omega={self._omega:g}, sweeps={self._sweeps}, direction={DIRECTIONS[self._direction]!r})"
