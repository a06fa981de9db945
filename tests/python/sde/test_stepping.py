"""Who chooses the steps, and that nothing but the steps depends on it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sde_problems import A1, B1, B2

import trimtab as tt
from python.core.levels import outputs_of_every_level
from trimtab.sde import SDE, Adaptive, Cir, Constant, solve

TREE = tt.sde.BrownianTree(7, 0.0, 2.0, levy="K")
MODEL = tt.sde.double_well(2.0, 0.7)
MILD = tt.sde.double_well(0.25, 0.5)


def ticks(t, tree=TREE):
    return np.rint((np.asarray(t) - tree.t0) / (tree.t1 - tree.t0) * 2.0**52).astype(np.int64)


def by_path(steps):
    return [steps[steps["path"] == p] for p in np.unique(steps["path"])]


@pytest.mark.parametrize("stepping", ["dyadic", "free"])
def test_ends_of_rejected_steps_are_visited(stepping):
    sol = solve(
        SDE(lambda t, y: -40 * y**3, 3.0, noise="additive"),
        [2.0],
        TREE,
        solver="shark",
        steps=Adaptive(1e-3, 1e-3, first_step=1.0, stepping=stepping),
        paths=30,
        save_steps=True,
    )
    assert sol.stats["rejected"] > 30
    for steps in by_path(sol.steps):
        accepted = steps["accepted"] == 1
        ends = ticks(steps["t"] + steps["h"])
        assert set(ends[~accepted]) <= set(ends[accepted])
        # accepted steps follow each other from end to end
        np.testing.assert_array_equal(ticks(steps["t"][accepted])[1:], ends[accepted][:-1])
        assert ticks(steps["t"][0]) == 0
        assert ends[accepted][-1] == 2**52


def test_dyadic_steps_are_nodes():
    sol = solve(MODEL, [1.0], TREE, steps=Adaptive(1e-3, 1e-4), paths=20, save_steps=True)
    length = ticks(TREE.t0 + sol.steps["h"])
    assert (length & (length - 1) == 0).all()
    assert (ticks(sol.steps["t"]) % length == 0).all()


@pytest.mark.parametrize("stepping", ["dyadic", "free"])
@pytest.mark.parametrize("error", ["embedded", "half-steps"])
def test_error_follows_the_tolerance(stepping, error):
    exact = solve(MODEL, [1.0], TREE, solver="shark", steps=Constant(2**13), paths=200).y_end
    errors, costs = [], []
    for tol in (1e-2, 1e-3, 1e-4):
        sol = solve(
            MODEL, [1.0], TREE, solver="shark", steps=Adaptive(0, tol, stepping=stepping, error=error), paths=200
        )
        errors.append(np.sqrt(np.mean((sol.y_end - exact) ** 2)))
        costs.append(sol.cost)
    assert errors[0] > 2 * errors[1] > 4 * errors[2]
    assert costs[0] < costs[1] < costs[2]


def test_shortest_steps_are_forced_and_counted():
    sol = solve(MODEL, [1.0], TREE, solver="shark", steps=Adaptive(0, 1e-12, min_step=2.0**-6), paths=3)
    assert sol.success
    assert sol.stats["forced"] > 0.9 * sol.stats["accepted"]
    assert sol.stats["accepted"] == 3 * 2**7
    assert np.array_equal(sol.y, solve(MODEL, [1.0], TREE, solver="shark", steps=Constant(2**7), paths=3).y)


@pytest.mark.parametrize("n", [1, 3, 10, 64, 1000])
def test_constant_steps(n):
    sol = solve(MODEL, [1.0], TREE, solver="shark", steps=Constant(n), paths=2, save_steps=True)
    for steps in by_path(sol.steps):
        np.testing.assert_allclose(steps["t"], np.arange(n) * 2.0 / n, rtol=0, atol=1e-14)
        np.testing.assert_allclose(steps["h"], 2.0 / n, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    "steps", [Constant(32), Constant(10), Adaptive(1e-2, 1e-3), Adaptive(1e-2, 1e-3, stepping="free")]
)
def test_save_at_changes_nothing_but_what_is_saved(steps):
    times = [0.0, 0.1, 0.5, 0.5, 1.2345, 2.0]
    plain = solve(MILD, [1.0], TREE, solver="shark", steps=steps, paths=5)
    saved = solve(MILD, [1.0], TREE, solver="shark", steps=steps, paths=5, save_at=times)
    assert np.array_equal(plain.y_end, saved.y_end)
    assert np.array_equal(saved.y[:, -1], saved.y_end)
    assert (saved.y[:, 0] == 1).all()
    assert np.array_equal(saved.y[:, 2], saved.y[:, 3])
    fine = solve(MILD, [1.0], TREE, solver="shark", steps=Constant(2**12), paths=5, save_at=times).y
    np.testing.assert_allclose(saved.y, fine, rtol=0, atol=0.05)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 2**32),
    st.lists(st.integers(0, 1000), min_size=1, max_size=20),
    st.sampled_from([Constant(16), Constant(12), Adaptive(1e-2, 1e-2), Adaptive(1e-2, 1e-2, stepping="free")]),
    st.sampled_from([1, 2, 8]),
)
def test_a_path_is_the_same_in_any_company(seed, numbers, steps, threads):
    tree = tt.sde.BrownianTree(seed, 0.0, 1.0, levy="H")
    together = solve(MODEL, [0.5], tree, solver="shark", steps=steps, paths=numbers, threads=threads)
    alone = solve(MODEL, [0.5], tree, solver="shark", steps=steps, paths=[numbers[-1]], threads=1)
    assert np.array_equal(together.y[-1], alone.y[0])


def test_threads_and_chunks_change_no_bit():
    sde, tree = tt.sde.cir(1, 1, 2.2), tt.sde.BrownianTree(3, 0, 4, levy="H")
    one, two, eight = (
        solve(sde, [1.0], tree, steps=Cir(2.0**-3, min_step=2.0**-14), paths=1500, threads=n, save_steps=True)
        for n in (1, 2, 8)
    )
    for other in (two, eight):
        assert np.array_equal(one.y, other.y)
        assert one.steps.tobytes() == other.steps.tobytes()
        assert one.stats == other.stats


def test_python_and_compiled_drifts_agree():
    python = SDE(lambda t, y: -8 * y * (y * y - 1), 0.7, noise="additive")
    for steps in (Constant(64), Adaptive(1e-3, 1e-3)):
        a, b = (solve(sde, [1.0], TREE, solver="shark", steps=steps, paths=50).y for sde in (python, MODEL))
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-10)


def test_events_are_first_passages():
    """dy = dt + dW from 0 first passes 1 at a time of mean 1 and variance 1."""
    sde = SDE(lambda t, y: np.ones_like(y), 1.0, noise="additive")
    tree = tt.sde.BrownianTree(1, 0.0, 20.0, levy="H")
    sol = solve(sde, [0.0], tree, solver="shark", steps=Constant(2**14), event=lambda t, y: y[:, 0] - 1, paths=2000)
    assert (sol.status == 1).all()
    assert sol.success
    assert abs(sol.y_end - 1).max() < 1e-3  # at most one step of 2^-30 of the interval behind
    assert abs(sol.t_end.mean() - 1) < 0.15
    values = tree.path(sol.t_end[:50], paths=50)
    np.testing.assert_allclose(sol.t_end[:50] + np.diagonal(values[..., 0]), sol.y_end[:50, 0], rtol=0, atol=1e-9)


def test_direction_of_an_event():
    sde = SDE(lambda t, y: np.cos(t)[:, None], 0.0, noise="additive")

    def event(t, y):
        return y[:, 0] - 0.5

    tree = tt.sde.BrownianTree(1, 0.0, 4.0, levy="H")
    first = solve(sde, [0.0], tree, solver="shark", steps=Constant(1024), event=event, event_tol=1e-10)
    event.direction = -1
    second = solve(sde, [0.0], tree, solver="shark", steps=Constant(1024), event=event, event_tol=1e-10)
    assert first.t_end[0] == pytest.approx(np.arcsin(0.5), abs=1e-5)
    assert second.t_end[0] == pytest.approx(np.pi - np.arcsin(0.5), abs=1e-5)


def test_error_estimate_is_of_the_size_of_the_error():
    sol = solve(MODEL, [1.0], TREE, solver="shark", steps=Constant(128), paths=300)
    exact = solve(MODEL, [1.0], TREE, solver="shark", steps=Constant(2**13), paths=300).y
    error, estimate = np.linalg.norm(sol.y - exact, axis=-1), sol.error_estimate()
    assert 0.4 < np.sqrt(np.mean(estimate**2) / np.mean(error**2)) < 1.2


@pytest.mark.parametrize("stepping", ["dyadic", "free"])
def test_adaptive_steps_converge_where_the_noise_does_not_commute(stepping):
    tree = tt.sde.BrownianTree(5, 0, 1, levy="H", dim=2)
    exact = solve(B2, [0, 0], tree, solver="spark", steps=Constant(2**11), paths=400).y_end

    def error(tol):
        y = solve(B2, [0, 0], tree, solver="spark", steps=Adaptive(0, tol, stepping=stepping), paths=400).y_end
        return np.sqrt(np.mean((y - exact) ** 2))

    assert error(0.005) < 0.65 * error(0.02)


@pytest.mark.parametrize(
    ("sde", "levy", "expected"),
    [(A1, "K", "shark"), (A1, "W", "heun"), (B1, "H", "spark"), (B1, "W", "heun"), (tt.sde.heston(), "H", "spark")],
)
def test_automatic_choices_say_why(sde, levy, expected):
    dim = 2 if sde is not A1 and sde is not B1 else 1
    tree = tt.sde.BrownianTree(1, 0.0, 1.0, levy=levy, dim=dim)
    sol = solve(sde, [0.04] * dim, tree, paths=8)
    assert sol.solver == expected
    assert sol.success
    assert len(sol.decisions) == 2
    assert sol.decisions[0].startswith(f"solver {expected}: ")
    assert "factors of two" in sol.decisions[1]


def test_every_level_gives_the_same_bits():
    script = """
import hashlib
import numpy as np
import trimtab as tt
from trimtab.sde import Adaptive, BrownianTree, Cir, Constant, solve

digest = hashlib.sha256()
flat, plane = (BrownianTree(3, 0, 1, dim=dim, levy="K") for dim in (1, 2))
cases = [(tt.sde.double_well(dim=2), name, 2) for name in ("sea", "sra1", "shark", "heun")]
cases += [(tt.sde.heston(), name, 2) for name in ("euler_maruyama", "spark", "general_shark", "slow_rk")]
cases += [(tt.sde.langevin(tt.sde.funnel(dim=2)), name, 4) for name in ("ubu", "align", "should", "quicsort")]
cases += [(tt.sde.cir(1, 1, 1.5), name, 1) for name in ("hosts", "die")]
for sde, name, dim in cases:
    steps = [Constant(20), Adaptive(1e-2, 1e-2), Adaptive(1e-2, 1e-2, stepping="free")]
    for rule in [*steps, Cir(0.1)] if dim == 1 else steps:
        sol = solve(sde, [0.5] * dim, flat if dim == 1 else plane, solver=name, steps=rule, paths=37, save_steps=True)
        digest.update(sol.y.tobytes())
        digest.update(sol.steps.tobytes())
print(digest.hexdigest())
"""
    assert len(set(outputs_of_every_level(script).values())) == 1


def test_each_component_may_have_a_tolerance_of_its_own():
    """A component whose atol is infinite for all purposes is steered by the other alone."""
    tree = tt.sde.BrownianTree(3, 0.0, 1.0, levy="H", dim=2)
    sde = SDE(lambda t, y: np.stack([np.sin(8 * y[:, 0]), -50 * y[:, 1]], 1), [1.0, 1.0], noise="additive")

    def solved(atol):
        return solve(sde, [1.0, 5.0], tree, paths=10, steps=Adaptive(rtol=0.0, atol=atol), save_steps=True)

    same, one = solved((1e-2, 1e-2)), solved(1e-2)
    assert np.array_equal(same.steps, one.steps)
    loose, tight = solved([1e-2, 1e9]), solved([1e-2, 1e-3])
    assert loose.stats["accepted"] < one.stats["accepted"] < tight.stats["accepted"]
    assert Adaptive(atol=[1e-3, 2e-3]).finer().atol == (5e-4, 1e-3)
    with pytest.raises(ValueError, match=r"atol: expected shape \(2,\), got \(3,\)"):
        solved([1e-3] * 3)
    with pytest.raises(ValueError, match="atol: expected a number > 0, if rtol is 0, got 0"):
        solved([1e-3, 0.0])
