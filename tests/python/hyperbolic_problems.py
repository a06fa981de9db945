"""Initial data that several tests share."""

import numpy as np

import trimtab as tt

RIEMANN = {  # left, right, jump, extent, end time, gamma
    "sod": ((1, 0, 1), (0.125, 0, 0.1), 0.5, (0, 1), 0.2, 1.4),
    "lax": ((0.445, 0.698, 3.528), (0.5, 0, 0.571), 0.5, (0, 1), 0.13, 1.4),
    "toro2": ((1, -2, 0.4), (1, 2, 0.4), 0.5, (0, 1), 0.15, 1.4),
    "toro3": ((1, 0, 1000), (1, 0, 0.01), 0.5, (0, 1), 0.012, 1.4),
    "toro4": ((5.99924, 19.5975, 460.894), (5.99242, -6.19633, 46.095), 0.4, (0, 1), 0.035, 1.4),
    "toro5": ((1, -19.59745, 1000), (1, -19.59745, 0.01), 0.8, (0, 1), 0.012, 1.4),
    "leblanc": ((1, 0, 0.2 / 3), (1e-3, 0, 2 / 3 * 1e-10), 3.0, (0, 9), 6.0, 5 / 3),
    "moving_contact": ((1.4, 0.1, 1), (1, 0.1, 1), 0.5, (0, 1), 2.0, 1.4),
    "stationary_contact": ((1.4, 0, 1), (1, 0, 1), 0.5, (0, 1), 2.0, 1.4),
}


def riemann(name, n=200, **options):
    """Solver with the data of a Riemann problem, its end time, and its exact density there."""
    left, right, jump, extent, t_end, gamma = RIEMANN[name]
    solver = tt.hyperbolic.Solver("euler", shape=n, extent=extent, gamma=gamma, **options)
    where = solver.x < jump
    solver.set_primitive(**{k: np.where(where, a, b) for k, a, b in zip(("rho", "v", "p"), left, right, strict=True)})
    return solver, t_end, tt.hyperbolic.exact.riemann(left, right, gamma).at(solver.x, t_end, jump)[0]


def shu_osher(n, **options):
    solver = tt.hyperbolic.Solver("euler", shape=n, extent=(-5, 5), **options)
    left = solver.x < -4
    solver.set_primitive(
        rho=np.where(left, 3.857143, 1 + 0.2 * np.sin(5 * solver.x)),
        v=np.where(left, 2.629369, 0.0),
        p=np.where(left, 10.33333, 1.0),
    )
    return solver


def rough_state(n, seed):
    """Primitive data with jumps, waves and noise, nothing special about it."""
    rng = np.random.default_rng(seed)
    x = (np.arange(n) + 0.5) / n
    rho = 1 + 0.4 * np.sin(2 * np.pi * x) + (x > 0.3)
    return np.array([rho, 0.3 * rng.normal(size=n), 1 + 2.0 * (abs(x - 0.6) < 0.15)])


def smooth_wave_error(n, t_end, **options):
    """L1 error of a density wave carried once through [-1, 1], with dt small enough for fifth order."""
    solver = tt.hyperbolic.Solver("euler", shape=n, extent=(-1, 1), bc="periodic", **options)
    solver.set_primitive(rho=1 + 0.2 * np.sin(np.pi * solver.x), v=1.0, p=1.0)
    result = solver.run(t_end, dt=0.4 * (2 / n) ** (5 / 3))
    exact = 1 + 0.2 * np.sin(np.pi * (solver.x - t_end))
    return abs(result.rho - exact).sum() * 2 / n, result
