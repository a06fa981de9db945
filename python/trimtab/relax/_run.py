"""One solve of all right-hand sides, and its result."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from .._errors import RunFailure
from .._progress import Report, reporter
from ._result import REASONS, RelaxResult
from ._stopping import Stopping
from ._vectors import shaped

logger = logging.getLogger("trimtab")


def run(
    b: NDArray[Any],
    x: NDArray[Any],
    solve: Callable[[Any, Any], Any],
    like: Any,
    factor: float,
    stopping: Stopping,
    progress: bool | Report,
    raise_on_failure: bool,
) -> RelaxResult:
    """Call solve(i, poll) for each right-hand side, or solve(all of them, None), and put the outcomes together."""
    reports: list[tuple[Any, ...]] = []
    with reporter(progress, "relax") as report:
        if report is None and len(b) > 1:
            reports = solve(slice(None), None)
        while len(reports) < len(b):

            def poll(fraction: float, done: int = len(reports)) -> Any:
                return None if report is None else report((done + fraction) / len(b), {"rhs": done})

            reports.append(solve(len(reports), None if report is None else poll))
            if reports[-1][0] in ("stopped", "time_limit"):
                break
    return conclude(shaped(x, like), reports, factor, stopping, raise_on_failure)


def conclude(
    x: NDArray[Any], reports: list[tuple[Any, ...]], factor: float, stopping: Stopping, raise_on_failure: bool
) -> RelaxResult:
    status = next((r[0] for r in reports if r[0] != "success"), "success")
    nit = max(r[1] for r in reports)
    residual = max(r[2] / r[3] if r[3] else r[2] for r in reports)
    message = f"{REASONS[status]} after {nit} iterations, relative residual {residual:.2e}"
    if status == "maxiter":
        message += f" (maxiter={stopping.maxiter}, rtol={stopping.rtol:g})"
    result = RelaxResult(x, status == "success", status, message, nit, residual, factor, sum(r[4] for r in reports))
    logger.debug("relax: %s", message)
    if raise_on_failure and not result.success:
        raise RunFailure(message, result)
    return result
