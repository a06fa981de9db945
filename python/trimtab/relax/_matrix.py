"""What A may be, and how it comes to the core."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import _check, _core
from ._stencil import Stencil2D, Stencil3D, _Stencil

Core: TypeAlias = "_core.relax.Matrix64 | _core.relax.Matrix32"

_EXPECTED = "a SciPy sparse matrix, a Stencil2D or Stencil3D, (indptr, indices, data), or a square array"


def prepare(A: Any, threads: int | None) -> Core:
    """The matrix in the core's form; for compressed rows it borrows the arrays."""
    count = _check.threads(threads)
    if isinstance(A, (Stencil2D, Stencil3D)):
        return _stencil(A, count)
    indptr, indices, data, columns = _rows(A)
    n = len(indptr) - 1
    if n < 1 or columns not in (None, n):
        raise ValueError(f"A: expected a square matrix, got {n}x{columns}")
    core = _core.relax.Matrix32 if data.dtype == np.float32 else _core.relax.Matrix64
    return core.csr(indptr, indices, data, count)


def _stencil(a: _Stencil, threads: int) -> Core:
    nz, ny, nx = (1, *a.shape) if len(a.shape) == 2 else a.shape
    core = _core.relax.Matrix32 if a.coefficients.dtype == np.float32 else _core.relax.Matrix64
    return core.stencil(nz, ny, nx, len(a.points), a.variable, a.coefficients, threads)


def _rows(A: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], int | None]:
    """indptr, indices, data, and the number of columns where it is known."""
    if hasattr(A, "tocsr"):
        a = A.tocsr()
        if not a.has_canonical_format:
            a = a.copy()
            a.sum_duplicates()
        return (*_typed(a.indptr, a.indices, a.data), a.shape[1])
    if isinstance(A, np.ndarray) and A.ndim == 2:
        kept = (A != 0) | (np.eye(*A.shape) != 0)
        rows, columns = np.nonzero(kept)
        indptr = np.searchsorted(rows, np.arange(len(A) + 1))
        return (*_typed(indptr, columns, A[rows, columns]), A.shape[1])
    if not isinstance(A, (tuple, list)) or len(A) != 3:
        raise TypeError(f"A: expected {_EXPECTED}, got {type(A).__name__}")
    indptr, indices, data = _typed(*map(np.asarray, A))
    if indptr.ndim != 1 or len(indptr) < 2 or indptr[0] != 0 or (np.diff(indptr) < 0).any():
        raise ValueError("A: expected an indptr that starts at 0 and never falls")
    if not indptr[-1] == len(indices) == len(data):
        raise ValueError(
            f"A: expected indptr[-1] indices and numbers, got {indptr[-1]}, {len(indices)} and {len(data)}"
        )
    return (*_canonical(indptr, indices, data), None)


def _typed(indptr: Any, indices: Any, data: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    if data.dtype.kind not in "fiub":
        raise TypeError(f"A: expected real numbers, got dtype {data.dtype}")
    if indptr.dtype.kind not in "iu" or indices.dtype.kind not in "iu":
        raise TypeError(f"A: expected integer indices, got dtypes {indptr.dtype} and {indices.dtype}")
    index = np.int32 if indptr.dtype == indices.dtype == np.int32 else np.int64
    number = np.float32 if data.dtype == np.float32 else np.float64
    return (
        np.ascontiguousarray(indptr, index),
        np.ascontiguousarray(indices, index),
        np.ascontiguousarray(data, number),
    )


def _canonical(
    indptr: NDArray[Any], indices: NDArray[Any], data: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Columns ascending in each row, duplicates summed."""
    n, counts = len(indptr) - 1, np.diff(indptr)
    rows = np.repeat(np.arange(n), counts)
    if (np.diff(indices)[np.diff(rows) == 0] > 0).all():
        return indptr, indices, data
    order = np.lexsort((indices, rows))
    rows, columns, data = rows[order], indices[order], data[order]
    first = np.concatenate([[True], (np.diff(rows) != 0) | (np.diff(columns) != 0)])
    summed = np.add.reduceat(data, np.flatnonzero(first))
    new_indptr = np.concatenate([[0], np.cumsum(np.bincount(rows[first], minlength=n))])
    return new_indptr.astype(indptr.dtype), columns[first], summed


def require_symmetric(A: Any) -> None:
    """Raise where one of 64 rows spread over the matrix shows that A is not symmetric."""
    if isinstance(A, (Stencil2D, Stencil3D)):
        _require_symmetric_stencil(A)
        return
    indptr, indices, data, _ = _rows(A)
    for i in np.unique(np.linspace(0, len(indptr) - 2, 64).astype(int)):
        for k in range(indptr[i], indptr[i + 1]):
            j = indices[k]
            row = slice(indptr[j], indptr[j + 1])
            mirrored = data[row][indices[row] == i].sum()
            _compare(i, j, data[k], mirrored)


def _require_symmetric_stencil(a: _Stencil) -> None:
    last = len(a.points) - 1
    for e in range(last // 2):
        move = np.array(a.points[e]) - 1
        here, there = a.coefficients[e], a.coefficients[last - e]
        if a.variable:
            inner = tuple(slice(max(0, -m), n - max(0, m)) for m, n in zip(move, a.shape, strict=True))
            moved = tuple(slice(max(0, m), n + min(0, m)) for m, n in zip(move, a.shape, strict=True))
            here, there = here[inner], there[moved]
        different = abs(here - there) > 1e-6 * np.maximum(abs(here), abs(there))
        if np.any(different):
            place = tuple(int(i) for i in np.argwhere(np.atleast_1d(different))[0])
            raise ValueError(f"A: not symmetric: coefficients {a.points[e]} and {a.points[last - e]} differ at {place}")


def _compare(i: int, j: int, a: float, b: float) -> None:
    if abs(a - b) > 1e-6 * max(abs(a), abs(b)):
        raise ValueError(f"A: not symmetric: a[{i},{j}]={a:.6g}, a[{j},{i}]={b:.6g}")
