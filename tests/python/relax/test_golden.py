"""Counts and numbers that were computed elsewhere."""

import numpy as np
import pytest
from relax_problems import Heat, golden_rhs, laplacian

import trimtab as tt
from reference import relax as reference


@pytest.fixture
def cases(golden):
    return golden("relax")


def test_young(cases):
    case, beta = cases["young_formula"], np.cos(np.pi / 11)
    assert tt.relax.omega_opt(beta) == pytest.approx(case["output"]["omega_opt"], abs=1e-12)
    rates = [tt.relax.young_rate(w, beta) for w in case["recipe"]["omegas"]]
    assert rates == pytest.approx(case["output"]["rho"], abs=1e-12)


def test_gap_policy(cases):
    case = cases["gap_policy_omegas"]
    omegas = [[tt._core.relax.omega_from_gap(e, b) for b in case["recipe"]["binf"]] for e in case["recipe"]["eps"]]
    assert np.allclose(omegas, case["output"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", ["stencil", "csr"])
@pytest.mark.parametrize(("name", "order"), [("sor", "row"), ("redblack_sor", "red-black")])
def test_sor_counts(cases, name, order, kind):
    A = laplacian(10)
    if kind == "csr":
        if order != "row":
            A = reordered(A)
        A = A if isinstance(A, tuple) else A.to_csr()
    b = golden_rhs(100)
    if kind == "csr" and order == "red-black":
        b = b[reference.red_black((10, 10))]
    for omega, count in cases[f"{name}_counts_lap2_10"]["output"].items():
        options = {"order": order} if kind == "stencil" else {}
        assert tt.relax.sor(A, b, omega=float(omega), ref="r0", **options).nit == count


def reordered(A):
    """The matrix with its red unknowns first."""
    rows = reference.red_black(A.shape)
    dense = reference.dense(A.to_csr())[np.ix_(rows, rows)]
    indptr = np.concatenate([[0], np.cumsum((dense != 0).sum(axis=1))])
    return indptr, np.nonzero(dense)[1], dense[dense != 0]


def test_sor_iterates(cases):
    case = cases["sor_iterate_after_5_sweeps"]["output"]
    A, b = laplacian(10), golden_rhs(100)
    norms = [np.linalg.norm(b)]
    for sweeps in range(1, 6):
        r = tt.relax.sor(A, b, omega=1.3, maxiter=sweeps)
        norms.append(r.residual * norms[0])
    assert norms == pytest.approx(case["residual_norms"], rel=1e-12)
    assert [np.linalg.norm(r.x), r.x[0], r.x[50], r.x[99]] == pytest.approx(
        [case["norm2_x"], case["x0"], case["x50"], case["x99"]], rel=1e-12
    )


def test_textbook_sweep(cases):
    case = cases["sor_textbook_4x4_one_sweep"]
    r = tt.relax.sor(np.array(case["recipe"]["A"]), case["recipe"]["b"], omega=0.5, maxiter=1)
    assert r.x == pytest.approx(case["output"], abs=1e-14)


@pytest.mark.parametrize("kind", ["stencil", "csr"])
def test_ssor_pcg_counts(cases, kind):
    A, b = laplacian(60), golden_rhs(3600)
    A = A.to_csr() if kind == "csr" else A
    for omega, count in cases["ssor_pcg_counts_lap2_60"]["output"].items():
        if omega != "cg":
            r = tt.relax.ssor_pcg(A, b, omega=float(omega))
            assert abs(r.nit - count) <= 1
    exact = tt.relax.ssor_pcg(A, b, omega=1.9, rtol=1e-13)
    assert np.linalg.norm(exact.x) == pytest.approx(cases["solution_norm_lap2_60"]["output"], rel=1e-10)


def test_ssor_preconditioner(cases):
    case, r = cases["ssor_apply_lap2_10"]["output"], golden_rhs(100)
    z = tt.relax.ssor_preconditioner(laplacian(10), 1.5) @ r
    assert [np.linalg.norm(z), z[0], z[99], r @ z] == pytest.approx(
        [case["norm2"], case["z0"], case["z99"], case["rz"]], rel=1e-12
    )


def test_diagonal_shift(cases):
    for c, case in cases["diagonal_shift"]["output"].items():
        A = laplacian(10, shift=float(c))
        norm = tt.relax._matrix.prepare(A, 1).jacobi_norm()
        assert norm == pytest.approx(case["binf"], abs=1e-12)
        assert (1 - case["eps"]) * norm == pytest.approx(case["beta"], abs=1e-12)
        omega = tt.relax.omega_opt(case["beta"])
        assert omega == pytest.approx(case["omega_opt"], abs=1e-12)
        assert tt.relax.sor(A, golden_rhs(100), omega=omega, ref="r0").nit == case["k"]


def test_ritz_value(cases):
    case = cases["jacobi_pcg_ritz_beta_lap2_10"]["output"]
    core = tt.relax._matrix.prepare(laplacian(10), 1)
    stopping = tt._core.relax.Stopping(1e-8, 0.0, False, 1000, 0.0, None)
    status, nit, _, _, _, ritz, _, _ = core.jacobi_pcg(golden_rhs(100), np.zeros(100), stopping)
    assert status == "success"
    assert abs(nit - case["k"]) <= 1
    assert 1 - ritz == pytest.approx(case["beta"], abs=1e-8)


def test_heat_counts(cases):
    for omega, case in cases["heat_counts_nx25"]["output"].items():
        if omega == "cg":
            continue
        heat, counts = Heat(25), []
        for step in range(600):
            A, b = heat.system(step)
            r = tt.relax.ssor_pcg(A, b, x0=heat.u, omega=float(omega), threads=1)
            heat.u = r.x
            counts.append(r.nit)
        assert np.abs(np.subtract(counts[:5], case["first5"])).max() <= 1
        assert np.abs(np.subtract(counts[500:506], case["steps_500_505"])).max() <= 1
        assert sum(counts) == pytest.approx(case["total_600"], rel=0.005)


def test_heat_solution(cases):
    case, heat = cases["heat_solution_nx25_t1"]["output"], Heat(25)
    for step in range(1000):
        A, b = heat.system(step)
        heat.u = tt.relax.ssor_pcg(A, b, x0=heat.u, omega=1.3, rtol=1e-12, threads=1).x
    assert heat.u.sum() == pytest.approx(case["sum_u"], rel=1e-8)
    assert heat.u.max() == pytest.approx(case["max_u"], rel=1e-8)
