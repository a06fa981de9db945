"""Measures that the tests of every room share."""

import numpy as np


def orders(errors, sizes):
    """Observed convergence orders between successive sizes."""
    errors, sizes = np.asarray(errors, float), np.asarray(sizes, float)
    return -np.diff(np.log(errors)) / np.diff(np.log(sizes))
