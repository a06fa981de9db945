"""The gap from the rate of convergence: what the core measures, what the inversion makes of it, and what it gains."""

import math

import numpy as np
import pytest
import scipy.sparse as sp
from relax_problems import golden_rhs, laplacian

import trimtab as tt
from trimtab.relax import AdaptiveSOR, _matrix
from trimtab.relax._rate import LEAST_GROWTH, RateInversion


def rate(A, b, omega, order=0, rtol=1e-10, maxiter=10_000):
    core = _matrix.prepare(A, 1)
    stopping = tt._core.relax.Stopping(rtol, 0.0, False, maxiter, 0.0, None)
    return core.sor(b, None, np.zeros_like(b), omega, 0, order, stopping)[-1]


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("omega", [1.0, 1.3, 1.5])
def test_the_rate_is_youngs(order, omega):
    expected = tt.relax.young_rate(omega, math.cos(math.pi / 16))
    assert rate(laplacian(15), golden_rhs(225), omega, order) == pytest.approx(expected, rel=1e-4)


def test_the_rate_is_that_of_the_residuals():
    A, b = laplacian(15), golden_rhs(225)

    def residual(sweeps):
        return tt.relax.sor(A, b, omega=1.3, rtol=1e-300, maxiter=sweeps).residual

    every = rate(A, b, 1.3, order=1, rtol=1e-300, maxiter=12)  # red-black sweeps are measured each
    reds = [tt.relax.sor(A, b, omega=1.3, order="red-black", rtol=1e-300, maxiter=k).residual for k in (8, 12)]
    assert every == pytest.approx((reds[1] / reds[0]) ** (1 / 4), rel=1e-12)
    some = rate(A, b, 1.3, rtol=1e-300, maxiter=12)  # the last measure before the last third of row-order sweeps
    assert some == pytest.approx((residual(12) / residual(3)) ** (1 / 9), rel=1e-12)
    assert rate(A, b, 1.3, rtol=1e-300, maxiter=3) == pytest.approx(residual(3) ** (1 / 3), rel=1e-12)
    assert rate(A, b, 1.3, rtol=1e-300, maxiter=2) == 0


@pytest.mark.parametrize("norm", [0.7, 1.0, 1.02])
def test_a_rate_below_the_best_omega_is_inverted(norm):
    eps = 0.03
    learner = RateInversion()
    omega = learner.suggest(norm)
    assert omega == 1
    learner.observe(omega, norm, tt.relax.young_rate(omega, (1 - eps) * norm))
    assert learner.eps == pytest.approx(eps, rel=1e-9)
    assert learner.suggest(norm) == pytest.approx(tt.relax.omega_opt((1 - eps) * norm), rel=1e-9)


def test_above_the_best_omega_the_gap_grows_until_the_rate_shows_it():
    learner, eps, omegas = RateInversion(eps=1e-5), 0.03, []
    for _ in range(40):
        omegas.append(learner.suggest(1.0))
        learner.observe(omegas[-1], 1.0, tt.relax.young_rate(omegas[-1], 1 - eps))
    best = tt.relax.omega_opt(gap=eps)
    assert omegas[:18] == sorted(omegas[:18], reverse=True)
    assert np.abs(np.array(omegas[25:]) - best).max() < 0.01 * (2 - best)
    assert learner.growth <= 8 * LEAST_GROWTH


def test_what_is_not_known_changes_nothing_and_divergence_shrinks_omega():
    learner = RateInversion(eps=0.1)
    learner.observe(1.4, 1.0, 0.0)
    assert learner == RateInversion(eps=0.1)
    learner.observe(1.4, 1.0, math.inf)
    assert learner.eps == learner.least == pytest.approx(0.2)
    learner.observe(1.2, 1.0, tt.relax.young_rate(1.2, 0.99))  # the gap of 0.01 is below what has diverged
    assert learner.eps == pytest.approx(0.2)
    learner.observe(1.2, 0.5, 0.9)  # no radius above |B| is possible
    assert learner.eps == learner.least == 1


@pytest.mark.parametrize("method", ["sor", "rb-sor"])
def test_the_gap_of_a_fixed_matrix_is_found(method):
    A, rng = laplacian(40), np.random.default_rng(0)
    solver, order = AdaptiveSOR(method, learn="rate"), "red-black" if method == "rb-sor" else "row"
    best = []
    for _ in range(20):
        b = rng.standard_normal((40, 40))
        _, info = solver.solve(A, b)
        assert info.success
        best.append(tt.relax.sor(A, b, omega=tt.relax.omega_opt(math.cos(math.pi / 41)), order=order).nit)
    history = solver.history()
    assert history["omega"][0] == 1
    assert (history["arm"] == 0).all()
    assert history["iterations"][2:].sum() <= 1.15 * sum(best[2:])
    assert 1 - math.cos(math.pi / 41) == pytest.approx(solver._rate.eps, rel=0.1)
    assert solver.ledger is None


def upwind(m, speed):
    """Convection-diffusion, the wind along both axes: an M-matrix that is not symmetric."""
    return tt.relax.Stencil2D((m, m), [[0, -1 - speed, 0], [-1 - speed, 4 + 2 * speed, -1], [0, -1, 0]])


@pytest.mark.parametrize(("speed", "gain"), [(0.05, 11), (0.2, 7), (0.5, 6)])
def test_convection_is_solved_faster_than_with_omega_1(speed, gain):
    rng, solver, plain = np.random.default_rng(1), AdaptiveSOR("sor", learn="rate"), 0
    for t in range(40):
        A, b = upwind(40, speed * (1 + 0.2 * np.sin(t))), rng.standard_normal((40, 40))
        _, info = solver.solve(A, b)
        assert info.success
        plain += tt.relax.sor(A, b).nit
    assert solver.history()["iterations"].sum() * gain <= plain


@pytest.mark.parametrize(("a", "b", "most"), [(0.5, 1.5, 1.03), (2, 6, 1.02)])
def test_a_moving_shift_is_followed(a, b, most):
    """Within `most` of the best omega of every system, from nearly singular to dominant ones."""
    rng, solver, best = np.random.default_rng(3), AdaptiveSOR("sor", learn="rate"), 0
    for _ in range(300):
        A, rhs = laplacian(10, shift=-0.15 + 0.6 * rng.beta(a, b)), rng.standard_normal(100)
        solver.solve(A, rhs)
        best += tt.relax.sor(A, rhs, omega=tt.relax.omega_opt(4 / A.coefficients[2] * math.cos(math.pi / 11))).nit
    assert solver.history()["iterations"][2:].sum() <= most * best


@pytest.mark.parametrize("s", [0.3, 0.45, 0.49])
def test_omega_goes_back_towards_1_where_youngs_formula_misleads(s):
    # I + skew: the eigenvalues of B are imaginary, and every omega above 1 is worse or diverges
    n = 60
    A = sp.diags_array([np.full(n - 1, -s), np.ones(n), np.full(n - 1, s)], offsets=[-1, 0, 1]).tocsr()
    solver, plain = AdaptiveSOR("sor", learn="rate"), tt.relax.sor(A, np.ones(n)).nit
    for _ in range(40):
        x, info = solver.solve(A, np.ones(n))
        assert info.success
        assert np.abs(A @ x - 1).max() < 1e-7
    history = solver.history()
    assert history["omega"].max() > 1.1
    assert history["omega"][20:].max() < 1.05
    assert history["iterations"].sum() <= 1.3 * 40 * plain


def test_several_right_hand_sides_are_learned_from_together():
    A, b = laplacian(12), np.stack([golden_rhs(144), np.zeros(144), np.ones(144)], axis=1)
    solver = AdaptiveSOR("sor", learn="rate")
    for _ in range(4):
        x, info = solver.solve(A, b)
        assert info.success
    assert solver._rate.eps == pytest.approx(1 - math.cos(math.pi / 13), rel=0.1)
    assert not x[:, 1].any()
