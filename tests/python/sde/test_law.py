"""The joint law of increments: moments against those of Brownian motion."""

import itertools

import numpy as np
import pytest
from scipy import stats

import trimtab as tt

# W, H and K over [s, t] are integrals of these functions of x = (r - s)/(t - s) against dW_r.
KERNELS = [lambda x: np.ones_like(x), lambda x: 0.5 - x, lambda x: (6 * x * x - 6 * x + 1) / 12]
VARIANCES = np.array([1, 12, 720])


def covariance(f, a, b, g, c, d):
    """Of the integral of f over [a, b] and that of g over [c, d]; three nodes of Gauss are exact for degree 5."""
    low, high = max(a, c), min(b, d)
    if low >= high:
        return 0.0
    x, weight = np.polynomial.legendre.leggauss(3)
    r = (low + high) / 2 + (high - low) / 2 * x
    return (high - low) / 2 * np.dot(weight, f((r - a) / (b - a)) * g((r - c) / (d - c)))


def z_scores(one, two, interval, other):
    """Of all products of coordinates of two increments, (n,) each."""
    for (f, x), (g, y) in itertools.product(zip(KERNELS, one, strict=True), zip(KERNELS, two, strict=True)):
        exact = covariance(f, *interval, g, *other)
        variance = covariance(f, *interval, f, *interval) * covariance(g, *other, g, *other) + exact**2
        yield (np.mean(x * y, dtype=float) - exact) / np.sqrt(variance / x.size)


# Leaves of depth 5 are 1/32 wide: the times lie in different ones, so the law is exact in all cases.
PAIRS = [
    ((0.011, 0.55), (0.32, 0.97)),
    ((0.1, 0.9), (0.45, 0.5000001)),
    ((0.26, 0.7), (0.26, 0.7)),
    ((0.13, 0.4), (0.4, 0.83)),
    ((0.02, 0.07), (0.04, 0.78)),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("depth", [5, 52])
def test_covariances_of_overlapping_increments(depth, dtype):
    n = 100_000
    for i, (interval, other) in enumerate(PAIRS):
        if depth == 5 and i == 1:
            other = (0.45, 0.5)  # a second time beside 1/2 would share a leaf with none, but 1/2 is a border
        tree = tt.sde.BrownianTree(100 + i, 0, 1, levy="K", depth=depth, dtype=dtype)
        both = tree.increment([interval[0], other[0]], [interval[1], other[1]], paths=n)
        one, two = ([x[j, :, 0] for x in both] for j in (0, 1))
        assert max(map(abs, z_scores(one, two, interval, other))) < 4.5


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_deep_nodes_are_standard_normals(dtype):
    n = 200_000
    tree = tt.sde.BrownianTree(8, 0, 1, levy="K", dtype=dtype)
    for level in (0, 1, 20, 40, 52):
        increment = tree.node(level, 2**level // 3, paths=n)
        a = [x.ravel().astype(float) * np.sqrt(v * 2.0**level) for x, v in zip(increment, VARIANCES, strict=True)]
        for x in a:
            assert abs(x.mean()) < 4.5 / np.sqrt(n)
            assert abs((x**2).mean() - 1) < 4.5 * np.sqrt(2 / n)
            assert stats.kstest(x, "norm").pvalue > 1e-4
        for x, y in itertools.combinations(a, 2):
            assert abs((x * y).mean()) < 4.5 / np.sqrt(n)


@pytest.mark.parametrize("levy", ["W", "H", "K"])
def test_both_parts_of_a_cut_leaf_are_independent_of_each_other(levy):
    n = 100_000
    for seed, cut in enumerate((1e-6, 0.1, 0.5 - 1e-9, 0.8, 1 - 1e-3)):
        tree = tt.sde.BrownianTree(seed, 0, 2, levy=levy, depth=1)
        left, right = tree.increment(0, cut, paths=n), tree.increment(cut, 1, paths=n)
        kernels = len(left)
        for x, y in itertools.product(range(kernels), repeat=2):
            a = left[x].ravel() / np.sqrt(cut / VARIANCES[x])
            b = right[y].ravel() / np.sqrt((1 - cut) / VARIANCES[y])
            assert abs((a * b).mean()) < 4.5 / np.sqrt(n)
            if x == y:
                assert abs((a * a).mean() - 1) < 4.5 * np.sqrt(2 / n)
                assert abs((b * b).mean() - 1) < 4.5 * np.sqrt(2 / n)


@pytest.mark.parametrize("change", ["seed", "dim", "path"])
def test_what_differs_in_its_address_is_independent(change):
    n = 100_000
    tree = tt.sde.BrownianTree(1, 0, 1, dim=2, levy="K")
    other = tt.sde.BrownianTree(2, 0, 1, dim=2, levy="K") if change == "seed" else tree
    paths = slice(n, 2 * n) if change == "path" else n
    a = tree.node(6, 17, paths=n).W[:, 0]
    b = other.node(6, 17, paths=paths).W[:, 1 if change == "dim" else 0]
    assert abs((a * b).mean() * 2**6) < 4.5 / np.sqrt(n)
