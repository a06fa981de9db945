"""The spectral gap, from the rate at which SOR converges."""

from __future__ import annotations

from dataclasses import dataclass

from .. import _core

MARGIN = 0.02  # of 2 - omega, by which the rate must exceed omega - 1 to count as that of an omega below the best
LEAST_GROWTH, MOST_GROWTH = 0.002, 1.0  # of eps in a solve


@dataclass
class RateInversion:
    """The eps of (1 - eps) |B| = radius of B, B = I - D^-1 A, learned from one solve to the next.

    Below the best omega the rate shows the radius (Young's formula, inverted). At or above it the rate is omega - 1 for
    any radius, so all that can be said is that eps may be larger: it grows, by twice as much each time, until the rate
    shows the radius again.

    Attributes
    ----------
    eps : float
        The present estimate; 1 gives omega = 1.
    growth : float
        By which share eps grows if the next rate shows nothing.
    least : float
        What eps stays above. It rises, so that the gap of the radius doubles, when a solve diverges or shows a radius
        that |B| rules out.
    """

    eps: float = 1.0
    growth: float = LEAST_GROWTH
    least: float = 1e-8

    def suggest(self, norm: float) -> float:
        """Omega for a system of this |B|."""
        return _core.relax.omega_from_gap(self.eps, norm)

    def observe(self, omega: float, norm: float, rate: float) -> None:
        """Learn from a solve.

        Parameters
        ----------
        omega, norm : float
            Of the system that was solved.
        rate : float
            By what the residual was multiplied in a sweep, near the end; 0 if it is not known, infinite if it diverged.
        """
        if rate <= 0 or norm == 0:
            return
        shows = omega - 1 + MARGIN * (2 - omega) < rate < 1
        radius = _core.relax.beta_from_rate(omega, rate) if shows else 0.0
        if rate >= 1 or 1 - radius < 0.5 * (1 - norm):  # |B| bounds the radius: here the formula does not hold
            gap = 1 - (1 - self.eps) * norm
            self.eps = self.least = min(max(1 - (1 - 2 * gap) / norm, 2 * self.eps), 1.0)
        elif shows:
            self.eps = min(max((norm - radius) / norm, self.least), 1.0)
            self.growth = LEAST_GROWTH
        else:
            self.eps = min((1 + self.growth) * self.eps, 1.0)
            self.growth = min(2 * self.growth, MOST_GROWTH)
