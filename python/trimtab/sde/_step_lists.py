"""Lists of steps, and where in them the solution is asked for."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check
from ._brownian import LEVELS, BrownianTree

Reals = NDArray[np.float64]


class StepList(NamedTuple):
    """Steps of m paths, arrays (n, m); shorter lists end in steps of length 0. With noise also their ticks."""

    t: Reals
    h: Reals
    ticks: NDArray[np.uint64]  # (2, n, m), or empty
    bounds: Reals  # (n + 1, m), starts and the last end


class SaveList(NamedTuple):
    """Entries for each value and path, sorted by step; those of step n stand at begin[n] ... begin[n + 1] - 1."""

    begin: NDArray[np.uint64]
    lane: NDArray[np.uint64]
    value: NDArray[np.uint64]
    theta: Reals


def step_list(steps: Any, m: int, tree: BrownianTree | None) -> StepList:
    """Steps from a number of equal ones over the tree, from times, or from the record of a solution."""
    if tree is not None and np.ndim(steps) == 0:
        n = _check.integer("steps", steps, minimum=1, maximum=2**31)
        steps = np.linspace(tree.t0, tree.t1, n + 1)
    if isinstance(steps, np.ndarray) and steps.dtype.names is not None:
        return _with_ticks(*_recorded(steps, m), "steps", tree)
    times = _check.real_array("steps", steps, "times, or the record of a solution")
    if times.ndim != 1 or times.size < 2:
        raise ValueError(f"steps: expected two times at least, or the record of a solution, got shape {times.shape}")
    times = _check.array("steps", times, times.shape)
    lengths = np.diff(times)
    if not (np.all(lengths > 0) or np.all(lengths < 0)):
        raise ValueError("steps: expected times in rising or in falling order, each once")
    starts = np.repeat(times[:-1, None], m, axis=1)
    return _with_ticks(starts, np.repeat(lengths[:, None], m, axis=1), "steps", tree)


def one_step(t: Any, h: Any, m: int, single: bool, tree: BrownianTree | None) -> StepList:
    """A single step, of the same or another length for each path."""
    shape = () if single else (m,)
    start, length = (_check.array(name, x, shape).reshape(1, m) for name, x in (("t", t), ("h", h)))
    if not np.all(length != 0):
        raise ValueError("h: expected lengths other than 0, got 0")
    return _with_ticks(start, length, "t", tree)


def _with_ticks(starts: Reals, lengths: Reals, name: str, tree: BrownianTree | None) -> StepList:
    """The steps; those over a tree go from tick to tick."""
    bounds = np.vstack([starts, starts[-1:] + lengths[-1:]])
    if tree is None:
        return StepList(starts, lengths, np.empty(0, np.uint64), bounds)
    if not np.all(lengths >= 0):
        raise ValueError(f"{name}: expected times in rising order, as there is noise")
    inside = (bounds >= tree.t0) & (bounds <= tree.t1)
    if not np.all(inside):
        raise ValueError(f"{name}: expected times in [{tree.t0:g}, {tree.t1:g}], got {bounds[~inside][0]:g}")
    span = tree.t1 - tree.t0
    ticks = np.rint((bounds - tree.t0) / span * 2.0**LEVELS).astype(np.uint64)
    bounds = tree.t0 + span * (ticks.astype(np.float64) * 2.0**-LEVELS)
    lengths = span * (np.diff(ticks.astype(np.int64), axis=0).astype(np.float64) * 2.0**-LEVELS)
    return StepList(np.ascontiguousarray(bounds[:-1]), lengths, np.stack([ticks[:-1], ticks[1:]]), bounds)


def save_list(save_at: Any, steps: StepList, anywhere: bool) -> tuple[SaveList, int]:
    """Where the values at `save_at` come from, and how many there are; by default the ends alone."""
    n, m = steps.h.shape
    lanes = np.arange(m)
    if save_at is None:
        times = steps.bounds[-1:]
    else:
        wanted = _check.real_array("save_at", save_at, "times").reshape(-1)
        times = np.repeat(_check.array("save_at", wanted, wanted.shape)[:, None], m, axis=1)
    sign = -1.0 if np.any(steps.h < 0) else 1.0
    ends, last = sign * steps.bounds[1:], np.count_nonzero(steps.h, axis=0) - 1
    place = np.array([np.minimum((ends < sign * row).sum(axis=0), last) for row in times]).reshape(times.shape)
    theta = (times - steps.t[place, lanes]) / steps.h[place, lanes]
    for whole in (0.0, 1.0):  # times of steps are known up to rounding
        theta[np.abs(theta - whole) < 1e-9] = whole
    if not np.all((theta >= 0) & (theta <= 1)):
        outside = times[(theta < 0) | (theta > 1)][0]
        raise ValueError(f"save_at: expected times inside the steps, got {outside:g}")
    if not anywhere and np.any((theta != 0) & (theta != 1)):
        between = times[(theta != 0) & (theta != 1)][0]
        raise ValueError(f"save_at: expected times of steps, as this method has no interpolant, got {between:g}")
    order = np.argsort(place, axis=None, kind="stable")
    value, lane = (x.reshape(-1)[order].astype(np.uint64) for x in np.indices(times.shape))
    begin = np.searchsorted(place.reshape(-1)[order], np.arange(n + 1)).astype(np.uint64)
    return SaveList(begin, lane, value, theta.reshape(-1)[order]), len(times)


def _recorded(steps: NDArray[Any], m: int) -> tuple[Reals, Reals]:
    """Accepted steps of each path, filled up with steps of length 0 at the end."""
    missing = {"path", "t", "h", "accepted"} - set(steps.dtype.names or ())
    if missing:
        raise ValueError(f"steps: expected a record with path, t, h and accepted, got none of {sorted(missing)}")
    used = steps[steps["accepted"]]
    used = used[np.argsort(used["path"], kind="stable")]
    path, counts = used["path"], np.bincount(used["path"], minlength=m)
    if len(counts) != m or not np.all(counts > 0):
        raise ValueError(f"steps: expected accepted steps of {m} paths, got some of {np.count_nonzero(counts)}")
    first = np.cumsum(counts) - counts
    place = np.arange(len(used)) - first[path]
    last = used[first + counts - 1]
    starts, lengths = np.repeat((last["t"] + last["h"])[None], counts.max(), axis=0), np.zeros((counts.max(), m))
    starts[place, path], lengths[place, path] = used["t"], used["h"]
    return starts, lengths
