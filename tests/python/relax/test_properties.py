"""What the mathematics promises, for any matrix."""

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.sparse.linalg as linalg
from hypothesis import given
from hypothesis import strategies as st
from relax_problems import golden_rhs, laplacian, rough_stencil

import trimtab as tt
from reference import relax as reference

omegas = st.floats(0.05, 1.95)
seeds = st.integers(0, 10**6)


def spd(seed, n=25):
    """A sparse symmetric positive definite matrix, its condition number far from one."""
    rng = np.random.default_rng(seed)
    B = np.where(rng.random((n, n)) < 0.3, rng.standard_normal((n, n)), 0)
    return B @ B.T + 0.05 * np.eye(n)


@pytest.mark.parametrize("omega", [0.8, 1.0, 1.3, 1.5, 1.56, 1.6, 1.8, 1.95])
def test_young_gives_the_rate_of_dense_eigenvalues(omega):
    A = reference.dense(laplacian(10).to_csr())
    D, L, _ = reference.split(A)
    C = np.eye(100) - A @ np.linalg.inv(D / omega + L)
    # above the best omega the eigenvalues are defective to rounding: they scatter by the root of the precision
    expected = tt.relax.young_rate(omega, np.cos(np.pi / 11))
    assert abs(np.linalg.eigvals(C)).max() == pytest.approx(expected, abs=1e-6)


@given(st.floats(0, 1 - 1e-9), st.floats(0, 1 - 1e-9))
def test_omega_opt_grows_with_beta_and_is_where_the_rate_is_least(a, b):
    low, high = sorted((a, b))
    assert tt.relax.omega_opt(low) <= tt.relax.omega_opt(high)
    best = tt.relax.omega_opt(high)
    for other in (0.9 * best, best + 0.5 * (2 - best)):
        assert tt.relax.young_rate(best, high) <= tt.relax.young_rate(other, high) + 1e-12


@given(seeds, omegas)
def test_the_preconditioned_spectrum_lies_below_one(seed, omega):
    A = spd(seed)
    values = np.linalg.eigvals(np.linalg.solve(reference.ssor_matrix(A, omega), A))
    M = tt.relax.ssor_preconditioner(A, omega)
    applied = np.linalg.eigvals(np.stack([M @ column for column in A.T], axis=1))
    assert applied.real.max() <= 1 + 1e-10
    assert np.sort(applied.real) == pytest.approx(np.sort(values.real), abs=1e-8)


@given(seeds, st.floats(0.05, 1.95), st.sampled_from(["forward", "backward", "symmetric"]))
def test_the_energy_of_the_error_never_grows(seed, omega, direction):
    A = spd(seed)
    exact = golden_rhs(25)
    x, energies = np.zeros(25), [exact @ A @ exact]
    for _ in range(6):
        x = tt.relax.sor(A, A @ exact, omega=omega, x0=x, direction=direction, maxiter=1, rtol=1e-300).x
        energies.append((x - exact) @ A @ (x - exact))
    assert (np.diff(energies) <= 1e-12 * energies[0]).all()


def test_a_sweep_loses_the_energy_of_ostrowski_and_reich():
    A, exact, omega = spd(3), golden_rhs(25), 1.4
    x = tt.relax.sor(A, A @ exact, omega=omega, maxiter=1, rtol=1e-300).x
    lost = exact @ A @ exact - (x - exact) @ A @ (x - exact)
    assert lost == pytest.approx((2 / omega - 1) * x @ (np.diag(A) * x), rel=1e-10)


@given(st.integers(-40, 40), st.sampled_from([0.8, 1.5, 1.9]), st.integers(0, 20))
def test_powers_of_two_change_no_count(power, omega, seed):
    A, s = rough_stencil((8, 9), 5, seed, symmetric=True), 2.0**power
    indptr, indices, data = A.to_csr()
    b = golden_rhs(72)
    for solve in (tt.relax.sor, tt.relax.ssor_pcg):
        plain, scaled = (solve((indptr, indices, f * data), f * b, omega=omega) for f in (1, s))
        assert scaled.nit == plain.nit
        assert np.array_equal(scaled.x, plain.x)


@given(st.sampled_from([3.0, 1 / 7, 1e5]), st.sampled_from([0.8, 1.5, 1.9]))
def test_other_factors_change_a_count_by_one_at_most(s, omega):
    A, b = rough_stencil((8, 9), 5, symmetric=True), golden_rhs(72)
    indptr, indices, data = A.to_csr()
    for solve in (tt.relax.sor, tt.relax.ssor_pcg):
        assert abs(solve((indptr, indices, s * data), s * b, omega=omega).nit - solve(A, b, omega=omega).nit) <= 1


@given(seeds, omegas)
def test_scaling_by_a_diagonal_scales_the_iterates(seed, omega):
    A, b = spd(seed), golden_rhs(25)
    d = 2.0 ** np.random.default_rng(seed).integers(-3, 4, 25)
    plain = tt.relax.sor(A, b, omega=omega, maxiter=4, rtol=1e-300).x
    scaled = tt.relax.sor(d[:, None] * A * d, d * b, omega=omega, maxiter=4, rtol=1e-300).x
    assert np.array_equal(d * scaled, plain)


@given(seeds, st.floats(0.3, 1.8))
def test_projected_sor_meets_the_conditions_of_the_obstacle_problem(seed, omega):
    A = rough_stencil((6, 8), 5, seed, symmetric=True)
    rng = np.random.default_rng(seed)
    b, floor = rng.standard_normal(48), rng.standard_normal(48)
    r = tt.relax.psor(A, b, floor, omega=omega, rtol=1e-10)
    slack = reference.dense(A.to_csr()) @ r.x - b
    tolerance = 1e-9 * max(1, np.abs(b).max())
    assert r.success
    assert (r.x >= floor).all()
    assert slack.min() >= -tolerance
    assert np.abs(np.minimum(r.x - floor, slack)).max() <= tolerance


def test_projected_sor_without_contact_is_sor():
    A, b = laplacian(12), golden_rhs(144)
    low = np.full(144, -1e6)
    free, held = tt.relax.sor(A, b, omega=1.5, maxiter=7), tt.relax.psor(A, b, low, omega=1.5, maxiter=7)
    assert np.array_equal(free.x, held.x)


def test_the_best_omega_of_an_obstacle_problem_is_not_that_of_its_matrix():
    n = 63
    x = np.linspace(-1, 1, n + 2)[1:-1]
    A, floor = tt.relax.Stencil2D((1, n), [[0, 0, 0], [-1, 2, -1], [0, 0, 0]]), 0.5 - 2 * x**2
    counts = {w: tt.relax.psor(A, np.zeros(n), floor, omega=w, rtol=1e-8).nit for w in (1.0, 1.8, 1.906)}
    assert counts[1.8] < counts[1.906] < counts[1.0]


def test_diffusion_with_a_constant_conductivity_is_the_laplacian_inside():
    c = tt.relax.Stencil2D.diffusion(np.full((5, 6), 2.0), shift=0.5)
    inner = c.coefficients[:, 2, 2]
    assert inner.tolist() == [-2.0, -2.0, 8.5, -2.0, -2.0]
    assert c.coefficients[:, 0, 0].tolist() == [-4.0, -4.0, 12.5, -2.0, -2.0]
    dense = reference.dense(c.to_csr())
    assert np.array_equal(dense, dense.T)


def test_the_preconditioner_serves_scipy():
    A = laplacian(60)
    indptr, indices, data = A.to_csr()
    counts = {}
    for name, M in {"plain": None, "ssor": tt.relax.ssor_preconditioner(A, 1.75)}.items():
        seen = []
        x, info = linalg.cg(
            sp.csr_array((data, indices, indptr)), golden_rhs(3600), M=M, rtol=1e-8, callback=seen.append
        )
        assert info == 0
        counts[name] = len(seen)
    ours = tt.relax.ssor_pcg(A, golden_rhs(3600), omega=1.75)
    assert abs(counts["ssor"] - ours.nit) <= 1
    assert np.abs(x - ours.x).max() <= 1e-6 * np.abs(x).max()
    assert counts["plain"] > 4 * counts["ssor"]


@given(seeds, omegas)
def test_symmetric_permutations_of_the_unknowns_only_rename_them(seed, omega):
    # rows in another order, visited in that order: the same sweep
    A, b = spd(seed), golden_rhs(25)
    order = np.random.default_rng(seed).permutation(25)
    expected = reference.sor(A, b, omega, 3, rows=order)
    permuted = tt.relax.sor(A[np.ix_(order, order)], b[order], omega=omega, maxiter=3, rtol=1e-300).x
    assert np.abs(permuted - expected[order]).max() <= 1e-12 * np.abs(expected).max()


@given(seeds, omegas)
def test_conjugate_gradients_never_lose_energy_either(seed, omega):
    A, exact = spd(seed), golden_rhs(25)
    energies = [exact @ A @ exact]
    for nit in range(1, 9):
        x = tt.relax.ssor_pcg(A, A @ exact, omega=omega, maxiter=nit, rtol=1e-300).x
        energies.append((x - exact) @ A @ (x - exact))
    assert (np.diff(energies) <= 1e-12 * energies[0]).all()


@given(st.integers(3, 14), st.floats(0.01, 100), st.floats(0, 10))
def test_one_gap_serves_every_scale_and_shift(m, scale, shift):
    A = tt.relax.Stencil2D.laplacian((m, m), scale=scale, shift=shift)
    dense = reference.dense(A.to_csr())
    B = np.eye(m * m) - dense / np.diag(dense)[:, None]
    norm = np.abs(B).sum(axis=1).max()
    radius = abs(np.linalg.eigvalsh(B)).max()
    inner = tt.relax.Stencil2D.laplacian((3, 3), scale=scale, shift=shift)  # has a point with all its neighbors
    assert norm == pytest.approx(tt.relax._matrix.prepare(inner, 1).jacobi_norm())
    assert radius == pytest.approx(np.cos(np.pi / (m + 1)) * norm)
    omega = tt._core.relax.omega_from_gap(1 - np.cos(np.pi / (m + 1)), norm)
    assert omega == pytest.approx(tt.relax.omega_opt(radius), rel=1e-9)


@pytest.mark.parametrize("direction", ["forward", "backward", "symmetric"])
def test_a_smoother_is_so_many_sweeps(direction):
    A, b = laplacian(15), golden_rhs(225)
    x = np.cos(np.arange(225.0))
    expected = tt.relax.sor(A, b, omega=1.2, x0=x, direction=direction, maxiter=3, rtol=1e-300).x
    tt.relax.Smoother(1.2, sweeps=3, direction=direction)(A, x, b)
    assert np.array_equal(x, expected)


def test_a_smoother_notices_another_matrix():
    smoother, b = tt.relax.Smoother(), golden_rhs(225)
    for A in (laplacian(15), laplacian(15, shift=1.0)):
        x = np.zeros(225)
        smoother(A, x, b)
        assert np.array_equal(x, tt.relax.sor(A, b, maxiter=1, rtol=1e-300).x)
