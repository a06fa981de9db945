"""What a tuner has spent beside what its reference arm would have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ledger:
    """Account of a tuner with a reference arm.

    Attributes
    ----------
    spent : float
        Sum of all costs so far.
    bound : float
        ``((1 + alpha) * rounds + slack) * m`` with m the lower confidence limit of the reference's mean cost. `spent`
        stays below it, but for what the reference itself costs more than m while it is played, and for what an
        explored round costs more than `cap`. Where rounds have sizes, costs count per size, and ``rounds`` and
        ``slack`` in mean sizes.
    regret_bound : float
        The part of `bound` above what the reference alone would have cost, ``(alpha * rounds + slack) * m``.
    reference_mean : float
        Mean of the costs per size that the reference arm was seen to have; 0 before its first round.
    reference_rounds : int
        How often the reference arm was played.
    cap : float
        Cost per size at which an explored choice should be given up; infinite before the first rounds.
    """

    spent: float
    bound: float
    regret_bound: float
    reference_mean: float
    reference_rounds: int
    cap: float
