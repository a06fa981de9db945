"""Orders, errors and reference values."""

import numpy as np
import pytest
from helpers import orders
from hyperbolic_problems import riemann, shu_osher, smooth_wave_error

import trimtab as tt

SCHEMES = ("adaptive", "aweno", "linear")


def golden_state():
    """The periodic state of the reference right-hand sides, 16 cells on [0, 1]."""
    x = (np.arange(16) + 0.5) / 16
    rho = np.where((x > 0.3) & (x < 0.7), 1.0, 0.4) + 0.05 * np.sin(2 * np.pi * x)
    return np.array([rho, 0.3 * np.cos(2 * np.pi * x), 1 + 0.5 * (x > 0.5)])


@pytest.mark.parametrize(("scheme", "case"), [("aweno", "rhs_weno_1d"), ("linear", "rhs_unlimited_1d")])
def test_right_hand_side_has_the_reference_values(golden, scheme, case):
    solver = tt.hyperbolic.Solver("euler", shape=16, bc="periodic", scheme=scheme)
    solver.set_primitive(**dict(zip(("rho", "v", "p"), golden_state(), strict=True)))
    expected = np.array(golden("hyperbolic")[case]["expected"])
    error = abs(np.array(list(solver.rhs().values())) - expected).max(axis=1) / abs(expected).max(axis=1)
    assert error.max() <= 1e-10


@pytest.mark.parametrize("scheme", SCHEMES)
def test_smooth_wave_is_of_fifth_order(scheme):
    sizes = (20, 40, 80, 160)
    runs = [smooth_wave_error(n, 2.0, scheme=scheme) for n in sizes]
    errors = [error for error, _ in runs]
    assert errors == pytest.approx([6.928e-5, 2.169e-6, 6.788e-8, 2.122e-9], rel=0.02)
    assert orders(errors, sizes) == pytest.approx(5, abs=0.02)


def test_resolved_waves_are_not_limited():
    for n in (20, 40, 80, 160):
        assert smooth_wave_error(n, 2.0)[1].stats["smooth"] == 1.0


def test_smooth_wave_has_the_reference_errors(golden):
    case = golden("hyperbolic")["smooth_wave_L1"]
    for scheme, key, rel in (("linear", "unlimited", 1e-5), ("aweno", "aiwenoz", 1e-3)):
        errors = [smooth_wave_error(n, 0.5, scheme=scheme)[0] for n in case["inputs"]]
        assert errors == pytest.approx(case["expected"][key], rel=rel)


@pytest.mark.parametrize("name", ["sod", "lax", "movcontact"])
@pytest.mark.parametrize("si", ["defect", "dual"])
def test_riemann_problems_have_the_reference_errors(golden, name, si):
    expected = golden("hyperbolic")["riemann_L1_200"]["expected"][name]
    for scheme, key, above in (("aweno", "aweno", 1.03), ("adaptive", f"adaptive_{si}", 1.05)):
        solver, t_end, exact = riemann(name.replace("mov", "moving_"), scheme=scheme, si=si)
        rho = solver.run(t_end).rho
        assert abs(rho - exact).mean() <= above * expected[key]["L1_rho"]
        assert abs(np.diff(rho)).sum() <= 1.02 * abs(np.diff(exact)).sum()


@pytest.mark.parametrize(("name", "bound"), [("sod", 2.25e-3), ("lax", 7.5e-3), ("moving_contact", 1.65e-3)])
def test_adaptive_errors_stay_below_their_bounds(name, bound):
    solver, t_end, exact = riemann(name)
    assert abs(solver.run(t_end).rho - exact).mean() <= bound


def test_contact_at_rest_is_kept_exactly():
    solver, t_end, exact = riemann("stationary_contact")
    result = solver.run(t_end)
    assert abs(result.rho - exact).max() <= 1e-12
    assert abs(result.v).max() <= 1e-12


@pytest.mark.parametrize("n", [200, 400])
def test_shu_osher_gains_from_the_switch(n):
    reference = shu_osher(1600, scheme="aweno").run(1.8)
    error = {}
    for scheme in ("adaptive", "aweno"):
        r = shu_osher(n, scheme=scheme).run(1.8)
        error[scheme] = abs(r.rho - np.interp(r.x, reference.x, reference.rho)).mean()
    assert error["adaptive"] < error["aweno"]


@pytest.mark.parametrize("name", ["toro2", "toro3", "toro4", "toro5", "leblanc"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_hard_riemann_problems_run_with_default_settings(name, scheme):
    solver, t_end, exact = riemann(name, n=400, scheme=scheme)
    result = solver.run(t_end)
    assert result.success
    assert result.rho.min() > 0
    assert result.p.min() > 0
    assert abs(result.rho - exact).mean() < 0.06 * (exact.max() - exact.min())


def test_blast_waves_meet_at_the_known_peak():
    solver = tt.hyperbolic.Solver("euler", shape=400, bc="reflect")
    x = solver.x
    solver.set_primitive(rho=1.0, v=0.0, p=np.where(x < 0.1, 1000.0, np.where(x > 0.9, 100.0, 0.01)))
    result = solver.run(0.038)
    assert result.rho.max() == pytest.approx(6.27, rel=0.01)
    assert result.x[result.rho.argmax()] == pytest.approx(0.784, abs=0.004)


def test_burgers_is_of_fifth_order_before_the_shock():
    sizes = (80, 160, 320)
    errors = []
    for n in sizes:
        solver = tt.hyperbolic.Solver("burgers", shape=n, extent=(-1, 1), bc="periodic")
        x = solver.x
        solver.set_primitive(u=0.25 + np.sin(np.pi * x))
        result = solver.run(0.2, dt=0.2 * (2 / n) ** (5 / 3))
        u = result.u.copy()
        for _ in range(50):  # characteristics: u = u0(x - u t)
            residual = u - 0.25 - np.sin(np.pi * (x - 0.2 * u))
            u -= residual / (1 + 0.2 * np.pi * np.cos(np.pi * (x - 0.2 * u)))
        errors.append(abs(result.u - u).mean())
    assert orders(errors, sizes) == pytest.approx(5, abs=0.3)


def test_burgers_shock_moves_at_the_right_speed():
    # u = 1 | 0 with the jump at -0.5 becomes a shock of speed 1/2
    solver = tt.hyperbolic.Solver("burgers", shape=200, extent=(-1, 1))
    solver.set_primitive(u=np.where(solver.x < -0.5, 1.0, 0.0))
    result = solver.run(1.0)
    assert abs(result.u - (solver.x < 0)).mean() < 0.01
    assert result.stats["smooth"] > 0.9


def test_dam_break_has_the_exact_star_state(golden):
    depth, velocity, speed = golden("hyperbolic")["dam_break"]["expected"]
    solver = tt.hyperbolic.Solver("shallow_water", shape=400, extent=(-1, 1), g=1.0)
    solver.set_primitive(h=np.where(solver.x < 0, 1.0, 0.5), v=0.0)
    result = solver.run(0.5)
    between = (solver.x > 0.1) & (solver.x < speed * 0.5 - 0.1)
    assert result.h[between].mean() == pytest.approx(depth, abs=2e-6)
    assert result.v[between].mean() == pytest.approx(velocity, abs=2e-6)
    assert result.h[between] == pytest.approx(depth, abs=1e-4)  # the shock leaves a ripple
    exact = tt.hyperbolic.exact.shallow_riemann((1, 0), (0.5, 0), 1.0).at(solver.x, 0.5)
    assert abs(result.h - exact[0]).mean() < 1e-3


def test_advection_carries_a_profile_once_around():
    sizes = (40, 80, 160)
    errors = []
    for n in sizes:
        solver = tt.hyperbolic.Solver("advection", shape=n, bc="periodic", speed=-2.0)
        solver.set_primitive(u=np.exp(np.sin(2 * np.pi * solver.x)))
        result = solver.run(0.5, dt=0.2 * (1 / n) ** (5 / 3))
        errors.append(abs(result.u - np.exp(np.sin(2 * np.pi * solver.x))).max())
    assert orders(errors, sizes) == pytest.approx(5, abs=0.25)


def test_source_drives_a_uniform_gas_exactly():
    # S = (0, rho g, rho v g): free fall, v = g t, p and rho unchanged
    gravity = -9.81

    def source(t, x, U):
        return np.array([np.zeros_like(U[0]), U[0] * gravity, U[1] * gravity])

    for si in ("defect", "dual"):
        solver = tt.hyperbolic.Solver("euler", shape=32, bc="periodic", source=source, si=si)
        solver.set_primitive(rho=2.0, v=0.5, p=3.0)
        result = solver.run(0.3)
        assert result.v == pytest.approx(0.5 + gravity * 0.3, rel=1e-12)
        assert result.p == pytest.approx(3.0, rel=1e-11)
        assert result.stats["smooth"] == 1.0


def test_time_dependent_source_is_seen_at_stage_times():
    # u_t = cos(t) with no transport: SSP-RK3 is of third order in time
    errors = []
    for steps in (10, 20, 40):
        solver = tt.hyperbolic.Solver(
            "advection", shape=8, bc="periodic", speed=0.0, source=lambda t, x, U: np.full_like(U, np.cos(t))
        )
        solver.set_primitive(u=0.0)
        errors.append(abs(solver.run(1.0, dt=1 / steps).u - np.sin(1.0)).max())
    assert orders(errors, (10, 20, 40)) == pytest.approx(4, abs=0.2)  # Simpson's weights: one order to spare


def test_single_precision_agrees_with_double():
    results = []
    for dtype in ("float64", "float32"):
        solver, t_end, _ = riemann("sod", dtype=dtype)
        results.append(solver.run(t_end))
    assert abs(results[0].rho - results[1].rho).mean() < 5e-5
    assert results[1].stats["smooth"] == pytest.approx(results[0].stats["smooth"], abs=0.02)
