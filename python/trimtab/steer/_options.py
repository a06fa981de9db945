"""The options of a tuner: checked, and in the form of the core."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._core import steer as _core

LEARNERS = ("tsallis-inf", "tsallis-rv", "exp3", "chebcb", "thompson")
MAX_COST = 1e100


def checked(arms: int, learner: str, context: ArrayLike | None, given: dict[str, Any]) -> dict[str, Any]:
    """Every option as JSON can hold it; errors name the option."""
    ends = [] if context is None else _ranges(context).tolist()
    discount = given["discount"]
    if discount is None:
        discount = 0.99 if learner == "thompson" and not ends else 1.0

    def maybe(name: str, **limits: float) -> float | None:
        return None if given[name] is None else _check.real(name, given[name], **limits)

    reference = given["reference"]
    return {
        "learner": _check.choice("learner", learner, LEARNERS),
        "cost": _check.choice("cost", given["cost"], ("iterations", "wall")),
        "context": ends,
        "positions": None if given["positions"] is None else _positions(given["positions"], arms),
        "reference": None if reference is None else _check.integer("reference", reference, minimum=0, maximum=arms - 1),
        "seed": _check.integer("seed", given["seed"], minimum=0, maximum=2**64 - 1),
        "cost_cap": maybe("cost_cap", above=0, at_most=MAX_COST),
        "discount": _check.real("discount", discount, above=0, at_most=1),
        "restart": maybe("restart", above=0),
        "split_every": _check.integer("split_every", given["split_every"], minimum=1),
        "bins": _check.integer("bins", given["bins"], minimum=1, maximum=1024),
        "degree": _check.integer("degree", given["degree"], minimum=1, maximum=16),
        "noise": _check.real("noise", given["noise"], above=0, at_most=10),
        "alpha": _check.real("alpha", given["alpha"], at_least=0),
        "slack": _check.real("slack", given["slack"], at_least=0),
        "cap": _check.real("cap", given["cap"], at_least=1),
    }


def core(arms: int, config: dict[str, Any], splits: bool) -> _core.Tuner:
    """The core's tuner of these options."""
    same = ("seed", "bins", "degree", "noise", "discount", "alpha", "slack", "cap")
    positions = config["positions"] or []
    return _core.Tuner(
        arms=arms,
        learner=LEARNERS.index(config["learner"]),
        context_lower=np.array([low for low, _ in config["context"]]),
        context_upper=np.array([high for _, high in config["context"]]),
        positions=np.array([np.nan if p is None else p for p in positions]),
        cost_cap=config["cost_cap"] or 0.0,
        restart=config["restart"] or 0.0,
        split_every=config["split_every"] if splits else 0,
        reference=-1 if config["reference"] is None else config["reference"],
        **{name: config[name] for name in same},
    )


def _positions(value: Any, arms: int) -> list[float | None]:
    """A coordinate for each arm, or None for an arm that stands by itself."""
    given = list(value)
    if len(given) != arms:
        raise ValueError(f"positions: expected {arms} of them, got {len(given)}")
    return [None if p is None else _check.real("positions", p) for p in given]


def _ranges(value: ArrayLike) -> NDArray[np.float64]:
    """Ranges of the contexts, shape (q, 2)."""
    shape = np.shape(value)
    if shape != (2,) and not (len(shape) == 2 and shape[1] == 2 and shape[0] > 0):
        raise ValueError(f"context: expected shape (2,) or (q, 2), got {shape}")
    ranges = _check.array("context", value, shape).reshape(-1, 2)
    for low, high in ranges:
        if not low < high:
            raise ValueError(f"context: expected the lower end first, got ({low:g}, {high:g})")
    return ranges
