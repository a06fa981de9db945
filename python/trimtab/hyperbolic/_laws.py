"""The built-in laws: names of their variables and their one parameter."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LawInfo:
    """What Python needs to know of a law."""

    primitive: tuple[str, ...]
    conserved: tuple[str, ...]
    parameter: str | None = None
    default: float = 0.0
    above: float = -math.inf  # bound of the parameter
    positive: tuple[str, ...] = ()


LAWS = {
    "euler": LawInfo(("rho", "v", "p"), ("rho", "m", "E"), "gamma", 1.4, 1.0, ("rho", "p")),
    "advection": LawInfo(("u",), ("u",), "speed", 1.0),
    "burgers": LawInfo(("u",), ("u",)),
    "shallow_water": LawInfo(("h", "v"), ("h", "m"), "g", 9.81, 0.0, ("h",)),
}
