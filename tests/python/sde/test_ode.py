"""solve_ode: its orders, what it promises about errors, events, many paths, and its likeness to SciPy."""

import ctypes
import math

import numpy as np
import pytest
from helpers import orders
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import trimtab as tt

solve_ode = tt.sde.solve_ode


def oscillator(t, y):
    return [y[1], -y[0]]


def riccati(t, y):
    """y = 1 / (1 + t^2) from y(0) = 1."""
    return -2 * t * y**2


def predator(t, y):
    return np.array([y[0] * (1.5 - y[1]), y[1] * (y[0] - 3)])


def kepler(t, y):
    r = np.hypot(y[0], y[1]) ** 3
    return np.array([y[2], y[3], -y[0] / r, -y[1] / r])


KEPLER = [0.4, 0.0, 0.0, 2.0]  # eccentricity 0.6, period 2 pi


def test_steps_of_equal_length_converge_with_order_5():
    sizes = np.array([32, 64, 128])
    errors = [abs(solve_ode(riccati, (0, 1), [1.0], steps=int(n // 2)).y[0, -1] - 0.5) for n in sizes]
    assert orders(errors, sizes)[-1] == pytest.approx(5, abs=0.15)
    end = [math.cos(5), -math.sin(5)]
    errors = [abs(solve_ode(oscillator, (0, 5), [1.0, 0.0], steps=int(n)).y[:, -1] - end).max() for n in sizes]
    assert orders(errors, sizes)[-1] == pytest.approx(5, abs=0.15)


def test_the_interpolant_converges_with_order_4_uniformly():
    """Its error inside a step is O(h^5) on the one hand and that of the steps, also O(h^5), on the other."""
    t, sizes = np.linspace(0, 2, 777), np.array([16, 32, 64])
    errors = [
        abs(solve_ode(riccati, (0, 2), [1.0], steps=int(n), dense_output=True).sol(t)[0] - 1 / (1 + t**2)).max()
        for n in sizes
    ]
    assert orders(errors, sizes)[-1] > 3.9
    slopes = [
        abs(np.diff(solve_ode(riccati, (0, 2), [1.0], steps=int(n), dense_output=True).sol([h, h - 1e-6 * h])[0])).max()
        for n in sizes
        for h in [2 / n]
    ]
    assert max(slopes) < 1e-6  # continuous where steps meet


def test_a_polynomial_of_degree_4_in_time_is_exact_with_its_interpolant():
    sol = solve_ode(lambda t, y: 4 * t**3 - 3 * t**2, (0, 3), [1.0], steps=[0, 0.7, 1.1, 3], dense_output=True)
    t = np.linspace(0, 3, 61)
    np.testing.assert_allclose(sol.sol(t)[0], t**4 - t**3 + 1, rtol=0, atol=2e-13)


@pytest.mark.parametrize(
    ("f", "y0", "end"), [(oscillator, [1.0, 0.0], 10.0), (predator, [10.0, 5.0], 5.0), (kepler, KEPLER, 6.0)]
)
def test_the_error_follows_the_tolerance(f, y0, end):
    exact = solve_ivp(f, (0, end), y0, method="DOP853", rtol=1e-13, atol=1e-14).y[:, -1]
    tolerances = 10.0 ** -np.arange(3, 11)
    errors = np.array([abs(solve_ode(f, (0, end), y0, rtol=t, atol=t).y[:, -1] - exact).max() for t in tolerances])
    assert np.all(errors < 300 * tolerances)  # the growth of errors over the time span
    slope = np.polyfit(np.log(tolerances), np.log(errors), 1)[0]
    assert slope == pytest.approx(1, abs=0.15)  # proportional to the tolerance


def test_it_agrees_with_scipy_and_asks_no_more_often():
    for f, y0 in ((oscillator, [1.0, 0.0]), (predator, [10.0, 5.0]), (kepler, KEPLER)):
        t = np.linspace(0, 6, 40)
        ours = solve_ode(f, (0, 6), y0, rtol=1e-8, atol=1e-10, t_eval=t)
        peer = solve_ivp(f, (0, 6), y0, rtol=1e-8, atol=1e-10, t_eval=t)
        fine = solve_ivp(f, (0, 6), y0, method="DOP853", rtol=1e-13, atol=1e-14, t_eval=t)
        assert ours.y.shape == peer.y.shape
        np.testing.assert_array_equal(ours.t, peer.t)
        np.testing.assert_allclose(ours.y, fine.y, rtol=0, atol=2e-5)
        assert ours.nfev <= 1.1 * peer.nfev


def test_evaluations_are_counted_and_the_last_slope_is_used_again():
    calls = []
    sol = solve_ode(lambda t, y: calls.append(t) or -y, (0, 3), [1.0])
    assert sol.nfev == len(calls) == 2 + 6 * len(sol.steps)


def test_the_record_of_steps_tells_the_whole_way():
    sol = solve_ode(kepler, (0, 6), KEPLER, rtol=1e-5, first_step=1.0)
    steps = sol.steps
    accepted = steps[steps["accepted"]]
    assert not steps["accepted"][0]  # the first wish was too long
    assert np.all(accepted["error"] < 1)
    assert np.all(steps["error"][~steps["accepted"]] >= 1)
    np.testing.assert_array_equal(accepted["t"], sol.t[:-1])
    np.testing.assert_allclose(accepted["t"] + accepted["h"], sol.t[1:], rtol=1e-15)
    assert (steps["path"] == 0).all()


@pytest.mark.parametrize("rate", [0.5, 3.0, 200.0])
def test_the_stiffness_of_decay_is_its_rate(rate):
    steps = solve_ode(lambda t, y: -rate * y, (0, 1), [1.0, 2.0], rtol=1e-5).steps
    np.testing.assert_allclose(steps["stiffness"], rate, rtol=1e-6)


def test_stiffness_bounds_the_step_of_a_stiff_problem():
    """h s settles at the size of the stability region, 3.5068."""
    steps = solve_ode(lambda t, y: -1000 * (y - math.cos(t)), (0, 2), [0.0], rtol=1e-4).steps
    late = steps[(steps["t"] > 0.5) & steps["accepted"]][:-1]
    assert np.median(late["h"] * late["stiffness"]) == pytest.approx(3.5068, rel=0.1)


def test_time_runs_backward():
    forth = solve_ode(predator, (0, 3), [10.0, 5.0], rtol=1e-10, atol=1e-12)
    back = solve_ode(predator, (3, 0), forth.y[:, -1], rtol=1e-10, atol=1e-12, dense_output=True, t_eval=[3, 2, 0.5, 0])
    np.testing.assert_allclose(back.y[:, -1], [10, 5], rtol=1e-7)
    assert np.all(back.steps["h"] < 0)
    np.testing.assert_allclose(back.sol(back.t), back.y, rtol=1e-13)


def test_events_are_found_as_scipy_finds_them():
    def rising(t, y):
        return y[0]

    rising.direction = 1

    def far(t, y):
        return y[1] - 0.5

    options = {"rtol": 1e-9, "atol": 1e-11, "events": [rising, far]}
    ours, peer = (s(oscillator, (0, 20), [1.0, 0.0], **options) for s in (solve_ode, solve_ivp))
    np.testing.assert_allclose(ours.t_events[0], np.arange(1.5, 6, 2) * np.pi, rtol=0, atol=1e-7)
    for a, b in zip(ours.t_events, peer.t_events, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-7)
    for a, b in zip(ours.y_events, peer.y_events, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, atol=1e-7)
    assert ours.status == peer.status == 0


def test_the_zero_lies_on_the_interpolant_to_rounding():
    sol = solve_ode(oscillator, (0, 9), [1.0, 0.0], rtol=1e-3, atol=1e-3, events=lambda t, y: y[0], dense_output=True)
    for t in sol.t_events[0]:
        assert abs(sol.sol(t)[0]) < 4e-16 * 10
    np.testing.assert_array_equal(sol.y_events[0], sol.sol(sol.t_events[0]).T)


@pytest.mark.parametrize("number", [1, 3])
def test_a_terminal_event_ends_the_path(number):
    def ground(t, y):
        return y[0]

    ground.terminal = number
    sol = solve_ode(oscillator, (0, 50), [1.0, 0.0], events=ground, t_eval=np.arange(0, 50, 0.25))
    assert sol.status == 1
    assert sol.success
    assert len(sol.t_events[0]) == number
    end = sol.t_events[0][-1]
    assert end == pytest.approx((number - 0.5) * np.pi, abs=1e-5)
    assert sol.t[-1] <= end < sol.t[-1] + 0.25
    plain = solve_ode(oscillator, (0, 50), [1.0, 0.0], events=ground)
    assert plain.t[-1] == end
    assert abs(plain.y[0, -1]) < 1e-14


def test_a_zero_at_the_end_of_a_step_counts_once_and_one_at_the_start_not():
    sol = solve_ode(lambda t, y: [1.0], (-1, 1), [-1.0], steps=4, events=lambda t, y: y[0])
    assert sol.t_events[0].tolist() == [0.0]
    assert solve_ode(lambda t, y: [1.0], (0, 1), [0.0], events=lambda t, y: y[0]).t_events[0].size == 0


def test_each_path_has_the_steps_that_it_would_have_alone():
    starts = np.array([[0.1], [1.0], [30.0], [300.0]])
    together = solve_ode(lambda t, y: -y * y, (0, 4), starts)
    assert together.nfev.shape == (4,)
    assert len(set(map(len, together.t))) > 1
    for i, y0 in enumerate(starts):
        alone = solve_ode(lambda t, y: -y * y, (0, 4), y0)
        np.testing.assert_array_equal(together.t[i], alone.t)
        np.testing.assert_array_equal(together.y[i], alone.y)
        own = together.steps[together.steps["path"] == i]
        for name in ("t", "h", "error", "accepted"):
            np.testing.assert_array_equal(own[name], alone.steps[name])
        assert together.nfev[i] == alone.nfev


def test_many_paths_get_vectors_of_times_and_give_values_at_common_ones():
    shapes = []

    def f(t, y):
        shapes.append((t.shape, y.shape))
        return np.stack([y[:, 1], -y[:, 0]], axis=1)

    angles = np.linspace(0, 3, 7)
    starts = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    t = np.linspace(0, 5, 11)
    sol = solve_ode(f, (0, 5), starts, t_eval=t, dense_output=True, events=lambda t, y: y[:, 0], rtol=1e-9)
    assert sol.y.shape == (7, 2, 11)
    np.testing.assert_allclose(sol.y[:, 0], np.cos(angles[:, None] - t), atol=1e-7)
    assert all(a == b[:1] and b[1] == 2 for a, b in shapes)
    assert max(shapes) == ((7,), (7, 2))
    assert len(sol.t_events) == 1
    alone = [solve_ode(oscillator, (0, 5), y0, events=lambda t, y: y[0], rtol=1e-9) for y0 in starts]
    assert [len(x) for x in sol.t_events[0]] == [len(a.t_events[0]) for a in alone]
    np.testing.assert_allclose(sol.sol[3](t), sol.y[3], atol=1e-12)


@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_linear_systems_are_solved(n_paths, dim, seed):
    """Against the matrix exponential of a symmetric matrix, for awkward numbers of paths."""
    rng = np.random.default_rng(seed)
    matrix = rng.standard_normal((dim, dim))
    matrix = (matrix + matrix.T) / (2 * dim)
    values, vectors = np.linalg.eigh(matrix)
    starts = rng.standard_normal((n_paths, dim))
    sol = solve_ode(lambda t, y: y @ matrix, (0, 1), starts, t_eval=[1.0], rtol=1e-8, atol=1e-10)
    exact = starts @ (vectors * np.exp(values)) @ vectors.T
    np.testing.assert_allclose(sol.y[:, :, 0], exact, atol=1e-6)


def test_a_kept_argument_never_changes():
    kept, copies = [], []

    def f(t, y):
        kept.append(y)
        copies.append(y.copy())
        return -y

    solve_ode(f, (0, 1), [1.0, 2.0])
    for a, b in zip(kept, copies, strict=True):
        np.testing.assert_array_equal(a, b)
    kept.clear(), copies.clear()
    solve_ode(f, (0, 1), np.ones((3, 2)))
    for a, b in zip(kept, copies, strict=True):
        np.testing.assert_array_equal(a, b)


SIGNATURE = ctypes.CFUNCTYPE(
    None, *[ctypes.POINTER(ctypes.c_double)] * 3, ctypes.c_int64, ctypes.POINTER(ctypes.c_double)
)


@SIGNATURE
def decay_c(t, y, out, m, ctx):
    rate = ctx[0] if ctx else 1.0
    for i in range(2 * m):
        out[i] = -rate * y[i]


def test_a_c_function_is_solved_like_a_callable():
    rate = np.array([2.0])
    address = ctypes.cast(decay_c, ctypes.c_void_p).value
    starts = np.random.default_rng(1).standard_normal((600, 2))
    plain = solve_ode(lambda t, y: -2 * y, (0, 1), starts, t_eval=[0.5, 1])
    for f, context in ((decay_c, rate), (address, rate.ctypes.data), (decay_c, (ctypes.c_double * 1)(2.0))):
        sol = solve_ode(f, (0, 1), starts, t_eval=[0.5, 1], args=(context,), threads=2)
        np.testing.assert_allclose(sol.y, plain.y, rtol=1e-15)
    assert solve_ode(decay_c, (0, 1), [1.0, 2.0], rtol=1e-9).y[:, -1] == pytest.approx(np.exp(-1) * np.array([1, 2]))


def test_results_do_not_depend_on_threads():
    starts = np.random.default_rng(2).standard_normal((1000, 2))
    one, two = (solve_ode(decay_c, (0, 1), starts, threads=n) for n in (1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one.y, two.y, strict=True))
    assert np.array_equal(one.steps, two.steps)


def test_results_print_draw_and_convert(tmp_path):
    sol = solve_ode(oscillator, (0, 5), [1.0, 0.0], dense_output=True)
    assert "message: reached the end of t_span" in repr(sol)
    assert "accepted, " in repr(sol)
    assert sol["t"] is sol.t
    pytest.importorskip("matplotlib").use("agg")
    lines = sol.plot().lines
    assert len(lines) == 2
    np.testing.assert_allclose(lines[0].get_ydata(), np.cos(lines[0].get_xdata()), atol=1e-4)
    data = sol.to_xarray()
    assert data.y.dims == ("component", "t")
    many = solve_ode(lambda t, y: -y, (0, 1), np.ones((3, 2)), t_eval=[0.5, 1])
    assert many.to_xarray().y.dims == ("path", "component", "t")
    assert len(many.plot(path=1).lines) == 2


def test_a_number_serves_where_one_number_is_asked():
    sol = solve_ode(lambda t, y: -y, (0, 1), [[1.0]], events=lambda t, y: float(y[0, 0] - 0.5))
    assert sol.t_events[0][0] == pytest.approx([np.log(2)], abs=1e-6)
