"""What a tuner suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Arm = TypeVar("Arm")


@dataclass(frozen=True)
class Suggestion(Generic[Arm]):
    """What to do in this round.

    Attributes
    ----------
    index : int
        Index of the arm.
    arm : object
        The arm itself.
    probability : float
        With which it was drawn; NaN for ``"thompson"``, which knows none.
    cap : float
        Give up at this cost and observe it, so that the ledger's bound holds; infinite without a reference.
    """

    index: int
    arm: Arm
    probability: float
    cap: float
