"""Solve stochastic differential equations on a Brownian tree."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check, _core
from .._progress import Report, reporter
from ._auto import choose_solver, choose_steps
from ._brownian import BrownianTree
from ._callable import CFunction, core_function, is_compiled
from ._equations import Equation
from ._paths import PathsLike, path_numbers
from ._solution import Solution, message
from ._solvers import SOLVERS, SolverInfo
from ._steps import Constant, Steps

PYTHON_CHUNK, COMPILED_CHUNK = 4096, 256


def solve(
    sde: Equation,
    y0: ArrayLike,
    tree: BrownianTree,
    *,
    solver: str = "auto",
    steps: Steps | Literal["auto"] = "auto",
    save_at: ArrayLike | None = None,
    paths: PathsLike = None,
    event: Callable[..., Any] | CFunction | None = None,
    event_tol: float | None = None,
    max_steps: int = 2**20,
    save_steps: bool = False,
    threads: int | None = None,
    progress: bool | Report | None = None,
) -> Solution:
    """Solve dy = f dt + g dW from the tree's start to its end on many paths, each with steps of its own.

    All paths are known beforehand: the same tree, path and steps give the same answer in any company, on any number of
    threads. Steps are chosen path by path and the ends of rejected steps are visited, so that adapting does not bias
    the noise.

    Parameters
    ----------
    sde : SDE, or one of `langevin`, `cir` and the models
        The equation.
    y0 : array_like, shape (d,) or (n_paths, d)
        Initial state of all paths, or of each.
    tree : BrownianTree
        The noise, with as many components as the equation has, on the interval of the solution. float64.
    solver : str, optional
        One of `solver_names`, or ``"auto"``: the best for the noise that the tree's `levy` serves.
    steps : Constant, Adaptive, Cir or "auto", optional
        By default a pilot on a few paths decides whether adapting pays; ``sol.decisions`` says what it saw.
    save_at : array_like, optional
        Ascending times at which to return the state. Default: the end alone. A time inside a step costs one shorter
        step on the same noise, and changes nothing else.
    paths : int, slice or array_like of int, optional
        As in `BrownianTree.increment`. By default as many as `y0` has rows, or path 0.
    event : callable or cfunc, optional
        (t (m,), y (m, d)) -> (m,). A path ends where it changes sign, in the direction of ``event.direction`` (-1, 0 or
        1; default both), found by halving the step on the tree. A sign change that comes and goes within a step is not
        seen.
    event_tol : float, optional
        Width in time to which it is located. Default 2**-30 of the interval.
    max_steps : int, optional
        Attempts on each path; a path that needs more ends with its last state.
    save_steps : bool, optional
        Whether to return every step in ``sol.steps``: 48 bytes each.
    threads : int, optional
        Used where no Python callable takes part. Results do not depend on it. Default: `trimtab.get_threads`.
    progress : bool or callable, optional
        True for a bar, or callable(fraction, info) that returns True to stop.

    Returns
    -------
    Solution
        Beside what it returns, memory is 2 * 53 * levy * dim numbers on each path of a chunk (256 paths a thread, or
        4096 with Python callables), and a few states.

    Raises
    ------
    ValueError
        If the solver, the equation and the tree do not fit each other (the message names what is missing), the noise is
        not of the kind that the equation says (seen near the first state), or an argument is out of range.
    TypeError
        If an argument is of a wrong kind.

    Warns
    -----
    UserWarning
        If a solver loses order on the equation's noise, or ``"hosts"`` takes steps that do not adapt where
        sigma**2 > 4 a b.

    References
    ----------
    A. Jelinčič, J. Foster, P. Kidger, "Single-seed generation of Brownian paths and integrals for adaptive and high
    order SDE solvers", arXiv:2405.06464. J. Foster, G. dos Reis, C. Strange, SIAM J. Numer. Anal. 62 (2024).

    Examples
    --------
    >>> import numpy as np
    >>> import trimtab as tt
    >>> sde = tt.sde.SDE(lambda t, y: np.sin(y), 1.0, noise="additive")
    >>> B = tt.sde.BrownianTree(seed=7, t0=0.0, t1=1.0, levy="H")
    >>> sol = tt.sde.solve(sde, [1.0], B, steps=tt.sde.Constant(32), save_at=[0.5, 1.0], paths=500)
    >>> sol.solver, sol.y.shape, sol.success
    ('shark', (500, 2, 1), True)
    """
    numbers, start = _start(y0, paths)
    state_dim, noise_dim = sde.dimensions(start.shape[-1])
    _check_tree(tree, noise_dim)
    times = np.atleast_1d(_check.real_array("save_at", tree.t1 if save_at is None else save_at)).astype(np.float64)
    if times.ndim != 1:
        raise ValueError(f"save_at: expected a list of times, got shape {times.shape}")
    decisions: list[str] = []
    info = (
        choose_solver(sde, tree, decisions) if solver == "auto" else SOLVERS[_check.choice("solver", solver, SOLVERS)]
    )
    _warn(sde, info, steps)
    core = sde.core(tree.t0, start, tree.dim)

    def run(
        rule: Steps, lanes: NDArray[np.uint64], y_start: NDArray[np.float64], log: bool, report: Report | None
    ) -> tuple[Any, ...]:
        y = np.empty((lanes.size, times.size, state_dim))
        status, t_end, y_end = np.zeros(lanes.size, np.int8), np.empty(lanes.size), np.empty((lanes.size, state_dim))
        atol = getattr(rule, "atol", None)
        compiled = sde.releases_lock() and (event is None or is_compiled(event))
        *sums, records = _core.sde.solve(
            core,
            info.number,
            tree._core(),
            lanes,
            y_start,
            rule.core(info),
            np.empty(0) if atol is None else _check.array("atol", atol, (state_dim,)),
            times,
            y,
            status,
            t_end,
            y_end,
            event=None if event is None else core_function("event", event, ()),
            event_direction=int(getattr(event, "direction", 0)),
            event_tol=0.0 if event_tol is None else _check.real("event_tol", event_tol, above=0),
            max_steps=_check.integer("max_steps", max_steps, minimum=1),
            save_steps=log,
            chunk=COMPILED_CHUNK if compiled else PYTHON_CHUNK,
            threads=_check.threads(threads) if compiled else 1,
            progress=None if report is None else (lambda fraction: report(fraction, {})),
        )
        return y, status, t_end, y_end, sums, records

    if isinstance(steps, str):
        _check.choice("steps", steps, ("auto",))
        rule = choose_steps(
            sde, info, lambda r, lanes, rows: run(r, lanes, rows, True, None)[-1], numbers, start, decisions
        )
    else:
        rule = steps
    with reporter(progress, f"{info.name} on {numbers.size} paths") as report:
        y, status, t_end, y_end, sums, records = run(rule, numbers, start, save_steps, report)
    success, text = message(status, numbers, t_end)

    def again() -> Solution:
        return solve(
            sde, start, tree, solver=info.name, steps=rule.finer(), save_at=times, paths=numbers, event=event,
            event_tol=event_tol, max_steps=2 * max_steps, threads=threads,
        )  # fmt: skip

    return Solution(
        t=times,
        y=y,
        t_end=t_end,
        y_end=y_end,
        status=status,
        success=success,
        message=text,
        solver=info.name,
        stats=dict(zip(("accepted", "rejected", "forced", "nfev", "splits"), map(int, sums), strict=True)),
        steps=records if save_steps else None,
        decisions=tuple(decisions),
        tree=tree,
        paths=numbers,
        _again=again,
    )


def _start(y0: ArrayLike, paths: PathsLike) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Numbers of the paths, and the initial states (d,) or (n_paths, d)."""
    given = _check.real_array("y0", y0)
    if given.ndim not in (1, 2) or given.shape[-1] == 0:
        raise ValueError(f"y0: expected shape (d,) or (n_paths, d), got {given.shape}")
    numbers = path_numbers(given.shape[0] if paths is None and given.ndim == 2 else paths)
    if given.ndim == 2 and given.shape[0] != numbers.size:
        raise ValueError(f"y0: expected {numbers.size} rows, one a path, got {given.shape[0]}")
    return numbers, _check.array("y0", given, given.shape)


def _check_tree(tree: BrownianTree, noise_dim: int | None) -> None:
    if not isinstance(tree, BrownianTree):
        raise TypeError(f"tree: expected a BrownianTree, got {tree!r}")
    if tree.dtype != np.float64:
        raise ValueError(f"tree: expected dtype float64, got {tree.dtype}")
    if noise_dim is not None and tree.dim != noise_dim:
        raise ValueError(f"tree: expected dim={noise_dim}, as the equation's noise, got {tree.dim}")


def _warn(sde: Equation, info: SolverInfo, steps: Steps | str) -> None:
    if sde.noise == "general" and info.name in ("milstein", "slow_rk"):
        warnings.warn(
            f"{info.name} converges with order 1/2 only if the noise does not commute; spark costs less", stacklevel=3
        )
    if info.name == "hosts" and isinstance(steps, Constant) and getattr(sde, "is_volatile", False):
        warnings.warn("hosts loses order for sigma**2 > 4 a b unless steps adapt; use steps=Cir(...)", stacklevel=3)
