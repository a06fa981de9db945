"""The SSOR preconditioner for other people's solvers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._config import optional
from . import _matrix
from ._stopping import omega as checked_omega

if TYPE_CHECKING:
    from scipy.sparse.linalg import LinearOperator


def ssor_preconditioner(A: Any, omega: float = 1.0, *, threads: int | None = None) -> LinearOperator:
    """Return the inverse of the SSOR preconditioner as a SciPy LinearOperator, for ``M=`` of its solvers.

    Parameters
    ----------
    A : as in `sor`
        Kept alive by the operator; symmetric for solvers that need a symmetric preconditioner.
    omega : float
        Relaxation factor in (0, 2).
    threads : int, optional

    Returns
    -------
    scipy.sparse.linalg.LinearOperator
        Applies ((D + omega L) D^-1 (D + omega U) / (omega (2 - omega)))^-1.

    Raises
    ------
    ImportError
        If SciPy is missing.
    ValueError
        As in `sor`.

    Examples
    --------
    >>> import numpy as np, scipy.sparse.linalg, trimtab as tt
    >>> A = tt.relax.Stencil2D.laplacian((40, 40))
    >>> indptr, indices, data = A.to_csr()
    >>> csr = scipy.sparse.csr_array((data, indices, indptr))
    >>> x, info = scipy.sparse.linalg.cg(csr, np.ones(1600), M=tt.relax.ssor_preconditioner(A, 1.8))
    >>> info
    0
    """
    linalg = optional("scipy.sparse.linalg", "scipy", "ssor_preconditioner()")
    factor = checked_omega(omega)
    core = _matrix.prepare(A, threads)
    dtype = np.float32 if core.__class__.__name__ == "Matrix32" else np.float64

    def apply(r: Any) -> Any:
        return core.ssor_apply(factor, np.ascontiguousarray(r, dtype).ravel())

    operator: LinearOperator = linalg.LinearOperator((core.size, core.size), matvec=apply, dtype=dtype)
    return operator
