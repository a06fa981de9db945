"""What a seed may be given as."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _check


def seed_number(value: int | np.random.SeedSequence | np.random.Generator | Any) -> int:
    """`value` as a number below 2**64: itself, the first state of a SeedSequence, or a draw from a Generator."""
    if isinstance(value, np.random.SeedSequence):
        return int(value.generate_state(1, np.uint64)[0])
    if isinstance(value, np.random.Generator):
        return int(value.integers(2**64, dtype=np.uint64))
    return _check.integer("seed", value, minimum=0, maximum=2**64 - 1)
