"""The conservative ledger: what may be spent beside the reference arm."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trimtab.steer import Tuner

LEARNERS = ["tsallis-inf", "tsallis-rv", "exp3", "chebcb", "thompson"]


def played(learner, costs, contexts=None, sizes=None, **options):
    """Plays with caps kept: an explored round goes on with the reference once it has cost its cap."""
    if learner in ("chebcb", "thompson"):
        options["context"], contexts = (0, 1), np.zeros(len(costs)) if contexts is None else contexts
    tuner = Tuner(range(costs.shape[1]), learner, reference=0, **options)
    for t, row in enumerate(costs):
        s = tuner.suggest(None if contexts is None else contexts[t], size=1 if sizes is None else sizes[t])
        tuner.observe(min(row[s.index], s.cap))
    return tuner


@pytest.mark.parametrize("learner", LEARNERS)
@given(seed=st.integers(0, 1000), worst=st.floats(1.1, 20))
def test_the_total_stays_below_the_bound(learner, seed, worst):
    rng = np.random.default_rng(seed)
    costs = 10 * np.tile([1.0, *np.full(4, worst)], (300, 1)) * rng.uniform(0.95, 1.05, (300, 5))
    tuner = played(learner, costs, seed=seed)
    ledger, spent = tuner.ledger, tuner.history["cost"].sum()
    assert ledger.spent == pytest.approx(spent)
    assert ledger.spent <= ledger.bound * (1 + 1e-12)
    # the forecast is a lower limit, so what is promised holds against the true cost of the reference
    assert ledger.baseline <= 1.03 * costs[:, 0].sum()
    assert spent <= (1.05 + 20 / 300) * 1.03 * costs[:, 0].sum()
    assert (ledger.regret, ledger.regret_bound) == (ledger.spent - ledger.baseline, ledger.bound - ledger.baseline)


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_bad_reference_is_left(learner):
    costs = np.tile([3.0, 1.0, 2.0, 3.0, 3.0], (2000, 1)) * np.random.default_rng(0).uniform(0.9, 1.1, (2000, 5))
    tuner = played(learner, costs)
    assert (tuner.history["arm"][1000:] == 1).mean() > 0.7
    assert tuner.ledger.regret < 0


def test_without_tolerance_nothing_is_explored():
    tuner = played("tsallis-inf", np.ones((50, 3)), alpha=0.0, slack=0.0)
    assert (tuner.history["arm"] == 0).all()
    assert tuner.history["conservative"].all()
    assert tuner.ledger.regret == 0


def test_sizes_make_costs_comparable():
    rng = np.random.default_rng(0)
    sizes = rng.choice([1.0, 100.0], 500)
    costs = sizes[:, None] * np.tile([2.0, 1.0], (500, 1))
    told = played("tsallis-inf", costs, sizes=sizes)
    # a cost per size is the same in every round: three rounds of the reference tell what all later ones would cost
    assert told.ledger.reference_rounds < 250
    assert told.ledger.baseline == pytest.approx(costs[:, 0].sum(), rel=0.01)
    np.testing.assert_array_equal(told.history["size"], sizes)


def test_a_model_forecasts_the_reference_by_its_context():
    rng = np.random.default_rng(0)
    contexts = rng.uniform(0, 1, 400)
    costs = np.exp(5 * contexts)[:, None] * [2.0, 1.0, 1.5] * rng.uniform(0.97, 1.03, (400, 3))
    ledger = played("thompson", costs, contexts).ledger
    assert ledger.reference_rounds < 60
    assert 0.6 * costs[:, 0].sum() < ledger.baseline < 1.03 * costs[:, 0].sum()


def test_the_cap_is_twice_a_high_cost_of_the_reference():
    tuner = Tuner(range(2), reference=0, seed=3)
    caps = []
    for _ in range(100):
        s = tuner.suggest()
        caps.append(s.cap if s.index else math.inf)
        tuner.observe(10.0)
    explored = [c for c in caps if c < math.inf]
    assert explored
    assert set(explored) == {20.0}


@pytest.mark.parametrize("size", [0.0, -1.0, math.nan, math.inf])
def test_a_bad_size_is_named(size):
    with pytest.raises(ValueError, match="size: expected"):
        Tuner("ab", reference=0).suggest(size=size)
