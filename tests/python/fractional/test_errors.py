"""Bad input is named, with what came and where."""

import numpy as np
import pytest

import trimtab as tt

Riesz = tt.fractional.Riesz


@pytest.fixture(scope="module")
def op():
    return Riesz(64)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"alpha": 2.0}, r"alpha: expected a number in \(0, 2\); 2 is the ordinary second derivative"),
        ({"alpha": 0.0}, r"alpha: expected a number in \(0, 2\), got 0"),
        ({"alpha": -0.5}, r"alpha: expected a number in \(0, 2\), got -0.5"),
        ({"alpha": float("nan")}, "alpha: expected a finite number"),
        ({"alpha": 0.5, "kind": "caputo"}, r"alpha: expected a number in \(1, 2\) for kind caputo, got 0.5"),
        ({"alpha": 1.0, "weights": (1, 0)}, r"alpha: expected a number in \(1, 2\) for unequal weights, got 1"),
        ({"weights": (-1, 2)}, r"weights: expected two finite numbers >= 0, one of them > 0, got \(-1, 2\)"),
        ({"weights": (0, 0)}, r"weights: expected two finite numbers >= 0, one of them > 0, got \(0, 0\)"),
        ({"degree": 1}, "degree: expected 2 ... 20; degree 1 has no bounded fractional derivative at its own nodes"),
        ({"degree": 21}, "degree: expected 2 ... 20, the range that was verified, got 21"),
        ({"n": 1}, "n: expected a number of cells from 2 to"),
        ({"n": -5}, "n: expected a number of cells from 2 to"),
        ({"interval": (1, 1)}, r"interval: expected finite a < b, got \(1, 1\)"),
        ({"interval": (0, float("inf"))}, "interval: expected finite a < b"),
        ({"interval": (0, 1e300)}, "interval: expected a width whose power alpha does not overflow"),
        ({"interval": (1e16, 1e16 + 64)}, "interval: expected a width that n cells of distinct points divide"),
        ({"kind": "weyl"}, "kind: expected one of 'riesz', 'caputo', got 'weyl'"),
        ({"threads": 0}, "threads: expected an integer >= 1, got 0"),
    ],
)
def test_bad_operators_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        Riesz(**{"n": 64, **arguments})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n": 64.5}, "n: expected an integer, got 64.5"),
        ({"degree": "4"}, "degree: expected an integer, got '4'"),
        ({"alpha": "x"}, "alpha: expected a number, got 'x'"),
        ({"interval": 1}, "interval: expected a pair of numbers, got 1"),
        ({"interval": (0, 1, 2)}, "interval: expected a pair of numbers"),
        ({"weights": "ab"}, "weights: expected a pair of numbers, got 'a'"),
    ],
)
def test_wrong_types_are_named(arguments, words):
    with pytest.raises(TypeError, match=words):
        Riesz(**{"n": 64, **arguments})


def test_more_cells_than_memory_holds_are_refused():
    with pytest.raises(MemoryError):
        Riesz(2**40)


def test_a_right_hand_side_on_another_grid_is_refused(op):
    for size in (64, 65, 67):
        with pytest.raises(
            ValueError, match=r"f: expected shape \(66,\) or \(66, k\).*at op.points.*got array of shape"
        ):
            op.solve(np.ones(size))
    with pytest.raises(ValueError, match=r"got callable returned of shape \(65,\)"):
        op.solve(lambda x: np.ones(65))


def test_nan_is_named_by_index_and_x(op):
    f = np.ones(66)
    f[7] = np.nan
    with pytest.raises(ValueError, match=r"f: expected finite numbers, got nan at index 7, x = 0\.101"):
        op.solve(f)
    with pytest.raises(ValueError, match=r"f: expected finite numbers, got inf at index \(3, 1\), x = "):
        op.solve(np.where(np.arange(132).reshape(66, 2) == 7, np.inf, 1))


def test_what_is_no_number_is_refused(op):
    with pytest.raises(TypeError, match="f: expected real numbers, got callable returned of dtype"):
        op.solve(lambda x: "a")
    with pytest.raises(TypeError, match="f: expected real numbers, got array of dtype complex128"):
        op.solve(np.ones(66, complex))


def test_bad_coefficients_are_named(op):
    with pytest.raises(ValueError, match=r"diffusion: expected numbers > 0, got -0\.49.* at index 0, x = 0\.00"):
        op.solve(1.0, diffusion=lambda x: x - 0.5)
    with pytest.raises(ValueError, match="diffusion: expected a number in"):
        op.solve(1.0, diffusion=0.0)
    with pytest.raises(ValueError, match=r"reaction: expected shape \(66,\)"):
        op.solve(1.0, reaction=np.ones(3))
    with pytest.raises(ValueError, match="shift: expected a number in"):
        op.factorize(shift=-1.0)


def test_bad_options_are_named(op):
    with pytest.raises(ValueError, match="preconditioner: expected one of 'auto', 'tau'"):
        op.solve(1.0, preconditioner="ilu")
    with pytest.raises(ValueError, match="rtol: expected a number in"):
        op.solve(1.0, rtol=-1.0)
    with pytest.raises(ValueError, match="maxiter: expected an integer >= 1, got 0"):
        op.solve(1.0, maxiter=0)
    with pytest.raises(ValueError, match="preconditioner: expected strang, none or dense for unequal weights, got tau"):
        Riesz(64, weights=(1, 0)).system(preconditioner="tau")
    with pytest.raises(ValueError, match="weights: expected equal ones for a factorization"):
        Riesz(64, weights=(1, 0)).factorize()
    with pytest.raises(ValueError, match=r"x: expected points inside \(a, b\), got 1"):
        op.rows([0.5, 1.0])
    with pytest.raises(ValueError, match="n: expected at least 2 degree for a border"):
        _ = Riesz(7).border


def test_a_problem_that_may_be_indefinite_is_warned_of(op):
    with pytest.warns(UserWarning, match="reaction: -50 is below minus the lowest eigenvalue"):
        op.solve(1.0, reaction=-50.0)
    with pytest.warns(UserWarning, match="diffusion: varies by a factor"):
        op.system(diffusion=lambda x: 10 ** (6 * x))


def test_running_out_of_iterations_is_reported_or_raised(op):
    u = op.solve(1.0, preconditioner="none", maxiter=3)
    assert (u.success, u.status, u.iterations) == (False, "maxiter", 3)
    assert "maxiter=3" in u.message
    with pytest.raises(tt.RunFailure, match="ran out of iterations") as failure:
        op.solve(1.0, preconditioner="none", maxiter=3, raise_on_failure=True)
    assert failure.value.result.coef == pytest.approx(u.coef)


def test_derivatives_of_bad_samples_are_named():
    derivative = tt.fractional.derivative
    with pytest.raises(ValueError, match="kind: expected one of"):
        derivative(np.ones(20), 1.5, kind="weyl")
    with pytest.raises(ValueError, match=r"alpha: expected a number in \(1, 2\) for kind 'left', got 0.5"):
        derivative(np.ones(20), 0.5, kind="left")
    with pytest.raises(ValueError, match="values: expected n \\+ degree - 2 >= 6 samples"):
        derivative(np.ones(3), 0.5)
    with pytest.raises(ValueError, match="values: expected n \\+ degree - 2 = 24 samples, got 20"):
        derivative(np.ones(20), 0.5, n=20)
    with pytest.raises(TypeError, match="n: expected a number of cells beside a callable"):
        derivative(np.sin, 0.5)
    with pytest.raises(ValueError, match=r"values: expected finite numbers, got nan at index 2, x = "):
        derivative(np.where(np.arange(20) == 2, np.nan, 0.0), 1.5)


def test_bad_symbols_are_named():
    with pytest.raises(ValueError, match="degree: expected 2"):
        tt.fractional.symbol(1.0, degree=1)
    with pytest.raises(ValueError, match="alpha: expected"):
        tt.fractional.symbol(1.0, alpha=2.5)
    with pytest.raises(ValueError, match="theta: expected finite numbers"):
        tt.fractional.symbol([1.0, np.inf])
