"""Learning omega over the steps of a heat equation.

Run it by python bench/python/bench_relax_learning.py [--nx 25 50 100] [--steps 5000] [--seeds 5].

Iterations of SSOR-PCG over the whole time loop, relative to the best of 20 factors picked anew in every step: fixed
factors, learners over factors and over gaps, the measured gap. Counts do not depend on the machine. Writes the numbers
and, with matplotlib, a plot of the cumulative cost to bench/results.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from harness import RESULTS, write

import trimtab as tt

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
from plot_heat_conduction import heat

OMEGAS = np.linspace(1, 1.95, 20)


def table(nx: int, steps: int) -> np.ndarray:
    """Iterations of every factor in every step, all from the same start; shape (steps, 20)."""
    counts = []

    def solve(A: Any, b: Any, u: Any) -> Any:
        results = [tt.relax.ssor_pcg(A, b, x0=u, omega=w, threads=1) for w in OMEGAS]
        counts.append([max(r.nit, 1) for r in results])
        return results[8].x

    heat(solve, nx=nx, steps=steps)
    return np.array(counts)


def closed_loop(nx: int, steps: int, policy: tt.relax.AdaptiveSOR) -> np.ndarray:
    """Iterations of every step under a policy."""
    heat(lambda A, b, u: policy.solve(A, b, x0=u)[0], nx=nx, steps=steps)
    return np.maximum(policy.history()["iterations"], 1)


def fixed_gap(nx: int, steps: int, eps: float) -> np.ndarray:
    counts = []

    def solve(A: Any, b: Any, u: Any) -> Any:
        d = A.coefficients[2]
        omega = tt._core.relax.omega_from_gap(eps, (d - 1) / d)
        r = tt.relax.ssor_pcg(A, b, x0=u, omega=omega, threads=1)
        counts.append(max(r.nit, 1))
        return r.x

    heat(solve, nx=nx, steps=steps)
    return np.array(counts)


def curves(nx: int, steps: int, seeds: int) -> dict[str, list[np.ndarray]]:
    counts = table(nx, steps)
    best = int(counts.sum(axis=0).argmin())
    result = {
        "instance-optimal": [counts.min(axis=1)],
        "omega = 1": [counts[:, 0]],
        f"best fixed omega ({OMEGAS[best]:.2f})": [counts[:, best]],
        "fixed gap 1e-3": [fixed_gap(nx, steps, 1e-3)],
        "measured gap": [closed_loop(nx, steps, tt.relax.AdaptiveSOR(learn="measured", threads=1))],
    }
    for learn in ("gap", "omega"):
        result[f"learned {learn}"] = [
            closed_loop(nx, steps, tt.relax.AdaptiveSOR(learn=learn, seed=seed, threads=1)) for seed in range(seeds)
        ]
    return result


def shifted(systems: int) -> dict[str, int]:
    """Sweeps of SOR on lap + c I, c from nearly singular to dominant: the measured gap beside the exact one."""
    rng = np.random.default_rng(0)
    policy, exact = tt.relax.AdaptiveSOR("sor", learn="measured", threads=1), 0
    for _ in range(systems):
        c = -0.15 + 0.6 * rng.beta(0.5, 1.5)
        while np.linalg.norm(b := rng.standard_normal(100)) > 10:
            pass
        A = tt.relax.Stencil2D.laplacian((10, 10), shift=c)
        policy.solve(A, b)
        omega = tt.relax.omega_opt(4 / (4 + c) * np.cos(np.pi / 11))
        exact += tt.relax.sor(A, b, omega=omega, threads=1).nit
    return {"measured": int(policy.history()["iterations"].sum()), "exact": exact}


def plot(results: dict[int, dict[str, list[np.ndarray]]]) -> Path | None:
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    mpl.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(results), figsize=(5 * len(results), 4), layout="constrained", squeeze=False)
    for ax, (nx, runs) in zip(axes[0], results.items(), strict=True):
        optimum = np.cumsum(runs["instance-optimal"][0])
        for name, seeds in runs.items():
            if name != "instance-optimal":
                ax.plot(np.mean([np.cumsum(s) for s in seeds], axis=0) / optimum, label=name)
        ax.set(xlabel="time step", ylabel="iterations / instance-optimal", title=f"nx = {nx}", ylim=(0.95, 2.5))
        ax.axhline(1, color="black", linewidth=0.5)
    axes[0][0].legend()
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "relax_learning.png"
    figure.savefig(path, dpi=120)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nx", type=int, nargs="+", default=[25, 50, 100])
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    results, rows = {}, []
    for nx in options.nx:
        results[nx] = curves(nx, options.steps, options.seeds)
        optimum = results[nx]["instance-optimal"][0].sum()
        for name, seeds in results[nx].items():
            totals = [int(s.sum()) for s in seeds]
            ratios = np.array(totals) / optimum
            rows.append({"nx": nx, "policy": name, "totals": totals, "ratio": float(np.mean(ratios))})
            print(
                f"{nx:>4} {name:>24} {np.mean(totals):10.0f} {np.mean(ratios):7.3f}"
                f" ({ratios.min():.3f} to {ratios.max():.3f})",
                flush=True,
            )
    totals = shifted(options.steps)
    rows.append({"policy": "lap + c I", **totals})
    ratio = totals["measured"] / totals["exact"]
    print(f"lap + c I: measured gap {totals['measured']}, exact {totals['exact']}: {ratio:.4f}")
    print(write("relax_learning", rows), plot(results))


if __name__ == "__main__":
    main()
