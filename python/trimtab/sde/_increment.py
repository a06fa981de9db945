"""Increments of Brownian paths: W, and the time integrals H and K where the tree has them."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from numpy.typing import NDArray


class IncrementW(NamedTuple):
    """W alone, of a tree with ``levy="W"``."""

    W: NDArray[Any]


class IncrementWH(NamedTuple):
    """W and H, of a tree with ``levy="H"``."""

    W: NDArray[Any]
    H: NDArray[Any]


class IncrementWHK(NamedTuple):
    """W, H and K, of a tree with ``levy="K"``."""

    W: NDArray[Any]
    H: NDArray[Any]
    K: NDArray[Any]


Increment: TypeAlias = IncrementW | IncrementWH | IncrementWHK

BY_LEVY: dict[str, type[Increment]] = {"W": IncrementW, "H": IncrementWH, "K": IncrementWHK}
