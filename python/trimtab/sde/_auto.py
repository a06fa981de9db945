"""The choices that `solve` makes for its caller."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._brownian import BrownianTree
from ._equations import Equation
from ._solvers import SOLVERS, SolverInfo
from ._steps import Adaptive, Cir, Constant, Pilot, Steps

PILOT_PATHS, PILOT_STEPS = 32, 64
SPREAD = 2.0
"""From this standard deviation of log2(local error) on adapting pays; measured in docs/theory/sde.md."""

_LEVEL = {"W": 1, "H": 2, "K": 3}


def choose_solver(sde: Equation, tree: BrownianTree, decisions: list[str]) -> SolverInfo:
    """The solver for an equation that its tree serves."""
    level = _LEVEL[tree.levy]
    if sde.kind == "langevin":
        name, why = ("quicsort", "order 3") if level == 3 else ("ubu", "order 2, as the tree has no K")
    elif sde.kind == "cir":
        name, why = ("hosts", "high order splitting") if level >= 2 else ("die", "the tree has no H")
    elif sde.noise == "additive":
        name, why = (
            ("shark", "order 1.5 on additive noise") if level >= 2 else ("heun", "order 1, as the tree has no H")
        )
    elif sde.calculus == "ito" and not sde.has_correction():
        name, why = "euler_maruyama", "order 1/2: give `correction`, and solvers of higher order can be used"
    else:
        name, why = ("spark", "small errors for any noise") if level >= 2 else ("heun", "the tree has no H")
    decisions.append(f"solver {name}: {why}")
    return SOLVERS[name]


def choose_steps(
    sde: Equation,
    info: SolverInfo,
    pilot: Callable[[Steps, NDArray[np.uint64], NDArray[np.float64]], Any],
    numbers: NDArray[np.uint64],
    start: NDArray[np.float64],
    decisions: list[str],
) -> Steps:
    """Adaptive steps at the default tolerance, or as many constant ones where the local errors hardly differ."""
    if info.kind == "cir":
        decisions.append("steps Cir(ctol=2**-5): they shrink as a path nears zero")
        return Cir(2.0**-5)
    rows = start if start.ndim == 1 else np.ascontiguousarray(start[:PILOT_PATHS])
    errors = pilot(Pilot(PILOT_STEPS), numbers[:PILOT_PATHS], rows)["error"]
    if not np.isfinite(errors).all():
        decisions.append(f"steps Adaptive(): a pilot of {PILOT_STEPS} constant steps failed")
        return Adaptive()
    # a single error is mostly chance: four together show the place
    windows = np.sqrt(np.mean(errors.reshape(-1, 4) ** 2, axis=1))
    spread = float(np.log2(np.maximum(windows, 1e-300)).std())
    found = f"the local errors of a pilot vary by {spread:.1f} factors of two (standard deviation)"
    if spread > SPREAD:
        decisions.append(f"steps Adaptive(): {found}, more than {SPREAD:g}")
        return Adaptive()
    order = info.order[{"general": 0, "additive": 2}.get(sde.noise, 1)] + 0.5
    refinement = math.log2(max(math.sqrt(float(np.mean(errors**2))), 1e-300)) / order
    n = 2 ** min(max(math.ceil(math.log2(PILOT_STEPS) + refinement), 2), 20)
    decisions.append(f"steps Constant({n}), for the default tolerance: {found}, at most {SPREAD:g}")
    return Constant(n)
