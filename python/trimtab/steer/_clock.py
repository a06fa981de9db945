"""Seconds as a cost."""

from __future__ import annotations

import statistics
import time
from collections import deque


class Clock:
    """Wall-clock time from `start` to `stop`, as the median of the last three times of the same arm."""

    def __init__(self) -> None:
        self._begun: float | None = None
        self._last: dict[int, deque[float]] = {}

    def start(self) -> None:
        self._begun = time.perf_counter()

    def stop(self, arm: int) -> float:
        if self._begun is None:  # a tuner that was restored amid a round
            raise ValueError("cost: expected seconds, as the clock was not running when this round began, got none")
        seconds = time.perf_counter() - self._begun
        self._begun = None
        times = self._last.setdefault(arm, deque(maxlen=3))
        times.append(seconds)
        return statistics.median(times)

    def forget(self) -> None:
        """The arms have other numbers now."""
        self._last.clear()
