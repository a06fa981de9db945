"""Arms of the learners, rules that give a relaxation factor for the system at hand, and the tuners over them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .. import _core, steer

HARDEST = -5.0  # log10(1 - |B|) is kept above


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
    changes. eps = 1 is omega = 1.
    """

    eps: float

    def __call__(self, jacobi_norm: float) -> float:
        return _core.relax.omega_from_gap(self.eps, jacobi_norm)


@dataclass(frozen=True)
class Measured:
    """`Gap` with the eps that a Jacobi-PCG solve has measured."""


Policy: TypeAlias = Fixed | Gap | Measured
REFERENCE = 0  # index of the arm that is omega = 1


def arms(learn: str, omega: float | None) -> list[Policy]:
    """The arms of a way to learn; over gaps, the measured one is the last."""
    if omega is not None:
        return [Fixed(omega)]
    if learn in ("omega", "chebcb"):  # evenly spaced in log(2 - omega)
        return [Fixed(float(2 - rest)) for rest in np.geomspace(1, 0.01, 20)]
    gaps: list[Policy] = [Gap(float(10.0 ** (-j / 2))) for j in range(11)]
    return [*(gaps if learn == "gap" else []), Measured()]


def tuner(policies: list[Policy], learn: str, context: tuple[float, float] | None, seed: int) -> steer.Tuner[Policy]:
    """The learner over some arms.

    Over gaps it is Thompson sampling in a cubic model of log(iterations) in log(eps) and in the hardness of the system,
    the measured gap with a model of its own: of all learners it came closest to the best choice on most sequences
    (docs/theory/relax.md).
    """
    if learn == "gap":
        positions = [math.log10(p.eps) if isinstance(p, Gap) else None for p in policies]
        return steer.Tuner(
            policies,
            "thompson",
            positions=positions,
            context=(HARDEST, 0.0),
            noise=0.08,
            discount=0.998,  # without it, one sequence in a hundred stays with a bad arm
            reference=REFERENCE,
            seed=seed,
        )
    if learn == "chebcb":
        return steer.Tuner(policies, "chebcb", context=context, reference=REFERENCE, seed=seed)
    return steer.Tuner(policies, "tsallis-inf", reference=REFERENCE, seed=seed)


def hardness(radius: float) -> float:
    """log10(1 - radius) of a Jacobi radius or its bound |B|, from 0 for a diagonal matrix down to `HARDEST`."""
    return max(math.log10(max(1 - radius, 1e-300)), HARDEST)
