"""Matrices of grids, given by their stencil: no sparse matrix is built."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check

_FIVE = ((0, 1), (1, 0), (1, 1), (1, 2), (2, 1))
_NINE = tuple((i, j) for i in range(3) for j in range(3))
_SEVEN = ((0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1))


class _Stencil:
    """What stencils of any dimension share; the places of the points come from the subclass."""

    shape: tuple[int, ...]
    points: tuple[tuple[int, ...], ...]
    coefficients: NDArray[Any]  # (points,) or (points, *shape)

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return int(np.prod(self.shape))

    @property
    def variable(self) -> bool:
        """Whether the coefficients change from point to point."""
        return self.coefficients.ndim > 1

    def to_csr(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[Any]]:
        """The same matrix in compressed sparse rows, ``(indptr, indices, data)``.

        Examples
        --------
        >>> import trimtab as tt
        >>> indptr, indices, data = tt.relax.Stencil2D.laplacian((2, 2)).to_csr()
        >>> indices.tolist()
        [0, 1, 2, 0, 1, 3, 0, 2, 3, 1, 2, 3]
        """
        places = np.stack(np.unravel_index(np.arange(self.size), self.shape), axis=1)
        moves = np.array(self.points) - 1
        neighbors = places[:, None, :] + moves
        inside = ((neighbors >= 0) & (neighbors < np.array(self.shape))).all(axis=2)
        columns = np.ravel_multi_index(tuple(np.moveaxis(neighbors, 2, 0)), self.shape, mode="clip")
        values = np.broadcast_to(self.coefficients.reshape(len(moves), -1).T, inside.shape)
        indptr = np.concatenate([[0], np.cumsum(inside.sum(axis=1))])
        return indptr.astype(np.int32), columns[inside].astype(np.int32), values[inside]

    def __repr__(self) -> str:
        kind = "variable" if self.variable else "constant"
        return f"{type(self).__name__}(shape={self.shape}, {len(self.points)} points, {kind} coefficients)"


def _shape(value: Any, ndim: int) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)) or len(value) != ndim:
        raise ValueError(f"shape: expected {ndim} sizes, got {value!r}")
    return tuple(_check.integer("shape", n, minimum=1) for n in value)


def _coefficients(value: ArrayLike, shape: tuple[int, ...], points: tuple[tuple[int, ...], ...]) -> NDArray[Any]:
    """The coefficients at the stencil's points, from an array over the whole cube of neighbors."""
    cube = (3,) * len(shape)
    a = _check.real_array("coefficients", value)
    if a.shape not in (cube, cube + shape):
        raise ValueError(f"coefficients: expected shape {cube} or {cube + shape}, got {a.shape}")
    others = [p for p in np.ndindex(cube) if p not in points]
    if any(np.any(a[p]) for p in others):
        raise ValueError(f"coefficients: expected zeros away from the axes for {len(points)} points")
    dtype = np.float32 if a.dtype == np.float32 else np.float64
    return np.ascontiguousarray(np.stack([a[p] for p in points]), dtype=dtype)


class Stencil2D(_Stencil):
    """Matrix of a 5- or 9-point stencil on a grid of ny x nx unknowns; beyond the rim the unknown is zero.

    Parameters
    ----------
    shape : (int, int)
        ny, nx. Unknown (i, j) has number ``i * nx + j``.
    coefficients : array_like, shape (3, 3) or (3, 3, ny, nx)
        ``coefficients[1 + di, 1 + dj]`` multiplies the neighbor at (i + di, j + dj): one number, or one per unknown.
        With zero corners the stencil has 5 points, else 9. float32 stays float32; all else becomes float64.

    Raises
    ------
    ValueError
        If a shape is wrong.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.relax.Stencil2D((100, 100), [[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    Stencil2D(shape=(100, 100), 5 points, constant coefficients)
    """

    def __init__(self, shape: tuple[int, int], coefficients: ArrayLike) -> None:
        self.shape = _shape(shape, 2)
        a = np.asarray(coefficients)
        corners = a.shape[:2] == (3, 3) and any(np.any(a[i, j]) for i in (0, 2) for j in (0, 2))
        self.points = _NINE if corners else _FIVE
        self.coefficients = _coefficients(a, self.shape, self.points)

    @classmethod
    def laplacian(cls, shape: tuple[int, int], *, scale: float = 1.0, shift: float = 0.0) -> Stencil2D:
        """``shift * I + scale * (4 at the center, -1 at the four neighbors)``.

        An implicit step of the heat equation has scale = conductivity * dt / h**2 and shift = 1.
        """
        s = _check.real("scale", scale)
        cross = np.array([[0, -s, 0], [-s, 4 * s + _check.real("shift", shift), -s], [0, -s, 0]])
        return cls(shape, cross)

    @classmethod
    def diffusion(cls, conductivity: ArrayLike, *, scale: float = 1.0, shift: float = 0.0) -> Stencil2D:
        """``shift * I + scale * K`` with K = -div(conductivity grad) in finite volumes.

        Parameters
        ----------
        conductivity : array_like, shape (ny, nx), positive
            By cell; a face takes the harmonic mean of its cells, a face on the rim (half a cell from the fixed value
            zero) twice its cell's.
        scale, shift : float
        """
        k = np.asarray(conductivity, dtype=float)
        if k.ndim != 2 or not (np.isfinite(k) & (k > 0)).all():
            raise ValueError("conductivity: expected positive numbers over two dimensions")
        s = _check.real("scale", scale)
        padded = np.pad(k, 1, constant_values=np.inf)  # the harmonic mean with infinity is twice the cell's own
        c = np.zeros((3, 3, *k.shape))
        for place, other in (
            ((0, 1), padded[:-2, 1:-1]),
            ((2, 1), padded[2:, 1:-1]),
            ((1, 0), padded[1:-1, :-2]),
            ((1, 2), padded[1:-1, 2:]),
        ):
            c[place] = -s * 2 / (1 / k + 1 / other)
        c[1, 1] = _check.real("shift", shift) - c.sum(axis=(0, 1))
        return cls(k.shape, c)


class Stencil3D(_Stencil):
    """Matrix of a 7-point stencil on a grid of nz x ny x nx unknowns; beyond the rim the unknown is zero.

    Parameters
    ----------
    shape : (int, int, int)
        nz, ny, nx. Unknown (k, i, j) has number ``(k * ny + i) * nx + j``.
    coefficients : array_like, shape (3, 3, 3) or (3, 3, 3, nz, ny, nx)
        As in `Stencil2D`; entries that are on no axis must be zero.

    Raises
    ------
    ValueError
        If a shape is wrong or an entry off the axes is not zero.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.relax.Stencil3D.laplacian((20, 20, 20))
    Stencil3D(shape=(20, 20, 20), 7 points, constant coefficients)
    """

    def __init__(self, shape: tuple[int, int, int], coefficients: ArrayLike) -> None:
        self.shape = _shape(shape, 3)
        self.points = _SEVEN
        self.coefficients = _coefficients(coefficients, self.shape, self.points)

    @classmethod
    def laplacian(cls, shape: tuple[int, int, int], *, scale: float = 1.0, shift: float = 0.0) -> Stencil3D:
        """``shift * I + scale * (6 at the center, -1 at the six neighbors)``."""
        s = _check.real("scale", scale)
        c = np.zeros((3, 3, 3))
        for place in _SEVEN:
            c[place] = -s
        c[1, 1, 1] = 6 * s + _check.real("shift", shift)
        return cls(shape, c)
