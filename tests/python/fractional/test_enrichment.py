"""Solutions that are singular at the ends: end functions and modes."""

import numpy as np
import pytest
from fractional_problems import GRID, bump, bump_rhs, keys, torsion
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import eval_jacobi, roots_jacobi

import trimtab as tt
from trimtab.fractional import _weighted_jacobi as weighted

Riesz, spectral = tt.fractional.Riesz, tt.fractional.spectral
ALPHAS = (0.5, 1.0, 1.1, 1.5, 1.9)
NEAR_ENDS = np.concatenate([GRID, 10.0 ** -np.arange(3, 9), 1 - 10.0 ** -np.arange(3, 9)])


@pytest.fixture(scope="module")
def cases(golden):
    return golden("fractional_solutions")


@pytest.mark.parametrize("alpha", ALPHAS)
def test_jacobi_polynomials_and_rule_equal_scipy(alpha):
    y = np.linspace(-1, 1, 41)
    ours = weighted.jacobi(12, alpha / 2, y)
    for k in range(12):
        assert np.allclose(ours[k], eval_jacobi(k, alpha / 2, alpha / 2, y), rtol=1e-13, atol=1e-13)
    assert np.allclose(weighted.gauss_jacobi(24, alpha / 2), roots_jacobi(24, alpha / 2, alpha / 2), rtol=0, atol=1e-14)


@pytest.mark.parametrize("alpha", [0.4, 0.9, 1.1, 1.5, 1.9])
def test_corner_images(alpha):
    x = np.linspace(0.003, 0.997, 101)
    at = weighted.Place.of(x, (0.0, 1.0))
    first, second = weighted.corner_images(alpha, at)
    exact = bump_rhs(1.5 * alpha, alpha)(x)
    assert np.allclose(first, exact, rtol=1e-11, atol=1e-11 * abs(exact).max())
    step = 1e-5
    higher = bump_rhs(1.5 * alpha + 1, alpha)
    slope = (higher(x + step) - higher(x - step)) / (2 * step)  # of L (w/4)^(Q+1), which is -(Q + 1) L (w/4)^Q y
    assert np.allclose(second[5:-5], -slope[5:-5] / (1.5 * alpha + 1), rtol=2e-4, atol=1e-5 * abs(slope[5:-5]).max())


@given(alpha=st.floats(0.2, 1.95), x=st.floats(0.05, 0.95))
def test_derivatives_of_end_functions(alpha, x):
    step = 1e-6

    def functions(at, derivative=0):
        place = weighted.Place.of(np.array(at), (0.0, 1.0))
        return np.concatenate(
            [weighted.modes(4, alpha, place, derivative), weighted.corner_pair(alpha, place, derivative)]
        )

    difference = (functions(x + step) - functions(x - step)) / (2 * step)
    assert np.allclose(functions(x, 1), difference, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("interval", [(0.0, 1.0), (-2.0, 3.0)])
def test_constant_right_hand_side_is_exact(cases, interval):
    a, b = interval
    for key, (middle, near) in cases["const_rhs"]["output"].items():
        alpha = keys(key)["alpha"]
        scale = (b - a) ** alpha
        u = spectral(1.0, alpha, interval, modes=4)
        assert u(a + 0.5 * (b - a)) == pytest.approx(scale * middle, rel=1e-13)
        assert u(a + 0.01 * (b - a)) == pytest.approx(scale * near, rel=1e-13)
        enriched = Riesz(32, 4, alpha, interval).solve(1.0, enrichment=2, rtol=1e-14)
        assert enriched(a + 0.01 * (b - a)) == pytest.approx(scale * near, rel=1e-12)
        assert abs(enriched(GRID * (b - a) + a) - scale * torsion(alpha)(GRID)).max() < 2e-13 * scale


def test_exponential_right_hand_side(cases):
    for key, values in cases["exp_rhs"]["output"].items():
        alpha = keys(key)["alpha"]
        assert np.allclose(spectral(np.exp, alpha, modes=24)([0.25, 0.5]), values, rtol=1e-12)


def test_enrichment_gains(cases):
    for key, errors in cases["enrichment_gain"]["output"].items():
        alpha = keys(key)["alpha"]
        op, exact = Riesz(64, 4, alpha), spectral(np.exp, alpha, modes=30)(GRID)
        error = [abs(op.solve(np.exp, enrichment=m, rtol=1e-14)(GRID) - exact).max() for m in (0, 2, 4)]
        assert error[0] == pytest.approx(errors["m=0"], rel=0.05)
        assert error[1] < 1.05 * errors["m=2"]
        assert error[2] < 3 * errors["m=4"]


@pytest.mark.parametrize(
    ("alpha", "bounds"),
    [
        (1.1, {0: 7e-2, 2: 9e-4, 4: 5e-5, 6: 3e-6}),
        (1.5, {0: 1.1e-2, 2: 9e-5, 4: 3e-7, 6: 3e-7}),
        (1.9, {0: 8e-4, 2: 8e-6, 4: 2e-6, 6: 2e-6}),
    ],
)
def test_reaction_that_adds_weaker_terms(alpha, bounds):
    problem = {"f": lambda x: np.cos(20 * x), "reaction": lambda x: 50 * (1 + np.sin(3 * x))}
    fine = Riesz(2045, 4, alpha).solve(**problem, enrichment=4, pair=True, rtol=1e-14)(GRID)
    errors = {}
    for functions, bound in bounds.items():
        end = {"enrichment": min(functions, 4), "pair": functions == 6}
        u = Riesz(128, 4, alpha).solve(**problem, rtol=1e-14, **end)
        errors[functions] = abs(u(GRID) - fine).max() / abs(fine).max()
        assert errors[functions] < bound
    assert errors[0] > 10 * errors[2] > 40 * errors[4] or alpha == 1.9


@given(alpha=st.floats(0.3, 1.95), m=st.sampled_from([2, 4, 6]), seed=st.integers(0, 10**6))
def test_end_functions_are_reproduced(alpha, m, seed):
    amplitudes = np.random.default_rng(seed).standard_normal(m)

    def f(x):
        return np.tensordot(amplitudes, weighted.mode_images(m, alpha, weighted.Place.of(x, (0.0, 1.0))), axes=(0, 0))

    u = Riesz(24, 4, alpha).solve(f, enrichment=m, rtol=1e-14)
    exact = np.tensordot(amplitudes, weighted.modes(m, alpha, weighted.Place.of(GRID, (0.0, 1.0))), axes=(0, 0))
    assert abs(u(GRID) - exact).max() < 1e-10 * abs(exact).max()


def test_enriched_solution_as_a_function():
    u = Riesz(64, 4, 1.5, (0.0, 2.0)).solve(np.exp, enrichment=4)
    assert u(-1.0) == u(2.5) == 0
    assert isinstance(u(0.7), float)
    assert u(np.array([[0.1, 0.2]])).shape == (1, 2)
    slope = u.derivative()
    assert slope(0.7) == pytest.approx((u(0.7 + 1e-6) - u(0.7 - 1e-6)) / 2e-6, rel=1e-6)
    assert u.enrichment == 4
    with pytest.raises(TypeError, match="end functions"):
        u.to_scipy()
    with pytest.raises(ValueError, match="order: expected 0 or 1"):
        slope.derivative()(0.5)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Riesz(32).solve(np.ones(34), enrichment=4), TypeError, "f: expected a number or a callable"),
        (lambda: Riesz(32).solve(1.0, enrichment=3), ValueError, "enrichment: expected 0, 2, 4 or 6, got 3"),
        (lambda: Riesz(32, kind="caputo").solve(1.0, enrichment=2), ValueError, "kind 'riesz'"),
        (lambda: Riesz(32, weights=(1, 2)).solve(1.0, enrichment=2), ValueError, "equal weights"),
        (lambda: spectral(1.0, 2.0), ValueError, "alpha"),
        (lambda: spectral(1.0, 1.5, (1.0, 1.0)), ValueError, "interval: expected a < b"),
        (lambda: spectral(1.0, 1.5, modes=0), ValueError, "modes"),
        (lambda: spectral(1.0, 1.5, diffusion=0.0), ValueError, "diffusion"),
        (lambda: spectral(lambda x: x * np.nan, 1.5), ValueError, "f: .* at index 0, x ="),
        (lambda: spectral(1.0, 1.5).derivative().derivative(), ValueError, "derivative"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_smooth_solutions_need_no_enrichment_but_keep_their_digits():
    alpha = 1.5
    u = Riesz(64, 4, alpha).solve(bump_rhs(4, alpha), enrichment=4, rtol=1e-14)
    assert abs(u(GRID) - bump(4)(GRID)).max() < 1.3e-9  # that of plain splines is 1.21e-9
