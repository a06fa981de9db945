"""Arms of the learners: rules that give a relaxation factor for the system at hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import _core


@dataclass(frozen=True)
class Fixed:
    """The same omega for every system."""

    omega: float

    def __call__(self, jacobi_norm: float) -> float:
        return self.omega


@dataclass(frozen=True)
class Gap:
    """Young's omega for the Jacobi radius (1 - eps) |I - D^-1 A| in the maximum norm.

    For systems c M + g K on a uniform grid one eps is right for every c and g, so a fixed rule follows a matrix that
    changes.
    """

    eps: float

    def __call__(self, jacobi_norm: float) -> float:
        return _core.relax.omega_from_gap(self.eps, jacobi_norm)


@dataclass(frozen=True)
class Measured:
    """`Gap` with the eps that a Jacobi-PCG solve has measured."""


def gap_arms() -> list[Gap]:
    """Half decades of eps from 10^-0.5 to 10^-5."""
    return [Gap(float(10.0 ** (-j / 2))) for j in range(1, 11)]


def omega_arms() -> list[Fixed]:
    """Twenty factors from 1 to 1.99, spaced evenly in log(2 - omega)."""
    return [Fixed(float(2 - rest)) for rest in np.geomspace(1, 0.01, 20)]
