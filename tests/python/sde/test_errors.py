import re

import numpy as np
import pytest

import trimtab as tt


@pytest.fixture
def tree():
    return tt.sde.BrownianTree(1, 0, 1, levy="H", depth=10)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"seed": -1}, ValueError, "seed: expected an integer >= 0, got -1"),
        ({"seed": 1.5}, TypeError, "seed: expected an integer, got 1.5"),
        ({"t0": np.nan}, ValueError, "t0: expected a finite number, got nan"),
        ({"t1": 0}, ValueError, "t1: expected a number in (0, inf), got 0.0"),
        ({"t1": np.inf}, ValueError, "t1: expected a number in (0, inf), got inf"),
        ({"dim": 0}, ValueError, "dim: expected an integer >= 1, got 0"),
        ({"dim": 2**24 + 1}, ValueError, "dim: expected an integer <= 16777216"),
        ({"levy": "A"}, ValueError, "levy: expected one of 'W', 'H', 'K', got 'A'"),
        ({"depth": 53}, ValueError, "depth: expected an integer <= 52, got 53"),
        ({"dtype": "int64"}, ValueError, "dtype: expected one of 'float64', 'float32', got 'int64'"),
        ({"t0": -1e308, "t1": 1e308}, ValueError, "t1: expected a finite time after t0"),
    ],
)
def test_bad_trees(given, error, words):
    arguments = {"seed": 1, "t0": 0, "t1": 1} | given
    with pytest.raises(error, match=re.escape(words)):
        tt.sde.BrownianTree(**arguments)


@pytest.mark.parametrize(
    ("s", "t", "error", "words"),
    [
        (0.5, 0.25, ValueError, "t: expected a time not before s = 0.5, got 0.25"),
        (np.nan, 1, ValueError, "s: expected a time in [0, 1], got nan"),
        (0, [0.5, 1.5], ValueError, "t: expected a time in [0, 1], got 1.5"),
        (-0.25, 1, ValueError, "s: expected a time in [0, 1], got -0.25"),
        ("0", 1, TypeError, "s: expected real numbers, got dtype <U1"),
        (0.25001, 0.25002, ValueError, "depth: expected 16 at least, as two times cut one leaf, got 10"),
        ([0.25001, 0], [1, 0.25002], ValueError, "depth: expected 16 at least, as two times cut one leaf, got 10"),
    ],
)
def test_bad_times(tree, s, t, error, words):
    with pytest.raises(error, match=re.escape(words)):
        tree.increment(s, t)


def test_the_depth_that_an_error_names_serves():
    tt.sde.BrownianTree(1, 0, 1, depth=16).increment(0.25001, 0.25002)


@pytest.mark.parametrize(
    ("paths", "error", "words"),
    [
        (-1, ValueError, "paths: expected an integer >= 0, got -1"),
        (2.5, TypeError, "paths: expected an integer, got 2.5"),
        ([0, 2**40], ValueError, f"paths: expected numbers from 0 to 2**40 - 1, got 0 to {2**40}"),
        ([-1, 3], ValueError, "paths: expected numbers from 0 to 2**40 - 1, got -1 to 3"),
        ([0.5], TypeError, "paths: expected a count, a slice or a list of integers, got float64 of shape (1,)"),
        ([[1]], TypeError, "paths: expected a count, a slice or a list of integers, got int64 of shape (1, 1)"),
        (slice(3, None), ValueError, "paths: expected a slice with an end, got slice(3, None, None)"),
        (slice(3, 2**40 + 1), ValueError, f"paths: expected an integer <= {2**40}, got {2**40 + 1}"),
        (slice(3, 9, 0), ValueError, "paths: expected an integer >= 1, got 0"),
    ],
)
def test_bad_paths(tree, paths, error, words):
    with pytest.raises(error, match=re.escape(words)):
        tree.node(0, 0, paths=paths)


def test_bad_nodes_and_threads(tree):
    with pytest.raises(ValueError, match="level: expected an integer <= 10, got 11"):
        tree.node(11, 0)
    with pytest.raises(ValueError, match="k: expected an integer <= 3, got 4"):
        tree.node(2, 4)
    with pytest.raises(ValueError, match="level: expected an integer <= 10, got 11"):
        tree.grid(11)
    with pytest.raises(ValueError, match="threads: expected an integer >= 1, got 0"):
        tree.increment(0, 1, threads=0)
