"""The example runs and shows what it says."""

import runpy
from pathlib import Path

import numpy as np

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_end_functions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = runpy.run_path(str(EXAMPLES / "plot_fractional_ends.py"))["main"]()
    plain, two, four = (np.array(errors) for errors in table.values())
    assert 0.4 < np.log2(plain[0] / plain[-1]) / 4 < 1.0  # alpha / 2 = 0.6
    assert (two < 1e-3 * plain).all()
    assert (four < 1e-2 * two).all()
    assert (tmp_path / "fractional_ends.png").stat().st_size > 10_000
