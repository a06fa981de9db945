"""Relaxation on one thread beside pyamg, SciPy and, if it is there, PETSc.

Run it by python bench/python/bench_relax.py [--quick].

A sweep is timed as the difference between runs of many and of few, so that neither setup nor the first residual counts;
our sweeps include the residual's norm. CPU milliseconds, medians of interleaved rounds. The floor of a kernel is the
time to move its least traffic at the speed of a copy measured in the same rounds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg
from harness import measure, two_threads, write

import trimtab as tt
from trimtab.relax._sor import ORDERS

Candidates = dict[str, Callable[[], object]]
FEW, MANY = 10, 30


def optional(name: str) -> Any:
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        return None


def ours(A: Any, b: np.ndarray, order: str, sweeps: int) -> Callable[[], object]:
    core = tt.relax._matrix.prepare(A, 1)
    x = np.zeros(b.size)

    def call() -> object:
        stopping = tt._core.relax.Stopping(1e-300, 0.0, False, sweeps, 0.0, None)
        return core.sor(b, None, x, 1.5, 0, ORDERS.index(order), stopping)

    return call


def sweep_rows(m: int, rounds: int) -> list[dict[str, Any]]:
    grid, n = tt.relax.Stencil2D.laplacian((m, m)), m * m
    indptr, indices, data = grid.to_csr()
    A, b = sp.csr_array((data, indices, indptr)), np.ones(n)
    copy_to = np.empty(n)
    candidates: Candidates = {}
    kinds = {"csr": (A, "row"), "stencil row": (grid, "row"), "stencil red-black": (grid, "red-black")}
    for name, (given, order) in kinds.items():
        for sweeps in (FEW, MANY):
            candidates[f"{name}/{sweeps}"] = ours(given, b, order, sweeps)
    x = np.zeros(n)
    relaxation = optional("pyamg.relaxation.relaxation")
    if relaxation:
        matrix = sp.csr_matrix(A)
        candidates["pyamg sor"] = lambda: relaxation.sor(matrix, x, b, 1.5, iterations=1, sweep="forward")
    candidates["scipy A @ x"] = lambda: A @ b
    candidates["copy"] = lambda: np.copyto(copy_to, b)
    petsc = petsc_sor(A, b) if optional("petsc4py") else None
    if petsc:
        candidates["petsc sor"] = petsc
    times = measure(candidates, rounds=rounds)
    copy = times["copy"].median / (16 * n)  # seconds a byte, read and written
    floors = {"csr": 96, "stencil row": 24, "stencil red-black": 24}  # bytes an unknown
    rows = []
    for name, bytes_each in floors.items():
        seconds = (times[f"{name}/{MANY}"].median - times[f"{name}/{FEW}"].median) / (MANY - FEW)
        spread = times[f"{name}/{MANY}"].spread
        floor = copy * bytes_each * n
        rows.append({"m": m, "kernel": name, "ms": seconds * 1e3, "spread": spread, "floor_ms": floor * 1e3})
    for name in ("pyamg sor", "petsc sor", "scipy A @ x"):
        if name in times:
            rows.append({"m": m, "kernel": name, "ms": times[name].median * 1e3, "spread": times[name].spread})
    for row in rows:
        least = f" floor {row['floor_ms']:6.2f}" if "floor_ms" in row else ""
        print(
            f"{m:>5} {row['kernel']:>18} {row['ms']:9.3f} ms +-{row['spread']:4.0%}"
            f" {row['ms'] * 1e6 / A.nnz:6.2f} ns/nnz{least}",
            flush=True,
        )
    return rows


def petsc_sor(A: Any, b: np.ndarray) -> Callable[[], object]:
    from petsc4py import PETSc

    matrix = PETSc.Mat().createAIJ(A.shape, csr=(A.indptr, A.indices, A.data))
    rhs, x = matrix.createVecs()
    rhs.setArray(b)
    return lambda: matrix.SOR(rhs, x, omega=1.5, sortype=PETSc.Mat.SORType.FORWARD_SWEEP)


def transient(m: int, rounds: int) -> list[dict[str, Any]]:
    """I + g lap, one solve from a warm start, 1e-8; everyone gets Young's omega who can use it."""
    g = 1e-3 / 2 * (m + 1) ** 2 * 5.0
    grid = tt.relax.Stencil2D.laplacian((m, m), scale=g, shift=1.0)
    indptr, indices, data = grid.to_csr()
    A = sp.csr_array((data, indices, indptr))
    i = np.arange(1, m + 1) / (m + 1)
    u = np.sin(np.pi * i)[:, None] * np.sin(np.pi * i)
    x0 = u.ravel()
    b = x0 + 0.5 * np.outer(i * (1 - i), i).ravel()
    gap = 1 - 4 * g / (1 + 4 * g) * np.cos(np.pi / (m + 1))
    omega = tt.relax.omega_opt(gap=gap)
    counts: dict[str, int] = {}

    def stencil() -> None:
        counts["stencil ssor-pcg"] = tt.relax.ssor_pcg(grid, b, x0=x0, omega=omega, threads=1).nit

    def csr() -> None:
        counts["csr ssor-pcg"] = tt.relax.ssor_pcg(A, b, x0=x0, omega=omega, threads=1).nit

    candidates: Candidates = {"stencil ssor-pcg": stencil, "csr ssor-pcg": csr}
    pyamg = optional("pyamg")
    if pyamg:

        def ruge_stuben() -> None:
            residuals: list[float] = []
            solver = pyamg.ruge_stuben_solver(sp.csr_matrix(A))
            solver.solve(b, x0=x0, tol=1e-8, accel="cg", residuals=residuals)
            counts["pyamg RS-CG with setup"] = len(residuals) - 1

        candidates["pyamg RS-CG with setup"] = ruge_stuben
    if m <= 300:
        counts["SuperLU with setup"] = 1
        candidates["SuperLU with setup"] = lambda: scipy.sparse.linalg.splu(A.tocsc()).solve(b)
    times = measure(candidates, rounds=rounds)
    rows = []
    for name, t in times.items():
        rows.append({"m": m, "solver": name, "ms": t.median * 1e3, "spread": t.spread, "iterations": counts[name]})
        print(f"{m:>5} {name:>24} {t.median * 1e3:10.1f} ms +-{t.spread:4.0%} {counts[name]:5d} iterations", flush=True)
    return rows


def columns(m: int, rounds: int) -> list[dict[str, Any]]:
    """Right-hand sides on compressed rows: those that share the matrix beside one after the other."""
    g = 1e-3 / 2 * (m + 1) ** 2 * 5.0
    indptr, indices, data = tt.relax.Stencil2D.laplacian((m, m), scale=g, shift=1.0).to_csr()
    A = sp.csr_array((data, indices, indptr))
    b = np.random.default_rng(0).standard_normal((m * m, 4))
    omega = tt.relax.omega_opt(gap=1 - 4 * g / (1 + 4 * g) * np.cos(np.pi / (m + 1)))
    solvers: dict[str, Callable[[np.ndarray], object]] = {
        "ssor-pcg": lambda b: tt.relax.ssor_pcg(A, b, omega=omega, threads=1),
        "sor": lambda b: tt.relax.sor(A, b, omega=omega, threads=1),
        "sor of one long run": lambda b: tt.relax.sor(A, b, omega=omega, rtol=0.0, atol=1e-8 * scale, threads=1),
        "sor, 50 symmetric": lambda b: tt.relax.sor(A, b, omega=1.5, direction="symmetric", maxiter=50, threads=1),
    }
    uneven = b * np.where(np.arange(4) == 2, 1, 1e-7)  # one has far to go, the others are done soon
    scale = float(np.linalg.norm(b[:, 2]))
    candidates: Candidates = {}
    for name, solve in solvers.items():
        rhs = uneven if "long" in name else b
        for k in (3, 4):
            candidates[f"{name}, {k} together"] = lambda solve=solve, rhs=rhs, k=k: solve(rhs[:, :k])
            candidates[f"{name}, {k} in turn"] = lambda solve=solve, rhs=rhs, k=k: [solve(rhs[:, i]) for i in range(k)]
    times = measure(candidates, rounds=rounds)
    rows = []
    for name in (n.removesuffix(" in turn") for n in times if n.endswith(" in turn")):
        one, all_ = times[f"{name} in turn"], times[f"{name} together"]
        ratio = one.median / all_.median
        rows.append({"m": m, "columns": name, "in_turn": one, "together": all_, "ratio": ratio})
        print(
            f"{m:>5} {name:>22} in turn {one.median * 1e3:8.1f} ms +-{one.spread:4.0%}, together"
            f" {all_.median * 1e3:8.1f} ms +-{all_.spread:4.0%}: {ratio:.2f} times as fast",
            flush=True,
        )
    return rows


def threads(m: int) -> list[dict[str, Any]]:
    """What two threads gain on stencils."""
    grid, b = tt.relax.Stencil2D.laplacian((m, m)), np.ones((m, m))
    jobs: dict[str, Callable[[int], object]] = {
        order: lambda threads, order=order: tt.relax.sor(
            grid, b, omega=1.5, order=order, maxiter=40, rtol=1e-300, threads=threads
        )
        for order in ("row", "red-black")
    }
    jobs["ssor-pcg"] = lambda threads: tt.relax.ssor_pcg(grid, b, omega=1.9, maxiter=20, rtol=1e-300, threads=threads)
    rows = []
    for name, job in jobs.items():
        print(f"{m:>5} {name:>18}", end=" ")
        rows.append({"m": m, "threads": name, **two_threads(job)})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no 4096 x 4096 grid")
    quick = parser.parse_args().quick
    rounds = 5 if quick else 11
    rows: list[dict[str, Any]] = []
    for m in (1000,) if quick else (1000, 4096):
        rows += sweep_rows(m, rounds)
    for m in (300, 1000):
        rows += transient(m, 3 if quick else 5)
    for m in (300, 600):
        rows += columns(m, 5)
    for m in (300, 1000):
        rows += threads(m)
    print(write("relax", rows, "scipy"))


if __name__ == "__main__":
    main()
