"""Bad input is named; failures keep the last good state."""

import numpy as np
import pytest

import trimtab as tt

Solver = tt.hyperbolic.Solver


def solver(law="euler", **options):
    return Solver(law, **{"shape": 10, **options})


def ready(**options):
    s = solver(**options)
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    return s


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"law": "mhd"}, "law: expected one of 'euler', 'advection', 'burgers', 'shallow_water', got 'mhd'"),
        ({"scheme": "weno"}, "scheme: expected one of 'adaptive', 'aweno', 'aweno-ldcu', 'linear', got 'weno'"),
        ({"si": "third"}, "si: expected one of 'defect', 'dual', got 'third'"),
        ({"bc": "wall"}, "bc: expected one of 'periodic', 'outflow', 'reflect', an Inflow or a Ghosts, got 'wall'"),
        ({"bc": ("periodic", "outflow")}, "bc: periodic must be on both sides or on none"),
        ({"bc": {"y": "outflow"}}, "bc: expected the one direction 'x'"),
        ({"bc": tt.hyperbolic.Inflow(rho=1.0)}, "bc: an Inflow of this law takes rho, v, p, got rho"),
        ({"bc": tt.hyperbolic.Inflow(rho=-1.0, v=0.0, p=1.0)}, "bc: rho must be positive, got -1.0"),
        ({"gamma": 1.0}, r"gamma: expected a number in \(1, inf\), got 1.0"),
        ({"gamma": float("nan")}, "gamma: expected a number in .*, got nan"),
        ({"law": "burgers", "gamma": 1.4}, "gamma: not a parameter of burgers"),
        ({"law": "shallow_water", "g": 0.0}, "g: expected a number in"),
        ({"cfl": 0.0}, r"cfl: expected a number in \(0, 1\], got 0.0"),
        ({"cfl": 1.5}, r"cfl: expected a number in \(0, 1\], got 1.5"),
        ({"shape": 5}, "shape: expected an integer >= 6, got 5"),
        ({"shape": (4, 4)}, "shape: expected one dimension"),
        ({"extent": (1, 0)}, "extent: expected lower < upper"),
        ({"extent": (0, float("inf"))}, "extent: expected a finite number"),
        ({"tol": -1e-4}, "tol: expected a number in"),
        ({"kappa": 0.0}, "kappa: expected a number in"),
        ({"kappa": 1.0}, "kappa: expected a number in"),
        ({"grow": 4}, "grow: expected 0, 1, 2 or 3 cells, got 4"),
        ({"dtype": "float32", "tol": 1e-6}, "tol: expected at least 1e-5 in single precision"),
        ({"dtype": "float16"}, "dtype: expected one of 'float64', 'float32'"),
        ({"threads": 0}, "threads: expected an integer >= 1"),
        ({"floor": (1e-3,)}, "floor: expected 2 numbers for euler, got 1"),
        ({"law": "burgers", "floor": (1.0,)}, "floor: expected 0 numbers for burgers, got 1"),
    ],
)
def test_bad_options_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        solver(**options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"shape": 10.5}, "shape: expected an integer, got 10.5"),
        ({"cfl": "fast"}, "cfl: expected a number, got 'fast'"),
        ({"source": 3}, r"source: expected a callable\(t, x, U\), got 3"),
    ],
)
def test_wrong_types_are_named(options, words):
    with pytest.raises(TypeError, match=words):
        solver(**options)


def test_a_large_cfl_number_warns():
    with pytest.warns(UserWarning, match=r"cfl=0.8 is above 0.5: positivity is no longer guaranteed"):
        solver(cfl=0.8)


def spoiled(value, index=3):
    a = np.ones(10)
    a[index] = value
    return a


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ({"rho": np.ones(9)}, ValueError, r"rho: expected shape \(10,\), got \(9,\)"),
        ({"v": np.ones((10, 1))}, ValueError, r"v: expected shape \(10,\), got \(10, 1\)"),
        ({"p": spoiled(np.nan)}, ValueError, "p: expected finite numbers, got nan at index 3"),
        ({"v": spoiled(np.inf)}, ValueError, "v: expected finite numbers, got inf at index 3"),
        ({"rho": spoiled(0.0)}, ValueError, "rho: expected positive numbers, got 0.0 at index 3"),
        ({"p": spoiled(-2.0)}, ValueError, "p: expected positive numbers, got -2.0 at index 3"),
        ({"p": np.ones(10, complex)}, TypeError, "p: expected real numbers, got dtype complex128"),
        ({"p": ["a"] * 10}, TypeError, "p: expected real numbers, got dtype"),
        ({"E": 1.0}, ValueError, "euler takes rho, v, p, got rho, v, p, E"),
    ],
)
def test_bad_states_are_named(data, error, words):
    with pytest.raises(error, match=words):
        solver().set_primitive(**{"rho": 1.0, "v": 0.0, "p": 1.0, **data})


def test_missing_variables_are_named():
    with pytest.raises(ValueError, match="euler takes rho, v, p, got rho"):
        solver().set_primitive(rho=1.0)


def test_a_solver_without_a_state_says_so():
    for use in (lambda s: s.run(1.0), lambda s: s.primitive, lambda s: s.totals(), lambda s: s.classes):
        with pytest.raises(ValueError, match=r"call set_primitive\(\) first"):
            use(solver())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"t_end": -1.0}, "t_end: expected a time not before the present t=0, got -1"),
        ({"t_end": float("nan")}, "t_end: expected a finite number"),
        ({"t_end": 1.0, "every": 0.0}, "every: expected a number in"),
        ({"t_end": 1.0, "every": 1e-9}, "every: expected at most a million snapshots"),
        ({"t_end": 1.0, "dt": -0.1}, "dt: expected a number in"),
        ({"t_end": 1.0, "max_steps": 0}, "max_steps: expected an integer >= 1"),
        ({"t_end": 1.0, "time_limit": 0.0}, "time_limit: expected a number in"),
    ],
)
def test_bad_run_arguments_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        ready().run(**arguments)


def test_a_bad_progress_is_named():
    with pytest.raises(TypeError, match="progress: expected True, False or a callable"):
        ready().run(1.0, progress="bar")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.ones((2, 10)), r"source: values at t=0: expected shape \(3, 10\), got \(2, 10\)"),
        (np.full((3, 10), np.nan), "source: values at t=0: expected finite numbers, got nan"),
    ],
)
def test_bad_sources_are_named(values, words):
    s = solver(source=lambda t, x, U: values, scheme="aweno")
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    with pytest.raises(ValueError, match=words):
        s.run(0.1)


def test_bad_ghosts_are_named():
    s = solver(bc=tt.hyperbolic.Ghosts(lambda t, x, interior: interior[:, :2]), scheme="aweno")
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    with pytest.raises(ValueError, match=r"bc: ghost values at t=0: expected shape \(3, 3\), got \(3, 2\)"):
        s.run(0.1)


def test_errors_inside_callbacks_come_through_and_keep_the_state():
    calls = []

    def source(t, x, U):
        calls.append(t)
        if len(calls) > 20:
            raise RuntimeError("out of fuel")
        return np.zeros_like(U)

    s = solver(source=source)
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    with pytest.raises(RuntimeError, match="out of fuel"):
        s.run(10.0)
    assert s.t > 0
    assert s.primitive["rho"] == pytest.approx(np.ones(10))


def heat_loss(t, x, U):
    """Takes energy from one cell until its pressure is gone."""
    rates = np.zeros_like(U)
    rates[2, 4] = -40.0
    return rates


def test_lost_positivity_stops_with_place_and_state():
    s = solver(source=heat_loss)
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    result = s.run(1.0)
    assert not result.success
    assert result.status == "not_positive"
    assert "cell 4 (x = 0.45)" in result.message
    for words in ("step ", "t = ", "class ", "stage ", "rho = 1", "p = -", "The state before the step is kept"):
        assert words in result.message
    assert s.primitive["p"].min() > 0
    assert np.array_equal(result.p, s.primitive["p"])
    assert result.t == s.t


def test_nan_stops_with_place_and_state():
    s = solver(law="shallow_water", bc=tt.hyperbolic.Ghosts(lambda t, x, w: w * 1e200), g=1.0)
    s.set_primitive(h=1.0, v=0.0)
    result = s.run(1.0)
    assert result.status == "not_finite"
    assert "cell 0" in result.message
    assert np.isfinite(s.primitive["h"]).all()


def test_failures_can_be_raised():
    s = solver(source=heat_loss)
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    with pytest.raises(tt.RunFailure, match="must be positive lost its sign at step") as caught:
        s.run(1.0, raise_on_failure=True)
    assert caught.value.result.status == "not_positive"


def test_floors_let_a_run_go_on_and_are_counted():
    s = solver(source=heat_loss, floor=(1e-6, 1e-3))
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    result = s.run(0.2)
    assert result.success
    assert result.stats["floored"] > 0
    assert result.p.min() >= 1e-3 * (1 - 1e-9)


def test_a_vanishing_time_step_is_reported():
    s = solver(law="burgers", extent=(0, 1e-300))
    s.set_primitive(u=lambda x: 1.0 * (x > 0.5e-300))
    result = s.run(1.0)
    assert result.status == "step_too_small"
    assert "below 1e-14 of t_end: dt = " in result.message
    assert "u = 1" in result.message


def test_the_decisions_name_their_columns():
    s = ready()
    s.run(0.1)
    with pytest.raises(KeyError, match="column: expected one of step, t, dt"):
        s.decisions["speed"]
