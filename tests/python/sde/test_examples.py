"""The example runs and shows what it says."""

import importlib.util
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_a_regularized_neural_equation_is_cheaper_to_solve(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib").use("agg")
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("plot_neural_ode", EXAMPLES / "plot_neural_ode.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    results = module.main(iterations=150, weights=(0.0, 1.0))
    plain, regularized = results[0.0], results[1.0]
    assert regularized[0] < plain[0]
    assert max(plain[1], regularized[1]) < 0.5  # the spiral starts with radius 2
