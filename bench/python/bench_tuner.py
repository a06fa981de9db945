"""A round of the tuner: python bench/python/bench_tuner.py [--quick].

Nanoseconds per round of 10 arms: in C++ (`replay`), from Python (`suggest` and `observe`), and a plain NumPy
Tsallis-INF with the same Newton iteration as the peer. Thompson sampling has a model for each arm, or with positions
("both") one for all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from harness import measure, write

from trimtab.steer import Tuner

ARMS = 10
ROUNDS = 1000


def numpy_tsallis(costs: np.ndarray, uniforms: np.ndarray) -> None:
    losses = np.zeros(ARMS)
    for t, row in enumerate(costs):
        eta = 2 / np.sqrt(t + 1)
        y, z = losses - losses.min(), 2 / eta
        while True:
            roots = 2 / eta / (y + z)
            weights = roots * roots
            dz = (weights.sum() - 1) / (eta * (weights * roots).sum())
            if abs(dz) <= 4e-16 * z:
                break
            z += dz
        weights /= weights.sum()
        arm = min(int(np.searchsorted(np.cumsum(weights), uniforms[t], side="right")), ARMS - 1)
        losses[arm] += row[arm] / weights[arm]


def ask_and_tell(tuner: Tuner[int], costs: list[list[float]], contexts: list[Any]) -> None:
    for row, context in zip(costs, contexts, strict=True):
        tuner.observe(row[tuner.suggest(context).index])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 5 if parser.parse_args().quick else 21
    rng = np.random.default_rng(0)
    costs = rng.uniform(1, 2, (ROUNDS, ARMS))
    uniforms, seen = rng.random(ROUNDS), rng.random((ROUNDS, 1))
    candidates: dict[str, Callable[[], object]] = {"numpy tsallis-inf": lambda: numpy_tsallis(costs, uniforms)}
    context, scale = {"context": (0, 1)}, {"positions": range(ARMS)}
    learners: dict[str, tuple[str, dict[str, Any]]] = {
        **{name: (name, {}) for name in ("tsallis-inf", "tsallis-rv", "exp3", "thompson")},
        "thompson, context": ("thompson", context),
        "thompson, both": ("thompson", context | scale),
        "chebcb": ("chebcb", context),
    }
    for name, (learner, options) in learners.items():
        contexts = seen if "context" in options else None
        told = [None] * ROUNDS if contexts is None else seen.tolist()
        fast, slow = (Tuner(range(ARMS), learner, **options) for _ in range(2))
        candidates[f"C++ {name}"] = lambda t=fast, c=contexts: t.replay(costs, c)
        candidates[f"Python {name}"] = lambda t=slow, c=told: ask_and_tell(t, costs.tolist(), c)
    rows = []
    for name, timing in measure(candidates, rounds=rounds).items():
        print(f"{name:>24} {timing.median / ROUNDS * 1e9:9.0f} ns {timing.spread:4.0%}")
        rows.append({"candidate": name, "rounds": ROUNDS, "arms": ARMS, "time": timing})
    print(write("tuner", rows))


if __name__ == "__main__":
    main()
