"""solve_ode beside SciPy and diffrax, one thread: python bench/python/bench_ode.py [--quick].

Every candidate gets the loosest tolerance (of rtol = atol = 10^(-k/4)) with which it comes within 1e-6 of the exact
end, so that times are compared at the same accuracy. CPU time, median and half of the quartile distance of interleaved
rounds. Peers that are not installed are left out.

- One path, f in Python: an orbit of eccentricity 0.6. diffrax compiles f, so it stands for what a user gains who can
  write f in JAX; its compilation is not counted.
- Many paths: 10000 orbits of eccentricities 0 to 0.8; f in NumPy, in C (by numba) and in JAX. The floor is what the
  evaluations of f alone cost, 256 paths at once. SciPy solves 20 of the paths one after the other, and separately all
  as one system, whose steps are those of the worst.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np
from harness import measure, write
from scipy.integrate import solve_ivp

import trimtab as tt

TARGET, END = 1e-6, 10.0
TOLERANCES = 10.0 ** -(np.arange(12, 52) / 4)
FEW = 20
Solver = Callable[[float], tuple[Any, Any]]  # tolerance -> (ends (paths, 4), evaluations of each)


def orbits(eccentricity: Any) -> Any:
    """Starts at the point that lies nearest, for a period of 2 pi."""
    e = np.atleast_1d(eccentricity)
    return np.stack([1 - e, 0 * e, 0 * e, np.sqrt((1 + e) / (1 - e))], axis=1)


def exact(eccentricity: Any) -> Any:
    e = np.atleast_1d(eccentricity)
    anomaly = np.full(e.shape, END)
    for _ in range(100):
        anomaly -= (anomaly - e * np.sin(anomaly) - END) / (1 - e * np.cos(anomaly))
    return np.stack([np.cos(anomaly) - e, np.sqrt(1 - e * e) * np.sin(anomaly)], axis=1)


def f_scalar(t: float, y: Any) -> list[float]:
    a, b, u, v = y
    r = (a * a + b * b) ** -1.5
    return [u, v, -a * r, -b * r]


def f_numpy(t: Any, y: Any) -> Any:
    out = np.empty((4, len(y)))
    a, b, out[0], out[1] = y.T
    r = (a * a + b * b) ** -1.5
    np.multiply(a, -r, out=out[2])
    np.multiply(b, -r, out=out[3])
    return out.T


def f_compiled() -> Any:
    from numba import carray, cfunc, types

    pointer = types.CPointer(types.double)

    @cfunc(types.void(pointer, pointer, pointer, types.int64, types.voidptr))
    def f(t, y, out, m, ctx):
        y, out = carray(y, (4, m)), carray(out, (4, m))
        for i in range(m):
            a, b = y[0, i], y[1, i]
            square = a * a + b * b
            r = 1 / (square * np.sqrt(square))
            out[0, i], out[1, i], out[2, i], out[3, i] = y[2, i], y[3, i], -a * r, -b * r

    return f


def ours(f: Any, y0: Any) -> Solver:
    def solve(tol: float) -> tuple[Any, Any]:
        sol = tt.sde.solve_ode(f, (0, END), y0, rtol=tol, atol=tol, t_eval=[END], threads=1)
        return np.atleast_3d(sol.y)[..., -1].reshape(-1, 4), sol.nfev

    return solve


def scipy_each(y0: Any) -> Solver:
    def solve(tol: float) -> tuple[Any, Any]:
        sols = [solve_ivp(f_scalar, (0, END), y, rtol=tol, atol=tol, t_eval=[END]) for y in y0]
        return np.array([s.y[:, -1] for s in sols]), [s.nfev for s in sols]

    return solve


def scipy_together(y0: Any) -> Solver:
    def f(t: float, y: Any) -> Any:
        return f_numpy(t, y.reshape(4, -1).T).T.ravel()

    def solve(tol: float) -> tuple[Any, Any]:
        sol = solve_ivp(f, (0, END), y0.T.ravel(), rtol=tol, atol=tol, t_eval=[END])
        return sol.y[:, -1].reshape(4, -1).T, sol.nfev

    return solve


def diffrax_each(y0: Any) -> Solver:
    import diffrax
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def f(t: Any, y: Any, args: Any) -> Any:
        r = (y[0] * y[0] + y[1] * y[1]) ** -1.5
        return jnp.stack([y[2], y[3], -y[0] * r, -y[1] * r])

    def one(y: Any, tol: Any) -> Any:
        control = diffrax.PIDController(rtol=tol, atol=tol, pcoeff=0.2, icoeff=0.65)
        sol = diffrax.diffeqsolve(
            diffrax.ODETerm(f), diffrax.Tsit5(), 0, END, None, y, stepsize_controller=control, max_steps=100_000
        )
        return sol.ys[-1], sol.stats["num_steps"]

    many = jax.jit(jax.vmap(one, in_axes=(0, None)))

    def solve(tol: float) -> tuple[Any, Any]:
        ends, steps = jax.block_until_ready(many(y0, tol))
        return np.asarray(ends), 6 * np.asarray(steps) + 2

    return solve


def at_target(solve: Solver, truth: Any) -> tuple[float, float, float]:
    """The loosest tolerance that reaches the target, its error, and evaluations of one path."""
    for tol in TOLERANCES:
        ends, evaluations = solve(tol)
        error = abs(ends[:, :2] - truth).max()
        if error <= TARGET:
            return tol, error, float(np.mean(evaluations))
    raise RuntimeError("no tolerance reaches the target")


def compare(name: str, candidates: dict[str, tuple[Solver, Any]], rounds: int) -> list[dict[str, Any]]:
    tolerances = {key: at_target(solve, truth) for key, (solve, truth) in candidates.items()}
    calls = {key: lambda s=solve, t=tolerances[key][0]: s(t) for key, (solve, _) in candidates.items()}
    rows = []
    print(f"\n{name}\n{'':>28} {'tol':>8} {'error':>8} {'f/path':>7} {'us/path':>18} {'ns/evaluation':>14}")
    for key, timing in measure(calls, rounds=rounds).items():
        tol, error, evaluations = tolerances[key]
        per_path = timing.median / len(candidates[key][1]) * 1e6
        print(
            f"{key:>28} {tol:8.1e} {error:8.1e} {evaluations:7.0f} {per_path:11.2f} +-{timing.spread:4.0%} "
            f"{per_path / evaluations * 1e3:14.1f}"
        )
        rows.append(
            {"case": name, "name": key, "tol": tol, "error": error, "evaluations": evaluations, "paths":
             len(candidates[key][1]), "time": timing}
        )  # fmt: skip
    return rows


def floor(f: Any, y0: Any, rounds: int) -> None:
    """Evaluations alone, of 256 paths at a time."""
    block = np.ascontiguousarray(y0[:256].T)
    out, t = np.empty_like(block), np.zeros(256)
    call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, ctypes.c_int64, ctypes.c_void_p)(f.address)
    pointers = [x.ctypes.data for x in (t, block, out)]
    timing = measure({"f": lambda: call(*pointers, 256, None)}, rounds=rounds)["f"]
    print(f"{'f in C alone':>28} {'':>44}{timing.median / 256 * 1e9:14.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and paths")
    quick = parser.parse_args().quick
    rounds, paths = (3, 1000) if quick else (11, 10_000)
    with_diffrax, with_numba = (importlib.util.find_spec(p) is not None for p in ("diffrax", "numba"))

    y0, truth = orbits(0.6), exact(0.6)
    one = {"trimtab, f in Python": (ours(f_scalar, y0[0]), truth), "SciPy RK45": (scipy_each(y0), truth)}
    if with_numba:
        one["trimtab, f in C"] = (ours(f_compiled(), y0[0]), truth)
    if with_diffrax:
        one["diffrax Tsit5, f in JAX"] = (diffrax_each(y0), truth)
    rows = compare("one path", one, rounds)

    e = np.linspace(0, 0.8, paths)
    y0, truth, few = orbits(e), exact(e), slice(None, None, paths // FEW)
    many = {
        "trimtab, f in NumPy": (ours(f_numpy, y0), truth),
        "SciPy RK45, one by one": (scipy_each(y0[few]), truth[few]),
        "SciPy RK45, as one system": (scipy_together(y0), truth),
    }
    if with_numba:
        many["trimtab, f in C"] = (ours(f_compiled(), y0), truth)
    if with_diffrax:
        many["diffrax Tsit5, f in JAX"] = (diffrax_each(y0), truth)
    rows += compare(f"{paths} paths", many, rounds)
    if with_numba:
        floor(f_compiled(), y0, rounds)
    packages = ["scipy", *(["diffrax", "jax"] if with_diffrax else []), *(["numba"] if with_numba else [])]
    print(write("ode", rows, *packages))


if __name__ == "__main__":
    main()
