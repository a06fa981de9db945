"""Brownian paths as a virtual tree of increments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .. import _check, _core
from .._seed import seed_number
from ._increment import BY_LEVY, Increment
from ._paths import PathsLike, path_numbers

LEVELS = 52
_COORDINATES = {"W": 1, "H": 2, "K": 3}


@dataclass(frozen=True, repr=False)
class BrownianTree:
    """Brownian paths on [t0, t1] that can be asked anywhere, in any order, and always give the same answer.

    Nothing is stored: every number is computed from (`seed`, path, component, place in a binary tree of intervals).
    The tree is a value. It compares and pickles as its fields, and all threads and processes that hold one see the
    same paths, bit for bit, on any machine. Times are rounded to the 2**52 + 1 ticks of the interval.

    Parameters
    ----------
    seed : int, numpy.random.SeedSequence or numpy.random.Generator
        0 to 2**64 - 1; of a sequence its first state, of a generator a draw. Trees that differ in `levy` or `dtype` are
        different paths for the same seed.
    t0, t1 : float
        Ends of the interval, ``t0 < t1``, in any unit of time.
    dim : int, optional
        Independent components of the noise, 1 (default) to 2**24.
    levy : {"W", "H", "K"}, optional
        What an increment over [s, t], h = t - s, consists of: W = W_t - W_s, with ``"H"`` also its first and with
        ``"K"`` its second integral against time, of variances h, h / 12 and h / 720, independent.
        H = 1/h ∫ (W_r - W_s - (r - s)/h W) dr, K = 1/h² ∫ (W_r - W_s - (r - s)/h W)(h/2 - (r - s)) dr.
    depth : int, optional
        Levels of the tree, 1 to 52 (default), where all times are exact. A shallower tree is quicker to ask at random
        times. Each of its 2**depth leaves can be split once, at any time inside: a call with two such times in one
        leaf is refused, and answers must not be combined across calls where one call would be refused.
    dtype : dtype, optional
        float64 (default) or float32.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range or of a wrong kind.

    Notes
    -----
    Increments are kept in Legendre coordinates, where halving an interval is an orthogonal map, and joined from local
    pieces, never differenced: they lose no digits however short they are. See docs/theory/sde.md.

    References
    ----------
    J. Foster, T. Lyons, H. Oberhauser, SIAM J. Numer. Anal. 58 (2020), 1393-1421.
    A. Jelinčič et al., Single-seed generation of Brownian paths and integrals, arXiv:2405.06464.

    Examples
    --------
    >>> import numpy as np
    >>> import trimtab as tt
    >>> B = tt.sde.BrownianTree(seed=7, t0=0.0, t1=4.0, dim=3, levy="H")
    >>> W, H = B.increment(0.1, 0.7, paths=1000)
    >>> W.shape
    (1000, 3)
    >>> left, right = B.increment(0.1, 0.3, paths=1000), B.increment(0.3, 0.7, paths=1000)
    >>> bool(np.allclose(left.W + right.W, W, rtol=0, atol=1e-14))
    True
    """

    seed: int
    t0: float
    t1: float
    dim: int = field(default=1, kw_only=True)
    levy: Literal["W", "H", "K"] = field(default="W", kw_only=True)
    depth: int = field(default=LEVELS, kw_only=True)
    dtype: DTypeLike = field(default=np.float64, kw_only=True)

    def __post_init__(self) -> None:
        t0 = _check.real("t0", self.t0)
        checked: dict[str, Any] = {
            "seed": seed_number(self.seed),
            "t0": t0,
            "t1": _check.real("t1", self.t1, above=t0),
            "dim": _check.integer("dim", self.dim, minimum=1, maximum=2**24),
            "levy": _check.choice("levy", self.levy, _COORDINATES),
            "depth": _check.integer("depth", self.depth, minimum=1, maximum=LEVELS),
            "dtype": np.dtype(_check.choice("dtype", np.dtype(self.dtype).name, ("float64", "float32"))),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._core()

    def __repr__(self) -> str:
        return (
            f"BrownianTree(seed={self.seed}, t0={self.t0}, t1={self.t1}, dim={self.dim}, levy={self.levy!r}, "
            f"depth={self.depth}, dtype={str(self.dtype)!r})"
        )

    def increment(
        self, s: ArrayLike, t: ArrayLike, paths: PathsLike = None, *, threads: int | None = None
    ) -> Increment:
        """Increments over [s, t].

        Parameters
        ----------
        s, t : array_like
            Times with ``t0 <= s <= t <= t1``; arrays are broadcast against each other. Equal times give zeros.
        paths : int, slice or array_like of int, optional
            The first n paths, those of a slice, or those with the given numbers, below 2**40. By default path 0 alone.
        threads : int, optional
            Results do not depend on it. Default: `trimtab.get_threads`.

        Returns
        -------
        IncrementW, IncrementWH or IncrementWHK
            Named tuple of W, H, K, as far as `levy` goes; arrays of shape s.shape + (paths, dim).

        Raises
        ------
        ValueError
            If a time is NaN or outside [t0, t1], s > t, two times cut one leaf (with `depth` < 52; the message says
            which depth serves), or a path is out of range.
        TypeError
            If times are not numbers or paths not integers.

        Examples
        --------
        >>> import trimtab as tt
        >>> B = tt.sde.BrownianTree(1, 0.0, 1.0)
        >>> B.increment([0.0, 0.5], [0.5, 1.0], paths=range(10, 14)).W.shape
        (2, 4, 1)
        """
        starts, ends = np.broadcast_arrays(_times("s", s), _times("t", t))
        numbers, out = self._prepare(starts.shape, paths)
        _core.sde.increments(
            self._core(), numbers, np.ravel(starts), np.ravel(ends), list(out), _check.threads(threads)
        )
        return out

    def path(self, times: ArrayLike, paths: PathsLike = None, *, threads: int | None = None) -> NDArray[Any]:
        """Values W_t - W_t0 at given times.

        Parameters
        ----------
        times : array_like
            In [t0, t1], in any order.
        paths, threads
            As for `increment`.

        Returns
        -------
        ndarray of shape times.shape + (paths, dim)

        Raises
        ------
        ValueError, TypeError
            As `increment`.

        Examples
        --------
        >>> import numpy as np
        >>> import trimtab as tt
        >>> tt.sde.BrownianTree(1, 0.0, 1.0).path(np.linspace(0, 1, 101), paths=5).shape
        (101, 5, 1)
        """
        return self.increment(self.t0, times, paths, threads=threads).W

    def node(self, level: int, k: int, paths: PathsLike = None, *, threads: int | None = None) -> Increment:
        """Increments over node k of a level, [t0 + k h, t0 + (k + 1) h] with h = (t1 - t0) / 2**level.

        Parameters
        ----------
        level, k : int
            ``0 <= level <= depth`` and ``0 <= k < 2**level``.
        paths, threads
            As for `increment`.

        Returns
        -------
        IncrementW, IncrementWH or IncrementWHK
            Arrays of shape (paths, dim).

        Raises
        ------
        ValueError, TypeError
            If there is no such node or path.

        Examples
        --------
        >>> import trimtab as tt
        >>> B = tt.sde.BrownianTree(1, 0.0, 1.0)
        >>> bool(B.node(2, 3).W == B.increment(0.75, 1.0).W)
        True
        """
        level = self._level(level)
        k = _check.integer("k", k, minimum=0, maximum=2**level - 1)
        numbers, out = self._prepare((), paths)
        _core.sde.node(self._core(), level, k, numbers, list(out), _check.threads(threads))
        return out

    def grid(self, level: int, paths: PathsLike = None, *, threads: int | None = None) -> Increment:
        """Increments over all 2**level nodes of a level, as a solver with constant steps wants them.

        Parameters
        ----------
        level : int
            0 to `depth`.
        paths, threads
            As for `increment`.

        Returns
        -------
        IncrementW, IncrementWH or IncrementWHK
            Arrays of shape (2**level, paths, dim).

        Raises
        ------
        ValueError, TypeError
            If the level or a path is out of range.

        Examples
        --------
        >>> import numpy as np
        >>> import trimtab as tt
        >>> B = tt.sde.BrownianTree(1, 0.0, 1.0)
        >>> W = B.grid(10, paths=100).W
        >>> bool(np.allclose(W.sum(axis=0), B.increment(0, 1, paths=100).W))
        True
        """
        level = self._level(level)
        numbers, out = self._prepare((2**level,), paths)
        _core.sde.grid(self._core(), level, numbers, list(out), _check.threads(threads))
        return out

    def _core(self) -> _core.sde.BrownianTree:
        return _core.sde.BrownianTree(self.seed, self.t0, self.t1, self.dim, _COORDINATES[self.levy], self.depth)

    def _level(self, level: int) -> int:
        return _check.integer("level", level, minimum=0, maximum=self.depth)

    def _prepare(self, shape: tuple[int, ...], paths: PathsLike) -> tuple[NDArray[np.uint64], Increment]:
        """Numbers of the paths, and empty arrays for their increments."""
        numbers = path_numbers(paths)
        full = (*shape, numbers.size, self.dim)
        return numbers, BY_LEVY[self.levy](*(np.empty(full, self.dtype) for _ in range(_COORDINATES[self.levy])))


def _times(name: str, value: ArrayLike) -> NDArray[np.float64]:
    return _check.real_array(name, value, "times").astype(np.float64)
