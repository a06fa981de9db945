"""AdaptiveSOR when things go wrong: caps, divergence, interrupts, other matrices."""

import copy
import pickle

import numpy as np
import pytest
import scipy.sparse as sp
from relax_problems import golden_rhs, laplacian

import trimtab as tt
from trimtab.relax import AdaptiveSOR
from trimtab.relax._attempt import Attempt
from trimtab.relax._matrix import prepare
from trimtab.relax._pattern import Pattern
from trimtab.relax._stopping import Stopping

METHODS = ["ssor-pcg", "sor", "rb-sor"]


def attempt(method, factor, cap, ref="b", start=None, maxiter=10_000):
    """One system of which the residual of the start is half the right-hand side."""
    b = golden_rhs(400)
    x = np.zeros(400) if start is None else start.copy()
    run = Attempt(method, Stopping.checked(1e-8, 0.0, ref, maxiter, None))
    (report,) = run(prepare(laplacian(20), 1), b[None], None, x[None], factor, cap)
    return report, x


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("ref", ["b", "r0"])
def test_a_capped_attempt_goes_on_with_the_reference(method, ref):
    start = 0.5 * tt.relax.ssor_pcg(laplacian(20), golden_rhs(400)).x
    whole, x = attempt(method, 1.9, cap=7, ref=ref, start=start)
    plain, _ = attempt(method, 1.0, cap=np.inf, ref=ref, start=start)
    b = golden_rhs(400)
    r = b - tt.relax._matrix.prepare(laplacian(20), 1).multiply(x)
    reference = np.linalg.norm(b) * (0.5 if ref == "r0" else 1)
    assert whole[0] == "success"
    assert whole[3] == pytest.approx(reference)
    assert np.linalg.norm(r) <= 1e-8 * reference * (1 + 1e-6)
    # energy is never lost, so at most the cap comes on top of what the reference needs from the worst such start
    assert 7 < whole[1] <= 7 + 1.5 * plain[1]


def test_without_a_cap_the_factor_is_kept():
    assert attempt("sor", 1.8, np.inf)[0] == pytest.approx(attempt("sor", 1.8, 1e6)[0], abs=1.0)
    free = attempt("sor", 1.8, np.inf)[0][1]
    assert free == tt.relax.sor(laplacian(20), golden_rhs(400), omega=1.8).nit
    assert attempt("sor", 1.8, free)[0][1] == free


def test_the_iterations_of_both_parts_stay_below_maxiter():
    report, _ = attempt("sor", 1.95, cap=10, maxiter=30)
    assert (report[0], report[1]) == ("maxiter", 30)


def test_two_failures_are_a_divergence():
    solver = AdaptiveSOR("sor", learn="off", omega=1.5)
    start = np.array([0.5, -0.25])
    x, info = solver.solve(np.array([[1.0, 3.0], [3.0, 1.0]]), np.ones(2), x0=start)
    assert (info.success, info.status) == (False, "diverged")
    assert np.array_equal(x, start)
    with pytest.raises(tt.RunFailure, match="diverged"):
        solver.solve(np.array([[1.0, 3.0], [3.0, 1.0]]), np.ones(2), raise_on_failure=True)


def test_bad_numbers_leave_the_sequence_as_it_was():
    solver, A, b = AdaptiveSOR(seed=1), laplacian(20, shift=0.5), golden_rhs(400)
    solver.solve(A, b)
    bad = b.copy()
    bad[3] = np.nan
    for call, words in (
        (lambda: solver.solve(A, bad), "b: expected finite numbers, got nan at index 3"),
        (lambda: solver.solve(A, b, x0=bad), "x0: expected finite numbers"),
        (lambda: solver.solve(A, b[:-1]), r"b: expected shape \(400,\), got \(399,\)"),
        (lambda: solver.solve(A, b, context=1.0), "context: expected a number with learn='chebcb' and none otherwise"),
        (lambda: solver.solve(np.diag([1.0, 0.0]), b), "A: row 1: zero diagonal"),
        (lambda: solver.solve(np.diag([1.0, -1.0]), b[:2]), "A: row 1: a_ii < 0"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
    assert len(solver.history()) == 1
    assert solver.solve(A, b)[1].success


def test_an_interrupted_solve_counts_as_dear(monkeypatch):
    solver, A, b = AdaptiveSOR(seed=1), laplacian(20, shift=0.5), golden_rhs(400)
    for _ in range(5):
        solver.solve(A, b)
    known = solver.ledger.spent

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Attempt, "__call__", interrupt)
    with pytest.raises(KeyboardInterrupt):
        solver.solve(A, b)
    monkeypatch.undo()
    assert solver.ledger.spent == known + solver.history()["iterations"].max()
    assert solver.solve(A, b)[1].success


def test_a_new_pattern_is_measured_anew():
    solver = AdaptiveSOR(learn="measured")
    for n in (20, 20, 30, 30):
        solver.solve(laplacian(n), golden_rhs(n * n))
    assert solver.history()["arm"].tolist() == [-1, 0, -1, 0]
    omegas = solver.history()["omega"]
    assert omegas[[1, 3]] == pytest.approx([tt.relax.omega_opt(np.cos(np.pi / n)) for n in (21, 31)], rel=1e-6)


def test_a_new_pattern_is_checked_for_symmetry():
    solver = AdaptiveSOR()
    good, bad = np.array([[2.0, 0.5], [0.5, 2.0]]), np.array([[2.0, 0.5, 0], [0.4, 2.0, 0], [0, 0, 1]])
    solver.solve(good, np.ones(2))
    for _ in range(2):
        with pytest.raises(ValueError, match=r"A: not symmetric: a\[0,1\]=0.5, a\[1,0\]=0.4"):
            solver.solve(bad, np.ones(3))


def test_patterns_are_told_apart():
    indptr, indices, data = laplacian(5).to_csr()
    csr, pattern = sp.csr_array((data, indices, indptr)), Pattern()
    assert pattern.changes(csr)
    for same in (csr, 2 * csr, csr.copy(), (indptr, indices, 3 * data), (indptr.astype(np.int64), indices, data)):
        assert not pattern.changes(same)
    moved = indices.copy()
    moved[1] = 7
    for other in ((indptr, moved, data), laplacian(5), laplacian(6), csr.toarray(), csr.tobsr((5, 5))):
        assert pattern.changes(other)
    assert not copy.deepcopy(pattern).changes(csr.tobsr((5, 5)))


def test_contexts_are_clamped_with_one_warning():
    solver, A, b = AdaptiveSOR(learn="chebcb", context=(0, 1)), laplacian(10), golden_rhs(100)
    with pytest.warns(UserWarning, match="context"):
        solver.solve(A, b, context=3.0)
    solver.solve(A, b, context=-1.0)
    assert solver.history()["context"].tolist() == [3, -1]
    with pytest.raises(ValueError, match="context: expected a number with learn='chebcb'"):
        solver.solve(A, b)


def test_an_adaptive_solver_can_be_pickled():
    first = AdaptiveSOR(seed=4)
    systems = [(laplacian(12, shift=s), golden_rhs(144)) for s in np.linspace(0, 2, 30)]
    for A, b in systems[:15]:
        first.solve(A, b)
    second = pickle.loads(pickle.dumps(first))
    for A, b in systems[15:]:
        first.solve(A, b), second.solve(A, b)
    assert np.array_equal(first.history()["omega"], second.history()["omega"])
