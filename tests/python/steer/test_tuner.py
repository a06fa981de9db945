"""The tuner against reference values, and what it promises."""

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trimtab as tt
from trimtab._core import steer as core
from trimtab.steer import Tuner

LOSSES = {
    "tsallis_weights_t1_d4": (np.zeros(4), 1),
    "tsallis_weights_t9_d5": (np.array([3.0, 1.0, 4.0, 1.5, 9.0]), 9),
    "tsallis_weights_t100_d20": (50 + 3 * np.sin(np.arange(20)), 100),
    "tsallis_weights_t1000000_d20": (1e6 + 1000 * np.arange(20), 1_000_000),
    "tsallis_weights_t4_d2": (np.array([0.0, 1e12]), 4),
}
FREE = ["tsallis-inf", "tsallis-rv", "exp3", "thompson"]
LEARNERS = [*FREE, "chebcb"]


def tuner(learner, arms=10, **options):
    if learner == "chebcb":
        options.setdefault("context", (0, 1))
    return Tuner(range(arms), learner, **options)


def context_of(learner, t):
    return (t * 0.6180339887498949) % 1 if learner == "chebcb" else None


@pytest.mark.parametrize("case", LOSSES)
def test_weights_are_the_reference_ones(golden, case):
    losses, t = LOSSES[case]
    expected = next(c["output"] for c in golden("steer") if c["id"] == case)
    weights, x = core.tsallis_weights(losses, 2 / math.sqrt(t))
    np.testing.assert_allclose(weights, expected["w"], rtol=1e-10)
    assert x == pytest.approx(expected["x"], rel=1e-12)


@pytest.mark.parametrize(("case", "learner"), [("iw", 0), ("rv", 1)])
def test_scripted_rounds_take_the_reference_arms(golden, case, learner):
    expected = next(c["output"] for c in golden("steer") if c["id"] == f"tsallis_{case}_scripted")
    name = ("tsallis-inf", "tsallis-rv")[learner]
    tuner, arms = Tuner(range(6), name, cost_cap=100.0)._core, []
    for t in range(400):
        arm = tuner.suggest([], (0.6180339887498949 * (t + 1)) % 1, 1.0)[0]
        tuner.observe(20 + 10 * abs(arm - 3) + t % 3)
        arms.append(arm)
    assert arms[:20] == expected["first20"]
    assert np.bincount(arms, minlength=6).tolist() == expected["counts"]
    tuner.suggest([], 0.0, 1.0)
    np.testing.assert_allclose(tuner.weights(), expected["final_w"], rtol=1e-8)


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=20), st.floats(1e-5, 4))
def test_weights_agree_with_bisection(losses, eta):
    weights, _ = core.tsallis_weights(losses, eta)
    y = np.array(losses) - min(losses)
    low, high = 2 / eta, 2 * math.sqrt(len(losses)) / eta
    for _ in range(200):
        z = (low + high) / 2
        low, high = (z, high) if math.fsum((2 / eta / (y + z)) ** 2) > 1 else (low, z)
    np.testing.assert_allclose(weights, (2 / eta / (y + z)) ** 2, rtol=1e-12)
    assert math.fsum(weights) == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize("learner", ["tsallis-inf", "tsallis-rv", "exp3", "chebcb"])
@given(costs=st.lists(st.floats(0, 1e6), min_size=1, max_size=60))
def test_probabilities_stay_positive_and_sum_to_one(learner, costs):
    t = tuner(learner, 5)
    for i, cost in enumerate(costs):
        s = t.suggest(context_of(learner, i))
        assert t.probabilities.min() > 0
        assert t.probabilities.sum() == pytest.approx(1, abs=1e-12)
        assert s.probability == t.probabilities[s.index]
        t.observe(cost)


@pytest.mark.parametrize("learner", LEARNERS)
def test_regret_grows_slower_than_the_rounds(learner):
    n = 8000
    means = 1 + 0.25 * np.abs(np.arange(10) - 6)
    costs = means * np.random.default_rng(3).uniform(0.9, 1.1, (n, 10))
    contexts = [[context_of(learner, t)] for t in range(n)] if learner == "chebcb" else None
    chosen = tuner(learner, discount=1).replay(costs, contexts)
    regret = means[chosen] - 1
    assert regret[n // 2 :].sum() < 0.7 * regret[: n // 2].sum()
    assert np.bincount(chosen[n // 2 :]).argmax() == 6


@pytest.mark.parametrize("options", [{"discount": 0.99}, {"restart": 8.0}])
def test_a_switch_of_the_best_arm_is_followed(options):
    costs = np.tile([1.0, 3.0, 3.0], (4000, 1)) * np.random.default_rng(1).uniform(0.95, 1.05, (4000, 1))
    costs[2000:] = costs[2000:, [1, 2, 0]]
    t = Tuner("abc", **options)
    chosen = t.replay(costs)
    assert (chosen[1500:2000] == 0).mean() > 0.6
    assert (chosen[3000:] == 2).mean() > 0.6
    assert t.restarts == (1 if "restart" in options else 0)


@pytest.mark.parametrize("learner", LEARNERS)
@pytest.mark.parametrize("way", ["file", "pickle", "deepcopy"])
def test_a_restored_tuner_goes_on_bit_for_bit(learner, way, tmp_path):
    costs = np.random.default_rng(2).uniform(1, 2, (200, 10))

    def play(t, rounds):
        return [t.observe(costs[i, s.index]) or s for i in rounds for s in [t.suggest(context_of(learner, i))]]

    first = tuner(learner, seed=2**63 + 5, reference=3)
    play(first, range(100))
    first.suggest(context_of(learner, 100))  # amid a round
    if way == "file":
        first.save(tmp_path / "t.npz")
        second = Tuner.load(tmp_path / "t.npz", arms=range(10))
    else:
        second = pickle.loads(pickle.dumps(first)) if way == "pickle" else copy.deepcopy(first)
    for t in (first, second):
        t.observe(1.5)
    assert repr(play(first, range(101, 200))) == repr(play(second, range(101, 200)))
    np.testing.assert_array_equal(first.history.rows, second.history.rows)
    assert first.ledger == second.ledger


def test_the_ledger_keeps_the_bound():
    costs = np.tile([1.0, *[2.9] * 9], (5000, 1)) * np.random.default_rng(0).uniform(0.95, 1.05, (5000, 10))
    t = Tuner(range(10), reference=0)
    chosen = t.replay(costs)
    assert t.ledger.spent == pytest.approx(costs[np.arange(5000), chosen].sum())
    assert t.ledger.spent <= 1.05 * costs[:, 0].sum() + 20 * 1.05
    assert (chosen != 0).sum() > 50


def test_a_split_refines_around_the_best():
    t = Tuner([1e-4, 1e-3, 1e-2, 1e-1, 1.0], split=lambda a, b: (a * b) ** 0.5)
    for _ in range(2000):
        t.observe(1 + abs(math.log10(t.suggest().arm) + 2.3))
    assert min(abs(math.log10(a) + 2.3) for a in t.arms) < 0.1
    assert list(t.arms) == sorted(t.arms)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Tuner([]), "arms: expected at least one"),
        (lambda: Tuner("ab", "ucb"), "learner: expected one of"),
        (lambda: Tuner("ab", "chebcb"), "context_dim: expected 1"),
        (lambda: Tuner("ab", reference=2), "reference: expected an integer <= 1"),
        (lambda: Tuner("ab").observe(1), "observe: expected a suggest"),
        (lambda: [t := Tuner("ab"), t.suggest(), t.suggest()], "suggest: expected the last choice's cost"),
        (lambda: [t := Tuner("ab"), t.suggest(), t.observe(math.nan)], "cost"),
        (lambda: [t := Tuner("ab"), t.suggest(), t.observe(math.inf)], "cost"),
        (lambda: [t := Tuner("ab"), t.suggest(), t.observe(-1)], "cost"),
        (lambda: Tuner("ab", "thompson", context=(0, 1)).suggest([0.1, 0.2]), "context: expected 1 numbers"),
        (lambda: Tuner("ab", "thompson", context=(0, 1)).suggest(), "context: expected 1 numbers, got none"),
    ],
)
def test_errors_name_the_argument(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_state_of_another_tuner_is_refused(tmp_path):
    t = Tuner("abc")
    t.save(tmp_path / "t.npz")
    with pytest.raises(ValueError, match="learner: the file is of 'tsallis-inf'"):
        Tuner.load(tmp_path / "t.npz", learner="exp3")
    with pytest.raises(ValueError, match="arms: the file is of 3 arms, got 2"):
        Tuner.load(tmp_path / "t.npz", arms="ab")
    progress = t.__getstate__()["progress"]
    progress["state"][0] = 3
    with pytest.raises(ValueError, match="state: expected version 2, got version 3"):
        Tuner("abc")._core.restore(**progress)


def test_a_context_outside_is_clamped_with_one_warning():
    t = Tuner("ab", "thompson", context=(0, 1))
    with pytest.warns(UserWarning, match="context"):
        t.suggest(2)
    t.observe(1)
    t.suggest(3)
    t.observe(1)
    assert t.history["context"].tolist() == [1, 1]


def test_tuner_is_public():
    assert isinstance(tt.steer.Tuner("ab").suggest(), tt.steer.Suggestion)
