"""What goes through pickle, as to other processes, comes back the same."""

import pickle

import numpy as np
import pytest

import trimtab as tt
from trimtab.sde import Constant, solve

TREE = tt.sde.BrownianTree(7, 0.0, 1.0, levy="K", dim=2)


def through(x):
    return pickle.loads(pickle.dumps(x))


def pull(x):
    return 2 * x


@pytest.mark.parametrize(
    "equation",
    [
        tt.sde.ornstein_uhlenbeck(2.0, 0.5, 0.3, dim=2),
        tt.sde.double_well(dim=2),
        tt.sde.geometric_brownian_motion(0.1, 0.3, dim=2),
        tt.sde.heston(),
        tt.sde.langevin(tt.sde.quadratic(3.0, dim=2), gamma=[1.0, 2.0]),
        tt.sde.langevin(pull, u=[0.5, 1.0]),
    ],
    ids=lambda model: model.name,
)
def test_models_solve_alike(equation):
    again = through(equation)
    assert again.name == equation.name
    y0 = np.ones(equation.state_dim)
    first, second = (solve(e, y0, TREE, steps=Constant(16), paths=5).y for e in (equation, again))
    assert np.array_equal(first, second)
    assert np.array_equal(first, solve(equation, y0, through(TREE), steps=Constant(16), paths=5).y)


def test_a_cir_model_keeps_its_kind():
    model = through(tt.sde.cir(1.0, 1.0, 2.2))
    assert model.is_volatile
    assert model.kind == "cir"


def test_a_solution_keeps_its_numbers_but_not_its_equation():
    sde = tt.sde.SDE(lambda t, y: -y, 1.0, noise="additive")
    sol = solve(sde, [1.0, 1.0], TREE, steps=Constant(16), paths=5, save_steps=True)
    again = through(sol)
    assert np.array_equal(again.y, sol.y)
    assert np.array_equal(again.steps, sol.steps)
    assert again.stats == sol.stats
    assert again.tree == sol.tree
    assert sol.error_estimate().shape == (5, 1)
    with pytest.raises(ValueError, match="got one from a pickle"):
        again.error_estimate()
