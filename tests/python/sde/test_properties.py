"""Additivity, and that nothing matters but the question."""

import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import trimtab as tt
from python.core.levels import outputs_of_every_level
from reference.brownian import join

VARIANCES = np.array([1, 12, 720])
times = st.floats(0, 1)


@given(t=st.tuples(times, times, times).map(sorted), seed=st.integers(0, 2**64 - 1))
def test_increments_join(t, seed):
    tree = tt.sde.BrownianTree(seed, 0, 1, levy="K")
    a, b, c = (round(x * 2**52) for x in t)
    assume(a < b < c)
    answers = tree.increment([t[0], t[1], t[0]], [t[1], t[2], t[2]])
    left, right, whole = ([float(x[i, 0, 0]) for x in answers] for i in range(3))
    h, *joined = join(((b - a) * 2.0**-52, *left), ((c - b) * 2.0**-52, *right))
    assert np.abs((np.array(whole) - joined) / np.sqrt(h / VARIANCES)).max() < 2e-14


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("levy", ["W", "H", "K"])
def test_order_selection_and_threads_do_not_change_bits(levy, dtype):
    tree = tt.sde.BrownianTree(4, -1, 1, dim=3, levy=levy, dtype=dtype)
    rng = np.random.default_rng(2)
    s = rng.uniform(-1, 1, 60)
    t = rng.uniform(s, 1)
    everything = tree.increment(s, t, paths=40, threads=1)
    order, chosen = rng.permutation(60), rng.permutation(40)[:17]
    for x, y in zip(everything, tree.increment(s[order], t[order], paths=chosen, threads=3), strict=True):
        np.testing.assert_array_equal(y, x[order][:, chosen])
    for x, y in zip(everything, tree.increment(s[5], t[5], paths=slice(3, 30, 4)), strict=True):
        np.testing.assert_array_equal(y, x[5, 3:30:4])
    one = tt.sde.BrownianTree(4, -1, 1, dim=1, levy=levy, dtype=dtype)  # few rows: the lanes are questions
    for x, y in zip(everything, one.increment(s, t, paths=[7], threads=2), strict=True):
        np.testing.assert_array_equal(y[:, 0, 0], x[:, 7, 0])


def test_a_grid_is_its_nodes_and_a_path_its_sum():
    tree = tt.sde.BrownianTree(9, 0, 3, dim=2, levy="K")
    for count in (1, 30):
        grid = tree.grid(6, paths=count, threads=2)
        for k in (0, 31, 63):
            for x, y in zip(tree.node(6, k, paths=count), grid, strict=True):
                np.testing.assert_array_equal(x, y[k])
        values = tree.path(np.linspace(0, 3, 65), paths=count)
        np.testing.assert_array_equal(values[0], 0)
        np.testing.assert_allclose(np.diff(values, axis=0), grid.W, rtol=0, atol=1e-14)


def test_nodes_do_not_depend_on_the_depth():
    shallow = tt.sde.BrownianTree(9, 0, 1, levy="K", depth=8).grid(8, paths=3)
    for x, y in zip(shallow, tt.sde.BrownianTree(9, 0, 1, levy="K").grid(8, paths=3), strict=True):
        np.testing.assert_array_equal(x, y)


def test_both_sides_of_a_cut_agree():
    tree = tt.sde.BrownianTree(9, 0, 1, levy="K", depth=3)
    left, right, leaf = (tree.increment(*x) for x in ((0.25, 0.3), (0.3, 0.375), (0.25, 0.375)))
    joined = join((0.3 - 0.25, *map(np.ravel, left)), (0.375 - 0.3, *map(np.ravel, right)))
    np.testing.assert_allclose(np.ravel(joined[1:]), np.ravel(leaf), rtol=0, atol=1e-14)


def test_equal_times_give_zeros_and_no_paths_give_nothing():
    tree = tt.sde.BrownianTree(9, 0, 1, dim=2, levy="H")
    for x in tree.increment([0, 0.3, 1], [0, 0.3, 1], paths=50):
        assert x.shape == (3, 50, 2)
        assert not x.any()
    assert tree.increment(0, 1, paths=0).W.shape == (0, 2)
    assert tree.increment([], [], paths=3).W.shape == (0, 3, 2)


def test_a_tree_is_a_value():
    tree = tt.sde.BrownianTree(9, 0, 1, levy="H", dtype=np.float32)
    again = pickle.loads(pickle.dumps(tree))
    assert again == tree
    assert hash(again) == hash(tree)
    assert again != tt.sde.BrownianTree(9, 0, 1, levy="H")
    assert repr(tree) == "BrownianTree(seed=9, t0=0.0, t1=1.0, dim=1, levy='H', depth=52, dtype='float32')"
    np.testing.assert_array_equal(again.grid(3).H, tree.grid(3).H)


@pytest.mark.parametrize("change", [{"seed": 2}, {"levy": "H"}, {"dtype": "float32"}])
def test_other_trees_are_other_paths(change):
    given = {"seed": 1, "levy": "K", "dtype": "float64"}
    one, two = (tt.sde.BrownianTree(t0=0, t1=1, **x).node(6, 17, paths=8).W for x in (given, given | change))
    assert (np.abs(one - two) > 1e-6).all()


def test_seeds_of_numpy():
    sequence = np.random.SeedSequence(5)
    assert tt.sde.BrownianTree(sequence, 0, 1).seed == int(sequence.generate_state(1, np.uint64)[0])
    one, two = (tt.sde.BrownianTree(np.random.default_rng(5), 0, 1) for _ in range(2))
    assert one == two
    generator = np.random.default_rng(5)
    assert tt.sde.BrownianTree(generator, 0, 1) != tt.sde.BrownianTree(generator, 0, 1)


def test_every_level_gives_the_same_bits():
    script = """
import hashlib
import numpy as np
import trimtab as tt

digest = hashlib.sha256()
s = np.linspace(0, 0.9, 37)
for levy in "WHK":
    for dtype in ("float64", "float32"):
        for depth in (20, 52):
            tree = tt.sde.BrownianTree(3, 0, 1, dim=3, levy=levy, depth=depth, dtype=dtype)
            for x in (*tree.increment(s, s + 0.0937, paths=37), *tree.grid(5, paths=1)):
                digest.update(x.tobytes())
print(digest.hexdigest())
"""
    assert len(set(outputs_of_every_level(script).values())) == 1
