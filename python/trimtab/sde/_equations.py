"""Stochastic differential equations as the solvers take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from .. import _check, _core
from ._callable import CFunction, core_function, is_compiled

NOISES = ("additive", "scalar", "diagonal", "commutative", "general")
CALCULI = ("ito", "stratonovich")


class Equation(Protocol):
    """What `solve` needs to know of an equation."""

    noise: str
    calculus: str

    @property
    def kind(self) -> str: ...
    def has_correction(self) -> bool: ...
    def dimensions(self, y0_size: int) -> tuple[int, int | None]:
        """Components of the state and of the noise, from the size of y0; None for a noise of any size."""

    def core(self, t0: float, y0: Any, noise_dim: int) -> Any: ...
    def releases_lock(self) -> bool:
        """Whether no Python callable takes part."""


@dataclass(frozen=True)
class SDE:
    """dy = f(t, y) dt + g(t, y) dW.

    Parameters
    ----------
    drift : callable or cfunc
        f(t, y) for many paths at once: t (m,), y (m, d) -> (m, d), or anything that broadcasts to it.
    diffusion : callable, cfunc or array_like
        g(t, y). For ``"diagonal"`` noise (m, d), where component i of the noise drives component i of the state by a
        g_i that depends on t and y_i alone. For ``"scalar"`` noise (m, d). For ``"commutative"`` and ``"general"``
        noise (m, d, n) with n components of noise. For ``"additive"`` noise either form, and an array if it is
        constant in time: a number, (d,) or (d, n).
    noise : {"diagonal", "additive", "scalar", "commutative", "general"}, optional
        Solves look at the diffusion near the first state, and refuse noise that is of another kind than it says.
    calculus : {"ito", "stratonovich"}, optional
        In which sense the equation is meant. Default ``"ito"``. Solvers of the other kind get the corrected drift.
    correction : callable, cfunc or "finite-differences", optional
        (t, y) -> (m, d), the sum over j of (dg_j/dy) g_j; for diagonal noise g dg/dy. Needed where the solver's
        calculus is not the equation's; ``"finite-differences"`` estimates it to about 1e-10 with two more calls of g
        for each component of a full noise.

    Raises
    ------
    TypeError, ValueError
        If an argument is of a wrong kind.

    Examples
    --------
    >>> import numpy as np
    >>> import trimtab as tt
    >>> gbm = tt.sde.SDE(lambda t, y: 0.1 * y, lambda t, y: 0.3 * y, correction=lambda t, y: 0.09 * y)
    >>> B = tt.sde.BrownianTree(1, 0.0, 1.0, levy="H")
    >>> sol = tt.sde.solve(gbm, [1.0], B, paths=1000, steps=tt.sde.Constant(64))
    >>> exact = np.exp(0.1 - 0.045 + 0.3 * B.increment(0, 1, paths=1000).W)
    >>> bool(abs(sol.y[:, 0] - exact).max() < 0.02)
    True
    """

    drift: Callable[..., Any] | CFunction
    diffusion: Callable[..., Any] | CFunction | Any
    noise: Literal["additive", "scalar", "diagonal", "commutative", "general"] = "diagonal"
    calculus: Literal["ito", "stratonovich"] = "ito"
    correction: Callable[..., Any] | CFunction | Literal["finite-differences"] | None = None

    def __post_init__(self) -> None:
        core_function("drift", self.drift, ())
        _check.choice("noise", self.noise, NOISES)
        _check.choice("calculus", self.calculus, CALCULI)
        if not callable(self.diffusion) and not is_compiled(self.diffusion) and self.noise != "additive":
            raise TypeError(f"diffusion: expected a callable or cfunc for {self.noise} noise, got {self.diffusion!r}")
        if self.correction is not None and self.correction != "finite-differences":
            core_function("correction", self.correction, ())

    @property
    def kind(self) -> str:
        return "system"

    def has_correction(self) -> bool:
        """Whether the drift can be brought into the other calculus."""
        return self.noise == "additive" or self.correction is not None

    def dimensions(self, y0_size: int) -> tuple[int, int | None]:
        """Components of the state and of the noise."""
        return y0_size, {"diagonal": y0_size, "scalar": 1}.get(self.noise)

    def releases_lock(self) -> bool:
        """Whether no Python callable takes part."""
        parts = (self.drift, self.diffusion, self.correction)
        return all(is_compiled(part) or not callable(part) for part in parts)

    def core(self, t0: float, y0: Any, noise_dim: int) -> _core.sde.System:
        """The equation for the core."""
        dim = y0.shape[-1]
        diffusion, diagonal, steady = self._diffusion(t0, np.atleast_2d(y0), noise_dim)
        differences = self.correction == "finite-differences"
        correction = (
            None if differences or self.correction is None else core_function("correction", self.correction, ())
        )
        return _core.sde.System(
            dim=dim,
            noise_dim=noise_dim,
            noise=NOISES.index(self.noise),
            calculus=CALCULI.index(self.calculus),
            diagonal=diagonal,
            steady=steady,
            drift=core_function("drift", self.drift, ()),
            diffusion=diffusion,
            correction=correction,
            finite_differences=differences,
        )

    def _diffusion(self, t0: float, y0: Any, noise_dim: int) -> tuple[Any, bool, bool]:
        """The diffusion for the core; whether it is a diagonal, and whether it is constant."""
        g, dim = self.diffusion, y0.shape[-1]
        full = self.noise in ("commutative", "general")
        if is_compiled(g):
            return core_function("diffusion", g, ()), self.noise != "scalar" and not full and noise_dim == dim, False
        if not callable(g):
            constant = _check.real_array("diffusion", g).astype(np.float64)
            matrix = constant.ndim == 2
            shape = (dim, noise_dim) if matrix else (dim,)
            constant = _check.array("diffusion", np.broadcast_to(constant, shape), shape)
            if not matrix and noise_dim != dim:
                raise ValueError(f"dim: expected a tree of {dim} components for a diagonal diffusion, got {noise_dim}")
            return (lambda t, y: constant[None]), not matrix, True
        if self.noise == "scalar":
            return (lambda t, y: np.broadcast_to(g(t, y), y.shape)[:, :, None]), False, False
        if full:
            return g, False, False
        if self.noise == "additive":
            return g, self._additive_form(t0, y0, noise_dim), False
        return g, True, False

    def _additive_form(self, t0: float, y0: Any, noise_dim: int) -> bool:
        """Whether an additive diffusion gives a diagonal."""
        dim = y0.shape[-1]
        m = dim + noise_dim + 1  # told from the components by its size
        diffusion: Any = self.diffusion
        g = _check.real_array("diffusion", diffusion(np.full(m, t0), np.repeat(y0[:1], m, axis=0)))
        return g.ndim < 2 or g.shape in ((m, dim), (1, dim), (m, 1))
