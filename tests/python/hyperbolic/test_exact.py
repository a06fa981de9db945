"""The exact Riemann solvers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trimtab.hyperbolic import exact

positive = st.floats(1e-3, 1e3)
speed = st.floats(-3, 3)


def test_star_states_have_the_reference_values(golden):
    case = golden("hyperbolic")["riemann_star"]
    for name, (left, right) in case["inputs"].items():
        solution = exact.riemann(left, right)
        assert (solution.p_star, solution.v_star) == pytest.approx(tuple(case["expected"][name]), rel=1e-10, abs=1e-10)


def test_sod_samples_have_the_reference_values(golden):
    case = golden("hyperbolic")["riemann_sod_sample"]
    values = exact.riemann((1, 0, 1), (0.125, 0, 0.1)).sample(case["inputs"])
    assert np.array(values) == pytest.approx(np.array(case["expected"]), abs=1e-10)


def euler_flux(rho, v, p, gamma):
    return np.array([rho * v, rho * v * v + p, v * (p * gamma / (gamma - 1) + rho * v * v / 2)])


@given(positive, speed, positive, positive, speed, positive, st.floats(1.05, 3))
def test_integral_balance_holds(rho_l, v_l, p_l, rho_r, v_r, p_r, gamma):
    """Over a box that holds all waves, the solution's integral equals what the outer fluxes leave of the data."""
    left, right = (rho_l, v_l, p_l), (rho_r, v_r, p_r)
    reach = 10 + 12 * max(np.sqrt(gamma * p_l / rho_l), np.sqrt(gamma * p_r / rho_r)) / (gamma - 1)
    xi = (np.arange(40_000) + 0.5) / 20_000 * reach - reach
    rho, v, p = exact.riemann(left, right, gamma).sample(xi)
    U = np.array([rho, rho * v, p / (gamma - 1) + rho * v * v / 2])
    mean = U.mean(axis=1) * 2 * reach
    UL, UR = U[:, 0], U[:, -1]
    expected = reach * (UL + UR) + euler_flux(*left, gamma) - euler_flux(*right, gamma)
    size = 2 * reach * abs(U).max(axis=1)
    assert abs(mean - expected).max() <= 2e-4 * size.max()


@given(positive, speed, positive, positive, speed, positive)
def test_mirror_image(rho_l, v_l, p_l, rho_r, v_r, p_r):
    a = exact.riemann((rho_l, v_l, p_l), (rho_r, v_r, p_r))
    b = exact.riemann((rho_r, -v_r, p_r), (rho_l, -v_l, p_l))
    assert a.p_star == pytest.approx(b.p_star, rel=1e-9)
    assert a.v_star == pytest.approx(-b.v_star, rel=1e-9, abs=1e-9)


def test_strong_rarefactions_leave_a_vacuum():
    solution = exact.riemann((1, -20, 0.4), (1, 20, 0.4))
    rho, v, p = solution.sample([0.0, -19.9, -30.0])
    assert solution.p_star == 0
    assert (rho[0], p[0]) == (0, 0)
    assert 0 < rho[1] < 1
    assert (rho[2], v[2], p[2]) == (1, -20, 0.4)


def test_equal_states_stay(golden):
    rho, v, p = exact.riemann((1.3, 0.4, 2.0), (1.3, 0.4, 2.0)).sample(np.linspace(-5, 5, 11))
    assert rho == pytest.approx(1.3, rel=1e-12)
    assert v == pytest.approx(0.4, rel=1e-12)
    assert p == pytest.approx(2.0, rel=1e-12)


def test_dam_break(golden):
    solution = exact.shallow_riemann((1, 0), (0.5, 0), g=1)
    values = (solution.p_star, solution.v_star, solution.shocks[1])
    assert values == pytest.approx(tuple(golden("hyperbolic")["dam_break"]["expected"]), abs=1e-10)


@given(positive, speed, positive, speed)
def test_shallow_integral_balance_holds(h_l, v_l, h_r, v_r):
    g = 9.81
    if 2 * (np.sqrt(g * h_l) + np.sqrt(g * h_r)) <= v_r - v_l:
        return
    reach = 5 + 4 * np.sqrt(g * max(h_l, h_r))
    xi = (np.arange(40_000) + 0.5) / 20_000 * reach - reach
    h, v = exact.shallow_riemann((h_l, v_l), (h_r, v_r), g).sample(xi)

    def flux(h, v):
        return np.array([h * v, h * v * v + g * h * h / 2])

    U = np.array([h, h * v])
    expected = reach * (U[:, 0] + U[:, -1]) + flux(h_l, v_l) - flux(h_r, v_r)
    size = 2 * reach * abs(U).max(axis=1)
    assert abs(U.mean(axis=1) * 2 * reach - expected).max() <= 2e-4 * size.max()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: exact.riemann((1, 0), (1, 0, 1)), "left: expected 3 numbers, got 2"),
        (lambda: exact.riemann((1, 0, 1), (0, 0, 1)), "right: expected a positive number at position 0, got 0"),
        (lambda: exact.riemann((1, 0, 1), (1, 0, 1), gamma=1), "gamma: expected a number in"),
        (lambda: exact.shallow_riemann((1, -9), (1, 9)), "the bed falls dry"),
        (lambda: exact.riemann((1, 0, 1), (1, 0, 0.1)).at([0.1], 0), "t: expected"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
