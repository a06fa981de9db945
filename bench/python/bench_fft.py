"""Fourier transforms on one thread, beside scipy.fft and numpy.fft: python bench/python/bench_fft.py [--quick].

Times include the call from Python. trimtab writes into an array that is there; its peers make a new one, as they do by
default. No transform can be faster than reading its input and writing its output once: the column `copies` is the time
in units of such a copy (with a change of sign, which NumPy does in registers). Operations are counted as 5 n log2 n,
half of it for real rows.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import scipy.fft
from harness import measure, write

from trimtab import _core

POWERS = [2**k for k in range(2, 21)]
MIXED = [3**k for k in range(1, 12)] + [5**k for k in range(1, 9)]
MIXED += [6, 12, 15, 18, 30, 45, 50, 60, 90, 120, 150, 180, 270, 360, 450, 486, 540, 600, 750, 900, 1000, 1080, 1250]
MIXED += [1350, 1500, 1536, 1620, 1875, 2000, 2430, 2592, 3000, 3072, 3750, 4050, 4374, 4500, 5400, 6000, 6144, 7290]
MIXED += [7680, 9720, 10000, 10935, 12000, 15000, 18750, 20736, 24300, 31104, 40500, 50000, 65610, 72900, 100000]
BATCHES = [(10000, 4), (10000, 5), (5000, 8), (5000, 9), (2000, 15), (2000, 16), (1000, 32), (1000, 60), (500, 64)]
BATCHES += [(500, 100), (200, 128), (100, 243), (100, 256), (50, 512), (50, 1000), (20, 2048), (10, 4096)]
QUICK_POWERS = [2**k for k in range(6, 19, 2)]
QUICK_MIXED = [60, 243, 1000, 1250, 2187, 3125, 6000]
QUICK_BATCHES = [(1000, 16), (200, 128), (50, 1000)]

Candidates = dict[str, Callable[[], object]]


def complex_row(shape: tuple[int, ...]) -> Candidates:
    x = np.random.default_rng(1).standard_normal((*shape, 2)).view(complex)[..., 0]
    y = np.empty_like(x)
    return {
        "trimtab": lambda: _core.fft.fft(x, y, 1),
        "scipy": lambda: scipy.fft.fft(x),
        "numpy": lambda: np.fft.fft(x),
        "copy": lambda: np.negative(x, y),
    }


def single_row(shape: tuple[int, ...]) -> Candidates:
    x = np.random.default_rng(1).standard_normal((*shape, 2)).astype(np.float32).view(np.complex64)[..., 0]
    y = np.empty_like(x)
    return {
        "trimtab": lambda: _core.fft.fft(x, y, 1),
        "scipy": lambda: scipy.fft.fft(x),
        "numpy": lambda: np.fft.fft(x),
        "copy": lambda: np.negative(x, y),
    }


def real_row(shape: tuple[int, ...]) -> Candidates:
    x = np.random.default_rng(1).standard_normal(shape)
    y = np.empty((*shape[:-1], shape[-1] // 2 + 1), complex)
    z = np.empty_like(x)
    return {
        "trimtab": lambda: _core.fft.rfft(x, y, 1),
        "scipy": lambda: scipy.fft.rfft(x),
        "numpy": lambda: np.fft.rfft(x),
        "copy": lambda: np.negative(x, z),
    }


def inverse_real_row(shape: tuple[int, ...]) -> Candidates:
    n = shape[-1]
    x = scipy.fft.rfft(np.random.default_rng(1).standard_normal(shape))
    y = np.empty(shape)
    z = np.empty_like(x)
    return {
        "trimtab": lambda: _core.fft.irfft(x, y, 1),
        "scipy": lambda: scipy.fft.irfft(x, n),
        "numpy": lambda: np.fft.irfft(x, n),
        "copy": lambda: np.negative(x, z),
    }


def cases(quick: bool) -> Iterator[tuple[str, Callable[[tuple[int, ...]], Candidates], tuple[int, ...]]]:
    powers, mixed, batches = (QUICK_POWERS, QUICK_MIXED, QUICK_BATCHES) if quick else (POWERS, MIXED, BATCHES)
    kinds = {"complex": complex_row, "real": real_row, "inverse real": inverse_real_row, "complex64": single_row}
    for kind, make in kinds.items():
        for n in powers + mixed:
            yield kind, make, (n,)
        for shape in batches:
            yield f"{kind} batch", make, shape


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few lengths only")
    parser.add_argument("--kind", default="", help="only kinds that start with this word")
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    print(
        f"{'kind':>20} {'shape':>12} {'trimtab us':>11} {'+-':>4} {'flop/ns':>8} {'copies':>7}"
        f" {'scipy x':>8} {'numpy x':>8}"
    )
    for kind, make, shape in cases(options.quick):
        if not kind.startswith(options.kind):
            continue
        times = measure(make(shape), rounds=9 if options.quick else 11, seconds=0.004)
        ours, size = times["trimtab"], int(np.prod(shape))
        flops = size * np.log2(shape[-1]) * (2.5 if "real" in kind else 5)
        ratios = {peer: times[peer].median / ours.median for peer in ("scipy", "numpy")}
        rows.append({"kind": kind, "shape": shape, "ratios": ratios, **times})
        print(
            f"{kind:>20} {'x'.join(map(str, shape)):>12} {ours.median * 1e6:11.2f} {ours.spread:4.0%}"
            f" {flops / ours.median / 1e9:8.2f} {ours.median / times['copy'].median:7.1f}"
            f" {ratios['scipy']:8.2f} {ratios['numpy']:8.2f}",
            flush=True,
        )
    for kind in dict.fromkeys(row["kind"] for row in rows):
        ratios = sorted(row["ratios"]["scipy"] for row in rows if row["kind"] == kind)
        print(
            f"{kind}: scipy takes {ratios[0]:.2f} to {ratios[-1]:.2f} times as long,"
            f" median {statistics.median(ratios):.2f}"
        )
    print(write("fft", rows, "scipy"))


if __name__ == "__main__":
    main()
