"""The symbol of the Toeplitz matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check, _core


def symbol(theta: ArrayLike, degree: int = 4, alpha: float = 1.5) -> NDArray[np.float64] | Any:
    """Symbol of the Riesz matrix of cardinal splines on a lattice of spacing one.

    Parameters
    ----------
    theta : array_like
        Frequencies in radians per cell.
    degree : int
        Degree p of the splines, 2 to 20.
    alpha : float
        Order, in (0, 2).

    Returns
    -------
    ndarray of the shape of `theta`, or a float
        f(theta) = sum_k t_k exp(i k theta) = sum_l |theta + 2 pi l|^alpha sinc((theta + 2 pi l) / 2)^(p + 1), with full
        relative accuracy near 0, where f(theta) ~ |theta|^alpha. It is positive elsewhere and decays exponentially with
        the degree at pi.

    Raises
    ------
    ValueError
        If `degree`, `alpha` or a number in `theta` is out of range.

    Notes
    -----
    The images l are summed by Hurwitz zeta functions, expanded in theta.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> round(tt.fractional.symbol(np.pi, degree=3, alpha=1.5), 6)
    2.020131
    """
    given = np.asarray(theta)
    checked = _check.array("theta", given, given.shape)
    order = _check.real("alpha", alpha)
    values = _core.fractional.symbol(
        checked, _check.integer("degree", degree, minimum=-(2**31), maximum=2**31 - 1), order
    )
    return values if given.ndim else float(values[0])
