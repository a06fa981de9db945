"""What a tuner has spent beside what its reference arm would have."""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Ledger:
    """Account of a tuner with a reference arm.

    Attributes
    ----------
    spent : float
        Sum of all costs so far.
    baseline : float
        What the reference arm would have cost in the same rounds: what it did cost where it was played, elsewhere a
        lower confidence limit of what it would have.
    bound : float
        ``(1 + alpha) * baseline + slack * baseline / rounds``. `spent` stays below it, but for what an explored round
        costs more than its cap.
    reference_rounds : int
        How often the reference arm was played.
    """

    spent: float
    baseline: float
    bound: float
    reference_rounds: int

    @property
    def regret(self) -> float:
        """How much more was spent than by the reference alone; mostly negative."""
        return self.spent - self.baseline

    @property
    def regret_bound(self) -> float:
        """What `regret` stays below."""
        return self.bound - self.baseline

    def __add__(self, other: Ledger) -> Ledger:
        """The account of both together."""
        return Ledger(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))
