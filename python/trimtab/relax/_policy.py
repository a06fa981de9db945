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


@dataclass(frozen=True)
class Inverted:
    """`Gap` with the eps that the rates of convergence have shown."""


Policy: TypeAlias = Fixed | Gap | Measured | Inverted
REFERENCE = 0  # index of the arm that is omega = 1


def arms(learn: str, method: str, omega: float | None) -> list[Policy]:
    """The arms of a way to learn; over gaps, the measured one is the last.

    Where an obstacle touches, the gap of A says nothing: there factors stand in for gaps.
    """
    if omega is not None:
        return [Fixed(omega)]
    if learn == "rate":
        return [Inverted()]
    if learn in ("omega", "chebcb"):
        return factors(20, 1.99)
    if method == "psor":
        return factors(13, 1.95)
    gaps: list[Policy] = [Gap(float(10.0 ** (-j / 2))) for j in range(11)]
    return [*(gaps if learn == "gap" else []), Measured()]


def factors(count: int, largest: float) -> list[Policy]:
    """From 1 on, evenly spaced in log(2 - omega)."""
    return [Fixed(float(2 - rest)) for rest in np.geomspace(1, 2 - largest, count)]


def tuner(policies: list[Policy], learn: str, context: tuple[float, float] | None, seed: int) -> steer.Tuner[Policy]:
    """The learner over some arms.

    Over gaps it is Thompson sampling in a cubic model of log(iterations) in log(eps) and in the hardness of the system,
    the measured gap with a model of its own: of all learners it came closest to the best choice on most sequences
    (docs/theory/relax.md). The factors that stand in for them know no hardness, as it is not that of A.
    """
    positions = [_position(p) for p in policies]
    if learn == "gap" and isinstance(policies[0], Fixed):
        return steer.Tuner(policies, "thompson", positions=positions, noise=0.08, reference=REFERENCE, seed=seed)
    if learn == "gap":
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


def _position(policy: Policy) -> float | None:
    """Where log(iterations) is smooth; None for a gap that is found elsewhere, which is none of a row."""
    if isinstance(policy, Measured | Inverted):
        return None
    return math.log10(policy.eps if isinstance(policy, Gap) else 2 - policy.omega)


def hardness(radius: float) -> float:
    """log10(1 - radius) of a Jacobi radius or its bound |B|, from 0 for a diagonal matrix down to `HARDEST`."""
    return max(math.log10(max(1 - radius, 1e-300)), HARDEST)
