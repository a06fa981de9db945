"""The record of every decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Decisions"]


@dataclass(frozen=True, repr=False)
class Decisions:
    """What a controller chose, when, and on what grounds.

    Attributes
    ----------
    what : str
        The choice that was made and the rule behind it.
    columns : tuple of str
        Names of the columns.
    rows : ndarray, shape (n, len(columns))
        One row per record, read-only; ``decisions["dt"]`` is one column.
    stride : int
        Every stride-th decision is in `rows`; it doubles whenever the log is full (65536 rows).
    """

    what: str
    columns: tuple[str, ...]
    rows: NDArray[np.float64]
    stride: int

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, column: str) -> NDArray[np.float64]:
        if column not in self.columns:
            raise KeyError(f"column: expected one of {', '.join(self.columns)}, got {column!r}")
        return self.rows[:, self.columns.index(column)]

    def __repr__(self) -> str:
        lines = [f"Decisions: {self.what}", f"{len(self)} records of {', '.join(self.columns)}"]
        if self.stride > 1:
            lines[-1] += f" (every {self.stride}th)"
        shown = self.rows if len(self) <= 4 else np.concatenate([self.rows[:2], self.rows[-2:]])
        lines += ["  " + "  ".join(f"{v:>10.4g}" for v in row) for row in shown]
        if len(self) > 4:
            lines.insert(4, "  ...")
        return "\n".join(lines)
