"""Timing of alternatives side by side, and the record of where it was done."""

from __future__ import annotations

import gc
import json
import math
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

import trimtab

RESULTS = Path(__file__).resolve().parents[1] / "results"


@dataclass(frozen=True)
class Timing:
    """CPU seconds of one call: the median of all rounds, its quartiles, and the least."""

    median: float
    lower: float
    upper: float
    least: float

    @property
    def spread(self) -> float:
        """Half the distance of the quartiles, relative to the median."""
        return (self.upper - self.lower) / (2 * self.median)


def measure(
    candidates: Mapping[str, Callable[[], object]], *, rounds: int = 15, seconds: float = 0.02
) -> dict[str, Timing]:
    """Time the candidates in turn, round after round, so that a disturbance of the machine strikes all alike.

    Parameters
    ----------
    candidates : mapping of str to callable
        What to compare, by name. Each is called once before the clock runs.
    rounds : int
        Turns of each candidate.
    seconds : float
        CPU time of one turn; fast candidates are called many times in it.

    Returns
    -------
    dict of str to Timing
        CPU time (all threads of the process) per call. BLAS and OpenMP have one thread: more would count even while
        they wait for work.
    """
    with threadpool_limits(1):
        return _measure(candidates, rounds, seconds)


def _measure(candidates: Mapping[str, Callable[[], object]], rounds: int, seconds: float) -> dict[str, Timing]:
    calls = {}
    for name, call in candidates.items():
        call()
        count, spent = 1, _cpu(call, 1)
        while spent < seconds / 4:
            count *= 2
            spent = _cpu(call, count)
        calls[name] = max(1, math.ceil(count * seconds / spent))
    samples: dict[str, list[float]] = {name: [] for name in candidates}
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in candidates.items():
                samples[name].append(_cpu(call, calls[name]) / calls[name])
    finally:
        if collecting:
            gc.enable()
    return {name: _timing(s) for name, s in samples.items()}


def _cpu(call: Callable[[], object], count: int) -> float:
    turns = range(count)
    start = time.process_time()
    for _ in turns:
        call()
    return max(time.process_time() - start, 1e-9)


def _timing(samples: list[float]) -> Timing:
    lower, median, upper = statistics.quantiles(samples, n=4, method="inclusive")
    return Timing(median, lower, upper, min(samples))


def two_threads(call: Callable[[int], object], *, rounds: int = 9) -> dict[str, float]:
    """How much faster `call(2)`, of two threads, is than `call(1)`, and what the machine allows.

    Least wall times, in turn. The ceiling is that of two calls of one thread at once, which share nothing: it is below
    2 where two CPUs share a core, the memory or other work.
    """

    def wall(body: Callable[[], object]) -> float:
        start = time.perf_counter()
        body()
        return time.perf_counter() - start

    with ThreadPoolExecutor(2) as pool:
        kinds: dict[str, Callable[[], object]] = {
            "one": lambda: call(1),
            "two": lambda: call(2),
            "pair": lambda: list(pool.map(call, (1, 1))),
        }
        times = {name: [wall(body) for _ in range(2)][-1:] for name, body in kinds.items()}
        for _ in range(rounds - 1):
            for name, body in kinds.items():
                times[name].append(wall(body))
    one, two, pair = (min(times[name]) for name in ("one", "two", "pair"))
    print(f"two threads: {one / two:.2f} times as fast as one; two calls at once: {2 * one / pair:.2f}")
    return {"gain": one / two, "ceiling": 2 * one / pair}


def environment(*packages: str) -> dict[str, Any]:
    """What a figure depends on: processor, instruction set, threads, versions of trimtab and of `packages`."""
    config = trimtab.show_config(mode="dicts")
    return {
        "cpu": _cpu_model(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        **{key: config[key] for key in ("compiler", "isa_level", "threads", "cpus")},
        "versions": {name: metadata.version(name) for name in ("trimtab", "numpy", *packages)},
    }


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def write(name: str, rows: list[dict[str, Any]], *packages: str) -> Path:
    """Write `rows`, whose values may be timings, to bench/results/<name>.json, and return the path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    record = {"environment": environment(*packages), "rows": rows}
    path.write_text(json.dumps(record, indent=1, default=asdict) + "\n")
    return path
