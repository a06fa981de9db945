"""Thompson sampling in a log-linear model: what it makes of positions, contexts and arms of their own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trimtab.steer import Tuner

POSITIONS = np.linspace(-4.0, 0.0, 30)


def smooth_costs(rounds, seed=0):
    """log(cost) a parabola in the position, its bottom at -1.5, with 5 % noise."""
    noise = np.random.default_rng(seed).normal(0, 0.05, (rounds, 30))
    return 100 * np.exp(0.4 * (POSITIONS + 1.5) ** 2 + noise)


def test_arms_with_positions_learn_from_each_other():
    costs = smooth_costs(60)
    shared = Tuner(range(30), "thompson", positions=POSITIONS, discount=1).replay(costs)
    alone = Tuner(range(30), "thompson", discount=1).replay(costs)
    # half of the arms have not been seen by then
    assert np.abs(POSITIONS[shared[20:]] + 1.5).mean() < 0.5
    total = {name: costs[np.arange(60), arms].sum() for name, arms in (("shared", shared), ("alone", alone))}
    assert total["shared"] < 0.75 * total["alone"]


def test_an_arm_without_position_is_judged_by_itself():
    costs = smooth_costs(200)
    costs[:, 7] = 50  # a dip that no cubic has
    places = [None if i == 7 else p for i, p in enumerate(POSITIONS)]
    chosen = Tuner(range(30), "thompson", positions=places, discount=1).replay(costs)
    assert (chosen[50:] == 7).mean() > 0.9


def test_the_best_arm_follows_the_context():
    rng = np.random.default_rng(0)
    contexts = rng.uniform(0, 1, 400)
    best = -3.5 + 3 * contexts
    costs = 10 * np.exp(0.4 * (POSITIONS - best[:, None]) ** 2)
    chosen = Tuner(range(30), "thompson", positions=POSITIONS, context=(0, 1)).replay(costs, contexts)
    assert np.abs(POSITIONS[chosen] - best)[100:].mean() < 0.15


@given(st.integers(-30, 30), st.integers(0, 100))
def test_units_of_the_cost_do_not_matter(power, seed):
    costs = smooth_costs(40, seed)
    plain, scaled = (
        Tuner(range(30), "thompson", positions=POSITIONS, seed=seed).replay(factor * costs)
        for factor in (1.0, 2.0**power)
    )
    np.testing.assert_array_equal(plain, scaled)


@given(st.integers(-3, 3), st.integers(-8, 8))
def test_units_of_the_position_do_not_matter(power, shift):
    costs, places = smooth_costs(40)[:, :9], np.arange(9.0)
    plain, moved = (
        Tuner(range(9), "thompson", positions=p).replay(costs) for p in (places, 2.0**power * places + shift)
    )
    np.testing.assert_array_equal(plain, moved)


def test_a_drift_is_forgotten():
    costs = np.tile(smooth_costs(1), (600, 1))
    costs[300:] = costs[300:, ::-1]
    chosen = Tuner(range(30), "thompson", positions=POSITIONS).replay(costs)
    assert np.abs(POSITIONS[chosen[450:]] + 2.5).mean() < 0.5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"positions": [0.0, 1.0]}, "positions: expected 3 of them, got 2"),
        ({"positions": [0.0, 1.0, np.inf]}, "positions: expected a finite number, got inf"),
        ({"noise": 0.0}, "noise: expected a number in"),
        ({"context": [(0, 1)] * 5}, "context_dim: expected at most 4"),
        ({"context": (1, 0)}, "context: expected the lower end first"),
        ({"context": (0, 1, 2)}, "context: expected shape"),
        ({"split": max}, "split_every: expected 0 but for tsallis and exp3"),
    ],
)
def test_bad_options_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        Tuner("abc", "thompson", **options)
