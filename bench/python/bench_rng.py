"""Random numbers beside numpy.random.Generator, on one thread: python bench/python/bench_rng.py [--quick].

Nanoseconds per number, and how many times as long NumPy takes with its Philox and its PCG64.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from harness import measure, write

from trimtab import _core


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 9 if parser.parse_args().quick else 41
    philox = np.random.Generator(np.random.Philox(1))
    pcg64 = np.random.default_rng(1)
    rows: list[dict[str, Any]] = []
    print(f"{'numbers':>10} {'kind':>8} {'trimtab ns':>11} {'+-':>4} {'Philox x':>9} {'PCG64 x':>8}")
    for size in (1000, 100_000):
        out = np.empty((1, size // 2, 2))
        flat = out.ravel()
        kinds = {
            "normal": {
                "trimtab": lambda out=out: _core.rng.fill_normals(1, 1, 0, 0, 0, out, 1),
                "philox": lambda flat=flat: philox.standard_normal(out=flat),
                "pcg64": lambda flat=flat: pcg64.standard_normal(out=flat),
            },
            "uniform": {
                "trimtab": lambda out=out: _core.rng.fill_uniforms(1, 1, 0, 0, 0, out, 1),
                "philox": lambda flat=flat: philox.random(out=flat),
                "pcg64": lambda flat=flat: pcg64.random(out=flat),
            },
        }
        for kind, candidates in kinds.items():
            times = measure(candidates, rounds=rounds)
            ours = times["trimtab"]
            rows.append({"kind": kind, "size": size, **times})
            print(
                f"{size:>10} {kind:>8} {ours.median / size * 1e9:11.2f} {ours.spread:4.0%}"
                f" {times['philox'].median / ours.median:9.2f} {times['pcg64'].median / ours.median:8.2f}"
            )
    print(write("rng", rows))


if __name__ == "__main__":
    main()
