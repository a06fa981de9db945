"""Entries against 100-digit arithmetic, and solutions against an independent implementation."""

import numpy as np
import pytest
from fractional_problems import GRID, bump, bump_rhs, keys

import trimtab as tt
from trimtab._core.fractional import cardinal_entries, cardinal_entry

Riesz = tt.fractional.Riesz


@pytest.fixture(scope="module")
def entries(golden):
    return golden("fractional_entries")


@pytest.fixture(scope="module")
def cases(golden):
    return golden("fractional")


@pytest.mark.parametrize("degree", range(2, 16))
def test_cardinal_entries(entries, degree):
    found = 0
    for key, values in entries["cardinal"]["output"].items():
        p, alpha = key.split(",")
        if int(p) != degree:
            continue
        in_sweep = cardinal_entries(1001, degree, float(alpha))
        for k, expected in ((int(k), value) for k, value in values.items()):
            allowed = 2e-15 * values["0"] if k <= degree + 1 else 1e-15 * abs(expected)
            assert cardinal_entry(degree, float(alpha), k) == pytest.approx(expected, rel=0, abs=allowed)
            if k <= 1000:
                assert in_sweep[k] == pytest.approx(expected, rel=0, abs=allowed)
            found += 1
    assert found > 60


def test_border_entries(entries):
    for key, values in entries["border"]["output"].items():
        degree, alpha = int(key.split(",")[0]), float(key.split(",")[1])
        A = Riesz(64, degree, alpha, (0, 64)).todense()
        for place, (expected, _) in values.items():
            u, v = map(int, place.split(","))
            assert A[u, v] == pytest.approx(expected, rel=0, abs=2e-15 * abs(A).max())


def test_one_sided_border_entries(entries):
    for key, values in entries["border"]["output"].items():
        degree, alpha = int(key.split(",")[0]), float(key.split(",")[1])
        if alpha <= 1:
            continue
        A = Riesz(64, degree, alpha, (0, 64), weights=(1, 0)).todense()
        for place, (_, expected) in values.items():
            u, v = map(int, place.split(","))
            assert A[u, v] == pytest.approx(expected, rel=0, abs=2e-15 * abs(A).max())


def test_one_sided_derivative_of_a_cardinal_spline(cases):
    for key, values in cases["one_sided_left"]["output"].items():
        degree, alpha = int(keys(key)["p"]), keys(key)["alpha"]
        x = np.array([float(x) for x in values])
        op = Riesz(128, degree, alpha, (0, 128), weights=(1, 0))
        found = op.rows(x)[:, degree - 1] * 2 * np.cos(np.pi * alpha / 2)
        expected = np.array(list(values.values()))
        assert found == pytest.approx(expected, rel=0, abs=1e-14 * abs(expected).max())


def test_symbol(cases):
    for key, values in cases["symbol"]["output"].items():
        degree, alpha = int(keys(key)["p"]), keys(key)["alpha"]
        theta = [np.pi if t == "pi" else float(t) for t in values]
        assert tt.fractional.symbol(theta, degree, alpha) == pytest.approx(list(values.values()), rel=1e-12)


def test_right_hand_sides_of_powers(cases):
    for key, values in cases["dyda_rhs"]["output"].items():
        q, alpha = keys(key)["q"], keys(key)["alpha"]
        assert bump_rhs(q, alpha)(np.array([0.01, 0.3, 0.5])) == pytest.approx(values, rel=1e-12)


def test_errors_of_a_smooth_solution(cases):
    for key, errors in cases["convergence_smooth"]["output"].items():
        degree, alpha = int(keys(key)["p"]), keys(key)["alpha"]
        for n, expected in zip((32, 64, 128), errors, strict=True):
            u = Riesz(n, degree, alpha).solve(bump_rhs(4, alpha), rtol=1e-13)
            error = abs(u(GRID) - bump(4)(GRID)).max()
            if expected > 1e-12:
                assert error == pytest.approx(expected, rel=0.02)
            else:  # there the reference's right-hand side, an alternating sum, carries 3e-13
                assert error <= 1.02 * max(expected, 5e-14)


def test_coefficients(cases):
    for key, case in cases["coefficients"]["output"].items():
        where = keys(key)
        u = Riesz(int(where["n"]), int(where["p"]), where["alpha"]).solve(bump_rhs(4, where["alpha"]), rtol=1e-13)
        # the reference's right-hand side, an alternating sum, carries up to 3e-13, a tenth of which is left here
        assert u.coef[:3] == pytest.approx(case["c_first3"], rel=0, abs=3e-14)
        assert u(0.3) == pytest.approx(case["u_at_0_3"], rel=1e-9)
        assert u.coef.sum() == pytest.approx(case["sum_c"], rel=1e-9)


@pytest.mark.parametrize("alpha", [1.1, 1.5, 1.9])
@pytest.mark.parametrize("n", [16, 32, 64])
def test_a_solution_in_the_space_is_found_to_rounding(cases, n, alpha):
    u = Riesz(n, 6, alpha).solve(bump_rhs(3, alpha), rtol=1e-14)
    assert abs(u(GRID) - bump(3)(GRID)).max() <= cases["exact_representation"]["output"]["bound"]


def test_iteration_counts(cases):
    for key, expected in cases["iterations_tauW"]["output"].items():
        where = keys(key)
        op = Riesz(int(where["n"]), int(where["p"]), where["alpha"])
        count = op.solve(bump_rhs(4, where["alpha"]), preconditioner="tau").iterations
        assert abs(count - expected) <= 2
        assert count <= 10


def test_crank_nicolson(cases):
    alpha, op = 1.5, Riesz(64, 4, 1.5)
    exact, image = bump(4), bump_rhs(4, alpha)(op.points)
    for key, expected in cases["crank_nicolson"]["output"].items():
        steps = int(key.split("=")[1])
        dt = 1 / steps
        implicit = op.system(diffusion=dt / 2, reaction=1.0)
        explicit = op.system(diffusion=dt / 2)
        u = op.interpolate(exact)
        for k in range(steps):
            t = (k + 0.5) * dt

            # source of u = exp(-t) bump, halfway between the times in the mean of its two values
            source = np.mean([np.exp(-s) * (image - exact(op.points)) for s in (t - dt / 2, t + dt / 2)], axis=0)
            rhs = op.mass_product(u.coef) - explicit @ u.coef + dt * source
            u = implicit.solve(rhs, x0=u, rtol=1e-12)
        assert abs(u(GRID) - np.exp(-1) * exact(GRID)).max() == pytest.approx(expected, rel=0.03)
