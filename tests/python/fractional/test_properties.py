"""What the mathematics promises, for any mesh, degree and order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trimtab as tt
from trimtab._core.fractional import cardinal_entries

Riesz = tt.fractional.Riesz
degrees = st.integers(2, 10)
alphas = st.one_of(st.floats(0.05, 1.95), st.sampled_from([0.01, 0.999999, 1.0, 1.000001, 1.99, 1.9999999]))
seeds = st.integers(0, 10**6)


@st.composite
def operators(draw, **options):
    degree = draw(degrees)
    return Riesz(draw(st.integers(2, 90)), degree, draw(alphas), **options)


@given(operators())
def test_the_matrix_is_centrosymmetric_to_the_bit(op):
    A = op.todense()
    assert (A[::-1, ::-1] == A).all()


@given(operators(), seeds)
def test_products_are_those_of_the_dense_matrix(op, seed):
    v = np.random.default_rng(seed).standard_normal((op.shape[0], 2))
    A = op.todense()
    scale = np.linalg.norm(A) * np.linalg.norm(v)
    assert abs(op @ v - A @ v).max() < 1e-14 * scale
    assert abs(op.rmatvec(v) - A.T @ v).max() < 1e-14 * scale


@given(operators(), seeds)
def test_rows_at_the_points_are_the_matrix(op, seed):
    A = op.todense()
    some = np.random.default_rng(seed).integers(0, op.shape[0], 5)
    # a point is rounded in units of the interval, and the entries have steep flanks
    assert op.rows(op.points[some]) == pytest.approx(A[some], rel=0, abs=1e-12 * abs(A).max())


@given(operators())
def test_the_toeplitz_part_and_the_border_make_the_matrix(op):
    if op.n < 2 * op.degree:
        return
    size = op.shape[0]
    distance = np.arange(size)[:, None] - np.arange(size)
    A = op.toeplitz[abs(distance)]
    for end in (A, A[::-1, ::-1]):
        end[:, : op.degree - 1] += op.border.columns
        end[: op.degree - 2] += op.border.rows
    assert pytest.approx(op.todense(), rel=0, abs=1e-15 * abs(A).max()) == A


@given(degrees, alphas)
def test_the_toeplitz_matrix_is_positive_definite(degree, alpha):
    t = cardinal_entries(60, degree, alpha)
    T = t[abs(np.arange(60)[:, None] - np.arange(60))]
    assert np.linalg.eigvalsh(T).min() > -1e-15


@given(degrees, alphas)
def test_entries_decay_monotonically_outside_the_support(degree, alpha):
    t = cardinal_entries(4000, degree, alpha)[degree + 2 :]
    assert (t < 0).all()
    assert (np.diff(t) > 0).all()


@given(degrees, alphas, st.floats(1e-3, np.pi))
def test_the_symbol_is_the_cosine_sum_of_the_entries(degree, alpha, theta):
    count = 4096
    t = cardinal_entries(count, degree, alpha)
    k = np.arange(1, count)
    # smoothly cut off: a sharp end of the sum would show as its last entry over theta
    window = np.cos(np.pi / 2 * k / count) ** 2
    found = t[0] + 2 * np.sum(window * t[1:] * np.cos(k * theta))
    expected = tt.fractional.symbol(theta, degree, alpha)
    assert found == pytest.approx(expected, rel=0.02, abs=30 / count ** min(alpha, 1.0) / (1 + theta * count) + 1e-4)


@given(degrees, alphas, st.floats(0.01, 3.0))
def test_the_symbol_is_even_periodic_and_positive(degree, alpha, theta):
    f = tt.fractional.symbol([theta, -theta, theta + 2 * np.pi, theta - 2 * np.pi], degree, alpha)
    assert f == pytest.approx(np.full(4, f[0]), rel=1e-11)
    assert f[0] > 0


@given(operators(), st.floats(0.1, 10))
def test_stretching_the_interval_scales_the_matrix(op, factor):
    stretched = Riesz(op.n, op.degree, op.alpha, (0, factor))
    A = op.todense()
    assert stretched.todense() == pytest.approx(A * factor**-op.alpha, rel=1e-12, abs=1e-13 * abs(A).max())


@given(operators(), seeds)
def test_solving_undoes_a_product(op, seed):
    v = np.random.default_rng(seed).standard_normal(op.shape[0])
    A = op.todense()
    condition = np.linalg.cond(A)
    allowed = 1e-13 * condition * np.linalg.norm(v)
    assert abs(op.solve(op @ v, rtol=1e-14).coef - v).max() < allowed
    assert abs(op.factorize().solve(op @ v) - v).max() < allowed


@given(operators(), seeds)
def test_interpolation_undoes_evaluation(op, seed):
    v = np.random.default_rng(seed).standard_normal(op.shape[0])
    values = op.spline(v)(op.points)
    assert op.mass_product(v) == pytest.approx(values, rel=0, abs=1e-13 * abs(v).max())
    again = op.interpolate(values).coef
    assert again == pytest.approx(v, rel=0, abs=1e-14 * np.linalg.cond(op.mass.toarray()) * abs(v).max())


@given(operators(), st.floats(0.1, 5), st.floats(0, 50), seeds)
def test_systems_and_factors_solve_the_dense_equation(op, d, r, seed):
    A, M = op.todense(), op.mass.toarray()
    f = np.random.default_rng(seed).standard_normal(op.shape[0])
    whole = d * A + r * M
    expected = np.linalg.solve(whole, f)
    allowed = 1e-13 * np.linalg.cond(whole) * np.linalg.norm(expected)
    assert abs(op.solve(f, diffusion=d, reaction=r, rtol=1e-14).coef - expected).max() < allowed
    assert abs(op.factorize(diffusion=d, shift=r).solve(f) - expected).max() < allowed


@given(degrees, st.integers(20, 60))
def test_alpha_next_to_two_is_the_second_derivative(degree, n):
    op = Riesz(n, degree, 2 - 1e-9)
    second = -op.basis(op.points, 2)
    A = op.todense()
    inner = slice(degree, -degree)  # not where a point is a knot of several
    if degree > 2:  # the second derivative of a parabolic spline jumps at knots, not at its points
        assert A[inner] == pytest.approx(second[inner], rel=0, abs=1e-6 * abs(A).max())


@given(degrees, st.integers(10, 60), st.sampled_from([1e-300, 1e-30, 1e-12]))
def test_alpha_next_to_zero_is_the_identity(degree, n, alpha):
    op = Riesz(n, degree, alpha)
    u = np.cos(np.arange(op.shape[0]))
    assert op @ u == pytest.approx(op.mass_product(u), rel=0, abs=1e-10)
    assert op.solve(op @ u, rtol=1e-13).coef == pytest.approx(u, rel=0, abs=1e-9 * np.linalg.cond(op.todense()))


@given(st.integers(4, 10), st.floats(0.1, 1.9), st.integers(1, 2))
def test_polynomial_bumps_are_reproduced(degree, alpha, m):
    from fractional_problems import bump, bump_rhs

    if alpha / 2 - m > -0.05:  # the right-hand side is not bounded
        return
    op = Riesz(40, degree, alpha)
    u = op.interpolate(bump(m))
    interior = (op.points > 0.05) & (op.points < 0.95)
    expected = bump_rhs(m, alpha)(op.points)
    assert (op @ u.coef)[interior] == pytest.approx(expected[interior], rel=1e-9, abs=1e-9)


@given(st.floats(1.05, 1.95), st.floats(0, 2), st.floats(0, 2), degrees)
def test_weights_mix_the_two_one_sided_matrices(alpha, left, right, degree):
    if left + right == 0:
        return
    n = 3 * degree
    L, R, mixed = (Riesz(n, degree, alpha, weights=w).todense() for w in ((1, 0), (0, 1), (left, right)))
    assert (L[::-1, ::-1] == R).all()
    assert mixed == pytest.approx(left * L + right * R, rel=0, abs=1e-13 * abs(L).max() * (1 + left + right))
