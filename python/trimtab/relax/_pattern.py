"""Where the nonzeros of a matrix stand: so that a change of it is noticed."""

from __future__ import annotations

import operator
import zlib
from typing import Any

import numpy as np

from ._stencil import _Stencil


class Pattern:
    """The pattern of the last matrix. Index arrays that are the same objects are not read again.

    Parameters
    ----------
    mark : list, optional
        That of a saved one.
    """

    def __init__(self, mark: list[Any] | None = None) -> None:
        self.mark = mark
        self._held: tuple[Any, ...] = ()  # keeps the arrays alive, so that no other one can take their place

    def changes(self, A: Any) -> bool:
        """Whether A has another pattern than the matrix before; for the first one too. Takes up that of A."""
        if isinstance(A, _Stencil):
            held: tuple[Any, ...] = ()
            mark: list[Any] = ["stencil", *A.shape, len(A.points)]
        else:
            held = _indices(A)
            if len(held) == len(self._held) > 0 and all(map(operator.is_, held, self._held)):
                return False
            mark = ["rows", *(number for array in held for number in _checksum(array))]
        changed, self.mark, self._held = mark != self.mark, mark, held
        return changed

    def __getstate__(self) -> dict[str, Any]:
        return {"mark": self.mark, "_held": ()}


def _indices(A: Any) -> tuple[Any, ...]:
    if hasattr(A, "indptr"):
        return (A.indptr, A.indices)
    if hasattr(A, "tocsr"):
        return _indices(A.tocsr())
    return tuple(A[:2]) if isinstance(A, (tuple, list)) else (np.asarray(A) != 0,)


def _checksum(a: Any) -> tuple[int, int]:
    values = np.ascontiguousarray(a)
    return int(values.size), zlib.crc32(values.astype(np.int64, copy=False).tobytes())
