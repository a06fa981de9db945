"""Orders of convergence, and errors that do not grow with n."""

import numpy as np
import pytest
from fractional_problems import GRID, bump, bump_rhs, torsion
from helpers import orders
from scipy.special import gamma

import trimtab as tt

Riesz = tt.fractional.Riesz


def error(n, degree, alpha, q, **options):
    u = Riesz(n, degree, alpha, **options).solve(bump_rhs(q, alpha), rtol=1e-13)
    return abs(u(GRID) - bump(q)(GRID)).max() / 0.25**q


@pytest.mark.parametrize("alpha", [0.3, 0.7, 1.0, 1.1, 1.5, 1.9])
@pytest.mark.parametrize("degree", [2, 3, 4, 5])
def test_the_order_is_that_of_the_theory(degree, alpha):
    sizes = (64, 128, 256)
    collocation = degree + 2 - alpha if degree % 2 == 0 else degree + 1 - alpha
    expected = min(collocation, degree + 1)  # splines approximate no better
    found = orders([error(n, degree, alpha, 6) for n in sizes], sizes)
    assert found[-1] > expected - 0.25


@pytest.mark.parametrize("q", [1.25, 1.5, 2.5, 3.5])
def test_an_end_singularity_limits_the_order_to_its_exponent(q):
    sizes = (128, 256, 512)
    assert orders([error(n, 4, 1.5, q) for n in sizes], sizes)[-1] == pytest.approx(q, abs=0.3)


@pytest.mark.parametrize("alpha", [1.1, 1.5, 1.9])
def test_a_constant_right_hand_side_gives_order_alpha_half(alpha):
    sizes = (64, 128, 256)
    fine = np.linspace(0, 1, 40001)
    errors = [abs(Riesz(n, 4, alpha).solve(1.0)(fine) - torsion(alpha)(fine)).max() for n in sizes]
    assert orders(errors, sizes)[-1] == pytest.approx(alpha / 2, abs=0.05)


@pytest.mark.parametrize(
    ("alpha", "degree", "n", "bound"),
    [
        (1.9, 4, 65533, 5 * 1.8e-11),
        (1.9, 6, 65531, 5 * 9.5e-13),
        (1.5, 4, 65533, 5 * 2.0e-13),
        (1.1, 4, 65533, 5 * 1.9e-14),
        (1.9, 4, 262141, 5 * 5.4e-10),
        (1.1, 4, 262141, 5 * 2.1e-13),
    ],
)
def test_the_floor_of_rounding_is_low(alpha, degree, n, bound):
    assert error(n, degree, alpha, 4) < bound


def test_the_floor_of_rounding_does_not_grow_with_n():
    """Transforms of entries in double precision would lose (n / pi)^1.9 rounding errors, here some 1e-8."""
    assert max(error(n, 6, 1.9, 4) for n in (4091, 16379, 65531)) < 1e-12


def test_factors_solve_as_well_as_iterations():
    op = Riesz(16381, 4, 1.5)
    f = bump_rhs(4, 1.5)(op.points)
    u = op.spline(op.factorize().solve(f))
    assert abs(u(GRID) - bump(4)(GRID)).max() / 0.25**4 < 1e-12


@pytest.mark.parametrize("alpha", [0.2, 0.5, 1.0, 1.5, 1.9])
def test_the_lowest_eigenvalue_is_as_approximated(alpha):
    op = Riesz(128, 4, alpha)
    eigenvalues = np.linalg.eigvals(np.linalg.solve(op.mass.toarray(), op.todense()))
    assert op.lowest_eigenvalue() == pytest.approx(eigenvalues.real.min(), rel=0.05)


def test_caputo_and_riesz_agree_where_the_slope_vanishes_at_the_ends():
    values = [Riesz(64, 4, 1.5, kind=kind) @ np.r_[0, np.ones(64), 0] for kind in ("riesz", "caputo")]
    assert values[0] == pytest.approx(values[1], rel=0, abs=1e-13 * abs(values[0]).max())


def test_caputo_sees_kinks_alone():
    """L of a hat is what its second derivative, -2 at the kink, sends out; Riesz adds the slopes at the ends."""
    alpha = 1.5
    op = Riesz(256, 2, alpha, kind="caputo")
    u = op.interpolate(lambda x: np.minimum(x, 1 - x))
    x = op.points
    far = abs(x - 0.5) > 0.1
    kernel = abs(x[far] - 0.5) ** (1 - alpha) / (2 * np.cos(np.pi * alpha / 2) * gamma(2 - alpha))
    assert (op @ u.coef)[far] == pytest.approx(-2 * kernel, rel=1e-3)


@pytest.mark.parametrize("kind", ["left", "right"])
def test_one_sided_derivatives_of_samples(kind):
    alpha, power = 1.3, 5
    x = Riesz(200, 6, alpha).points
    values = x**power * (1 - x) ** 3
    coefficients = [1, -3, 3, -1]  # of x^(5 + i)
    expected = sum(
        c * gamma(power + i + 1) / gamma(power + i + 1 - alpha) * x ** (power + i - alpha)
        for i, c in enumerate(coefficients)
    )
    mirrored = values[::-1] if kind == "right" else values
    found = tt.fractional.derivative(mirrored, alpha, kind=kind)
    found = found[::-1] if kind == "right" else found
    assert found == pytest.approx(expected, rel=0, abs=1e-7)
