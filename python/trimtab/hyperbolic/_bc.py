"""Boundary conditions: what a user writes, and what the kernel is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ._laws import LawInfo

Array: TypeAlias = NDArray[np.float64]
KINDS = ("periodic", "outflow", "reflect")
HALO = 3


class Inflow:
    """Fixed state outside one side of the domain.

    Parameters
    ----------
    **state : float or callable
        One entry per primitive variable (``rho``, ``v``, ``p`` for Euler): a number, or a function ``f(t, x)`` of the
        time and the coordinates of the three ghost cells.

    Examples
    --------
    >>> import trimtab as tt
    >>> s = tt.hyperbolic.Solver("advection", shape=50, bc=(tt.hyperbolic.Inflow(u=1.0), "outflow"))
    >>> s.set_primitive(u=0.0)
    >>> s.run(t_end=0.5).u[[5, -5]].round(6).tolist()
    [1.0, 0.0]
    """

    def __init__(self, **state: float | Callable[[float, Array], Any]) -> None:
        self.state = state

    def __repr__(self) -> str:
        return f"Inflow({', '.join(f'{k}={v!r}' for k, v in self.state.items())})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Inflow) and self.state == other.state

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Ghosts:
    """Boundary condition of your own.

    Parameters
    ----------
    fill : callable
        ``fill(t, x, interior)`` returns the primitive values of the three ghost cells at ``x``, shape (n_vars, 3), in
        the order of increasing coordinate; ``interior`` holds those of the three cells next to the side. Called once
        per Runge-Kutta stage.
    """

    fill: Callable[[float, Array, Array], Any]


@dataclass(frozen=True)
class _Call:
    """Adapts a user's function to the kernel's callback and checks what comes back."""

    function: Callable[[float, Array, Array], Any]
    names: tuple[str, ...]
    x: Array

    def __call__(self, t: float, interior: Array) -> Array:
        values = np.asarray(self.function(t, self.x, interior), dtype=np.float64)
        return _check.array(f"bc: ghost values at t={t:g}", values, (len(self.names), HALO))


@dataclass(frozen=True)
class _InflowFunction:
    state: Mapping[str, Any]
    names: tuple[str, ...]

    def __call__(self, t: float, x: Array, interior: Array) -> Array:
        rows = [self.state[name] for name in self.names]
        return np.stack([np.broadcast_to(np.asarray(r(t, x) if callable(r) else r, float), x.shape) for r in rows])


def normalize(bc: Any) -> tuple[Any, Any]:
    """The two sides of ``bc=``, each a name, an Inflow or a Ghosts."""
    if isinstance(bc, Mapping):
        if set(bc) != {"x"}:
            raise ValueError(f"bc: expected the one direction 'x', got {sorted(bc)}")
        bc = bc["x"]
    sides = (bc, bc) if isinstance(bc, (str, Inflow, Ghosts)) else tuple(bc) if isinstance(bc, (tuple, list)) else bc
    if not isinstance(sides, tuple) or len(sides) != 2:
        raise ValueError(f"bc: expected one condition or a pair (lower, upper), got {bc!r}")
    for side in sides:
        if not isinstance(side, (Inflow, Ghosts)) and side not in KINDS:
            allowed = ", ".join(map(repr, KINDS))
            raise ValueError(f"bc: expected one of {allowed}, an Inflow or a Ghosts, got {side!r}")
    if (sides[0] == "periodic") != (sides[1] == "periodic"):
        raise ValueError(f"bc: periodic must be on both sides or on none, got {sides!r}")
    return sides


def kernel_side(side: Any, law: LawInfo, x: Array) -> Any:
    """What the compiled solver takes for one side whose ghost cells are centered at `x`."""
    if isinstance(side, str):
        return side
    if isinstance(side, Ghosts):
        return _Call(side.fill, law.primitive, x)
    if set(side.state) != set(law.primitive):
        raise ValueError(f"bc: an Inflow of this law takes {', '.join(law.primitive)}, got {', '.join(side.state)}")
    if any(callable(v) for v in side.state.values()):
        return _Call(_InflowFunction(side.state, law.primitive), law.primitive, x)
    state = [_check.real(f"bc: {name}", side.state[name]) for name in law.primitive]
    for name, value in zip(law.primitive, state, strict=True):
        if name in law.positive and value <= 0:
            raise ValueError(f"bc: {name} must be positive, got {value!r}")
    return state
