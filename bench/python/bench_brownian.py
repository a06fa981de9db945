"""Brownian increments beside torchsde and diffrax, one thread: python bench/python/bench_brownian.py [--quick].

Nanoseconds of CPU time per path and increment: 256 equal steps in turn; the same steps in random order; increments
between any times. Then the variance of float32 increments at h / T = 2^-40. Peers that are not installed are left
out. The floor is what the random numbers of one split cost in the library's own generator: two normals (W, H) or four.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from harness import measure, two_threads, write

import trimtab as tt
from trimtab import _core

PATHS, LEVEL = 4096, 8
STEPS = 2**LEVEL
ORDER = np.random.default_rng(0).permutation(STEPS)
Calls = dict[str, Callable[[], object]]


def ours(levy: str, dtype: str = "float64") -> tuple[Calls, Calls, Calls]:
    """Equal steps, the same in random order, and increments of the same length anywhere."""
    tree = tt.sde.BrownianTree(1, 0.0, 1.0, levy=levy, dtype=dtype)
    s = ORDER / STEPS
    anywhere = np.random.default_rng(1).uniform(0, 1 - 1 / STEPS, STEPS)
    name = "trimtab" if dtype == "float64" else "trimtab float32"
    return (
        {name: lambda: tree.grid(LEVEL, PATHS, threads=1)},
        {name: lambda: tree.increment(s, s + 1 / STEPS, PATHS, threads=1)},
        {name: lambda: tree.increment(anywhere, anywhere + 1 / STEPS, PATHS, threads=1)},
    )


def torchsde_calls(levy: str) -> tuple[Calls, Calls, Calls]:
    import torch
    import torchsde

    torch.set_num_threads(1)
    area = {"W": "none", "H": "space-time"}[levy]

    def ask(steps: Any) -> None:
        tree = torchsde.BrownianInterval(
            0.0, 1.0, size=(PATHS, 1), dtype=torch.float64, entropy=1, dt=1 / STEPS, levy_area_approximation=area
        )
        for k in steps:
            tree(k / STEPS, (k + 1) / STEPS, return_U=levy == "H")

    return {"torchsde": lambda: ask(range(STEPS))}, {"torchsde": lambda: ask(ORDER)}, {}


def diffrax_tree(levy: str, tol: float, dtype: str) -> Callable[[Any, Any], Any]:
    import diffrax
    import jax

    jax.config.update("jax_enable_x64", True)
    area = {
        "W": diffrax.BrownianIncrement,
        "H": diffrax.SpaceTimeLevyArea,
        "K": diffrax.SpaceTimeTimeLevyArea,
    }[levy]
    keys = jax.random.split(jax.random.key(1), PATHS)
    number = jax.numpy.dtype(dtype).type

    def one(key: Any, s: Any, t: Any) -> Any:
        shape = jax.ShapeDtypeStruct((), dtype)
        tree = diffrax.VirtualBrownianTree(number(0), number(1), number(tol), shape, key, levy_area=area)
        return tree.evaluate(s, t, use_levy=True)

    many = jax.jit(jax.vmap(one, in_axes=(0, None, None)))
    return lambda s, t: jax.block_until_ready(many(keys, number(s), number(t)))


def diffrax_calls(levy: str) -> tuple[Calls, Calls, Calls]:
    tree = diffrax_tree(levy, 2.0 ** -(LEVEL + 2), "float64")
    few = ORDER[:16]  # each costs alike; the others' 256 would take minutes

    def ask(steps: Any) -> None:
        for k in steps:
            tree(k / STEPS, (k + 1) / STEPS)

    return {"diffrax": lambda: ask(few)}, {"diffrax": lambda: ask(few)}, {}


def times(rounds: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    kinds = ("equal steps", "the same, shuffled", "between any times")
    normals = np.empty((1, PATHS, 4))
    print(f"{'':>20} {'levy':>4} " + "".join(f"{k:>26}" for k in kinds))
    for levy in "WHK":
        sources = [ours(levy), ours(levy, "float32")]
        if importlib.util.find_spec("torchsde") and levy != "K":
            sources.append(torchsde_calls(levy))
        if importlib.util.find_spec("diffrax"):
            sources.append(diffrax_calls(levy))
        table: dict[str, dict[str, Any]] = {}
        for i, kind in enumerate(kinds):
            calls = {name: call for source in sources for name, call in source[i].items()}
            for name, timing in measure(calls, rounds=rounds).items():
                count = PATHS * (16 if name == "diffrax" else STEPS)
                table.setdefault(name, {})[kind] = timing
                rows.append({"levy": levy, "kind": kind, "name": name, "increments": count, **{"time": timing}})
        for name, cells in table.items():
            count = PATHS * (16 if name == "diffrax" else STEPS)
            text = [
                f"{t.median / count * 1e9:17.1f} ns +-{t.spread:4.0%}" if t else "-"
                for t in (cells.get(kind) for kind in kinds)
            ]
            print(f"{name:>20} {levy:>4} " + "".join(f"{x:>26}" for x in text))
        draw = normals[:, :, : 4 if levy == "K" else 2]
        out = np.empty(draw.shape)
        floor = measure({"f": lambda out=out: _core.rng.fill_normals(1, 1, 0, 0, 0, out, 1)}, rounds=rounds)["f"]
        rows.append({"levy": levy, "kind": "normals of a split", "name": "trimtab", "increments": PATHS, "time": floor})
        print(f"{'normals of a split':>20} {levy:>4} {floor.median / PATHS * 1e9:17.1f} ns +-{floor.spread:4.0%}")
    return rows


def variances() -> list[dict[str, Any]]:
    """Variance of float32 increments over [1/3, 1/3 + 2^-40] (rounded), in units of what they should be."""
    s, rows = 1 / 3, []
    t = s + 2.0**-40
    units = np.array([1, 12, 720]) * 2.0**40
    exact = tt.sde.BrownianTree(1, 0, 1, levy="K", dtype="float32").increment(s, t, paths=100_000)
    found = {"trimtab": np.array([x.astype(float).var() for x in exact]) * units}
    if importlib.util.find_spec("diffrax"):
        for level in (10, 12, 16, 40):  # from where on it fails
            low, high = np.float32(1 / 3), np.float32(1 / 3 + 2.0**-level)
            answer = diffrax_tree("K", 2.0 ** -(level + 2), "float32")(low, high)
            found[f"diffrax, h/T = 2^-{level}"] = (
                np.array([np.asarray(x, float).var() for x in (answer.W, answer.H, answer.K)])
                * units
                * 2.0 ** (level - 40)
            )
    if importlib.util.find_spec("torchsde"):
        import torch
        import torchsde

        tree = torchsde.BrownianInterval(
            0.0, 1.0, size=(100_000, 1), dtype=torch.float32, entropy=1, levy_area_approximation="space-time"
        )
        w, u = tree(s, t, return_U=True)
        h = u / (t - s) - w / 2
        found["torchsde"] = np.array([x.double().var().item() for x in (w, h)]) * units[:2]
    for name, ratio in found.items():
        print(f"{name:>24}: variance of W, H, K in float32, 1 is right: {', '.join(f'{x:.4g}' for x in ratio)}")
        rows.append({"kind": "variance", "name": name, "ratio": ratio.tolist()})
    return rows


def equal_steps(threads: int) -> object:
    return tt.sde.BrownianTree(1, 0.0, 1.0, levy="H").grid(LEVEL, PATHS, threads=threads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args().quick else 9
    warnings.filterwarnings("ignore", module="torchsde")
    peers = [name for name in ("torchsde", "diffrax") if importlib.util.find_spec(name)]
    cpus = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cpus)})  # jax makes as many threads as it finds CPUs, whatever its flags say
    rows = [*times(rounds), *variances()]
    os.sched_setaffinity(0, cpus)
    print(write("brownian", [*rows, {"kind": "threads", **two_threads(equal_steps)}], *peers))


if __name__ == "__main__":
    main()
