"""Young's theory, for choosing omega by hand."""

from __future__ import annotations

from .. import _check, _core


def omega_opt(beta: float | None = None, *, gap: float | None = None) -> float:
    """Return the best relaxation factor of a consistently ordered matrix, 2 / (1 + sqrt(1 - beta^2)).

    Parameters
    ----------
    beta : float
        Spectral radius of the Jacobi iteration I - D^-1 A, in [0, 1).
    gap : float
        1 - beta instead, which keeps its digits where beta is close to one.

    Raises
    ------
    ValueError
        If both or neither are given, or one is out of range.

    Notes
    -----
    Too small an omega costs far more than one too large by as much: round up.

    Examples
    --------
    >>> import math, trimtab as tt
    >>> round(tt.relax.omega_opt(math.cos(math.pi / 11)), 6)
    1.560388
    """
    if (beta is None) == (gap is None):
        raise ValueError("beta: expected either beta or gap")
    if beta is not None:
        return _core.relax.omega_opt(1 - _check.real("beta", beta, at_least=0, below=1))
    return _core.relax.omega_opt(_check.real("gap", gap, above=0, at_most=1))


def young_rate(omega: float, beta: float) -> float:
    """Return the spectral radius of the SOR iteration of a consistently ordered matrix.

    Parameters
    ----------
    omega : float
        In (0, 2).
    beta : float
        Spectral radius of the Jacobi iteration, whose eigenvalues are real; in [0, 1).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Young, Iterative Solution of Large Linear Systems (1971), ch. 6.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.relax.young_rate(1.0, 0.9)  # Gauss-Seidel: beta squared
    0.81
    """
    return _core.relax.young_rate(_check.real("omega", omega), _check.real("beta", beta))
