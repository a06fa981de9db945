"""What solve refuses, and how paths fail."""

import ctypes

import numpy as np
import pytest
from sde_problems import A1, B1, B2

import trimtab as tt
from trimtab.sde import SDE, Adaptive, Cir, Constant, cfunc, solve

TREE = tt.sde.BrownianTree(7, 0.0, 1.0, levy="H")
KTREE = tt.sde.BrownianTree(7, 0.0, 1.0, levy="K")
FLAT = tt.sde.BrownianTree(7, 0.0, 1.0)
PLANE = tt.sde.BrownianTree(7, 0.0, 1.0, levy="H", dim=2)
FULL = SDE(lambda t, y: -y, lambda t, y: np.eye(2) * y[:, :, None], noise="commutative", correction=lambda t, y: y)
ITO = SDE(lambda t, y: -y, lambda t, y: 1 + y / 4)


@pytest.mark.parametrize(
    ("sde", "tree", "options", "words"),
    [
        (A1, FLAT, {"solver": "shark"}, "levy: expected a tree with H for solver shark, got W"),
        (A1, TREE, {"solver": "quicsort"}, "solver: expected one made for this equation, got quicsort"),
        (B1, TREE, {"solver": "sra1"}, "solver: expected one for noise that depends on the state, got sra1"),
        (ITO, TREE, {"solver": "spark"}, r"correction: expected .* or finite differences, for solver spark, got none"),
        (B1, TREE, {"solver": "euler_maruyama"}, "calculus: expected ito, for solver euler_maruyama, got stratonovich"),
        (
            FULL,
            PLANE,
            {"solver": "milstein"},
            "correction: expected finite differences, for solver milstein",
        ),
        (A1, TREE, {"solver": "rk4"}, "solver: expected one of 'euler_maruyama', .*, got 'rk4'"),
        (A1, TREE, {"steps": Cir(0.1)}, "steps: expected Cir steps for the CIR model only"),
        (A1, TREE, {"save_at": [0.5, 0.25]}, "save_at: expected ascending times, got 0.25"),
        (A1, TREE, {"save_at": [1.5]}, r"save_at: expected .*\[0, 1\], got 1.5"),
        (A1, TREE, {"save_at": [np.nan]}, "save_at: expected .* got nan"),
        (A1, TREE, {"steps": Adaptive(0, 0)}, "atol: expected a number > 0, if rtol is 0"),
        (A1, TREE, {"steps": Adaptive(min_step=1e-17)}, "min_step: expected at least the interval's 2"),
        (A1, TREE, {"steps": Adaptive(min_step=0.5, max_step=0.1)}, "max_step: expected at least min_step"),
        (A1, TREE, {"paths": [2**40]}, r"paths: expected numbers from 0 to 2\*\*40 - 1"),
        (A1, TREE, {"max_steps": 0}, "max_steps: expected an integer >= 1, got 0"),
        (A1, tt.sde.BrownianTree(7, 0, 1, dim=2, levy="H"), {}, "dim: expected a tree of 1 components"),
        (B1, tt.sde.BrownianTree(7, 0, 1, dim=2, levy="H"), {}, "tree: expected dim=1, as the equation's noise, got 2"),
        (A1, tt.sde.BrownianTree(7, 0, 1, dtype="float32"), {}, "tree: expected dtype float64, got float32"),
        (SDE(lambda t, y: -y, lambda t, y: y, noise="additive"), TREE, {}, "diffusion: expected no dependence on y"),
        (
            SDE(lambda t, y: np.zeros((7, 7)), 1.0, noise="additive"),
            TREE,
            {},
            r"drift: expected to return an array of shape \(1, 1\), got \(7, 7\)",
        ),
    ],
)
def test_bad_input_is_named(sde, tree, options, words):
    with pytest.raises(ValueError, match=words):
        solve(sde, [1.0] * (2 if tree is PLANE else 1), tree, **{"steps": Constant(8), **options})


def test_bad_starts_are_named():
    with pytest.raises(ValueError, match=r"y0: expected finite numbers, got nan at index 0"):
        solve(A1, [np.nan], TREE, steps=Constant(8))
    with pytest.raises(ValueError, match=r"y0: expected 3 rows, one a path, got 2"):
        solve(A1, [[1.0], [2.0]], TREE, paths=3, steps=Constant(8))
    with pytest.raises(ValueError, match=r"y0: expected 2 components for heston, got 1"):
        solve(tt.sde.heston(), [1.0], TREE)


def test_bad_kinds_are_named():
    with pytest.raises(TypeError, match="drift: expected a callable"):
        SDE(1.0, 1.0)
    with pytest.raises(TypeError, match="tree: expected a BrownianTree"):
        solve(A1, [1.0], 3)
    with pytest.raises(TypeError, match="drift: expected to return real numbers"):
        solve(SDE(lambda t, y: y + 1j, 1.0, noise="additive"), [1.0], TREE, steps=Constant(8))
    with pytest.raises(ValueError, match="gamma: expected numbers > 0, got -1"):
        tt.sde.langevin(lambda x: x, -1.0)
    with pytest.raises(ValueError, match="pointer: expected the address of a C function, got 0"):
        cfunc(0)


def test_an_exception_of_a_callable_comes_through():
    def drift(t, y):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        solve(SDE(drift, 1.0, noise="additive"), [1.0], TREE, steps=Constant(8), paths=10)


def test_a_path_that_explodes_fails_alone():
    sde = SDE(lambda t, y: np.where(t[:, None] < 0.5, 0.0, np.where(y > 3, np.nan, 0.0)), 0.0, noise="additive")
    for steps in (Constant(16), Adaptive(1e-3, 1e-3, min_step=2.0**-10)):
        sol = solve(sde, [[1.0], [4.0], [2.0]], TREE, solver="shark", steps=steps, save_at=[0.25, 1.0])
        assert not sol.success
        assert list(sol.status) == [0, 2, 0]
        assert "path 1 at t = " in sol.message
        assert "NaN" in sol.message
        assert sol.y_end[1, 0] == 4
        assert 0.4 < sol.t_end[1] <= 0.5
        assert np.isfinite(sol.y[[0, 2]]).all()
        assert np.isfinite(sol.y[1, 0]).all()
        assert np.isnan(sol.y[1, 1]).all()


def test_max_steps_keeps_the_last_state():
    sol = solve(A1, [1.0], TREE, solver="shark", steps=Constant(64), max_steps=10, paths=2)
    assert (sol.status == 3).all()
    assert "max_steps" in sol.message
    half = solve(A1, [1.0], TREE, solver="shark", steps=Constant(64), save_at=[10 / 64], paths=2)
    assert np.array_equal(sol.y_end, half.y[:, 0])
    np.testing.assert_allclose(sol.t_end, 10 / 64)


def test_progress_reports_and_stops():
    seen = []

    def progress(fraction, info):
        seen.append(fraction)
        return len(seen) > 3

    slow = SDE(lambda t, y: np.sin(y) if len(seen) < 1e9 else y, 1.0, noise="additive")
    sol = solve(slow, [1.0], TREE, solver="shark", steps=Constant(2**18), progress=progress)
    assert sol.status[0] == 4
    assert 0 < sol.t_end[0] < 1
    assert seen == sorted(seen)


def test_warnings_where_order_is_lost():
    tree = tt.sde.BrownianTree(7, 0.0, 1.0, dim=2, levy="H")
    with pytest.warns(UserWarning, match="slow_rk converges with order 1/2 only"):
        solve(B2, [0, 0], tree, solver="slow_rk", steps=Constant(4))
    with pytest.warns(UserWarning, match="hosts loses order"):
        solve(tt.sde.cir(1, 1, 2.2), [1.0], TREE, solver="hosts", steps=Constant(4))


def test_compiled_functions_by_address():
    signature = ctypes.CFUNCTYPE(None, *[ctypes.POINTER(ctypes.c_double)] * 3, ctypes.c_int64, ctypes.c_void_p)

    @signature
    def drift(t, y, out, m, ctx):
        for i in range(m):
            out[i] = -y[i]

    a = solve(SDE(cfunc(drift), 1.0, noise="additive"), [1.0], TREE, steps=Constant(8), paths=3, threads=1)
    b = solve(SDE(lambda t, y: -y, 1.0, noise="additive"), [1.0], TREE, steps=Constant(8), paths=3)
    assert np.array_equal(a.y, b.y)
    with pytest.raises(TypeError, match="pointer: expected an address"):
        cfunc("drift")


def test_results_print_plot_and_convert():
    sol = solve(A1, [1.0], TREE, steps=Constant(8), paths=3, save_at=[0.5, 1.0])
    text = repr(sol)
    assert "solver: shark" in text
    assert sol["success"] is True
    ax = sol.plot()
    assert len(ax.lines) == 3
    data = sol.to_xarray()
    assert data["y"].shape == (3, 2, 1)
    assert sol.cost == sol.stats["nfev"] == 3 * 8 * 2


def coupled(t, y):
    return 1 + 0.1 * y[:, ::-1]


def rotated(t, y):
    one = np.ones(len(y))
    return np.stack([np.stack([one, 0 * one], 1), np.stack([0 * one, y[:, 0]], 1)], 1)


@pytest.mark.parametrize(
    ("diffusion", "noise", "words"),
    [
        (coupled, "diagonal", r"diffusion: expected component i to depend on y\[i\] alone .* use noise=\"general\""),
        (rotated, "commutative", r"diffusion: expected \(dg_j/dy\) g_k = .* columns 0 and 1 .* use noise=\"general\""),
        (coupled, "additive", "diffusion: expected no dependence on y for additive noise"),
    ],
)
def test_noise_of_another_kind_than_it_says_is_refused(diffusion, noise, words):
    sde = SDE(lambda t, y: -y, diffusion, noise=noise, calculus="stratonovich")
    with pytest.raises(ValueError, match=words):
        solve(sde, [0.0, 0.0], PLANE, solver="heun", steps=Constant(2))


@pytest.mark.parametrize("dim", [2, 5, 40])
def test_noise_of_the_kind_that_it_says_is_not_refused(dim):
    tree = tt.sde.BrownianTree(7, 0.0, 1.0, levy="H", dim=dim)
    mix = np.random.default_rng(dim).standard_normal((dim, dim))

    def commuting(t, y):  # g_j = a_j (1 + sum y): all along one direction
        return (1 + y.sum(axis=1))[:, None, None] * np.outer(np.ones(dim), mix[0])

    for diffusion, noise in ((np.sqrt, "diagonal"), (lambda y: 0 * y, "diagonal"), (None, "commutative")):
        g = commuting if diffusion is None else (lambda t, y, of=diffusion: of(abs(y)))
        sde = SDE(lambda t, y: -y, g, noise=noise, calculus="stratonovich")
        assert solve(sde, np.linspace(0, 1, dim), tree, solver="heun", steps=Constant(2)).success


@pytest.mark.parametrize("stepping", ["dyadic", "free"])
def test_the_shortest_step_still_has_halves(stepping):
    """A tolerance that no step meets: steps shrink to the least, are forced, and stay finite."""
    rule = Adaptive(rtol=0.0, atol=1e-300, stepping=stepping, first_step=2.0**-40)
    sol = solve(tt.sde.langevin(lambda x: x, dim=1), [1.0, 0.0], KTREE, solver="quicsort", steps=rule, max_steps=200)
    assert sol.status[0] == 3
    assert np.isfinite(sol.y_end).all()
    assert sol.stats["forced"] > 0


@pytest.mark.parametrize("stepping", ["dyadic", "free"])
def test_the_narrowest_event_is_found_with_half_steps(stepping):
    rule = Adaptive(rtol=1e-2, atol=1e-2, stepping=stepping)
    sol = solve(
        tt.sde.langevin(lambda x: x, dim=1), [1.0, 0.0], KTREE, solver="quicsort", steps=rule,
        event=lambda t, y: y[:, 0] - 0.9, event_tol=1e-300, paths=20,
    )  # fmt: skip
    assert set(sol.status) <= {0, 1}
    assert 1 in sol.status
    ended = sol.status == 1
    assert np.abs(sol.y_end[ended, 0] - 0.9).max() < 1e-6
