"""SDE solvers beside torchsde and diffrax, one thread: python bench/python/bench_sde.py [--quick].

Nanoseconds of CPU time per path and step: ShARK (torchsde: srk, the same order) on dy = sin y dt + dW, T = 8, 256 equal
steps, drift compiled or in the peers' own arrays, from 1 to a million paths; then adaptive steps, each attempt, and the
gain of two threads. Peers that are not installed are left out, and compile before they are timed. The floor is the
increment of the noise alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from harness import measure, two_threads, write

import trimtab as tt
from trimtab.sde import SDE, Adaptive, BrownianTree, Cir, Constant, solve

T, STEPS = 8.0, 256
SINE = SDE(lambda t, y: np.sin(y), 1.0, noise="additive")
Calls = dict[str, Callable[[], object]]


def ours(paths: int) -> Calls:
    tree = BrownianTree(1, 0.0, T, levy="H")

    def run(sde: Any) -> Callable[[], object]:
        return lambda: solve(sde, [1.0], tree, solver="shark", steps=Constant(STEPS), paths=paths, threads=1)

    calls: Calls = {"trimtab, compiled double well": run(tt.sde.double_well(0.25)), "trimtab, NumPy": run(SINE)}
    if paths <= 512:  # the memory of more answers would cost more than they do
        calls["noise alone"] = lambda: tree.grid(8, paths, threads=1)
    return calls


def torchsde_calls(paths: int) -> Calls:
    import torch
    import torchsde

    torch.set_num_threads(1)

    class Sine(torch.nn.Module):  # type: ignore[misc]
        noise_type, sde_type = "additive", "ito"

        def f(self, t: Any, y: Any) -> Any:
            return torch.sin(y)

        def g(self, t: Any, y: Any) -> Any:
            return torch.ones((*y.shape, 1), dtype=y.dtype)

    y0, times, sde = torch.ones((paths, 1), dtype=torch.float64), torch.tensor([0.0, T], dtype=torch.float64), Sine()

    def run() -> object:
        noise = torchsde.BrownianInterval(
            0.0, T, size=(paths, 1), dtype=torch.float64, dt=T / STEPS, levy_area_approximation="space-time"
        )
        with torch.no_grad():
            return torchsde.sdeint(sde, y0, times, bm=noise, method="srk", dt=T / STEPS)

    return {"torchsde srk": run}


def diffrax_calls(paths: int) -> Calls:
    import diffrax
    import jax

    jax.config.update("jax_enable_x64", True)
    keys = jax.random.split(jax.random.key(1), paths)

    def one(key: Any) -> Any:
        tree = diffrax.VirtualBrownianTree(0.0, T, 2.0**-13, (), key, levy_area=diffrax.SpaceTimeLevyArea)
        terms = diffrax.MultiTerm(
            diffrax.ODETerm(lambda t, y, args: jax.numpy.sin(y)), diffrax.ControlTerm(lambda t, y, args: 1.0, tree)
        )
        solution = diffrax.diffeqsolve(terms, diffrax.ShARK(), 0.0, T, T / STEPS, 1.0, max_steps=STEPS + 1)
        return solution.ys

    many = jax.jit(jax.vmap(one))
    return {"diffrax ShARK": lambda: jax.block_until_ready(many(keys))}


def adaptive() -> dict[str, tuple[Callable[[], Any], int]]:
    """Solves, and how many steps they try."""
    cir_tree, tree = BrownianTree(1, 0.0, 4.0, levy="H"), BrownianTree(1, 0.0, T, levy="H")
    cases: dict[str, Callable[[], Any]] = {
        f"CIR sigma={sigma}, Cir steps": lambda sigma=sigma: solve(  # type: ignore[misc]
            tt.sde.cir(1, 1, sigma), [1.0], cir_tree, steps=Cir(2.0**-5, min_step=2.0**-15), paths=2000, threads=1
        )
        for sigma in (1.5, 2.2)
    }
    for stepping in ("dyadic", "free"):
        cases[f"double well, {stepping} steps"] = lambda stepping=stepping: solve(  # type: ignore[misc]
            tt.sde.double_well(), [1.0], tree, solver="shark", steps=Adaptive(1e-2, 1e-3, stepping=stepping),
            paths=1000, threads=1,
        )  # fmt: skip
    stats = {name: run().stats for name, run in cases.items()}
    return {name: (run, stats[name]["accepted"] + stats[name]["rejected"]) for name, run in cases.items()}


def constant_steps(threads: int) -> object:
    tree = BrownianTree(1, 0.0, T, levy="H")
    return solve(tt.sde.double_well(0.25), [1.0], tree, steps=Constant(STEPS), paths=16384, threads=threads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and sizes")
    quick = parser.parse_args().quick
    warnings.simplefilter("ignore")
    peers = {"torchsde": torchsde_calls, "diffrax": diffrax_calls}
    installed = [name for name in peers if importlib.util.find_spec(name)]
    print("peers:", ", ".join(installed) or "none installed")
    rows: list[dict[str, Any]] = []
    for paths in (1, 512, 4096) if quick else (1, 16, 128, 512, 4096, 100_000, 1_000_000):
        calls = ours(paths)
        for name in installed:
            if name != "diffrax" or paths <= 4096:  # a minute a solve beyond
                calls.update(peers[name](paths))
        rows += report(f"{paths} paths", calls, dict.fromkeys(calls, paths * STEPS), quick or paths > 4096)
    cases = adaptive()
    counts = {name: count for name, (_, count) in cases.items()}
    rows += report("adaptive, each attempt", {name: run for name, (run, _) in cases.items()}, counts, quick)
    rows.append({"title": "threads", **two_threads(constant_steps)})
    write("sde", rows)


def report(title: str, calls: Calls, counts: dict[str, int], quick: bool) -> list[dict[str, Any]]:
    print(f"\n{title}: ns of a path and step")
    rows = []
    for name, timing in measure(calls, rounds=3 if quick else 7).items():
        rows.append({"title": title, "name": name, "steps": counts[name], "time": timing})
        print(f"  {name:32} {timing.median / counts[name] * 1e9:12.1f} +-{timing.spread:4.0%}")
    return rows


if __name__ == "__main__":
    main()
