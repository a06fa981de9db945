"""1D Euler equations: cells advanced per second and work for a given error, beside PyClaw (classic and SharpClaw).

    python bench/python/bench_hyperbolic.py [--quick]

The peer is optional: pip install clawpack (it needs gfortran, meson and ninja). All run in this process on one thread,
in turn. The memory floor of a cell-step is 192 bytes: per Runge-Kutta stage the state is read and written, and twice
the old state is read as well; the bandwidth is that of a copy measured here.
"""

from __future__ import annotations

import argparse
import functools
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
from harness import measure, write

import trimtab as tt

SOD = ((1.0, 0.0, 1.0), (0.125, 0.0, 0.1))
CONTACT = ((1.4, 0.1, 1.0), (1.0, 0.1, 1.0))
GAMMA = 1.4
SCHEMES = {
    "adaptive": {},
    "adaptive, dual": {"si": "dual"},
    "aweno": {"scheme": "aweno"},
    "linear": {"scheme": "linear"},
}
BYTES_PER_CELL_STEP = 3 * 8 * (2 + 3 + 3)

Run = Callable[[], tuple[int, np.ndarray]]


def exact(states: Any, x: np.ndarray, t: float) -> tuple[np.ndarray, ...]:
    return tt.hyperbolic.exact.riemann(*states, gamma=GAMMA).at(x, t, 0.5)


def start(states: Any, x: np.ndarray, t: float) -> tuple[np.ndarray, ...]:
    if t > 0:
        return exact(states, x, t)
    return tuple(np.where(x < 0.5, a, b) for a, b in zip(*states, strict=True))


def ours(states: Any, n: int, t0: float, t_end: float, options: dict[str, Any]) -> Run:
    solver = tt.hyperbolic.Solver("euler", shape=n, gamma=GAMMA, threads=1, **options)
    rho, v, p = start(states, solver.x, t0)

    def run() -> tuple[int, np.ndarray]:
        solver.set_primitive(rho=rho, v=v, p=p, t=t0)
        result = solver.run(t_end)
        return result.stats["steps"], result.rho

    return run


def clawpack(kind: str, states: Any, n: int, t0: float, t_end: float) -> Run:
    from clawpack import pyclaw, riemann

    def run() -> tuple[int, np.ndarray]:
        if kind == "sharpclaw":
            solver = pyclaw.SharpClawSolver1D(riemann.euler_with_efix_1D)
            solver.lim_type, solver.weno_order, solver.time_integrator = 2, 5, "SSP33"
            solver.cfl_desired, solver.cfl_max = 0.45, 0.5
        else:
            solver = pyclaw.ClawSolver1D(riemann.euler_with_efix_1D)
            solver.limiters = pyclaw.limiters.tvd.MC
            solver.cfl_desired, solver.cfl_max = 0.9, 1.0
        solver.num_eqn = solver.num_waves = 3
        solver.kernel_language = "Fortran"
        solver.max_steps = 10**7
        solver.dt_initial = 0.1 / n
        solver.bc_lower[0] = solver.bc_upper[0] = pyclaw.BC.extrap
        domain = pyclaw.Domain([pyclaw.Dimension(0.0, 1.0, n, name="x")])
        state = pyclaw.State(domain, 3)
        state.problem_data.update(gamma=GAMMA, gamma1=GAMMA - 1, efix=False)
        rho, v, p = start(states, state.grid.x.centers, t0)
        state.q[0], state.q[1], state.q[2] = rho, rho * v, p / (GAMMA - 1) + rho * v**2 / 2
        solution = pyclaw.Solution(state, domain)
        solution.t = t0
        solver.setup(solution)
        solver.dt = 0.1 / n
        status = solver.evolve_to_time(solution, t_end)
        return status["numsteps"], solution.q[0].copy()

    return run


def candidates(states: Any, n: int, t0: float, t_end: float, peers: bool) -> dict[str, Run]:
    runs = {name: ours(states, n, t0, t_end, options) for name, options in SCHEMES.items()}
    if peers:
        runs |= {kind: clawpack(kind, states, n, t0, t_end) for kind in ("sharpclaw", "classic")}
    return runs


def copy_bandwidth() -> float:
    """Bytes per second, read and written, of a copy that fits no cache."""
    a = np.zeros(2**24)
    timing = measure({"copy": functools.partial(np.copyto, np.empty_like(a), a)}, rounds=7)["copy"]
    return 2 * a.nbytes / timing.median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds and sizes")
    quick = parser.parse_args().quick
    logging.disable(logging.WARNING)
    try:
        import clawpack as _  # noqa: F401

        peers = True
    except ImportError:
        peers = False
        print("clawpack is not installed: no peers\n")

    rows: list[dict[str, Any]] = []
    floor = BYTES_PER_CELL_STEP / copy_bandwidth()
    n, t0, t_end = 3200, 0.1, 0.1 + 8 / 3200
    print(f"Sod shock tube, {n} cells, from the exact solution at t = {t0}; memory floor {1e9 * floor:.1f} ns")
    runs = candidates(SOD, n, t0, t_end, peers)
    steps = {name: run()[0] for name, run in runs.items()}
    timings = measure(runs, rounds=5 if quick else 15)
    for name, timing in timings.items():
        rate = n * steps[name] / timing.median
        line = f"{name:>16}: {rate:9.3g} cell-steps/s +-{100 * timing.spread:3.0f} %, {1e9 / rate:6.1f} ns"
        if peers:
            ratio = timings["sharpclaw"].median / steps["sharpclaw"] / (timing.median / steps[name])
            line += f", {ratio:5.2f} x SharpClaw"
        print(line + f", {1 / (rate * floor):5.2f} x the memory floor")
        rows.append({"problem": "sod rate", "n": n, "scheme": name, "steps": steps[name], "timing": timing})

    for title, states, end in (("Sod", SOD, 0.2), ("moving contact", CONTACT, 2.0)):
        for n in (200,) if quick else (200, 400, 800):
            print(f"\n{title}, {n} cells, whole run: L1 error of the density and CPU time")
            runs = candidates(states, n, 0.0, end, peers)
            x = (np.arange(n) + 0.5) / n
            errors = {name: float(abs(run()[1] - exact(states, x, end)[0]).mean()) for name, run in runs.items()}
            for name, timing in measure(runs, rounds=3 if quick else 5).items():
                print(f"{name:>16}: {errors[name]:9.3e}  {1e3 * timing.median:8.1f} ms +-{100 * timing.spread:3.0f} %")
                rows.append({"problem": title, "n": n, "scheme": name, "error": errors[name], "timing": timing})
    print(f"\nwritten to {write('hyperbolic', rows, *(['clawpack'] if peers else []))}")


if __name__ == "__main__":
    main()
