"""Problems with known solutions that the tests of the fractional room share."""

import numpy as np
from scipy.special import gamma, hyp2f1


def bump(q):
    """(x (1 - x))^q on (0, 1), zero outside: as smooth as q says."""
    return lambda x: np.where((x > 0) & (x < 1), np.abs(x * (1 - x)) ** q, 0.0)


def bump_rhs(q, alpha):
    """(-Laplace)^(alpha/2) of bump(q) on (0, 1).

    Dyda, Fract. Calc. Appl. Anal. 15 (2012) 536.
    """
    scale = 2**alpha * gamma((1 + alpha) / 2) * gamma(q + 1) / (np.sqrt(np.pi) * gamma(q + 1 - alpha / 2))
    return lambda x: 2**alpha * 4.0**-q * scale * hyp2f1((1 + alpha) / 2, alpha / 2 - q, 0.5, (2 * x - 1) ** 2)


def torsion(alpha):
    """Solution of L u = 1 on (0, 1)."""
    return lambda x: np.maximum(x * (1 - x), 0) ** (alpha / 2) / gamma(1 + alpha)


def keys(text):
    """{"p": 2.0, "alpha": 1.5} of "p=2,alpha=1.5"."""
    return {name: float(value) for name, value in (part.split("=") for part in text.split(","))}


GRID = np.linspace(0, 1, 4001)
