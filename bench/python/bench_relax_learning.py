"""Which learner for omega: python bench/python/bench_relax_learning.py [--nx 25 50 100 200 400] [--seeds 5].

Iterations over whole sequences, relative to the best of 20 factors picked anew for every system. Learners are replayed
on the tables of relax_tables.py, `AdaptiveSOR` solves the sequences itself. Counts do not depend on the machine. Writes
the numbers and, with matplotlib, a plot of the cumulative cost to bench/results.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import relax_tables as tables
from harness import RESULTS, write
from plot_heat_conduction import heat
from relax_tables import GAPS, OMEGAS, Table

import trimtab as tt
from trimtab.relax._policy import HARDEST
from trimtab.steer import Tuner

Curves = dict[str, list[np.ndarray]]  # iterations of every system, one array a seed


def replayed(
    costs: np.ndarray, seeds: int, learner: str, contexts: np.ndarray | None = None, **options: Any
) -> list[np.ndarray]:
    """Iterations under a learner; the loss is one less, as in the paper, but for the one that takes logarithms."""
    if contexts is not None:
        options["context"] = options.get("context", (contexts.min(), contexts.max()))
        contexts = contexts[:, None]
    losses = costs if learner == "thompson" else costs - 1
    chosen = [Tuner(range(costs.shape[1]), learner, seed=s, **options).replay(losses, contexts) for s in range(seeds)]
    return [np.take_along_axis(costs, c[:, None], axis=1)[:, 0] for c in chosen]


def learners(table: Table, seeds: int) -> Curves:
    """Fixed choices and learners on a table."""
    hardness = np.log10(np.clip(1 - table.norm, 10**HARDEST, 1))
    positions = list(np.log10(GAPS))
    gap: dict[str, Any] = {"positions": positions, "noise": 0.08}
    best = int(table.omega.sum(axis=0).argmin())
    return {
        "instance-optimal": [table.optimum],
        "omega = 1": [table.omega[:, 0]],
        "best fixed omega": [table.omega[:, best]],
        "omega, tsallis-inf": replayed(table.omega, seeds, "tsallis-inf"),
        "omega, tsallis-rv": replayed(table.omega, seeds, "tsallis-rv"),
        "omega, tsallis-inf, 6 bins": replayed(table.omega, seeds, "tsallis-inf", table.context),
        "omega, chebcb": replayed(table.omega, seeds, "chebcb", table.context),
        "omega, thompson": replayed(
            table.omega, seeds, "thompson", table.context, positions=list(np.log(2 - OMEGAS)), noise=0.08
        ),
        "gap 1e-3, fixed": [table.gap[:, 6]],
        "gap, tsallis-inf": replayed(table.gap, seeds, "tsallis-inf"),
        "gap, chebcb": replayed(table.gap, seeds, "chebcb", hardness, context=(HARDEST, 0)),
        "gap, thompson without context": replayed(table.gap, seeds, "thompson", **gap),
        "gap, thompson": replayed(
            table.gap, seeds, "thompson", hardness, context=(HARDEST, 0), discount=0.998, reference=0, **gap
        ),
    }


def adaptive(seeds: int, systems: Callable[[Callable[..., Any]], None], **options: Any) -> list[np.ndarray]:
    """Iterations of `AdaptiveSOR`; systems(solve) solves them one after the other."""
    runs = []
    for seed in range(seeds):
        solver = tt.relax.AdaptiveSOR(seed=seed, threads=1, **options)
        systems(lambda A, b, x0=None, s=solver: s.solve(A, b, x0=x0)[0])
        runs.append(np.maximum(solver.history()["iterations"], 1))
    return runs


def heat_sequence(nx: int, seeds: int, most_closed: int = 100) -> Curves:
    table = tables.load(f"heat-{nx}")
    curves = learners(table, seeds)
    if nx <= most_closed:
        loop: dict[str, Any] = {"systems": lambda solve: heat(solve, nx=nx, steps=tables.STEPS[nx])}
        curves["AdaptiveSOR, measured"] = adaptive(1, learn="measured", **loop)
        curves["AdaptiveSOR"] = adaptive(seeds, **loop)
    return curves


def variable_sequences(kind: str, seeds: int) -> Curves:
    """All sequences of a kind, one after the other, for every seed."""
    parts = []
    for number in range(5):

        def systems(solve: Callable[..., Any], number: int = number) -> None:
            for A, b, _ in tables.variable_systems(kind, number, 200):
                solve(A, b)

        part = learners(tables.load(f"{kind}-{number}"), seeds)
        parts.append(part | {"AdaptiveSOR": adaptive(seeds, systems)})
    return {name: [np.concatenate(runs) for runs in zip(*(p[name] for p in parts), strict=True)] for name in parts[0]}


def shifted_sequence(name: str, alpha: float, beta: float, seeds: int) -> Curves:
    """SOR on lap + c I; the optimum is Young's factor for the exact radius."""
    curves = learners(tables.load(name), seeds)
    exact = []

    def systems(solve: Callable[..., Any]) -> None:
        for A, b, _ in tables.shifted_systems(5000, alpha, beta):
            solve(A, b)

    def solve_exactly(A: Any, b: Any) -> None:
        omega = tt.relax.omega_opt(4 / A.coefficients[2] * np.cos(np.pi / 11))
        exact.append(tt.relax.sor(A, b, omega=omega, threads=1).nit)

    systems(solve_exactly)
    curves["instance-optimal"] = [np.array(exact)]
    curves["AdaptiveSOR, measured"] = adaptive(1, systems, method="sor", learn="measured")
    curves["AdaptiveSOR, rate"] = adaptive(1, systems, method="sor", learn="rate")
    curves["AdaptiveSOR"] = adaptive(seeds, systems, method="sor")
    return curves


def convection_sequence(m: int, speed: float, seeds: int) -> Curves:
    """SOR on upwind differences of convection and diffusion, whose matrices are not symmetric."""
    rng, systems = np.random.default_rng(1), []
    for t in range(40):
        c = speed * (1 + 0.2 * np.sin(t))
        A = tt.relax.Stencil2D((m, m), [[0, -1 - c, 0], [-1 - c, 4 + 2 * c, -1], [0, -1, 0]])
        systems.append((A, rng.standard_normal((m, m))))
    counts = np.array([[count(A, b, omega) for omega in OMEGAS] for A, b in systems])

    def solve_all(solve: Callable[..., Any]) -> None:
        for A, b in systems:
            solve(A, b)

    return {
        "instance-optimal": [counts.min(axis=1)],
        "omega = 1": [counts[:, 0]],
        "best fixed omega": [counts[:, counts.sum(axis=0).argmin()]],
        "AdaptiveSOR, rate": adaptive(1, solve_all, method="sor", learn="rate"),
        "AdaptiveSOR": adaptive(seeds, solve_all, method="sor"),
    }


def count(A: Any, b: Any, omega: float) -> int:
    """Sweeps, or as many as are allowed if they diverge."""
    r = tt.relax.sor(A, b, omega=omega, threads=1)
    return r.nit if r.success else 10_000


def plot(results: dict[str, Curves]) -> Path | None:
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    mpl.use("agg")
    import matplotlib.pyplot as plt

    shown = {name: curves for name, curves in results.items() if name.startswith("heat")}
    if not shown:
        return None
    lines = (
        "omega = 1",
        "best fixed omega",
        "omega, tsallis-inf",
        "omega, chebcb",
        "gap, tsallis-inf",
        "gap, thompson",
    )
    figure, axes = plt.subplots(1, len(shown), figsize=(4 * len(shown), 4), layout="constrained", squeeze=False)
    for ax, (title, curves) in zip(axes[0], shown.items(), strict=True):
        optimum = np.cumsum(curves["instance-optimal"][0])
        for name in lines:
            ax.plot(np.mean([np.cumsum(run) for run in curves[name]], axis=0) / optimum, label=name)
        ax.set(xlabel="time step", ylabel="iterations so far / instance-optimal", title=title, ylim=(0.95, 2.5))
        ax.axhline(1, color="black", linewidth=0.5)
    axes[0][0].legend()
    path = RESULTS / "relax_learning.png"
    figure.savefig(path, dpi=110)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nx", type=int, nargs="*", default=list(tables.STEPS))
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    made: dict[str, Callable[[], Curves]] = {
        f"heat {nx}": lambda nx=nx: heat_sequence(nx, options.seeds) for nx in options.nx
    }
    for kind in ("constant", "lognormal", "checkerboard"):
        made[kind] = lambda kind=kind: variable_sequences(kind, options.seeds)
    made["shifted, high"] = lambda: shifted_sequence("shifted-high", 0.5, 1.5, options.seeds)
    made["shifted, low"] = lambda: shifted_sequence("shifted-low", 2, 6, options.seeds)
    for m, speed in ((40, 0.05), (40, 0.5), (80, 0.05), (80, 0.5)):
        made[f"wind {speed} {m}"] = lambda m=m, speed=speed: convection_sequence(m, speed, options.seeds)
    results, rows = {}, []
    for title, make in made.items():
        results[title] = make()
        optimum = results[title]["instance-optimal"][0].sum()
        for name, runs in results[title].items():
            totals = [int(run.sum()) for run in runs]
            ratios = np.array(totals) / optimum
            rows.append({"sequence": title, "policy": name, "totals": totals, "ratio": float(ratios.mean())})
            print(
                f"{title:>14} {name:>30} {np.mean(totals):10.0f} {ratios.mean():7.3f}"
                f" ({ratios.min():.3f} to {ratios.max():.3f})",
                flush=True,
            )
    print(write("relax_learning", rows), plot(results))


if __name__ == "__main__":
    main()
