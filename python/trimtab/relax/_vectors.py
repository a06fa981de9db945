"""Right-hand sides and solutions on their way to the core and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check, _core
from . import _matrix
from ._stencil import _Stencil


def vectors(A: Any, core: _matrix.Core, b: Any, x0: Any, name: str = "b") -> tuple[NDArray[Any], NDArray[Any]]:
    """b, copied only where it must, and a fresh start as rows of numbers, (nrhs, n), in the matrix's precision."""
    n = core.size
    given = np.asarray(b)
    if isinstance(A, _Stencil) and given.shape == A.shape:
        shape: tuple[int, ...] = A.shape
    elif given.ndim == 2 and given.shape[0] == n:
        shape = given.shape
    else:
        shape = (n,)
    dtype = np.float32 if isinstance(core, _core.relax.Matrix32) else np.float64
    batch = len(shape) == 2 and not (isinstance(A, _Stencil) and shape == A.shape)

    def rows(v: NDArray[Any]) -> NDArray[Any]:
        return v.T if batch else v.reshape(1, n)

    right = np.ascontiguousarray(rows(_check.array(name, given, shape)), dtype=dtype)
    if x0 is None:
        return right, np.zeros_like(right)
    start = np.array(rows(_check.array("x0", x0, shape)), dtype=dtype, order="C")
    return right, start


def shaped(x: NDArray[Any], like: Any) -> NDArray[Any]:
    """The rows of `vectors` in the shape of the user's b."""
    shape = np.shape(like)
    return np.ascontiguousarray(x.T) if len(x) > 1 or (len(shape) == 2 and shape[1] == 1) else x.reshape(shape)
