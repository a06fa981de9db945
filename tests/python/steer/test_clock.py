"""Seconds as a cost."""

import copy
import time

import numpy as np
import pytest

from trimtab.steer import Tuner


def test_the_clock_tells_the_cost():
    tuner = Tuner([0.02, 0.0], cost="wall", seed=1)
    for _ in range(60):
        time.sleep(tuner.suggest().arm)
        tuner.observe()
    history = tuner.history
    assert history["cost"][history["arm"] == 0].min() >= 0.02
    assert (history["arm"][30:] == 1).mean() > 0.5


def test_one_outlier_of_three_does_not_count(monkeypatch):
    now = iter(np.cumsum([0, 1.0, 0, 1.0, 0, 50.0, 0, 1.0]))
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))
    tuner = Tuner("a", cost="wall")
    for _ in range(4):
        tuner.suggest()
        tuner.observe()
    assert tuner.history["cost"].tolist() == [1, 1, 1, 1]


def test_a_cost_may_be_told_all_the_same():
    tuner = Tuner("ab", cost="wall")
    tuner.suggest()
    tuner.observe(3.0)
    assert tuner.history["cost"].tolist() == [3]


def test_misuse_is_named():
    with pytest.raises(ValueError, match="cost: expected a number, as the tuner does not take the time"):
        Tuner("ab").observe()
    with pytest.raises(ValueError, match="cost: expected one of 'iterations', 'wall', got 'money'"):
        Tuner("ab", cost="money")
    with pytest.raises(ValueError, match="observe: expected a suggest"):
        Tuner("ab", cost="wall").observe()
    tuner = Tuner("ab", cost="wall")
    tuner.suggest()
    with pytest.raises(ValueError, match="the clock was not running"):
        copy.deepcopy(tuner).observe()
