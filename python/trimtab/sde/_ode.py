"""Adaptive integration of ordinary differential equations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check, _core
from .._progress import Report, reporter
from ._callable import checked_args, core_function, is_address
from ._ode_result import OdeInterpolant, OdeProblem, OdeResult, Reals

STATUS = {"reached_end": 0, "event": 1, "step_too_small": -1, "max_steps": -2, "not_finite": -3, "stopped": -4}
GRAVITY = ("not_finite", "step_too_small", "max_steps", "stopped", "event", "reached_end")
REASONS = {
    "reached_end": "reached the end of t_span",
    "event": "a terminal event occurred at t = {t:.9g}",
    "step_too_small": "the tolerance asks for a step below min_step or the spacing of floats at t = {t:.9g}",
    "max_steps": "max_steps = {max_steps} was reached at t = {t:.9g}",
    "not_finite": "f returned NaN or infinity beyond t = {t:.9g}, however short the step",
    "stopped": "stopped by the progress callback at t = {t:.9g}",
}
# paths that one call of f serves: for a Python callable the call itself is dear, else the cache decides
PYTHON_BLOCK, C_BLOCK = 4096, 256


def solve_ode(
    f: Any,
    t_span: Sequence[float],
    y0: ArrayLike,
    *,
    args: Sequence[Any] = (),
    t_eval: ArrayLike | None = None,
    dense_output: bool = False,
    events: Any = None,
    rtol: float = 1e-6,
    atol: ArrayLike = 1e-9,
    first_step: float | None = None,
    max_step: float = np.inf,
    min_step: float = 0.0,
    steps: int | ArrayLike | None = None,
    max_steps: int = 100_000,
    threads: int | None = None,
    progress: bool | Report | None = None,
) -> OdeResult:
    """Solve dy/dt = f(t, y), y(t0) = y0, with steps that keep the error of each within a tolerance.

    Parameters
    ----------
    f : callable or address of a C function
        ``f(t, y, *args)`` with a float t and y of shape (d,) returns an array of shape (d,). For many paths t has shape
        (m,), y and the result (m, d), m the paths that still run. A C function (an int, a ctypes function or one of
        `numba.cfunc`) is ``void f(const double* t, const double* y, double* out, int64_t m, void* ctx)`` with y and
        out (d, m), components first; it runs without the GIL and in `threads`, and `args` may hold one ctx.
    t_span : (float, float)
        Start and end; the end may lie before the start.
    y0 : array_like, shape (d,) or (n_paths, d)
        Start of one path or of many. Each path has steps of its own.
    args : tuple, optional
        Further arguments of f and of the events.
    t_eval : array_like, shape (n,), optional
        Times at which the solution is wanted, from t0 towards t1. Default: after every step.
    dense_output : bool, optional
        If True, `sol` of the result is the solution as a function of time.
    events : callable or list of callables, optional
        ``event(t, y, *args)`` returns a number, (m,) for many paths, whose zeros are found. An attribute `terminal`
        (True, or the number of the zero) ends the path there, `direction` 1 or -1 takes rising or falling ones alone.
        A zero at t0 itself does not count.
    rtol, atol : float; atol also array_like, shape (d,)
        A step is accepted if rms(error / (atol + rtol max(abs(y_n), abs(y_n+1)))) < 1. Defaults 1e-6 and 1e-9.
    first_step, max_step, min_step : float, optional
        Lengths of steps. By default the first is chosen, the longest inf, the shortest ten spacings of floats.
    steps : int or array_like, shape (n + 1,), optional
        Instead of a tolerance: a number of equal steps, or all times from t0 to t1. Errors are recorded all the same.
    max_steps : int, optional
        Attempts of one path, 100000 by default.
    threads : int, optional
        For C functions. Results do not depend on it. Default: `trimtab.get_threads`.
    progress : bool or callable(fraction, info), optional
        True draws a bar. A callable that returns true stops.

    Returns
    -------
    OdeResult
        With `t`, `y`, `sol`, `t_events`, `y_events`, `nfev`, `status`, `message` and `success` as SciPy's, and `steps`.
        A failure is reported there, with what was computed before it.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range or of a wrong kind, or f returns an array of another shape. What f raises is
        passed on.

    Notes
    -----
    Tsitouras' pair of orders 5 and 4, six evaluations a step, with proportional-integral control. See
    docs/theory/sde.md.

    References
    ----------
    Ch. Tsitouras, Comput. Math. Appl. 62 (2011), 770-775.
    E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, 2nd ed. (1993), II.4-II.6.

    Examples
    --------
    >>> import numpy as np
    >>> import trimtab as tt
    >>> sol = tt.sde.solve_ode(lambda t, y: [y[1], -y[0]], (0, np.pi), [1.0, 0.0], rtol=1e-9)
    >>> bool(np.allclose(sol.y[:, -1], [-1, 0], atol=1e-7))
    True
    >>> def decay(t, y):
    ...     return -y * np.arange(1, len(y) + 1)[:, None]
    >>> tt.sde.solve_ode(decay, (0, 1), np.ones((3, 1)), steps=20).y[2].round(6)[0, -1]
    np.float64(0.049787)
    """
    t0, t1 = _span(t_span)
    start = start_state(y0)
    single, dim = start.ndim == 1, start.shape[-1]
    args = checked_args(args)
    function = core_function("f", f, args)
    watched = _events(events, args)
    grid = _grid(steps, t0, t1)
    times = None if t_eval is None else _times("t_eval", t_eval, t0, t1)
    rtol, scale = tolerances(rtol, atol, dim)
    max_step = np.inf if max_step == np.inf else _check.real("max_step", max_step, above=0)
    compiled = is_address(f)
    with reporter(progress, "solve_ode") as report:
        core = _core.ode.solve_ode(
            function,
            t0,
            t1,
            np.atleast_2d(start),
            single,
            rtol,
            scale,
            0.0 if first_step is None else _check.real("first_step", first_step, above=0),
            max_step,
            _check.real("min_step", min_step, at_least=0, at_most=max_step),
            _check.integer("max_steps", max_steps, minimum=1),
            grid,
            times,
            bool(dense_output),
            watched,
            C_BLOCK if compiled else PYTHON_BLOCK,
            _check.threads(threads) if compiled else 1,
            None if report is None else lambda fraction: report(fraction, {}),
        )
    problem = OdeProblem(f, args, start, rtol, scale, times)
    return _result(core, problem, len(watched), bool(dense_output), max_steps)


def _span(t_span: Any) -> tuple[float, float]:
    try:
        first, last = t_span
    except (TypeError, ValueError):
        raise ValueError(f"t_span: expected two times, got {t_span!r}") from None
    return _check.real("t_span", first), _check.real("t_span", last)


def _times(name: str, value: ArrayLike, t0: float, t1: float) -> Reals:
    """`value` as times from t0 towards t1, in order."""
    times = _check.real_array(name, value, "times")
    if times.ndim != 1:
        raise ValueError(f"{name}: expected shape (n,), got {times.shape}")
    times = _check.array(name, times, times.shape)
    sign = -1 if t1 < t0 else 1
    if times.size and not (np.all(sign * (times - t0) >= 0) and np.all(sign * (t1 - times) >= 0)):
        raise ValueError(f"{name}: expected times from {t0:g} to {t1:g}, got {times.min():g} to {times.max():g}")
    if np.any(sign * np.diff(times) <= 0):
        raise ValueError(f"{name}: expected times in the order from {t0:g} to {t1:g}, each once")
    return times


def _grid(steps: Any, t0: float, t1: float) -> Reals:
    if steps is None:
        return np.empty(0)
    if np.ndim(steps) == 0:
        grid: Reals = np.linspace(t0, t1, _check.integer("steps", steps, minimum=1) + 1)
        return grid
    grid = _times("steps", steps, t0, t1)
    if grid.size < 2 or grid[0] != t0 or grid[-1] != t1:
        raise ValueError(f"steps: expected a number, or times from {t0:g} to {t1:g} with both ends, got {grid}")
    return grid


def start_state(y0: ArrayLike) -> Reals:
    """`y0` as an array of shape (d,) or (n_paths, d)."""
    start = _check.real_array("y0", y0)
    if start.ndim not in (1, 2) or start.size == 0:
        raise ValueError(f"y0: expected shape (d,) or (n_paths, d), got {start.shape}")
    return _check.array("y0", start, start.shape)


def tolerances(rtol: Any, atol: Any, dim: int) -> tuple[float, Reals]:
    rtol = _check.real("rtol", rtol, at_least=0)
    tolerances = _check.array("atol", atol, (dim,))
    if not np.all(tolerances >= 0):
        raise ValueError(f"atol: expected numbers >= 0, got {tolerances.min():g}")
    if rtol == 0 and not np.all(tolerances > 0):
        raise ValueError("atol: expected numbers > 0 where rtol = 0, got 0")
    return rtol, tolerances


def _events(events: Any, args: tuple[Any, ...]) -> list[tuple[Any, int, int]]:
    """What the core takes: (function, number of the terminal zero or 0, direction)."""
    if events is None:
        return []
    found = []
    for event in [events] if callable(events) or is_address(events) else events:
        terminal = getattr(event, "terminal", 0)
        number = _check.integer("events", 0 if terminal is None else terminal, minimum=0)
        direction = int(np.sign(_check.real("events", getattr(event, "direction", 0))))
        found.append((core_function("events", event, args), number, direction))
    return found


def _result(core: _core.ode.OdeSolution, problem: OdeProblem, n_events: int, dense: bool, max_steps: int) -> OdeResult:
    single = problem.y0.ndim == 1
    paths = range(1 if single else len(problem.y0))
    each: Callable[[list[Any]], Any] = (lambda items: items[0]) if single else tuple
    words, nfev, ends = core.reports()
    status = np.array([STATUS[word] for word in words])
    t: Any
    y: Any
    if not single and problem.t_eval is not None:
        t, y = problem.t_eval, core.values(problem.t_eval.size)
    else:
        points = [core.points(i) for i in paths]
        t = each([p[0] for p in points])
        y = each([np.ascontiguousarray(p[1].T) for p in points])
    found = [[core.events(i, e) for i in paths] for e in range(n_events)]
    return OdeResult(
        t=t,
        y=y,
        sol=each([OdeInterpolant(*core.pieces(i)) for i in paths]) if dense else None,
        t_events=[each([x[0] for x in event]) for event in found] if n_events else None,
        y_events=[each([x[1] for x in event]) for event in found] if n_events else None,
        nfev=int(nfev[0]) if single else nfev,
        status=int(status[0]) if single else status,
        message=_message(words, ends, max_steps),
        success=bool((status >= 0).all()),
        steps=core.steps(),
        _problem=problem,
    )


def _message(words: list[str], ends: Reals, max_steps: int) -> str:
    """The status in words; of many paths that of the first one with the worst status, and how many share it."""
    worst = next(word for word in GRAVITY if word in words)
    first = words.index(worst)
    text = REASONS[worst].format(t=ends[first], max_steps=max_steps)
    if len(words) == 1:
        return text
    if words.count(worst) == len(words) and worst == "reached_end":
        return f"all {len(words)} paths {text}"
    return f"{words.count(worst)} of {len(words)} paths ended early; path {first}: {text}"
