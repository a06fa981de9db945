"""What solve_ode says when it cannot go on, and about bad arguments."""

import ctypes
import re
import signal
import threading

import numpy as np
import pytest

import trimtab as tt

solve_ode = tt.sde.solve_ode


def decay(t, y):
    return -y


def test_nan_from_f_ends_with_what_came_before():
    sol = solve_ode(lambda t, y: y if t < 0.5 else y * np.nan, (0, 1), [1.0])
    assert (sol.status, sol.success) == (-3, False)
    assert 0.499 < sol.t[-1] <= 0.5
    np.testing.assert_allclose(sol.y[0], np.exp(sol.t), rtol=1e-5)
    assert sol.message.startswith("f returned NaN or infinity beyond t = 0.")
    assert solve_ode(lambda t, y: y * np.inf, (0, 1), [1.0]).status == -3
    fixed = solve_ode(lambda t, y: y if t < 0.5 else y * np.nan, (0, 1), [1.0], steps=10)
    assert (fixed.status, len(fixed.t)) == (-3, 5)


def test_a_pole_ends_with_a_step_that_is_too_small():
    sol = solve_ode(lambda t, y: y**2, (0, 2), [1.0])
    assert sol.status in (-1, -3)
    assert sol.t[-1] == pytest.approx(1, abs=1e-6)
    least = solve_ode(lambda t, y: y**2, (0, 2), [1.0], min_step=1e-3)
    assert least.status == -1
    assert "the tolerance asks for a step below min_step" in least.message
    assert np.all(abs(least.steps["h"]) >= 1e-3)


def test_the_number_of_steps_is_bounded():
    sol = solve_ode(decay, (0, 1), [1.0], max_steps=7, max_step=1e-3)
    assert sol.status == -2
    assert sol.message.startswith("max_steps = 7 was reached at t = 0.00")
    assert len(sol.steps) == 7


def test_one_bad_path_leaves_the_others_alone():
    def f(t, y):
        return np.where(y > 5, np.nan, y)

    sol = solve_ode(f, (0, 1), [[1.0], [3.0]], t_eval=[0.25, 1])
    assert sol.status.tolist() == [0, -3]
    assert not sol.success
    assert sol.message.startswith("1 of 2 paths ended early; path 1: f returned NaN")
    assert np.isnan(sol.y[1, 0, 1])
    np.testing.assert_allclose(sol.y[0, 0], np.exp([0.25, 1]), rtol=1e-5)
    assert sol.y[1, 0, 0] == pytest.approx(3 * np.exp(0.25))


def test_exceptions_of_f_and_of_events_come_through():
    class Own(Exception):
        pass

    def bad(t, y):
        raise Own

    with pytest.raises(Own):
        solve_ode(bad, (0, 1), [1.0])
    with pytest.raises(Own):
        solve_ode(decay, (0, 1), [1.0], events=bad)


def test_progress_is_told_and_may_stop():
    seen = []
    sol = solve_ode(decay, (0, 1), [1.0], max_step=1e-4, progress=lambda fraction, info: seen.append(fraction))
    assert sol.status == 0
    assert seen[0] == 0
    assert seen == sorted(seen)
    stopped = solve_ode(decay, (0, 1), [1.0], progress=lambda fraction, info: True)
    assert stopped.status == -4
    assert stopped.message == "stopped by the progress callback at t = 0"


def test_an_interrupt_ends_a_run_in_c():
    signature = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, ctypes.c_int64, ctypes.c_void_p)
    still = ctypes.cast(ctypes.pythonapi.PyThread_get_thread_ident, ctypes.c_void_p)  # leaves `out` as it is
    timer = threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        solve_ode(signature(still.value), (0, 1), [0.0], max_step=1e-12, max_steps=2**62)
    timer.join()


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"f": None}, TypeError, "f: expected a callable or the address of a C function, got None"),
        ({"f": 0}, ValueError, "f: expected the address of a C function, got 0"),
        ({"f": lambda t, y: [1.0, 2.0]}, ValueError, "f: expected to return an array of shape (1,), got (2,)"),
        ({"f": lambda t, y: y * 1j}, TypeError, "f: expected to return real numbers, got complex128"),
        ({"f": lambda t, y: None}, TypeError, "f: expected to return real numbers, got object"),
        ({"y0": [[1.0], [2.0]], "f": lambda t, y: y[0]}, ValueError, "of shape (2, 1), got (1,)"),
        ({"t_span": (0,)}, ValueError, "t_span: expected two times, got (0,)"),
        ({"t_span": 1.0}, ValueError, "t_span: expected two times, got 1.0"),
        ({"t_span": (0, np.inf)}, ValueError, "t_span: expected a finite number, got inf"),
        ({"y0": 1.0}, ValueError, "y0: expected shape (d,) or (n_paths, d), got ()"),
        ({"y0": []}, ValueError, "y0: expected shape (d,) or (n_paths, d), got (0,)"),
        ({"y0": [np.nan]}, ValueError, "y0: expected finite numbers, got nan at index 0"),
        ({"y0": [1j]}, TypeError, "y0: expected real numbers, got dtype complex128"),
        ({"rtol": -1}, ValueError, "rtol: expected a number in [0, inf), got -1.0"),
        ({"rtol": 0, "atol": 0}, ValueError, "atol: expected numbers > 0 where rtol = 0, got 0"),
        ({"atol": [1, 2]}, ValueError, "atol: expected shape (1,), got (2,)"),
        ({"atol": -1}, ValueError, "atol: expected numbers >= 0, got -1"),
        ({"first_step": 0}, ValueError, "first_step: expected a number in (0, inf), got 0.0"),
        ({"max_step": 0}, ValueError, "max_step: expected a number in (0, inf), got 0.0"),
        ({"max_step": 0.1, "min_step": 0.2}, ValueError, "min_step: expected a number in [0, 0.1], got 0.2"),
        ({"max_steps": 0}, ValueError, "max_steps: expected an integer >= 1, got 0"),
        ({"steps": 0}, ValueError, "steps: expected an integer >= 1, got 0"),
        ({"steps": [0, 0.5]}, ValueError, "steps: expected a number, or times from 0 to 1 with both ends"),
        ({"t_eval": [0.5, 2]}, ValueError, "t_eval: expected times from 0 to 1, got 0.5 to 2"),
        ({"t_eval": [0.5, 0.25]}, ValueError, "t_eval: expected times in the order from 0 to 1, each once"),
        ({"t_eval": 0.5}, ValueError, "t_eval: expected shape (n,), got ()"),
        ({"args": 1}, TypeError, "args: expected a tuple, as in args=(a,), got int"),
        ({"progress": 1.5}, TypeError, "progress: expected True, False or a callable"),
    ],
)
def test_bad_arguments_are_named(given, error, words):
    arguments = {"f": decay, "t_span": (0, 1), "y0": [1.0]} | given
    with pytest.raises(error, match=re.escape(words)):
        solve_ode(arguments.pop("f"), arguments.pop("t_span"), arguments.pop("y0"), **arguments)


def test_bad_contexts_are_named():
    f = ctypes.CFUNCTYPE(None)(lambda: None)
    with pytest.raises(ValueError, match="args: expected one context at most for a C function, got 2"):
        solve_ode(f, (0, 1), [1.0], args=(1, 2))
    with pytest.raises(TypeError, match="args: expected an address, ctypes memory or an array, got float"):
        solve_ode(f, (0, 1), [1.0], args=(1.5,))


def test_xarray_needs_common_times():
    sol = solve_ode(decay, (0, 1), [[1.0], [2.0]])
    with pytest.raises(ValueError, match="t_eval: expected times that all paths share, got None"):
        sol.to_xarray()


def test_an_empty_time_span_gives_the_start():
    sol = solve_ode(decay, (1, 1), [2.0])
    assert (sol.status, sol.t.tolist(), sol.y.tolist()) == (0, [1.0], [[2.0]])
