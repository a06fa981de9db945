"""The step formulas by name, and the choice of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import _check, _core

LEVY = ("", "W", "H", "K")


@dataclass(frozen=True)
class SolverInfo:
    """What a solver asks of an equation.

    Attributes
    ----------
    name : str
    kind : str
        ``"system"``, ``"langevin"`` or ``"cir"``: equations that it is made for.
    levy : str
        Least `levy` of the tree.
    ito, stratonovich : bool
        Calculus in which it integrates noise that depends on the state.
    additive_only : bool
        Whether it takes additive noise alone.
    embedded : bool
        Whether it estimates its own error; the others adapt by half steps.
    order : tuple of float
        Strong orders for general, commutative and additive noise; 0 where it is not meant for it.
    """

    name: str
    kind: str
    levy: str
    ito: bool
    stratonovich: bool
    additive_only: bool
    embedded: bool
    order: tuple[float, float, float]
    number: int


def _info(number: int, entry: dict[str, Any]) -> SolverInfo:
    return SolverInfo(**{**entry, "levy": LEVY[entry["levy"]], "number": number})


SOLVERS = {entry["name"]: _info(i, entry) for i, entry in enumerate(_core.sde.solvers)}


def solver_info(name: str) -> SolverInfo:
    """Return what a solver needs and promises.

    Parameters
    ----------
    name : str
        One of `trimtab.sde.solver_names()`.

    Returns
    -------
    SolverInfo

    Raises
    ------
    ValueError
        If there is no such solver.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.solver_info("shark").order
    (0.0, 0.0, 1.5)
    """
    return SOLVERS[_check.choice("solver", name, SOLVERS)]


def solver_names(kind: str | None = None) -> tuple[str, ...]:
    """Return the names of all solvers, or of those for one kind of equation.

    Parameters
    ----------
    kind : {"system", "langevin", "cir"}, optional

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.solver_names("cir")
    ('hosts', 'die')
    """
    return tuple(name for name, info in SOLVERS.items() if kind in (None, info.kind))
