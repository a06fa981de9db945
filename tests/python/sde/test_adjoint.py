"""The discrete adjoint: against central differences, against storing everything, and its own consistency."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trimtab as tt

adjoint, local_step = tt.sde.adjoint, tt.sde.local_step
DIM = 3
RNG = np.random.default_rng(5)
W1, B1, W2 = RNG.standard_normal((DIM, 4)), RNG.standard_normal(4), RNG.standard_normal((4, DIM))
S = 0.3 * RNG.standard_normal(DIM)
Y0 = RNG.standard_normal((2, DIM))
GRID = np.array([0, 0.125, 0.1875, 0.5, 0.5625, 1])


def net(t, y, w1, b1, w2):
    return np.tanh(y @ w1 + b1 * np.cos(t)[..., None] if np.ndim(t) else y @ w1 + b1 * np.cos(t)) @ w2


def net_vjp(t, y, v, w1, b1, w2):
    cos = np.cos(t)[:, None] if np.ndim(t) else np.cos(t)
    hidden = np.tanh(y @ w1 + b1 * cos)
    inner = (v @ w2.T) * (1 - hidden**2)
    flat = np.atleast_2d
    return inner @ w1.T, flat(y).T @ flat(inner), (flat(inner) * cos).sum(axis=0), flat(hidden).T @ flat(v)


def differences(function, x, step=1e-5):
    """Central differences of a scalar function, fourth order."""
    out = np.empty(np.shape(x))
    for i in np.ndindex(out.shape):

        def moved(k, i=i):
            shifted = np.array(x, dtype=float)
            shifted[i] += k * step
            return function(shifted)

        out[i] = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)
    return out


def check_against_differences(tape, y0, args, weights, tolerance=1e-7):
    """tape(y0, *args) makes an Adjoint; the loss is quadratic in y and linear in R_E and R_S of each path."""
    w_error, w_stiffness = weights

    def loss(y0, *args):
        made = tape(y0, *args)
        return (made.y**2).sum() + np.sum(w_error * made.error) + np.sum(w_stiffness * made.stiffness)

    made = tape(y0, *args)
    gradient = made.gradient(2 * made.y, w_error, w_stiffness)
    numeric = differences(lambda x: loss(x, *args), y0, 1e-3)
    np.testing.assert_allclose(gradient.y0, numeric, rtol=tolerance, atol=tolerance * abs(numeric).max())
    for i, found in enumerate(gradient.args):
        numeric = differences(lambda x, i=i: loss(y0, *args[:i], x, *args[i + 1 :]), args[i], 1e-3)
        np.testing.assert_allclose(found, numeric, rtol=tolerance, atol=tolerance * max(abs(numeric).max(), 1e-3))


WEIGHTS = [(0.0, 0.0), (40.0, 0.0), (0.0, 0.7), (40.0, 0.7)]


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize(("error", "stiffness"), [("mean", "max"), ("sum", "mean")])
@pytest.mark.parametrize("single", [True, False])
def test_ode_gradients_are_those_of_the_numbers(weights, error, stiffness, single):
    def tape(y0, *args):
        options = {"rtol": 1e-2, "atol": [1e-2, 2e-2, 3e-2], "save_at": [0, 0.1, 0.1875, 0.8, 1]}
        return adjoint(net, net_vjp, y0, GRID, args=args, error=error, stiffness=stiffness, **options)

    check_against_differences(tape, Y0[0] if single else Y0, (W1, B1, W2), weights)


def test_backward_steps_have_gradients():
    def tape(y0, *args):
        return adjoint(net, net_vjp, y0, GRID[::-1], args=args, save_at=[0.9, 0.3, 0], rtol=1e-2, atol=1e-2)

    check_against_differences(tape, Y0, (W1, B1, W2), (10.0, 0.5))


def diagonal_noise(t, y, w1, b1, w2):
    return S * np.sin(y + b1[:DIM])


def diagonal_noise_vjp(t, y, v, w1, b1, w2):
    slope = v * S * np.cos(y + b1[:DIM])
    return slope, None, np.append(np.atleast_2d(slope).sum(axis=0), np.zeros(1)), None


def additive_noise(t, y, w1, b1, w2):
    """(m, d, 2), of time and parameters alone."""
    scale = np.cos(t) if np.ndim(t) == 0 else np.cos(t)[:, None, None]
    matrix = w1[:, :2] * scale
    return matrix if np.ndim(t) == 0 or np.ndim(scale) else np.broadcast_to(matrix, (len(y), DIM, 2))


def additive_noise_vjp(t, y, v, w1, b1, w2):
    scale = np.cos(t) if np.ndim(t) == 0 else np.cos(t)[:, None, None]
    bar = np.zeros_like(w1)
    bar[:, :2] = (v * scale).sum(axis=0) if v.ndim == 3 else v * scale
    return None, bar, None, None


def general_noise(t, y, w1, b1, w2):
    return np.sin(y)[..., :, None] * w1[:, :2]


def general_noise_vjp(t, y, v, w1, b1, w2):
    bar = np.zeros_like(w1)
    by_row = np.sin(y)[..., :, None] * v
    bar[:, :2] = by_row.sum(axis=0) if v.ndim == 3 else by_row
    return np.cos(y) * (v * w1[:, :2]).sum(axis=-1), bar, None, None


NOISES = {
    "diagonal": (diagonal_noise, diagonal_noise_vjp, DIM),
    "additive": (additive_noise, additive_noise_vjp, 2),
    "general": (general_noise, general_noise_vjp, 2),
}


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize(
    ("method", "noise"),
    [
        ("euler", "diagonal"),
        ("heun", "diagonal"),
        ("heun", "general"),
        ("spark", "diagonal"),
        ("spark", "general"),
        ("sra1", "additive"),
        ("shark", "additive"),
        ("heun", "additive"),
    ],
)
def test_sde_gradients_are_those_of_the_numbers(method, noise, weights):
    g, g_vjp, components = NOISES[noise]
    tree = tt.sde.BrownianTree(3, 0, 1, dim=components, levy="H")

    def tape(y0, *args):
        return adjoint(
            net, net_vjp, y0, GRID, args=args, method=method, g=g, g_vjp=g_vjp, noise=noise, brownian=tree,
            paths=[4, 9], save_at=[0.1875, 1], rtol=1e-1, atol=1e-1,
        )  # fmt: skip

    if method == "euler":
        assert tape(Y0, W1, B1, W2).error.tolist() == [0, 0]  # it has no estimate
    check_against_differences(tape, Y0, (W1, B1, W2), weights)


def test_one_path_of_noise_has_gradients_too():
    tree = tt.sde.BrownianTree(3, 0, 1, levy="K")

    def tape(y0, a):
        return adjoint(
            lambda t, y, a: a * y,
            lambda t, y, v, a: (a * v, v @ y),
            y0,
            8,
            args=(a,),
            method="spark",
            noise="scalar",
            g=lambda t, y, a: a * np.sin(y),
            g_vjp=lambda t, y, v, a: (a * np.cos(y) * v, v @ np.sin(y)),
            brownian=tree,
            rtol=0.1,
            atol=0.1,
        )

    check_against_differences(tape, Y0[0], (np.float64(0.7),), (3.0, 0.2))


def test_the_stochastic_steps_are_those_of_the_increments():
    """Euler and Heun by hand, over the same tree; additive steps against their formula."""
    tree = tt.sde.BrownianTree(8, 0, 2, dim=DIM, levy="H")
    w, area = tree.grid(3, 2)
    h, euler, heun, shark = 0.25, Y0, Y0, Y0
    f, c = np.sin, np.array([0.5, 1.0, 2.0])
    for n in range(8):
        t, t1 = n * h, n * h + h
        euler = euler + h * f(euler) + np.cos(euler) * w[n]
        first = h * f(heun) + np.cos(heun) * w[n]
        second = h * f(heun + first) + np.cos(heun + first) * w[n]
        heun = heun + (first + second) / 2
        g0, g1 = c * np.exp(-t), c * np.exp(-t1)
        k1 = h * f(shark + g0 * area[n])
        k2 = h * f(shark + 5 / 6 * k1 + 5 / 6 * g0 * w[n] + g0 * area[n])
        shark = shark + 0.4 * k1 + 0.6 * k2 + g0 * w[n] + (g1 - g0) * (w[n] / 2 - area[n])

    def solve(method, g, noise):
        made = adjoint(
            lambda t, y: f(y), lambda t, y, v: np.cos(y) * v, Y0, 8, method=method, g=g, brownian=tree, noise=noise,
            g_vjp=lambda t, y, v: -np.sin(y) * v,
        )  # fmt: skip
        return made.y[:, :, 0]

    np.testing.assert_allclose(solve("euler", lambda t, y: np.cos(y), "diagonal"), euler, rtol=1e-13)
    np.testing.assert_allclose(solve("heun", lambda t, y: np.cos(y), "diagonal"), heun, rtol=1e-13)
    along = solve("shark", lambda t, y: c * np.exp(-t)[:, None], "additive")
    np.testing.assert_allclose(along, shark, rtol=1e-13)


@pytest.mark.parametrize("checkpoints", [1, 2, 3, 5, 8, 40])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 16, 37])
def test_checkpoints_change_no_bit(n, checkpoints):
    tree = tt.sde.BrownianTree(3, 0, 1, dim=DIM)
    g, g_vjp, _ = NOISES["diagonal"]

    def gradient(count):
        made = adjoint(
            net, net_vjp, Y0, n, args=(W1, B1, W2), method="heun", g=g, g_vjp=g_vjp, brownian=tree, checkpoints=count
        )
        first, again = (made.gradient(2 * made.y, 1e-3, 0.1) for _ in range(2))
        for a, b in zip((first.y0, *first.args), (again.y0, *again.args), strict=True):
            np.testing.assert_array_equal(a, b)
        return first

    all_kept, few = gradient(n), gradient(checkpoints)
    for a, b in zip((all_kept.y0, *all_kept.args), (few.y0, *few.args), strict=True):
        np.testing.assert_array_equal(a, b)


def test_checkpoints_bound_the_work():
    """With binomial(c + r, c) >= n no step is computed more than r times before its reverse."""
    calls = []

    def f(t, y):
        calls.append(t)
        return -y

    n, c, r = 165, 8, 3  # binomial(11, 8)
    made = adjoint(f, lambda t, y, v: -v, [1.0], np.linspace(0, 1, n + 1), method="euler", checkpoints=c)
    forward = len(calls)
    made.gradient(np.ones((1, 1)))
    assert forward == n
    assert len(calls) <= n * (r + 1)


@given(st.integers(1, 4), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_the_sweep_is_the_transpose_of_the_tangent(dim, n, seed):
    """For a linear equation the map is linear, so <v, J u> = <J^T v, u> holds without differences."""
    rng = np.random.default_rng(seed)
    matrix, u, v = rng.standard_normal((dim, dim)), rng.standard_normal(dim), rng.standard_normal(dim)
    times = np.cumsum(rng.uniform(0.01, 0.2, n + 1))

    def tape(start):
        return adjoint(lambda t, y: matrix @ y, lambda t, y, v: v @ matrix, start, times)

    forth = v @ tape(u).y[:, 0]
    back = u @ tape(np.ones(dim)).gradient(v[:, None]).y0
    assert forth == pytest.approx(back, rel=1e-12, abs=1e-12)


def test_the_replay_of_a_solution_is_the_solution():
    """Also between steps, for paths of different steps, and with f's slopes computed anew."""
    t = np.linspace(0, 1, 7)
    for y0 in (Y0[0], np.vstack([Y0, 3 * Y0])):
        sol = tt.sde.solve_ode(net, (0, 1), y0, args=(W1, B1, W2), t_eval=t, rtol=1e-5)
        made = sol.adjoint(net_vjp)
        np.testing.assert_allclose(made.y, sol.y, rtol=1e-12, atol=1e-14)
        accepted = sol.steps[sol.steps["accepted"]]
        own = made.errors if y0.ndim == 1 else made.errors.T[np.isfinite(made.errors.T)]
        np.testing.assert_allclose(own, accepted["error"], rtol=1e-6)
    own = [accepted["path"] == i for i in range(4)]
    mean = [np.mean(accepted["error"][o] * accepted["h"][o]) for o in own]
    np.testing.assert_allclose(made.error, mean, rtol=1e-6)
    largest = [np.nanmax(accepted["stiffness"][o]) / 3.5068 for o in own]
    np.testing.assert_allclose(made.stiffness, largest, rtol=1e-6)
    assert len({int(o.sum()) for o in own}) > 1


def test_gradients_of_an_adaptive_solution_approach_those_of_the_equation():
    """d/da of y(1) for y' = a y is exp(a); of y0 too."""
    sol = tt.sde.solve_ode(lambda t, y, a: a * y, (0, 1), [1.0], args=(-0.8,), rtol=1e-10, atol=1e-12)
    made = sol.adjoint(lambda t, y, v, a: (a * v, v @ y), save_at=[1.0])
    gradient = made.gradient([[1.0]])
    assert gradient.args[0] == pytest.approx(np.exp(-0.8), rel=1e-9)
    assert gradient.y0[0] == pytest.approx(np.exp(-0.8), rel=1e-9)
    assert sol.adjoint(lambda t, y, v, a: (a * v, v @ y)).y.shape == sol.y.shape


def test_many_paths_are_so_many_single_ones():
    sol = tt.sde.solve_ode(net, (0, 1), Y0, args=(W1, B1, W2), t_eval=[0.3, 1], rtol=1e-3, atol=1e-3)
    gradient = sol.adjoint(net_vjp).gradient(2 * sol.y, [1.0, 2.0], [0.1, 0.2])
    total = [0, 0, 0]
    for i in range(2):
        alone = tt.sde.solve_ode(net, (0, 1), Y0[i], args=(W1, B1, W2), t_eval=[0.3, 1], rtol=1e-3, atol=1e-3)
        own = alone.adjoint(net_vjp).gradient(2 * sol.y[i], i + 1.0, (i + 1) / 10)
        np.testing.assert_allclose(gradient.y0[i], own.y0, rtol=1e-9, atol=1e-9)
        total = [a + b for a, b in zip(total, own.args, strict=True)]
    for a, b in zip(gradient.args, total, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)  # z7 - z6 has lost 7 digits


def test_parameters_may_be_trees_of_arrays():
    def f(t, y, p, unused):
        return p["rate"] * y + p["shift"][0]

    def vjp(t, y, v, p, unused):
        return p["rate"] * v, {"rate": v @ y, "shift": [v.copy()]}, None

    p = {"rate": -0.5, "shift": [np.array([0.1, 0.2])]}
    made = adjoint(f, vjp, [1.0, 2.0], np.linspace(0, 1, 5), args=(p, 7.0))
    gradient = made.gradient(np.ones((2, 1)))
    numeric = differences(
        lambda s: adjoint(f, vjp, [1.0, 2.0], np.linspace(0, 1, 5), args=({**p, "shift": [s]}, 0)).y.sum(),
        p["shift"][0],
    )
    np.testing.assert_allclose(gradient.args[0]["shift"][0], numeric, rtol=1e-8)
    assert gradient.args[1] == 0


@pytest.mark.parametrize("single", [True, False])
def test_a_local_step_has_gradients(single):
    y0 = Y0[0] if single else Y0
    t, h = (0.2, 0.5) if single else (np.array([0.2, 0.4]), np.array([0.5, -0.3]))

    def loss(y, w1):
        y1, error, stiffness = local_step(net, net_vjp, t, y, h, args=(w1, B1, W2), rtol=1e-2, atol=1e-2)
        return (y1**2).sum() + np.sum(np.abs(h) * error) + 0.3 * np.sum(stiffness)

    step = local_step(net, net_vjp, t, y0, h, args=(W1, B1, W2), rtol=1e-2, atol=1e-2)
    gradient = step.gradient(2 * step.y1, np.abs(h), np.full(np.shape(h), 0.3))
    for found, numeric in (
        (gradient.y0, differences(lambda y: loss(y, W1), y0, 1e-3)),
        (gradient.args[0], differences(lambda w: loss(y0, w), W1, 1e-3)),
    ):
        np.testing.assert_allclose(found, numeric, rtol=1e-7, atol=1e-7 * abs(numeric).max())


def test_a_local_step_of_noise_is_a_step_of_the_sweep():
    tree = tt.sde.BrownianTree(3, 0, 1, dim=2, levy="H")
    g, g_vjp, _ = NOISES["general"]
    options = {"args": (W1, B1, W2), "method": "spark", "g": g, "g_vjp": g_vjp, "noise": "general", "brownian": tree}
    whole = adjoint(net, net_vjp, Y0, [0.25, 0.75], **options)
    step = local_step(net, net_vjp, [0.25, 0.25], Y0, [0.5, 0.5], **options)
    np.testing.assert_array_equal(step.y1, whole.y[:, :, 0])
    np.testing.assert_array_equal(step.error, whole.errors[0])
    np.testing.assert_array_equal(step.stiffness, whole.stiffnesses[0])


def test_the_stiffness_of_a_linear_drift_is_its_rate_for_every_method():
    tree = tt.sde.BrownianTree(1, 0, 1, levy="H")
    for method in ("heun", "sra1", "shark", "spark"):
        made = adjoint(
            lambda t, y: -7 * y, lambda t, y, v: -7 * v, [1.0], 16, method=method, g=lambda t, y: np.array([0.1]),
            noise="additive", brownian=tree,
        )  # fmt: skip
        np.testing.assert_allclose(made.stiffnesses, 7, rtol=1e-12)


def test_a_path_at_rest_has_no_stiffness_and_no_error():
    made = adjoint(lambda t, y: 0 * y, lambda t, y, v: 0 * v, [1.0], [0, 0.5, 1])
    assert np.isnan(made.stiffnesses).all()
    assert (made.error, made.stiffness) == (0, 0)
    assert made.gradient([[1.0]], 1.0, 1.0).y0.tolist() == [1.0]


TREE = tt.sde.BrownianTree(1, 0, 1, dim=DIM)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"vjp": None}, TypeError, "vjp: expected a callable, got None"),
        ({"y0": 1.0}, ValueError, "y0: expected shape (d,) or (n_paths, d), got ()"),
        ({"steps": [0.0]}, ValueError, "steps: expected two times at least, or the record of a solution"),
        ({"steps": [0, 1, 0.5]}, ValueError, "steps: expected times in rising or in falling order, each once"),
        ({"steps": np.zeros(2, [("t", float)])}, ValueError, "steps: expected a record with path, t, h and accepted"),
        ({"save_at": [2.0]}, ValueError, "save_at: expected times inside the steps, got 2"),
        ({"method": "heun", "save_at": [0.3]}, ValueError, "save_at: expected times of steps, as this method has no"),
        ({"method": "rk4"}, ValueError, "method: expected one of 'tsit5', 'euler'"),
        ({"error": "max"}, ValueError, "error: expected one of 'mean', 'sum', got 'max'"),
        ({"stiffness": "sum"}, ValueError, "stiffness: expected one of 'max', 'mean', got 'sum'"),
        ({"checkpoints": 0}, ValueError, "checkpoints: expected an integer >= 1, got 0"),
        ({"paths": 3}, ValueError, "paths: expected 1, one for each row of y0, got 3"),
        ({"brownian": TREE}, ValueError, "g: expected a function, as there is a BrownianTree, got None"),
        ({"g": np.sin}, ValueError, "brownian: expected a BrownianTree, as there is noise, got None"),
        ({"g": lambda t, y: y, "brownian": TREE, "method": "heun"}, ValueError, "g_vjp: expected a callable, as g"),
        ({"g": lambda t, y: y, "brownian": TREE, "noise": "additive"}, ValueError, "method: expected one for noise"),
        (
            {"g": lambda t, y: y, "g_vjp": max, "brownian": TREE, "method": "spark"},
            ValueError,
            "brownian: expected levy='H' or 'K' for spark, got 'W'",
        ),
        (
            {"g": lambda t, y: y[:, None], "g_vjp": max, "brownian": TREE, "method": "heun"},
            ValueError,
            "g: expected values of shape (d,) for diagonal noise, got 2 indices",
        ),
        (
            {"g": lambda t, y: y[:2], "g_vjp": max, "brownian": TREE, "method": "heun"},
            ValueError,
            "g: expected to return an array of shape (3,), got (2,)",
        ),
        (
            {
                "g": lambda t, y: y,
                "brownian": tt.sde.BrownianTree(1, 0, 1, dim=2),
                "method": "heun",
                "noise": "additive",
            },
            ValueError,
            "brownian: expected dim = 3, got 2",
        ),
    ],
)
def test_bad_arguments_are_named(given, error, words):
    arguments = {"f": lambda t, y: -y, "vjp": lambda t, y, v: -v, "y0": [1.0, 2.0, 3.0], "steps": [0, 0.5, 1]} | given
    with pytest.raises(error, match=re.escape(words)):
        adjoint(**arguments)


def test_bad_products_and_cotangents_are_named():
    made = adjoint(lambda t, y, a: a * y, lambda t, y, v, a: v, [1.0, 2.0], [0, 1], args=(1.0,))
    with pytest.raises(ValueError, match="vjp: expected a tuple of y_bar and 1 parts for args, got ndarray"):
        made.gradient(np.ones((2, 1)))
    with pytest.raises(ValueError, match=re.escape("y_bar: expected shape (2, 1), got (2,)")):
        made.gradient(np.ones(2))
    made = adjoint(lambda t, y: y, lambda t, y, v: v[:1], [1.0, 2.0], [0, 1])
    with pytest.raises(ValueError, match=re.escape("vjp: expected to return an array of shape (2,), got (1,)")):
        made.gradient(np.ones((2, 1)))
    with pytest.raises(ValueError, match="h: expected lengths other than 0, got 0"):
        local_step(lambda t, y: y, lambda t, y, v: v, 0.0, [1.0], 0.0)
