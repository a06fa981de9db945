"""From the kernel's reports to statistics and messages."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._laws import LawInfo
from ._result import CLASS_NAMES

REASONS = {
    "success": "reached t_end",
    "stopped": "stopped by the progress callback",
    "time_limit": "the time limit was reached",
    "max_steps": "max_steps was reached",
    "not_finite": "NaN or infinity arose",
    "not_positive": "a quantity that must be positive lost its sign",
    "step_too_small": "the time step fell below 1e-14 of t_end",
}
FAILURES = ("not_finite", "not_positive", "step_too_small")


def out_of_time(report: dict[str, Any]) -> dict[str, Any]:
    """Report of a piece that was not begun, as the time limit was reached; `report` is that of the piece before."""
    return {**report, "status": "time_limit", "steps": 0, "seconds": 0.0, "blended": 0, "floored": 0}


def statistics(reports: list[dict[str, Any]], n: int) -> dict[str, Any]:
    """Totals over the pieces of a run on n cells."""
    steps = sum(r["steps"] for r in reports)
    seconds = sum(r["seconds"] for r in reports)
    shares = np.sum([np.multiply(r["share"], r["steps"]) for r in reports], axis=0) / max(steps, 1)
    return {
        "steps": steps,
        "seconds": seconds,
        "cell_steps_per_second": steps * n / seconds if steps else 0.0,
        **dict(zip(CLASS_NAMES, map(float, shares), strict=True)),
        "blended": sum(r["blended"] for r in reports),
        "floored": sum(r["floored"] for r in reports),
    }


def message(report: dict[str, Any], law: LawInfo, steps: int, t: float, x: Any) -> str:
    """The status in words; after a failure with step, time, cell, class and state."""
    status = report["status"]
    if status not in FAILURES:
        return REASONS[status]
    cell = report["bad_cell"]
    where = f"step {steps + 1}, t = {t:.6g}, cell {cell} (x = {x[cell]:.6g})"
    state = ", ".join(f"{k} = {v:.6g}" for k, v in zip(law.primitive, report["bad_state"], strict=True))
    if status == "step_too_small":
        return f"{REASONS[status]}: dt = {report['dt']:.3g} at {where}, whose state is {state}"
    return (
        f"{REASONS[status]} at {where}, class {CLASS_NAMES[report['bad_class']]}, stage {report['bad_stage']}, "
        f"dt = {report['dt']:.3g}; state there: {state}. The state before the step is kept"
    )
