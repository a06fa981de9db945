"""The examples run and show what they say."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def binomial_put(price, strike, rate, volatility, maturity, steps):
    """Cox, Ross, Rubinstein (1979)."""
    dt = maturity / steps
    up = np.exp(volatility * np.sqrt(dt))
    p, discount = (np.exp(rate * dt) - 1 / up) / (up - 1 / up), np.exp(-rate * dt)
    value = np.maximum(strike - price * up ** np.arange(-steps, steps + 1, 2.0), 0)
    for n in range(steps - 1, -1, -1):
        held = discount * (p * value[1:] + (1 - p) * value[:-1])
        value = np.maximum(held, strike - price * up ** np.arange(-n, n + 1, 2.0))
    return value[0]


def test_the_put_agrees_with_a_binomial_tree():
    put = example("plot_american_put")
    solvers = put.solvers()
    price, value = put.american_put(solvers["learned"])
    for spot in (80.0, 100.0, 120.0):
        expected = binomial_put(spot, 100.0, 0.05, 0.3, 1.0, 2000)
        # errors of a step: O(dt) and O(h^2), both near 1e-3 of the strike here
        assert np.interp(spot, price, value) == pytest.approx(expected, abs=0.05)
    put.american_put(solvers["omega = 1.0"])
    learned, plain = (solvers[name].history()["iterations"].sum() for name in ("learned", "omega = 1.0"))
    assert learned < 0.5 * plain


def test_heat_conduction_needs_fewer_iterations_with_the_measured_gap():
    adaptive, plain = example("plot_heat_conduction").compare(nx=50, steps=800)
    assert (adaptive["arm"] == -1).sum() <= 3
    assert adaptive["iterations"].sum() < 0.75 * plain["iterations"].sum()


def test_a_foreign_solver_is_steered_close_to_its_best_setting():
    fixed, tuned, tuner = example("plot_foreign_solver").compare(steps=60)
    best = fixed.min(axis=1).sum()
    assert tuned.sum() < 1.15 * best
    assert tuned.sum() < 0.8 * fixed[:, 0].sum()
    assert tuner.ledger.spent == tuned.sum()
