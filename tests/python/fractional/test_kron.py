"""Rectangles and boxes."""

from functools import reduce

import numpy as np
import pytest
from fractional_problems import bump, bump_rhs
from hypothesis import given, settings
from hypothesis import strategies as st

import trimtab as tt

Kron2D, Kron3D, Riesz = tt.fractional.Kron2D, tt.fractional.Kron3D, tt.fractional.Riesz


def dense(K):
    stiff, mass = [op.todense() for op in K.ops], [op.mass.toarray() for op in K.ops]
    total = K.reaction * reduce(np.kron, mass)
    for d, k in enumerate(K.diffusion):
        total = total + k * reduce(np.kron, [stiff[e] if e == d else mass[e] for e in range(len(K.ops))])
    return total


def smooth(alpha):
    u, f = bump(4), bump_rhs(4, alpha)
    return lambda x, y: f(x) * u(y) + u(x) * f(y)


@settings(max_examples=20)
@given(
    n=st.tuples(st.integers(4, 12), st.integers(4, 12)),
    degree=st.tuples(st.integers(2, 4), st.integers(2, 4)),
    alpha=st.tuples(st.floats(0.3, 1.95), st.floats(0.3, 1.95)),
    seed=st.integers(0, 10**6),
)
def test_product_is_that_of_the_dense_matrix(n, degree, alpha, seed):
    K = Kron2D(
        [Riesz(*args, interval=(0.0, 1.0 + i)) for i, args in enumerate(zip(n, degree, alpha, strict=True))],
        diffusion=(1.0, 0.3),
        reaction=2.0,
    )
    c = np.random.default_rng(seed).standard_normal(K.shape)
    expected = (dense(K) @ c.ravel()).reshape(K.shape)
    assert np.allclose(K @ c, expected, rtol=0, atol=1e-12 * abs(expected).max())


@pytest.mark.parametrize("alpha", [1.1, 1.5, 1.9])
@pytest.mark.parametrize(("degree", "most"), [(2, 9), (4, 19)])
def test_iterations_do_not_grow(alpha, degree, most):
    for n in (32, 64, 128):
        op = Riesz(n, degree, alpha)
        u = Kron2D((op, op)).solve(smooth(alpha))
        assert u.success
        assert u.iterations <= most


def test_accuracy_and_the_direct_solution():
    op = Riesz(32, 4, 1.5)
    K = Kron2D((op, op))
    u, direct = K.solve(smooth(1.5), rtol=1e-12), K.solve(smooth(1.5), method="direct")
    g = np.linspace(0, 1, 41)
    exact = np.outer(bump(4)(g), bump(4)(g))
    assert abs(u.grid(g, g) - exact).max() < 6.3e-11
    assert np.allclose(u.coef, direct.coef, rtol=0, atol=1e-11 * abs(u.coef).max())
    assert u(0.3, 0.4) == pytest.approx(u.grid([0.3], [0.4])[0, 0], rel=1e-13)
    assert u(g, g).shape == g.shape


def test_different_directions_with_reaction():
    K = Kron2D((Riesz(20, 3, 1.2, (0, 2)), Riesz(30, 4, 1.7)), diffusion=(2.0, 0.5), reaction=3.0)
    f = np.cos(np.add.outer(*K.points))
    expected = np.linalg.solve(dense(K), f.ravel()).reshape(K.shape)
    for method in ("gmres", "direct"):
        assert np.allclose(K.solve(f, rtol=1e-13, method=method).coef, expected, rtol=0, atol=1e-10)


def test_three_directions():
    K = Kron3D((Riesz(8, 4, 1.5), Riesz(7, 3, 1.2, (0, 2)), Riesz(9, 2, 0.8)), (1.0, 2.0, 0.5), reaction=3.0)
    f = np.cos(reduce(np.add.outer, K.points))
    u = K.solve(f, rtol=1e-12)
    assert u.success
    assert np.allclose(u.coef, np.linalg.solve(dense(K), f.ravel()).reshape(K.shape), rtol=0, atol=1e-10)
    with pytest.raises(ValueError, match="method"):
        K.solve(f, method="direct")


def test_unequal_weights_go_without_preconditioner():
    op = Riesz(12, 3, 1.5, weights=(1.0, 0.5))
    K = Kron2D((op, op))
    u = K.solve(1.0, maxiter=200)
    assert u.success
    assert abs(K @ u.coef - 1).max() < 1e-7


def test_failure_and_errors():
    op = Riesz(32, 4, 1.5)
    K = Kron2D((op, op))
    assert K.solve(1.0, maxiter=2).status == "maxiter"
    with pytest.raises(tt.RunFailure, match="after 2 iterations"):
        K.solve(1.0, maxiter=2, raise_on_failure=True)
    assert K.solve(0.0).iterations == 0
    for call, error, words in (
        (lambda: Kron2D((op,)), TypeError, "ops: expected 2"),
        (lambda: Kron2D((op, op), diffusion=0.0), ValueError, "diffusion"),
        (lambda: K.solve(np.ones((3, 3))), ValueError, r"F: expected shape \(34, 34\)"),
        (lambda: K.solve(np.full(K.shape, np.nan)), ValueError, "F: expected finite"),
        (lambda: K @ np.ones(3), ValueError, "c: expected shape"),
        (lambda: K.solve(1.0).grid([0.5]), TypeError, "coordinates: expected 2, got 1"),
    ):
        with pytest.raises(error, match=words):
            call()
