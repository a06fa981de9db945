"""One step of every solver against reference values, and the equations it is made for."""

import json
from pathlib import Path

import numpy as np
import pytest
from sde_problems import A1, B2

import trimtab as tt
from trimtab.sde import SDE, step

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "sde_solvers.json").read_text())
STEPS = GOLDEN["steps"]
W, H = [[0.3]], [[-0.05]]


def drift(t, y):
    return np.sin(y) + t[:, None]


ADDITIVE = SDE(drift, lambda t, y: (1 + np.sin(4 * t) / 2)[:, None], noise="additive")


def general(calculus):
    return SDE(drift, lambda t, y: 1 + np.sin(y) / 2 + t[:, None] ** 2, calculus=calculus)


@pytest.mark.parametrize("solver", STEPS["additive"])
def test_additive_step(solver):
    s = step(ADDITIVE, 0.2, [[0.7]], 0.125, (W, H), solver=solver)
    assert s.y[0, 0] == pytest.approx(STEPS["additive"][solver], abs=1e-13)
    if solver in STEPS["errors"]:
        assert s.error[0, 0] == pytest.approx(STEPS["errors"][solver], abs=1e-13)


@pytest.mark.parametrize("solver", STEPS["general"])
def test_general_step(solver):
    sde = general("ito" if solver == "euler_maruyama" else "stratonovich")
    s = step(sde, 0.2, [[0.7]], 0.125, (W, H), solver=solver)
    assert s.y[0, 0] == pytest.approx(STEPS["general"][solver], abs=1e-13)
    if solver in STEPS["errors"]:
        assert s.error[0, 0] == pytest.approx(STEPS["errors"][solver], abs=1e-13)


@pytest.mark.parametrize("solver", STEPS["langevin"])
def test_langevin_step(solver):
    sde = tt.sde.langevin(tt.sde.double_well_potential(), 0.8, 0.2)
    s = step(sde, 0.0, [[0.6, -0.3]], 0.25, ([[0.2]], [[0.03]], [[-0.004]]), solver=solver)
    np.testing.assert_allclose(s.y[0], STEPS["langevin"][solver], rtol=0, atol=1e-13)


@pytest.mark.parametrize("solver", STEPS["cir"])
def test_cir_step(solver):
    expected = STEPS["cir"][solver]
    y = np.array([1, 0.01, -0.001])[: len(expected), None]
    s = step(tt.sde.cir(1, 1, 2.2), 0.0, y, 1 / 64, (np.full_like(y, 0.1), np.full_like(y, -0.02)), solver=solver)
    np.testing.assert_allclose(s.y[:, 0], expected, rtol=0, atol=1e-14)


def test_steps_of_a_solve_are_these_steps():
    tree = tt.sde.BrownianTree(2024, 0, 1, levy="K")
    sol = tt.sde.solve(A1, [1.0], tree, solver="shark", steps=tt.sde.Constant(64), paths=4)
    np.testing.assert_allclose(sol.y.ravel(), GOLDEN["solve_a1"], rtol=0, atol=1e-10)
    y = np.ones((4, 1))
    for k in range(64):
        y = step(A1, k / 64, y, 1 / 64, tree.node(6, k, paths=4), solver="shark").y
    assert np.array_equal(y, sol.y_end)


@pytest.mark.parametrize("solver", ["heun", "spark", "slow_rk", "milstein", "euler_heun", "general_shark"])
def test_corrected_drift(solver):
    """The same process in both calculi takes the same step; finite differences come close."""
    g, dg = (lambda y: 1 + np.sin(y) / 2), (lambda y: np.cos(y) / 2)
    correction = lambda t, y: g(y) * dg(y)  # noqa: E731
    in_both = [
        SDE(lambda t, y: np.cos(y), lambda t, y: g(y), calculus="stratonovich", correction=correction),
        SDE(lambda t, y: np.cos(y) + g(y) * dg(y) / 2, lambda t, y: g(y), correction=correction),
        SDE(lambda t, y: np.cos(y) + g(y) * dg(y) / 2, lambda t, y: g(y), correction="finite-differences"),
    ]
    y, noise = np.linspace(-2, 2, 9)[:, None], (np.full((9, 1), 0.3), np.full((9, 1), -0.05))
    first, second, third = (step(sde, 0.0, y, 0.125, noise, solver=solver).y for sde in in_both)
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-14)
    np.testing.assert_allclose(second, third, rtol=0, atol=1e-10)


def test_diagonal_and_full_diffusions_agree():
    rng = np.random.default_rng(0)
    y, noise = rng.standard_normal((5, 3)), rng.standard_normal((2, 5, 3)) / 4
    g = lambda y: 1 + np.sin(y) / 2  # noqa: E731
    full = lambda t, y: g(y)[:, :, None] * np.eye(3)  # noqa: E731
    for solver in ("heun", "spark", "slow_rk", "milstein"):
        diagonal = SDE(lambda t, y: -y, lambda t, y: g(y), calculus="stratonovich", correction="finite-differences")
        matrix = SDE(
            lambda t, y: -y, full, noise="commutative", calculus="stratonovich", correction="finite-differences"
        )
        a, b = (step(s, 0.0, y, 0.1, noise, solver=solver).y for s in (diagonal, matrix))
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-9)


def test_stiffness_is_the_rate_of_the_drift():
    s = step(
        SDE(lambda t, y: -50 * y, 0.0, noise="additive"), 0.0, [[1.0, 2.0]], 0.01, ([[1, 1]], [[0, 0]]), solver="sra1"
    )
    assert s.stiffness[0] == pytest.approx(50, rel=1e-12)


def test_missing_noise_is_named():
    with pytest.raises(ValueError, match="noise: expected W to H for solver 'spark', got 1 arrays"):
        step(B2, 0.0, [[1.0, 2.0]], 0.1, ([[0.1, 0.2]],), solver="spark")
