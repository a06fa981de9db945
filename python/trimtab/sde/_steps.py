"""What decides the lengths of steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .. import _check, _core
from ._solvers import SolverInfo

_KINDS = {"constant": 0, "dyadic": 1, "free": 2, "cir": 3}
_UNUSED: dict[str, Any] = {
    "n": 1,
    "rtol": 1e-3,
    "ctol": 1.0,
    "first_step": 0.0,
    "min_step": 0.0,
    "max_step": 0.0,
    "half_steps": False,
    "revisit_rejected": True,
}


def _options(kind: str, **given: Any) -> _core.sde.SteppingOptions:
    return _core.sde.SteppingOptions(
        kind=_KINDS[kind], **{**_UNUSED, **{k: v for k, v in given.items() if v is not None}}
    )


@dataclass(frozen=True)
class Constant:
    """`n` equal steps. A power of two costs least, as every step is then a node of the tree.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.Constant(256)
    Constant(n=256)
    """

    n: int

    def __post_init__(self) -> None:
        _check.integer("n", self.n, minimum=1, maximum=2**52)

    def core(self, solver: SolverInfo) -> _core.sde.SteppingOptions:
        """Options for the core."""
        return _options("constant", n=self.n)

    def finer(self) -> Constant:
        """Half the step."""
        return Constant(2 * self.n)


@dataclass(frozen=True)
class Adaptive:
    """Steps of each path's own from an estimate of its error, by proportional-integral control.

    A step is accepted if the root mean square over the components of error / (atol + rtol max \\|y\\|) is below 1.

    Parameters
    ----------
    rtol : float, optional
        Default 1e-3.
    atol : float or array_like, shape (d,), optional
        For all components, or each. Default 1e-6.
    first_step, min_step, max_step : float, optional
        Lengths in time. By default a 64th of the interval, the tree's tick, and the interval. A step that cannot be
        made shorter is accepted whatever its error, and counted in ``stats["forced"]``.
    stepping : {"dyadic", "free"}, optional
        ``"dyadic"`` (default): a step is a node of the tree and a rejected one is replaced by its halves, so the end of
        every rejected step is visited. ``"free"``: any length, as in other libraries.
    error : {"auto", "embedded", "half-steps"}, optional
        Where the estimate comes from: the solver's own, or the difference to two half steps, from which the path then
        goes on. By default the solver's own if it has one.
    revisit_rejected : bool, optional
        Whether free steps go through the ends of rejected ones (default). Without, paths of noise that does not commute
        converge to a wrong limit.

    References
    ----------
    J. Foster, A. Jelinčič, "On the convergence of adaptive approximations for stochastic differential equations",
    arXiv:2311.14201.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.Adaptive(rtol=1e-2, atol=1e-4).stepping
    'dyadic'
    """

    rtol: float = 1e-3
    atol: float | ArrayLike = 1e-6
    first_step: float | None = None
    min_step: float | None = None
    max_step: float | None = None
    stepping: Literal["dyadic", "free"] = "dyadic"
    error: Literal["auto", "embedded", "half-steps"] = "auto"
    revisit_rejected: bool = True

    def __post_init__(self) -> None:
        _check.real("rtol", self.rtol, at_least=0)
        numbers = _check.real_array("atol", self.atol)
        checked = tuple(_check.real("atol", a, at_least=0) for a in numbers.ravel())
        object.__setattr__(self, "atol", checked if numbers.ndim else checked[0])
        for name in ("first_step", "min_step", "max_step"):
            if getattr(self, name) is not None:
                _check.real(name, getattr(self, name), above=0)
        _check.choice("stepping", self.stepping, ("dyadic", "free"))
        _check.choice("error", self.error, ("auto", "embedded", "half-steps"))

    def core(self, solver: SolverInfo) -> _core.sde.SteppingOptions:
        """Options for the core."""
        if self.error == "embedded" and not solver.embedded:
            raise ValueError(f"error: expected 'half-steps', as solver {solver.name!r} has no estimate, got 'embedded'")
        half_steps = self.error == "half-steps" or not solver.embedded
        return _options(
            self.stepping,
            rtol=self.rtol,
            first_step=self.first_step,
            min_step=self.min_step,
            max_step=self.max_step,
            half_steps=half_steps,
            revisit_rejected=self.revisit_rejected,
        )

    def finer(self) -> Adaptive:
        """Half the tolerance."""
        return replace(self, rtol=self.rtol / 2, atol=np.divide(self.atol, 2))


@dataclass(frozen=True)
class Cir:
    """Steps for the CIR model that shrink as a path nears zero: h <= (ctol y)^(2/3), nodes of the tree.

    Parameters
    ----------
    ctol : float
        Scale of the steps.
    min_step, max_step : float, optional
        Bounds. By default the tree's tick and the interval.

    References
    ----------
    J. Foster, G. dos Reis, C. Strange, SIAM J. Numer. Anal. 62 (2024).

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.Cir(ctol=2**-5).finer()
    Cir(ctol=0.015625, min_step=None, max_step=None)
    """

    ctol: float
    min_step: float | None = None
    max_step: float | None = None

    def __post_init__(self) -> None:
        _check.real("ctol", self.ctol, above=0)
        for name in ("min_step", "max_step"):
            if getattr(self, name) is not None:
                _check.real(name, getattr(self, name), above=0)

    def core(self, solver: SolverInfo) -> _core.sde.SteppingOptions:
        """Options for the core."""
        return _options("cir", ctol=self.ctol, min_step=self.min_step, max_step=self.max_step)

    def finer(self) -> Cir:
        """Half the scale."""
        return replace(self, ctol=self.ctol / 2)


@dataclass(frozen=True)
class Pilot(Constant):
    """Equal steps whose errors, scaled as by `Adaptive`, are estimated by half steps."""

    def core(self, solver: SolverInfo) -> _core.sde.SteppingOptions:
        """Options for the core."""
        return _options("constant", n=self.n, half_steps=True)


Steps: TypeAlias = Constant | Adaptive | Cir
