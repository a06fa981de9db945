"""The examples show what they say."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import trimtab as tt

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def example(monkeypatch):
    def load(name):
        spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module

    return load


def test_steps_that_shrink_near_zero_converge_faster(example):
    model = tt.sde.cir(0.0397, 3.98, 0.667)  # the fit to the treasury bill rate
    constant, adaptive = example("plot_treasury_bill").errors(model, 0.12, 400, finest=7)
    slopes = [-np.polyfit(np.log(cost), np.log(error), 1)[0] for cost, error in (constant, adaptive)]
    assert slopes[0] < 0.9
    assert slopes[1] > 1.2
    beside = np.exp(np.interp(np.log(adaptive[0][2:4]), np.log(constant[0]), np.log(constant[1])))
    assert (adaptive[1][2:4] < beside / 2).all()


def test_langevin_paths_sample_a_posterior(example):
    module = example("plot_langevin_mcmc")
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(40), rng.standard_normal(40)])
    posterior = module.Posterior(design, (rng.random(40) < 0.7) * 1.0, np.array([0.5, -0.2]), np.array([0.4, 0.3]))

    # moments by summation on a grid, where the trapezoidal rule is exact to rounding for so smooth a density
    z = np.stack(np.meshgrid(*[np.linspace(-8, 10, 181)] * 2, indexing="ij"), -1).reshape(-1, 2)
    weights = posterior.mode + z * posterior.scale
    logits = weights @ design.T
    potential = (np.logaddexp(0, logits) - posterior.label * logits).sum(1) + (weights**2).sum(1) / 2
    density = np.exp(potential.min() - potential)
    density /= density.sum()
    mean, square = density @ z, density @ z**2
    # the gradient is that of this potential
    differences = np.gradient(potential.reshape(181, 181), 0.1, edge_order=2)
    inside = (slice(60, 120), slice(60, 120))
    for i in (0, 1):
        exact = posterior.gradient(z)[:, i].reshape(181, 181)
        np.testing.assert_allclose(differences[i][inside], exact[inside], atol=0.02)  # h^2 / 6 of a third derivative

    run = module.langevin(
        posterior, module.start(2, 400, 1), "quicsort", 0.1875, gamma=1.0, warm_up=12.0, duration=96.0, seed=1
    )
    steps = 96 / 0.1875
    assert run.gradients == 2 * 400 * steps
    for power, expected in ((1, mean), (2, square)):
        chain = (run.draws**power).mean(1)  # chains are independent
        error = chain.std(0, ddof=1) / np.sqrt(len(chain))
        assert (abs(chain.mean(0) - expected) < 4.5 * error).all()


def test_a_regularized_neural_equation_is_cheaper_to_solve(example, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib").use("agg")
    monkeypatch.chdir(tmp_path)
    results = example("plot_neural_ode").main(iterations=150, weights=(0.0, 1.0))
    plain, regularized = results[0.0], results[1.0]
    assert regularized[0] < plain[0]
    assert max(plain[1], regularized[1]) < 0.5  # the spiral starts with radius 2
