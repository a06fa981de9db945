"""Iterations of every arm on every system of a sequence: learners are then compared by replaying them.

All arms of a system start from the same point, so a table holds for every learner alike. Tables are kept in
bench/results; counts do not depend on the machine. Run it by python bench/python/relax_tables.py heat-50 variable.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from harness import RESULTS

import trimtab as tt

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
from plot_heat_conduction import heat

OMEGAS = np.linspace(1, 1.95, 20)
GAPS = 10.0 ** (-np.arange(11) / 2)  # eps = 1 is omega = 1
STEPS = {25: 5000, 50: 5000, 100: 5000, 200: 1000, 400: 1000}


@dataclass(frozen=True)
class Table:
    """Iterations, at least 1, of every arm on every system.

    Attributes
    ----------
    omega : ndarray, shape (systems, 20)
        With the factors `OMEGAS`.
    gap : ndarray, shape (systems, 11)
        With Young's factor for the gaps `GAPS`.
    norm, context : ndarray, shape (systems,)
        The maximum norm of I - D^-1 A, and what a user may know of the system: conductivity, shift or scale.
    """

    omega: np.ndarray
    gap: np.ndarray
    norm: np.ndarray
    context: np.ndarray

    @property
    def optimum(self) -> np.ndarray:
        """The best of the 20 factors, picked anew for every system."""
        return self.omega.min(axis=1)


Solve = Callable[[Any, Any, Any, float], Any]


def ssor_pcg(A: Any, b: Any, x0: Any, omega: float) -> Any:
    return tt.relax.ssor_pcg(A, b, x0=x0, omega=omega, threads=1)


def sor(A: Any, b: Any, x0: Any, omega: float) -> Any:
    return tt.relax.sor(A, b, x0=x0, omega=omega, threads=1)


class Recorder:
    """Solves a system with every arm and keeps the counts."""

    def __init__(self, solve: Solve) -> None:
        self.solve, self.rows = solve, []

    def __call__(self, A: Any, b: Any, x0: Any, context: float) -> Any:
        norm = tt.relax._matrix.prepare(A, 1).jacobi_norm()
        gaps = [tt._core.relax.omega_from_gap(eps, norm) for eps in GAPS]
        results = [self.solve(A, b, x0, w) for w in (*OMEGAS, *gaps)]
        self.rows.append([norm, context, *(max(r.nit, 1) for r in results)])
        return results[len(OMEGAS) + 6].x

    def table(self) -> Table:
        rows = np.array(self.rows)
        counts = rows[:, 2:].astype(int)
        return Table(counts[:, : len(OMEGAS)], counts[:, len(OMEGAS) :], rows[:, 0], rows[:, 1])


def heat_table(nx: int, steps: int) -> Table:
    """The heat equation; the context is the conductivity."""
    record = Recorder(ssor_pcg)
    heat(lambda A, b, u: record(A, b, u, -2 * A.coefficients[0] / (1e-3 * nx**2)), nx=nx, steps=steps)
    return record.table()


def shifted_systems(systems: int, alpha: float, beta: float) -> Iterator[tuple[Any, Any, float]]:
    """lap + c I with c from nearly singular to dominant, and a truncated Gaussian right-hand side."""
    rng = np.random.default_rng(0)
    for _ in range(systems):
        c = -0.15 + 0.6 * rng.beta(alpha, beta)
        while np.linalg.norm(b := rng.standard_normal(100)) > 10:
            pass
        yield tt.relax.Stencil2D.laplacian((10, 10), shift=c), b, c


def shifted_table(alpha: float, beta: float, systems: int = 5000) -> Table:
    """SOR on the shifted Laplacians; the context is the shift."""
    record = Recorder(sor)
    for A, b, c in shifted_systems(systems, alpha, beta):
        record(A, b, None, c)
    return record.table()


def conductivity(kind: str, seed: int) -> np.ndarray:
    """Of 40 x 40 cells: "constant", "lognormal" of deviation 1, or a "checkerboard" 1:1000 of 5 x 5 cells."""
    if kind == "lognormal":
        return np.exp(np.random.default_rng(1000 + seed).standard_normal((40, 40)))
    i, j = np.indices((40, 40)) // 5
    return np.where((i + j) % 2, 1000.0, 1.0) if kind == "checkerboard" else np.ones((40, 40))


def variable_systems(kind: str, seed: int, systems: int) -> Iterator[tuple[Any, Any, float]]:
    """I + g K with g at random among 12 values over 4.5 decades; the diagonal of K has mean 4."""
    rng = np.random.default_rng(seed)
    k = conductivity(kind, seed)
    unit = 4 / tt.relax.Stencil2D.diffusion(k).coefficients[2].mean()
    for g in 10 ** rng.choice(np.linspace(-1.5, 3, 12), systems):
        A = tt.relax.Stencil2D.diffusion(k, scale=unit * g, shift=1.0)
        yield A, rng.standard_normal((40, 40)), np.log10(g)


def variable_table(kind: str, seed: int, systems: int = 200) -> Table:
    """SSOR-PCG with variable coefficients; the context is log10 of the scale."""
    record = Recorder(ssor_pcg)
    for A, b, g in variable_systems(kind, seed, systems):
        record(A, b, None, g)
    return record.table()


def makers() -> dict[str, Callable[[], Table]]:
    """Every table by its name."""
    made: dict[str, Callable[[], Table]] = {"shifted-high": lambda: shifted_table(0.5, 1.5),
                                            "shifted-low": lambda: shifted_table(2, 6)}  # fmt: skip
    for kind in ("constant", "lognormal", "checkerboard"):
        for seed in range(5):
            made[f"{kind}-{seed}"] = lambda kind=kind, seed=seed: variable_table(kind, seed)
    for nx, steps in STEPS.items():
        made[f"heat-{nx}"] = lambda nx=nx, steps=steps: heat_table(nx, steps)
    return made


def load(name: str) -> Table:
    """The table of that name, made if it is not there yet."""
    path = RESULTS / f"relax_table_{name}.npz"
    if not path.exists():
        RESULTS.mkdir(exist_ok=True)
        table = makers()[name]()
        np.savez_compressed(path, **vars(table))
    with np.load(path) as file:
        return Table(**file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(makers()), help=", ".join(makers()))
    for name in parser.parse_args().names:
        table = load(name)
        ratios = table.omega.sum(axis=0) / table.optimum.sum()
        gaps = table.gap.sum(axis=0) / table.optimum.sum()
        print(
            f"{name:>16}: optimum {table.optimum.sum()}, omega = 1 {ratios[0]:.3f}, best omega"
            f" {OMEGAS[ratios.argmin()]:.2f} {ratios.min():.3f}, best gap {GAPS[gaps.argmin()]:.1e} {gaps.min():.3f},"
            f" gap 1e-3 {gaps[6]:.3f}",
            flush=True,
        )
