"""Equations in time."""

import numpy as np
import pytest
from fractional_problems import GRID, bump, bump_rhs, keys
from scipy.linalg import expm

import trimtab as tt

evolve, Riesz = tt.fractional.evolve, tt.fractional.Riesz
ALPHA = 1.5


def source(x, t):
    """Of u = exp(-t) (x (1 - x))^4 with K = 1."""
    return np.exp(-t) * (bump_rhs(4, ALPHA)(x) - bump(4)(x))


def error(run):
    x = run.op.points
    return abs(run(x) - np.exp(-run.t[-1]) * bump(4)(x)).max()


def test_crank_nicolson(golden):
    for key, expected in golden("fractional_solutions")["crank_nicolson"]["output"].items():
        run = evolve(bump(4), ALPHA, 1.0, 1.0, source=source, n=64, method="theta", steps=int(keys(key)["nt"]))
        assert error(run) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    ("method", "order", "options"),
    [
        ("theta", 2, {}),
        ("theta", 1, {"theta": 1.0}),
        ("bdf2", 2, {}),
        ("rannacher", 2, {}),
        ("tr-bdf2", 2, {}),
        ("exp", 2, {"tol": 1e-10}),
    ],
)
def test_orders(method, order, options):
    errors = [
        error(evolve(bump(4), ALPHA, 1.0, 1.0, source=source, n=61, method=method, steps=k, **options))
        for k in (16, 32, 64)
    ]
    assert abs(np.log2(errors[1] / errors[2]) - order) < 0.2


@pytest.mark.parametrize("tol", [1e-4, 1e-6, 1e-8])
def test_adaptive_steps_keep_the_tolerance(tol):
    run = evolve(bump(4), ALPHA, 1.0, [0.3, 1.0], source=source, n=253, tol=tol)
    assert run.success
    assert run.t.tolist() == [0.0, 0.3, 1.0]
    assert error(run) / bump(4)(0.5) < 30 * tol
    kept = run.decisions["kept"] == 1
    assert (run.decisions["error"][kept] <= 1).all()
    assert kept.sum() == run.steps
    assert run.decisions["t"][kept][-1] == 1.0


def box(x):
    return 1.0 * (abs(x - 0.5) < 0.2)


def exact_semidiscrete(op, c, t, K=1.0, r=0.0):
    return expm(-t * (K * np.linalg.solve(op.mass.toarray(), op.todense()) + r * np.eye(len(c)))) @ c


@pytest.mark.parametrize(
    ("method", "options", "bound"),
    [
        ("exp", {"tol": 1e-10}, 1e-9),
        ("tr-bdf2", {"tol": 1e-6}, 1e-4),
        ("rannacher", {"steps": 256}, 1e-4),
        ("bdf2", {"steps": 256}, 1e-4),
    ],
)
def test_rough_initial_values(method, options, bound):
    op = Riesz(61, 4, ALPHA)
    run = evolve(box, ALPHA, 1.0, 0.1, n=61, method=method, **options)
    expected = exact_semidiscrete(op, op.interpolate(box).coef, 0.1)
    assert run.success
    assert abs(run.coef[-1] - expected).max() < bound * abs(expected).max()


def test_damping_stops_the_ringing_of_crank_and_nicolson():
    op = Riesz(253, 4, 1.9)
    expected = exact_semidiscrete(op, op.interpolate(box).coef, 0.05)
    errors = {
        method: abs(evolve(box, 1.9, 1.0, 0.05, n=253, method=method, steps=8).coef[-1] - expected).max()
        for method in ("theta", "rannacher")
    }
    assert errors["rannacher"] < 0.1 * errors["theta"]


def test_variable_coefficients():
    op = Riesz(40, 4, ALPHA)
    K, r = 1 + 0.5 * np.sin(4 * op.points), np.cos(op.points)
    matrix = np.linalg.solve(op.mass.toarray(), K[:, None] * op.todense() + r[:, None] * op.mass.toarray())
    expected = expm(-0.2 * matrix) @ op.interpolate(bump(2)).coef
    run = evolve(bump(2), ALPHA, lambda x: 1 + 0.5 * np.sin(4 * x), 0.2, reaction=np.cos, n=40, method="exp", tol=1e-11)
    assert abs(run.coef[-1] - expected).max() < 1e-10 * abs(expected).max()


def test_constant_sources_and_long_times_give_the_steady_state():
    run = evolve(lambda x: 0 * x, ALPHA, 1.0, 20.0, source=1.0, n=125, method="exp", tol=1e-10)
    steady = Riesz(125, 4, ALPHA).solve(1.0)
    assert abs(run(GRID) - steady(GRID)).max() < 1e-9


def test_stopping_and_limits_keep_the_last_good_state():
    run = evolve(bump(4), ALPHA, 1.0, 1.0, source=source, n=61, steps=32, method="theta", progress=lambda f, i: f > 0.5)
    assert run.status == "stopped"
    assert 0.5 < run.t[-1] < 0.6
    assert error(run) < 1e-6
    short = evolve(bump(4), ALPHA, 1.0, 1.0, source=source, n=61, maxsteps=3)
    assert short.status == "maxsteps"
    assert len(short) == len(short.coef)
    with pytest.raises(tt.RunFailure, match="maxsteps"):
        evolve(bump(4), ALPHA, 1.0, 1.0, source=source, n=61, maxsteps=3, raise_on_failure=True)


def test_initial_values_and_output():
    op = Riesz(61, 4, ALPHA)
    by_values = evolve(bump(4)(op.points), ALPHA, 1.0, 0.1, n=61)
    by_spline = evolve(op.interpolate(bump(4)), ALPHA, 1.0, 0.1, n=61)
    assert np.array_equal(by_values.coef, by_spline.coef)
    assert abs(by_values.at(0)(GRID) - bump(4)(GRID)).max() < 1e-6
    assert by_values.iterations > 0


@pytest.mark.parametrize(
    ("options", "error_type", "words"),
    [
        ({"t": 0.0}, ValueError, "t: expected a positive time"),
        ({"t": [0.2, 0.1]}, ValueError, "increasing"),
        ({"method": "bdf2"}, TypeError, "steps"),
        ({"method": "euler"}, ValueError, "method"),
        ({"K": -1.0}, ValueError, "K: expected"),
        ({"theta": 0.2, "method": "theta", "steps": 4}, ValueError, "theta"),
        ({"t": [0.1, 1.0], "steps": 4, "method": "theta"}, ValueError, "ends of 4 equal steps"),
        ({"source": lambda x, t: np.ones(3)}, ValueError, "source: expected shape"),
        ({"u0": np.ones(5)}, ValueError, "values"),
        ({"tol": 2.0}, ValueError, "tol"),
    ],
)
def test_errors(options, error_type, words):
    arguments = {"u0": bump(4), "alpha": ALPHA, "K": 1.0, "t": 1.0, "n": 61} | options
    with pytest.raises(error_type, match=words):
        evolve(**arguments)
