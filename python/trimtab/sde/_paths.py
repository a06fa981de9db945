"""Which sample paths a call asks for."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check

PathsLike: TypeAlias = int | slice | ArrayLike | None

MAX_PATH = 2**40 - 1


def path_numbers(paths: Any) -> NDArray[np.uint64]:
    """The numbers of the paths: the first one for None, the first n for an int n, those of a slice or an array."""
    if paths is None:
        paths = 1
    if isinstance(paths, slice):
        if paths.stop is None:
            raise ValueError(f"paths: expected a slice with an end, got {paths}")
        start, stop, step = (
            _check.integer("paths", default if part is None else part, minimum=least, maximum=MAX_PATH + 1)
            for part, default, least in ((paths.start, 0, 0), (paths.stop, 0, 0), (paths.step, 1, 1))
        )
        return np.arange(start, stop, step, dtype=np.uint64)
    if np.ndim(paths) == 0:
        return np.arange(_check.integer("paths", paths, minimum=0, maximum=MAX_PATH + 1), dtype=np.uint64)
    numbers = np.asarray(paths)
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise TypeError(
            f"paths: expected a count, a slice or a list of integers, got {numbers.dtype} of shape {numbers.shape}"
        )
    if numbers.size and not 0 <= int(numbers.min()) <= int(numbers.max()) <= MAX_PATH:
        raise ValueError(f"paths: expected numbers from 0 to 2**40 - 1, got {numbers.min()} to {numbers.max()}")
    return np.ascontiguousarray(numbers, dtype=np.uint64)
