"""The operator as a matrix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check, _core
from .._config import optional
from .._errors import RunFailure
from ._arguments import Array, as_columns, as_rows, sampled, two_numbers
from ._enrichment import Ends, EnrichedSpline, solve_enriched
from ._spline import Spline
from ._system import Factorization, PreconditionerName, System

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Border(NamedTuple):
    """What the matrix has beyond its Toeplitz part at its first end; the other end is the same backwards."""

    columns: NDArray[np.float64]
    rows: NDArray[np.float64]


class Riesz:
    """The Riesz operator L = (-Laplace)^(alpha/2) = -d^alpha/d|x|^alpha on splines that vanish outside an interval.

    A SciPy-compatible linear operator: from N spline coefficients to values of L u at the N collocation points.
    Products cost two real Fourier transforms, solutions a few of them.

    Parameters
    ----------
    n : int
        Number of cells, at least 2.
    degree : int
        Degree p of the splines, 2 to 20. An even degree p converges as h^(p + 2 - alpha) for smooth u, the odd one
        above no faster.
    alpha : float
        Order, in (0, 2); dimensionless.
    interval : (a, b)
        In any unit of length; L u has the unit of u per length to the power of alpha.
    kind : {"riesz", "caputo"}
        Riemann-Liouville derivatives, which is the integral fractional Laplacian of the function extended by zero; or
        the second derivative inside the integral, for alpha > 1. They differ where u has a slope at an end.
    weights : (left, right)
        Factors of the one-sided derivatives in (left D_left + right D_right) / (2 cos(pi alpha / 2)). Unequal ones need
        alpha > 1.
    threads : int, optional
        For many vectors at once. Results do not depend on it.

    Attributes
    ----------
    shape : (N, N)
        N = n + degree - 2.
    points : ndarray, (N,)
        Greville points, where right-hand sides are sampled: never a uniform grid.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, naming it and what is allowed.

    Notes
    -----
    The matrix is h^-alpha (T + border), T Toeplitz; every entry is exact to rounding at any distance. The eigenvalues
    of the circulant behind the product come from the symbol and not from a transform of the entries, so that solutions
    keep their accuracy for any n.

    Examples
    --------
    The torsion problem L u = 1 on (0, 1), u = (x (1 - x))^(alpha/2) / Gamma(1 + alpha):

    >>> import numpy as np, trimtab as tt
    >>> op = tt.fractional.Riesz(n=1024, degree=4, alpha=1.5)
    >>> u = op.solve(np.ones(op.shape[0]))
    >>> u.success, abs(u(0.5) - 0.2659615) < 1e-3
    (True, True)
    """

    dtype = np.dtype(np.float64)

    def __init__(
        self,
        n: int,
        degree: int = 4,
        alpha: float = 1.5,
        interval: Sequence[float] = (0.0, 1.0),
        kind: Literal["riesz", "caputo"] = "riesz",
        weights: Sequence[float] = (1.0, 1.0),
        *,
        threads: int | None = None,
    ) -> None:
        self.n = _check.integer("n", n, minimum=-(2**63))
        self.degree = _check.integer("degree", degree, minimum=-(2**31), maximum=2**31 - 1)
        self.alpha = _check.real("alpha", alpha)
        self.interval = two_numbers("interval", interval)
        self.kind = _check.choice("kind", kind, ("riesz", "caputo"))
        self.weights = two_numbers("weights", weights)
        count = _check.threads(threads)
        self._core = _core.fractional.Riesz(
            self.n, self.degree, self.alpha, *self.interval, kind == "caputo", *self.weights, count
        )
        self.shape = (self._core.size, self._core.size)
        self.points: NDArray[np.float64] = self._core.points()
        self.points.flags.writeable = False
        self._threads = threads
        self._last: tuple[Any, System] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        again = partial(Riesz, threads=self._threads)
        return again, (self.n, self.degree, self.alpha, self.interval, self.kind, self.weights)

    def __repr__(self) -> str:
        return (
            f"Riesz(n={self.n}, degree={self.degree}, alpha={self.alpha:g}, interval={self.interval}, "
            f"kind={self.kind!r}, weights={self.weights})"
        )

    @property
    def ndim(self) -> int:
        return 2

    @property
    def spacing(self) -> float:
        """Length h of a cell."""
        return self._core.spacing

    @property
    def knots(self) -> NDArray[np.float64]:
        """Knots, (n + 2 degree + 1,): both ends degree + 1 times."""
        a, b = self.interval
        inner = a + self.spacing * np.arange(1, self.n)
        return np.concatenate([np.full(self.degree + 1, a), inner, np.full(self.degree + 1, b)])

    # --- products -------------------------------------------------------------------------------------------------

    def matvec(self, v: ArrayLike) -> Array:
        """Values of L u at the points, for coefficients (N,), (N, 1) or (N, k)."""
        return as_columns(self._core.apply(as_rows(sampled("v", v, self.points, columns=True)), False))

    def rmatvec(self, v: ArrayLike) -> Array:
        """The product with the transpose."""
        return as_columns(self._core.apply(as_rows(sampled("v", v, self.points, columns=True)), True))

    __matmul__ = dot = matmat = matvec
    rmatmat = rmatvec

    # --- parts ----------------------------------------------------------------------------------------------------

    @property
    def toeplitz(self) -> NDArray[np.float64]:
        """First column of the Toeplitz part, (N,). With unequal weights the first row differs: see `toeplitz_row`."""
        column: NDArray[np.float64] = self._core.toeplitz()[0]
        return column

    @property
    def toeplitz_row(self) -> NDArray[np.float64]:
        """First row of the Toeplitz part, (N,)."""
        row: NDArray[np.float64] = self._core.toeplitz()[1]
        return row

    @property
    def border(self) -> Border:
        """Columns (N, degree - 1) and rows (degree - 2, N) to be added to the Toeplitz part at the first end."""
        columns, rows = self._core.border()
        return Border(columns.T, rows)

    def todense(self) -> NDArray[np.float64]:
        """The whole matrix, (N, N)."""
        return self._core.dense()

    @property
    def mass(self) -> csr_array:
        """Values of the B-splines at the points as a ``scipy.sparse.csr_array``, (N, N), banded."""
        sparse = optional("scipy.sparse", "scipy", "mass")
        size, width = self.shape[0], 2 * self.degree + 1
        columns = np.arange(size)
        rows, cols, values = [], [], []
        for start in range(width):  # unit vectors that do not meet
            probe = (columns % width == start).astype(np.float64)
            product = self.mass_product(probe)
            hit = np.flatnonzero(product)
            nearest = start + width * np.rint((hit - start) / width).astype(np.int64)
            rows.append(hit)
            cols.append(nearest)
            values.append(product[hit])
        matrix: csr_array = sparse.csr_array(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))), shape=self.shape
        )
        return matrix

    def mass_product(self, v: ArrayLike) -> Array:
        """Values of the spline with coefficients (N,) or (N, k) at the points."""
        return as_columns(self._core.mass(as_rows(sampled("v", v, self.points, columns=True)), False))

    def rows(self, x: ArrayLike) -> NDArray[np.float64]:
        """L B_u(x) for every unknown u, (m, N), at m points inside the interval."""
        at = np.atleast_1d(np.asarray(x, dtype=np.float64))
        return self._core.rows(_check.array("x", at, (at.size,)))

    def basis(self, x: ArrayLike, derivative: int = 0) -> NDArray[np.float64]:
        """B_u(x), or a derivative, for every unknown u, (m, N), at m points."""
        at = np.atleast_1d(np.asarray(x, dtype=np.float64))
        at = _check.array("x", at, (at.size,))
        order = _check.integer("derivative", derivative, minimum=0, maximum=100)
        return self._core.basis(at, order)

    def lowest_eigenvalue(self) -> float:
        """Approximate lowest eigenvalue of L on the interval, within some percent.

        Kwasnicki, J. Funct. Anal. 262 (2012) 2379.
        """
        a, b = self.interval
        weight = (self.weights[0] + self.weights[1]) / 2
        scaled = ((math.pi / 2 - (2 - self.alpha) * math.pi / 8) * 2 / (b - a)) ** self.alpha
        return float(weight * scaled)

    # --- functions ------------------------------------------------------------------------------------------------

    def spline(self, coef: ArrayLike) -> Spline:
        """The function with these coefficients, (N,) or (N, k)."""
        return Spline(sampled("coef", coef, self.points, columns=True), op=self)

    def interpolate(self, values: Any) -> Spline:
        """The spline with these values at the points: an array (N,) or (N, k), a number, or a callable."""
        rows = as_rows(sampled("values", values, self.points, columns=True))
        return Spline(as_columns(self._core.interpolate(rows)), op=self)

    # --- solutions ------------------------------------------------------------------------------------------------

    def system(
        self,
        diffusion: Any = None,
        reaction: Any = None,
        *,
        preconditioner: PreconditionerName = "auto",
        border: bool = True,
    ) -> System:
        """Prepare d(x) L u + r(x) u = f for many right-hand sides.

        Parameters
        ----------
        diffusion : float, array (N,) or callable, optional
            d > 0; default 1.
        reaction : float, array (N,) or callable, optional
            r; default 0.
        preconditioner : {"auto", "tau", "padded tau", "strang", "none", "dense"}
            Sine transforms and the symbol, of length N + 1 if that has no prime factor above 5; the same on a length at
            least a hundredth longer, which takes fewer iterations; a circulant, which takes unequal weights too;
            nothing; or LU factors of the whole matrix instead of an iteration. By default LU for few unknowns, a
            circulant for unequal weights, else padded tau.
        border : bool
            Whether the preconditioner has the exact border. It costs 2 degree - 3 vectors in single precision and as
            many transforms, and makes 4 to 7 iterations of about 6 to 12.

        Returns
        -------
        System

        Raises
        ------
        ValueError
            If diffusion <= 0 anywhere, with its x; for tau with unequal weights; for sizes that do not fit.

        Warns
        -----
        UserWarning
            If the reaction is below minus the lowest eigenvalue of the diffusion, or the diffusion varies by more
            than 1e4.
        """
        key = (diffusion, reaction, preconditioner, border)
        if not all(value is None or isinstance(value, (int, float)) for value in (diffusion, reaction)):
            return System(self, *key)
        last = self._last  # of numbers the last one is kept: solving again costs no setup
        if last is None or last[0] != key:
            last = self._last = (key, System(self, *key))
        return last[1]

    def solve(
        self,
        f: Any,
        *,
        diffusion: Any = None,
        reaction: Any = None,
        preconditioner: PreconditionerName = "auto",
        rtol: float = 1e-10,
        maxiter: int = 200,
        x0: Spline | ArrayLike | None = None,
        enrichment: int = 0,
        pair: bool = False,
        raise_on_failure: bool = False,
    ) -> Spline:
        """Solve d(x) L u + r(x) u = f with u = 0 outside.

        Parameters
        ----------
        f : array (N,) or (N, k), number, or callable
            Right-hand side at ``op.points``; a callable is called with them.
        diffusion, reaction, preconditioner
            As in `system`, which serves repeated solutions better.
        rtol : float
            Stop when the preconditioned residual is below `rtol` times that of f. The residual of the equation itself
            cannot be had below about 1e-16 n^alpha |u| / |f|.
        maxiter : int
            Limit of iterations.
        x0 : Spline or array, optional
            Where to start; coefficients of the shape of f. Default: zero.
        enrichment : {0, 2, 4, 6}
            Number m of functions w^(alpha/2) P_k added to the splines, w the product of the distances to the ends: what
            solutions for smooth f look like there. They cost m more solutions and points; f, diffusion and reaction
            must be numbers or callables. The result is an `EnrichedSpline`.
        pair : bool
            Also add two functions with the power 3 alpha / 2, which a reaction brings in.
        raise_on_failure : bool
            Raise RunFailure, which carries the result, instead of returning one without success.

        Returns
        -------
        Spline

        Raises
        ------
        ValueError
            If f has the wrong shape or is not finite, with index and x; as in `system`.
        RunFailure
            With `raise_on_failure`, if the iteration does not converge.

        Examples
        --------
        >>> import numpy as np, trimtab as tt
        >>> op = tt.fractional.Riesz(n=253, alpha=1.2)
        >>> u = op.solve(lambda x: np.exp(x), reaction=lambda x: 1 + x)
        >>> u.status, u.iterations < 10
        ('success', True)
        """
        if enrichment or pair:
            return self._solve_enriched(
                f,
                enrichment,
                pair,
                x0,
                raise_on_failure,
                diffusion=diffusion,
                reaction=reaction,
                preconditioner=preconditioner,
                rtol=rtol,
                maxiter=maxiter,
            )
        return self.system(diffusion, reaction, preconditioner=preconditioner).solve(
            f, rtol=rtol, maxiter=maxiter, x0=x0, raise_on_failure=raise_on_failure
        )

    def _solve_enriched(
        self, f: Any, count: int, pair: bool, x0: Any, raise_on_failure: bool, **options: Any
    ) -> EnrichedSpline:
        if _check.integer("enrichment", count, minimum=0, maximum=6) % 2:
            raise ValueError(f"enrichment: expected 0, 2, 4 or 6, got {count}")
        if self.kind != "riesz" or self.weights[0] != self.weights[1]:
            raise ValueError(f"enrichment: expected kind 'riesz' with equal weights, got {self!r}")
        if x0 is not None:
            raise TypeError("x0: expected None with enrichment")
        u = solve_enriched(self, f, Ends(count, bool(pair), self.alpha, self.interval), self.weights[0], **options)
        if raise_on_failure and not u.success:
            raise RunFailure(u.message, u)
        return u

    def factorize(self, *, diffusion: float = 1.0, shift: float = 0.0) -> Factorization:
        """Prepare (shift M + diffusion A) c = f for many right-hand sides, six transforms each and no iteration.

        Parameters
        ----------
        diffusion : float
            Above 0.
        shift : float
            At least 0; 1 / (w dt) of time stepping, for instance.

        Raises
        ------
        ValueError
            For unequal weights, or factors out of range.

        Notes
        -----
        Gohberg and Semencul's formula for the inverse of the Toeplitz part, whose generator comes from about ten steps
        of conjugate gradients; Woodbury's formula for the border.
        """
        return Factorization(self, diffusion, shift)
