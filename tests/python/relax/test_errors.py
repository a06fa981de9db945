"""Bad input is named; failures keep the last good state."""

import numpy as np
import pytest
from relax_problems import golden_rhs, laplacian

import trimtab as tt

A5 = laplacian(3)
SOLVERS = [tt.relax.sor, tt.relax.ssor_pcg, lambda A, b, **o: tt.relax.psor(A, b, np.zeros_like(b), **o)]


def csr(dense):
    dense = np.asarray(dense, dtype=float)
    full = np.ones(dense.shape, dtype=bool)
    return np.arange(len(dense) + 1) * len(dense), np.nonzero(full)[1], dense.ravel()


@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"omega": 2.1}, r"omega: expected a number in \(0, 2\), outside of which SOR diverges, got 2.1"),
        ({"omega": 0.0}, "omega: expected a number in"),
        ({"omega": float("nan")}, "omega: expected a finite number"),
        ({"rtol": 0.0}, "rtol: expected rtol or atol above 0, got 0 for both"),
        ({"rtol": -1.0}, "rtol: expected a number in"),
        ({"maxiter": 0}, "maxiter: expected an integer >= 1, got 0"),
        ({"ref": "x"}, "ref: expected one of 'b', 'r0', got 'x'"),
        ({"threads": 0}, "threads: expected an integer >= 1"),
        ({"time_limit": 0.0}, "time_limit: expected a number in"),
        ({"x0": np.zeros(4)}, r"x0: expected shape \(9,\), got \(4,\)"),
        ({"x0": np.full(9, np.nan)}, "x0: expected finite numbers, got nan at index 0"),
    ],
)
def test_bad_options_are_named(solve, options, words):
    with pytest.raises(ValueError, match=words):
        solve(A5, np.ones(9), **options)


@pytest.mark.parametrize(
    ("A", "words"),
    [
        (np.ones((5, 4)), "A: expected a square matrix, got 5x4"),
        (csr([[1, 0], [0, 0]]), "A: row 1: zero diagonal; SOR needs a_ii != 0"),
        ((np.array([0, 1, 2]), np.array([1, 0]), np.ones(2)), "A: row 0: zero diagonal"),
        (csr([[1, np.nan], [0, 1]]), "A: expected finite numbers, got row 0: nan"),
        (csr([[1, 0], [np.inf, 1]]), "A: expected finite numbers, got row 1: inf"),
        ((np.array([0, 1, 2]), np.array([0, 5]), np.ones(2)), "A: expected columns from 0 to 1, got row 1: 5"),
        ((np.array([0, 2, 1]), np.array([0, 1]), np.ones(2)), "A: expected an indptr that starts at 0 and never falls"),
        ((np.array([0, 1, 3]), np.array([0, 1]), np.ones(2)), r"A: expected indptr\[-1\] indices and numbers, got 3"),
    ],
)
def test_bad_matrices_are_named(A, words):
    with pytest.raises(ValueError, match=words):
        tt.relax.sor(A, np.ones(2))


@pytest.mark.parametrize(
    ("A", "words"),
    [
        ("matrix", "A: expected a SciPy sparse matrix, a Stencil2D or Stencil3D"),
        (csr([[1, 0], [0, 1]])[:2], "A: expected a SciPy sparse matrix"),
        (np.eye(2, dtype=complex), "A: expected real numbers, got dtype complex128"),
        ((np.array([0.0, 1.0]), np.array([0]), np.ones(1)), "A: expected integer indices"),
    ],
)
def test_wrong_types_are_named(A, words):
    with pytest.raises(TypeError, match=words):
        tt.relax.sor(A, np.ones(2))


def test_bad_vectors_are_named():
    with pytest.raises(ValueError, match=r"b: expected shape \(9,\), got \(7,\)"):
        tt.relax.sor(A5, np.ones(7))
    with pytest.raises(ValueError, match="b: expected finite numbers, got inf at index 2"):
        tt.relax.sor(A5, [0, 0, np.inf, 0, 0, 0, 0, 0, 0])
    with pytest.raises(ValueError, match="floor: expected finite numbers"):
        tt.relax.psor(A5, np.ones(9), np.full(9, -np.inf))


@pytest.mark.parametrize(
    ("shape", "coefficients", "words"),
    [
        ((3,), np.ones((3, 3)), "shape: expected 2 sizes"),
        ((3, 0), np.ones((3, 3)), "shape: expected an integer >= 1, got 0"),
        ((3, 4), np.ones((3, 3, 4, 3)), r"coefficients: expected shape \(3, 3\) or \(3, 3, 3, 4\), got \(3, 3, 4, 3\)"),
        ((3, 4), np.ones((3, 4)), "coefficients: expected shape"),
    ],
)
def test_bad_stencils_are_named(shape, coefficients, words):
    with pytest.raises(ValueError, match=words):
        tt.relax.Stencil2D(shape, coefficients)


def test_other_bad_stencils_are_named():
    with pytest.raises(ValueError, match="coefficients: expected zeros away from the axes for 7 points"):
        tt.relax.Stencil3D((2, 2, 2), np.ones((3, 3, 3)))
    with pytest.raises(ValueError, match="conductivity: expected positive numbers"):
        tt.relax.Stencil2D.diffusion([[1.0, -1.0]])
    with pytest.raises(ValueError, match="row 0: zero diagonal"):
        tt.relax.sor(tt.relax.Stencil2D((2, 2), np.zeros((3, 3))), np.ones(4))
    with pytest.raises(ValueError, match="A: expected finite coefficients, got row 0: nan"):
        tt.relax.sor(tt.relax.Stencil2D((2, 2), [[0, np.nan, 0], [0, 1, 0], [0, 0, 0]]), np.ones(4))
    with pytest.raises(ValueError, match="order: expected row for this matrix; red-black needs a 5- or 7-point"):
        tt.relax.sor(A5.to_csr(), np.ones(9), order="red-black")
    with pytest.raises(ValueError, match="direction: expected forward for red-black sweeps"):
        tt.relax.sor(A5, np.ones(9), order="red-black", direction="backward")


def test_ssor_pcg_refuses_what_is_not_positive_definite():
    with pytest.raises(ValueError, match="A: row 1: a_ii < 0: not positive definite; use sor, or -A"):
        tt.relax.ssor_pcg(csr([[2, 0], [0, -1]]), np.ones(2))
    with pytest.raises(ValueError, match=r"A: not symmetric: a\[0,1\]=1, a\[1,0\]=0.5"):
        tt.relax.ssor_pcg(csr([[2, 1], [0.5, 2]]), np.ones(2))
    with pytest.raises(ValueError, match="A: not symmetric: coefficients"):
        tt.relax.ssor_pcg(tt.relax.Stencil2D((3, 3), [[0, -1, 0], [-1, 4, -2], [0, -1, 0]]), np.ones(9))
    with pytest.raises(ValueError, match="a_ii < 0; projected SOR needs a positive diagonal"):
        tt.relax.psor(csr([[2, 0], [0, -1]]), np.ones(2), np.zeros(2))


def test_an_indefinite_matrix_is_found_on_the_way():
    r = tt.relax.ssor_pcg(csr([[1, 3], [3, 1]]), np.array([1.0, -1.0]))
    assert (r.success, r.status) == (False, "not_spd")
    assert "negative curvature" in r.message
    with pytest.raises(tt.RunFailure, match="negative curvature"):
        tt.relax.ssor_pcg(csr([[1, 3], [3, 1]]), np.array([1.0, -1.0]), raise_on_failure=True)


def test_divergence_gives_the_start_back():
    start = np.array([0.5, -0.25])
    for factor in (1.0, 1e200):
        r = tt.relax.sor(csr([[1, 3 * factor], [3 * factor, 1]]), np.ones(2), x0=start)
        assert r.status == "diverged"
        assert np.array_equal(r.x, start)


@pytest.mark.parametrize("solve", SOLVERS)
def test_running_out_of_iterations_is_said(solve):
    r = solve(laplacian(20), golden_rhs(400), maxiter=3)
    assert (r.success, r.status, r.nit) == (False, "maxiter", 3)
    assert "ran out of iterations after 3 iterations" in r.message
    assert "maxiter=3" in r.message


@pytest.mark.parametrize("solve", SOLVERS)
def test_a_zero_right_hand_side_has_the_zero_solution(solve):
    r = solve(A5, np.zeros(9), x0=np.zeros(9))
    assert (r.success, r.nit) == (True, 0)
    assert not r.x.any()


def test_a_good_start_is_left_alone():
    x = tt.relax.ssor_pcg(A5, np.ones(9), rtol=1e-13).x
    for solve in SOLVERS[:2]:
        r = solve(A5, np.ones(9), x0=x, rtol=1e-6)
        assert r.nit == 0
        assert np.array_equal(r.x, x)


@pytest.mark.parametrize("solve", SOLVERS)
def test_progress_is_reported_and_stops(solve):
    A, b, seen = laplacian(60), golden_rhs(3600), []

    def stop(fraction, info):
        seen.append(fraction)
        return True

    r = solve(A, b, rtol=1e-14, progress=stop)
    assert r.status == "stopped"
    assert len(seen) == 1
    assert 0 <= seen[0] <= 1

    def fail(fraction, info):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        solve(A, b, progress=fail)


def test_a_time_limit_ends_the_run():
    r = tt.relax.sor(laplacian(300), golden_rhs(90000), rtol=1e-14, maxiter=10**9, time_limit=0.05)
    assert r.status == "time_limit"
    assert r.residual < 1


def test_omega_opt_wants_one_of_two():
    with pytest.raises(ValueError, match="beta: expected either beta or gap"):
        tt.relax.omega_opt()
    with pytest.raises(ValueError, match=r"beta: expected a number in \[0, 1\)"):
        tt.relax.omega_opt(1.0)
    with pytest.raises(ValueError, match=r"beta: expected a number in \[0, 1\), got 1.5"):
        tt.relax.young_rate(1.0, 1.5)
