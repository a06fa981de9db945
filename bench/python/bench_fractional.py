"""The Riesz operator: time against error, side by side with what a user writes today.

    python bench/python/bench_fractional.py [--quick]

Prints tables and writes bench/results/fractional.json. Every figure is CPU time on one thread, median and half of the
quartile distance of interleaved rounds.

- Problem: L u = f, u = (x (1 - x))^4 on (0, 1), alpha = 1.5; the error is the largest one at 4001 points, for
  differences at their nodes, relative to max u.
- Peers: fractional centered differences (Ortigueira, second order) solved by scipy.linalg.solve_toeplitz (Levinson), by
  NumPy's dense LU, and by conjugate gradients with our tau preconditioner, the strongest simple combination.
- Toeplitz systems alone: Levinson against the factors of `Riesz.factorize` at degree 2, whose matrix is all but
  Toeplitz; the right-hand side comes from long double sums, not from a transform that one of the two uses itself.
- Memory: how far the largest size of a process rises above that of one that has solved a small system.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from functools import partial

import numpy as np
from harness import Timing, measure, write
from scipy.fft import dst, irfft, next_fast_len, rfft
from scipy.linalg import solve_toeplitz
from scipy.special import gamma, hyp2f1

import trimtab as tt

ALPHA = 1.5
GRID = np.linspace(0, 1, 4001)


def exact(x):
    return (x * (1 - x)) ** 4


def rhs(x):
    """Dyda's formula."""
    q, a = 4, ALPHA
    scale = 2**a * gamma((1 + a) / 2) * gamma(q + 1) / (np.sqrt(np.pi) * gamma(q + 1 - a / 2))
    return 2**a * 4.0**-q * scale * hyp2f1((1 + a) / 2, a / 2 - q, 0.5, (2 * x - 1) ** 2)


def spline(n, degree, f, rtol=1e-12):
    return tt.fractional.Riesz(n, degree, ALPHA, threads=1).solve(f, rtol=rtol)


def differences(n):
    """First column of the centered differences on n - 1 inner nodes."""
    k = np.arange(n - 2)
    ratios = (k - ALPHA / 2) / (k + 1 + ALPHA / 2)
    first = gamma(ALPHA + 1) / gamma(ALPHA / 2 + 1) ** 2
    return first * np.concatenate([[1], np.cumprod(ratios)]) * float(n) ** ALPHA


def by_levinson(n, f):
    return solve_toeplitz(differences(n), f)


def by_lu(n, f):
    t = differences(n)
    return np.linalg.solve(t[abs(np.arange(n - 1)[:, None] - np.arange(n - 1))], f)


def by_tau_pcg(n, f, rtol=1e-12):
    """Conjugate gradients with the sine transform of the differences' symbol, |2 sin(theta / 2)|^alpha."""
    t = differences(n)
    size = len(t)
    length = next_fast_len(2 * size, real=True)
    embedded = np.zeros(length)
    embedded[:size] = t
    embedded[length - size + 1 :] = t[:0:-1]
    eigenvalues = rfft(embedded).real
    symbol = (2 * np.sin(np.pi * np.arange(1, size + 1) / (2 * (size + 1)))) ** ALPHA * float(n) ** ALPHA

    def product(v):
        return irfft(eigenvalues * rfft(v, length), length)[:size]

    def inverse(v):
        return dst(dst(v, 1) / symbol, 1) / (2 * (size + 1))

    u = np.zeros(size)
    r = f.copy()
    z = inverse(r)
    p, rz = z, r @ z
    start = rz
    while rz > rtol**2 * start:
        image = product(p)
        step = rz / (p @ image)
        u += step * p
        r -= step * image
        z = inverse(r)
        rz, before = r @ z, rz
        p = z + rz / before * p
    return u


def error(u, x):
    return float(abs(u - exact(x)).max() / exact(0.5))


def shown(name: str, timing: Timing, note: str) -> None:
    print(f"  {name:44s} {timing.median * 1e3:10.3f} ms +- {timing.spread:4.0%}   {note}")


def time_to_error(quick: bool) -> list[dict[str, object]]:
    print("\nTime to error: assembly, setup and solution; right-hand sides given")
    candidates, errors = {}, {}
    for degree, sizes in ((2, (255, 1023, 4095, 16383)), (4, (61, 125, 253, 509)), (6, (59, 91))):
        for n in sizes:
            name = f"spline, degree {degree}, n = {n}"
            op = tt.fractional.Riesz(n, degree, ALPHA)
            f = rhs(op.points)
            candidates[name] = partial(spline, n, degree, f)
            errors[name] = error(spline(n, degree, f)(GRID), GRID)
    for method, sizes in ((by_levinson, (1024, 4096)), (by_tau_pcg, (1024, 4096, 16384, 65536)), (by_lu, (1024,))):
        for n in sizes[:2] if quick else sizes:
            x = np.arange(1, n) / n
            f = rhs(x)
            name = f"differences {method.__name__}, n = {n}"
            candidates[name] = partial(method, n, f)
            errors[name] = error(method(n, f), x)
    timings = measure(candidates, rounds=5 if quick else 11)
    for name, timing in timings.items():
        shown(name, timing, f"error {errors[name]:.1e}")
    return [{"table": "time to error", "case": k, "time": t, "error": errors[k]} for k, t in timings.items()]


def toeplitz_alone(quick: bool) -> list[dict[str, object]]:
    print("\nToeplitz systems: one more right-hand side after the setup, against Levinson")
    rows: list[dict[str, object]] = []
    for n in (2048, 8192) if quick else (2048, 8192, 32768):
        op = tt.fractional.Riesz(n, 2, ALPHA, threads=1)
        t = op.toeplitz
        size = len(t)
        known = np.sin(np.pi * np.arange(1, size + 1) / (size + 1))
        b = exact_product(t, known)
        border = op @ known - product_in_double(t, known)  # of degree 2: two columns, subtracted alike for both
        lu = op.factorize()
        candidates = {
            f"Levinson, N = {size}": partial(solve_toeplitz, t, b),
            f"factorize, N = {size}": op.factorize,
            f"factors' solve, N = {size}": partial(lu.solve, b + border),
            f"iterative solve, N = {size}": partial(op.solve, b + border, rtol=1e-13),
        }
        found = {
            f"Levinson, N = {size}": solve_toeplitz(t, b),
            f"factors' solve, N = {size}": lu.solve(b + border),
            f"iterative solve, N = {size}": op.solve(b + border, rtol=1e-13).coef,
        }
        timings = measure(candidates, rounds=3 if n > 10000 else 7)
        for name, timing in timings.items():
            wrong = float(abs(found[name] - known).max()) if name in found else None
            shown(name, timing, "" if wrong is None else f"error {wrong:.1e}")
            rows.append({"table": "toeplitz", "case": name, "time": timing, "error": wrong})
    return rows


def exact_product(t, v):
    """T v in long double, by plain sums."""
    t, v = t.astype(np.longdouble), v.astype(np.longdouble)
    full = np.concatenate([t[:0:-1], t])
    size = len(t)
    return np.array([float(full[size - 1 - i : 2 * size - 1 - i] @ v) for i in range(size)])


def product_in_double(t, v):
    return exact_product(t, v)


def large_systems(quick: bool) -> list[dict[str, object]]:
    print("\nOne large system: assembly, setup and solution to 1e-10")
    rows: list[dict[str, object]] = []
    for n in (65533,) if quick else (65533, 1048573):
        op = tt.fractional.Riesz(n, 4, ALPHA, threads=1)
        f = rhs(op.points)
        system = op.system()
        found = system.solve(f)
        size = op.shape[0]
        v = np.ones(next_fast_len(size + 1))

        def transforms(v=v, count=found.iterations):
            """The transforms that the iteration cannot do without, six of length n, by our own real transform."""
            core = tt._core.fft
            spectrum = np.empty(len(v) // 2 + 1, complex)
            for _ in range(count):
                for _ in range(4):
                    core.rfft(v, spectrum, 1)
                for _ in range(2):
                    core.irfft(spectrum, v, 1)

        candidates = {
            f"all, n = {n}": partial(spline, n, 4, f, 1e-10),
            f"operator, n = {n}": partial(tt.fractional.Riesz, n, 4, ALPHA, threads=1),
            f"preconditioner, n = {n}": partial(tt.fractional.System, op, None, None, "auto", True),
            f"solution, {found.iterations} iterations, n = {n}": partial(system.solve, f),
            f"its transforms alone (floor), n = {n}": transforms,
        }
        timings = measure(candidates, rounds=5 if n > 10**6 else 11)
        for name, timing in timings.items():
            shown(name, timing, f"error {error(found(GRID), GRID):.1e}" if name.startswith("sol") else "")
            rows.append({"table": "large", "case": name, "time": timing})
    return rows


GROWTH = """
import sys
import numpy as np
import trimtab as tt

def peak():
    with open("/proc/self/status") as status:
        return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

def solve(n):
    op = tt.fractional.Riesz(n, 4, {alpha}, threads=1)
    system = op.system() if stages > 1 else None
    return system.solve(np.ones(op.shape[0])) if stages > 2 else None

n, stages = int(sys.argv[1]), 3
solve(1000)
before, stages = peak(), int(sys.argv[2])
solve(n)
print((peak() - before) / (8 * n))
"""


def memory(quick: bool) -> list[dict[str, object]]:
    n = 65533 if quick else 1048573
    print(f"\nGrowth of a process, in vectors of length n = {n}; right-hand side and solution included")
    rows: list[dict[str, object]] = []
    for stages, name in ((1, "operator"), (2, "and preconditioner"), (3, "and solution")):
        command = [sys.executable, "-c", GROWTH.format(alpha=ALPHA), str(n), str(stages)]
        vectors = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        print(f"  {name:44s} {vectors:10.1f}")
        rows.append({"table": "memory", "case": f"{name}, n = {n}", "vectors": vectors})
    return rows


def near_tables() -> list[dict[str, object]]:
    print("\nFirst table of near entries of one order (new orders each time)")
    orders = iter(np.linspace(1.1, 1.9, 10**6))
    rows: list[dict[str, object]] = []
    timings = measure(
        {f"degree {p}": lambda p=p: tt._core.fractional.cardinal_entry(p, float(next(orders)), 0) for p in (2, 4, 6, 8)}
    )
    for name, timing in timings.items():
        shown(name, timing, "")
        rows.append({"table": "near table", "case": name, "time": timing})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    quick = parser.parse_args().quick
    tt.set_threads(1)
    rows = [*near_tables(), *time_to_error(quick), *toeplitz_alone(quick), *large_systems(quick), *memory(quick)]
    print("\nwritten to", write("fractional", rows, "scipy"))


if __name__ == "__main__":
    main()
