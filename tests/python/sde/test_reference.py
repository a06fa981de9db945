"""Against known values and against the plain formulas."""

from fractions import Fraction

import numpy as np
import pytest

import trimtab as tt
from reference.brownian import ReferenceTree, single_normals

VARIANCES = np.array([1, 12, 720])


@pytest.mark.parametrize("levy", ["W", "H", "K"])
def test_nodes_of_the_contract(golden, levy):
    case = golden("sde")["nodes"]
    tree = tt.sde.BrownianTree(12345, 0, 1, dim=2, levy=levy)
    for (level, k, path, dim), expected in zip(case["where"], case[levy], strict=True):
        values = [x[0, dim] for x in tree.node(level, k, paths=[path])]
        unit = np.sqrt(2.0**-level / VARIANCES[: len(values)])
        np.testing.assert_array_less(np.abs(values - np.array(expected)), case["tolerance"] * unit)


@pytest.mark.parametrize("name", ["ticks", "leaves"])
def test_increments_of_the_contract(golden, name):
    case = golden("sde")[name]
    tree = tt.sde.BrownianTree(12345, case["t0"], case["t1"], levy="K", depth=case["depth"])
    for s, t, expected in zip(case["s"], case["t"], case["expected"], strict=True):
        values = np.ravel(tree.increment(s, t, paths=[case["path"]]))
        unit = np.sqrt((t - s) / VARIANCES)
        np.testing.assert_array_less(np.abs(values - expected), case["tolerance"] * unit)


# Rounding of one split or join is some eps; on the way to a tick lie at most 52 splits and as many joins. The
# reference itself loses eps |W| in differences of each level, no more than these bounds.
@pytest.mark.parametrize(("dtype", "bound"), [("float64", 1e-13), ("float32", 3e-6)])
def test_increments_are_those_of_the_plain_formulas(dtype, bound):
    tree = tt.sde.BrownianTree(77, 0, 1, levy="K", dtype=dtype)
    kind = {} if dtype == "float64" else {"normals": single_normals}
    reference = ReferenceTree(77, 0, 0, **kind)
    rng = np.random.default_rng(1)
    for bits in range(1, 53):
        length = int(rng.integers(1, 2**bits, endpoint=True))
        start = int(rng.integers(0, 2**52 - length, endpoint=True))
        s, t = start * 2.0**-52, (start + length) * 2.0**-52
        _, *expected = reference.increment(Fraction(start, 2**52), Fraction(start + length, 2**52))
        unit = np.sqrt(length * 2.0**-52 / VARIANCES)
        assert np.abs((np.ravel(tree.increment(s, t)) - expected) / unit).max() < bound


def test_a_single_node_of_single_precision_follows_the_contract_closely():
    tree = tt.sde.BrownianTree(5, 0, 1, levy="K", dtype="float32")
    reference = ReferenceTree(5, 0, 0, normals=single_normals)
    for level, k in ((0, 0), (3, 5), (10, 999), (40, 2**39 + 12345)):
        _, *expected = reference.node(2**level + k)
        values = np.ravel(tree.node(level, k))
        assert values.dtype == np.float32
        unit = np.sqrt(2.0**-level / VARIANCES)
        assert np.abs((values - expected) / unit).max() < 2e-6
