"""The user's view: SciPy, batches, threads, functions."""

import pickle
import threading

import numpy as np
import pytest
import scipy.sparse.linalg as linalg
from fractional_problems import GRID, bump, bump_rhs

import trimtab as tt
from python.core.levels import outputs_of_every_level

Riesz = tt.fractional.Riesz


def test_scipy_takes_the_operator_and_the_preconditioner():
    op = Riesz(253)
    f = bump_rhs(4, 1.5)(op.points)
    inverse = linalg.LinearOperator(op.shape, op.system().precondition)
    c, info = linalg.gmres(op, f, M=inverse, rtol=1e-12)
    assert info == 0
    assert abs(op.spline(c)(GRID) - bump(4)(GRID)).max() < 1e-11
    assert linalg.aslinearoperator(op).H @ f == pytest.approx(op.todense().T @ f, rel=1e-12, abs=1e-10)


@pytest.mark.parametrize("n", [2, 3, 7, 8, 9, 10, 11, 45, 46, 47, 100, 253, 256])
def test_every_number_of_cells_works(n):
    op = Riesz(n, 4, 1.3)
    assert op.shape == (n + 2, n + 2)
    expected = np.linalg.solve(op.todense(), np.ones(n + 2))
    assert op.solve(1.0, rtol=1e-13).coef == pytest.approx(expected, rel=0, abs=1e-11 * abs(expected).max())


@pytest.mark.parametrize("preconditioner", ["auto", "tau", "padded tau", "strang", "none", "dense"])
@pytest.mark.parametrize("n", [61, 100])
def test_all_preconditioners_lead_to_one_solution(preconditioner, n):
    op = Riesz(n, 4, 1.5)
    u = op.solve(np.cos, preconditioner=preconditioner, rtol=1e-13)
    expected = np.linalg.solve(op.todense(), np.cos(op.points))
    assert u.success
    assert u.coef == pytest.approx(expected, rel=0, abs=1e-11 * abs(expected).max())
    assert u.preconditioner == ("padded tau" if preconditioner == "auto" else preconditioner)


@pytest.mark.parametrize("degree", [2, 4, 6])
def test_variable_coefficients_take_as_many_iterations_for_any_n(degree):
    counts = []
    for n in (256, 4096):
        op = Riesz(n, degree, 1.5)
        u = op.solve(
            bump_rhs(4, 1.5), diffusion=lambda x: 1 + 0.9 * np.sin(2 * np.pi * x), reaction=lambda x: 10 * np.cos(x)
        )
        counts.append(u.iterations)
    assert max(counts) <= 15
    assert abs(counts[0] - counts[1]) <= 2


@pytest.mark.parametrize("weights", [(1, 0), (0, 1), (1, 0.3)])
def test_unequal_weights_are_solved_by_a_circulant(weights):
    op = Riesz(300, 4, 1.5, weights=weights)
    u = op.solve(1.0, rtol=1e-12)
    assert u.preconditioner == "strang"
    assert u.iterations < 20
    expected = np.linalg.solve(op.todense(), np.ones(op.shape[0]))
    assert u.coef == pytest.approx(expected, rel=0, abs=1e-9 * abs(expected).max())


def test_many_right_hand_sides_are_solved_as_one_by_one():
    op = Riesz(253)
    F = np.stack([np.cos(k * op.points) for k in range(5)], axis=1)
    together = op.solve(F)
    assert together.coef.shape == (op.shape[0], 5)
    assert together(GRID).shape == (4001, 5)
    for k in range(5):
        assert (together.coef[:, k] == op.solve(F[:, k]).coef).all()


def test_threads_do_not_show_in_the_bits():
    results = []
    for threads in (1, 2, 3):
        op = Riesz(2045, 5, 1.4, threads=threads)
        F = np.stack([np.cos(k * op.points) for k in range(4)], axis=1)
        lu = op.factorize(shift=2.0)
        results.append([op.solve(F).coef, op.solve(F[:, 1]).coef, lu.solve(F), op @ F])
    for other in results[1:]:
        assert all((a == b).all() for a, b in zip(results[0], other, strict=True))


def test_every_level_gives_the_same_bits():
    script = """
import hashlib, numpy as np, trimtab as tt
digest = hashlib.sha256()
for degree in (2, 5):
    for alpha in (0.4, 1.0, 1.6):
        for n in (9, 45, 253, 3000):
            op = tt.fractional.Riesz(n, degree, alpha)
            f = 1 / (1 + np.arange(op.shape[0]) % 7)
            results = [op @ f, op.solve(f, reaction=2.0).coef, op.factorize(shift=3.0).solve(f), op.rows([0.3])]
            if alpha > 1:
                results.append(tt.fractional.Riesz(n, degree, alpha, weights=(1, 0.3)).solve(f).coef)
            for a in results:
                digest.update(a.tobytes())
digest.update(tt.fractional.symbol([0.1, 1.0, 3.0]).tobytes())
print(digest.hexdigest())
"""
    assert len(set(outputs_of_every_level(script).values())) == 1


def test_one_operator_serves_many_threads():
    op = Riesz(509)
    system, f = op.system(), np.cos(op.points)
    expected = system.solve(f).coef
    found = [None] * 8

    def work(i):
        for _ in range(5):
            found[i] = system.solve(f).coef

    workers = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all((c == expected).all() for c in found)


def test_a_start_saves_iterations():
    op = Riesz(1021)
    system = op.system()
    u = system.solve(np.cos)
    again = system.solve(lambda x: np.cos(x) + 1e-8 * x, x0=u)
    assert again.iterations < u.iterations
    assert system.solve(np.cos, x0=u).iterations == 0
    assert system.solve(np.zeros(op.shape[0])).coef == pytest.approx(0, abs=0)


def test_a_request_beyond_rounding_ends_at_the_floor():
    op = Riesz(4093, 4, 1.9)
    u = op.solve(bump_rhs(4, 1.9), rtol=0.0)
    assert u.status == "floor"
    assert u.success
    assert u.error_estimate < 1e-12
    assert u.iterations < 30


def test_a_solution_is_a_function():
    op = Riesz(125, 5, 1.2, (-2, 3))
    u = op.solve(np.cos)
    x = np.linspace(-2, 3, 101)
    assert u(x.reshape(1, 101)).shape == (1, 101)
    assert isinstance(u(0.5), float)
    assert (u([-2.1, 3.1]) == 0).all()
    assert u([-2, 3]) == pytest.approx([0, 0], abs=0)
    assert np.isnan(u(np.nan))
    h = 1e-5
    assert u.derivative()(x[1:-1]) == pytest.approx((u(x[1:-1] + h) - u(x[1:-1] - h)) / (2 * h), rel=1e-6, abs=1e-6)
    spline = u.to_scipy()
    assert spline(x) == pytest.approx(u(x), rel=0, abs=1e-14)
    assert u.derivative(2).to_scipy()(x[1:-1]) == pytest.approx(u.derivative(2)(x[1:-1]), rel=1e-9, abs=1e-9)
    assert len(u.knots) == 125 + 2 * 5 + 1
    assert (u.degree, u.derivative(2).degree) == (5, 3)
    assert (u.derivative(6)(x) == 0).all()


def test_an_operator_can_be_pickled():
    op = Riesz(61, 3, 1.3, (0, 2), "caputo", (1, 0.5), threads=2)
    again = pickle.loads(pickle.dumps(op))
    assert repr(again) == repr(op)
    assert (again.todense() == op.todense()).all()


def test_a_system_of_numbers_is_kept_for_the_next_solution():
    op = Riesz(61)
    assert op.system(2.0, 1.0) is op.system(2.0, 1.0)
    assert op.system(2.0, 1.0) is not op.system(2.0, 1.5)
    assert op.system(lambda x: 1 + x) is not op.system(lambda x: 1 + x)


def test_basis_functions_sum_to_their_spline():
    op = Riesz(40, 4, 1.5, (0, 2))
    x = np.linspace(0, 2, 33)
    c = np.sin(np.arange(op.shape[0]))
    for order in range(3):
        assert op.basis(x, order) @ c == pytest.approx(op.spline(c).derivative(order)(x), rel=1e-12, abs=1e-12)


def test_a_result_prints_itself():
    text = repr(Riesz(61).solve(1.0))
    assert "iterations: " in text
    assert "preconditioner: padded tau" in text
    assert repr(Riesz(61)) == "Riesz(n=61, degree=4, alpha=1.5, interval=(0.0, 1.0), kind='riesz', weights=(1.0, 1.0))"


def test_a_solution_draws_itself():
    pytest.importorskip("matplotlib").use("Agg")
    ax = Riesz(61).solve(1.0).plot(label="u")
    assert ax.lines[0].get_ydata() == pytest.approx(Riesz(61).solve(1.0)(np.linspace(0, 1, 1001)))


def test_the_mass_matrix_holds_values_at_the_points():
    op = Riesz(61, 3)
    M = op.mass.toarray()
    assert pytest.approx(op.basis(op.points), rel=0, abs=1e-13) == M


def test_a_single_precision_right_hand_side_is_taken():
    op = Riesz(61)
    assert (op.solve(np.ones(op.shape[0], np.float32)).coef == op.solve(1.0).coef).all()
