import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from python.core.levels import outputs_of_every_level
from trimtab import _core

rng = _core.rng
GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "rng.json").read_text())


def draw(shape, seed=1, node=1, kind=0, path=0, dim=0, threads=1, fill=rng.fill_normals):
    out = np.full(shape, np.nan)
    fill(seed, node, kind, path, dim, out, threads)
    return out


@pytest.mark.parametrize("case", GOLDEN["philox"]["cases"])
def test_philox_known_answers(case):
    low, high = (int(word, 16) for word in case["key"])
    words = rng.philox(*(int(word, 16) for word in case["counter"]), low | high << 32)
    assert [f"{word:08x}" for word in words] == case["words"]


@pytest.mark.parametrize("case", GOLDEN["normals"]["cases"])
def test_normals_of_the_contract(case):
    golden = GOLDEN["normals"]
    z = draw((1, 1, 4), golden["seed"], case["node"], golden["kind"], case["path"], case["dim"])
    np.testing.assert_allclose(z[0, 0], case["normals"], rtol=0, atol=golden["tolerance"])


@given(
    seed=st.integers(0, 2**64 - 1),
    node=st.integers(0, 2**53 - 1),
    kind=st.integers(0, 255),
    path=st.integers(0, 2**40 - 1),
    dim=st.integers(0, 2**24 - 1),
)
def test_uniforms_and_normals_come_from_the_words_of_their_address(seed, node, kind, path, dim):
    mask = 0xFFFFFFFF
    words = rng.philox(node & mask, node >> 32 | kind << 24, path & mask, dim | path >> 32 << 24, seed)
    u = [((words[1] << 32 | words[0]) >> 12) * 2.0**-52, ((words[3] << 32 | words[2]) >> 12) * 2.0**-52]
    address = (seed, node, kind, path, dim)
    assert draw((1, 1, 2), *address, fill=rng.fill_uniforms).tolist() == [[u]]
    radius = np.sqrt(-2 * np.log1p(-u[0]))
    expected = [radius * np.cos(2 * np.pi * u[1]), radius * np.sin(2 * np.pi * u[1])]
    np.testing.assert_allclose(draw((1, 1, 2), *address)[0, 0], expected, rtol=0, atol=1e-14)


def test_a_draw_is_a_window_on_all_addresses():
    everything = draw((6, 20, 8), kind=4, path=2**32 - 3, dim=7, threads=2)
    np.testing.assert_array_equal(draw((3, 11, 5), kind=5, path=2**32 - 1, dim=10), everything[2:5, 3:14, 2:7])


def test_normals_have_the_moments_and_law_of_normals():
    z = draw((500, 1000, 4), seed=20).ravel()
    n = z.size
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10170)):
        assert abs((z**power).mean() - moment) < 4 * np.sqrt(variance / n)
    assert stats.kstest(z, "norm").pvalue > 1e-3
    counts, _ = np.histogram(stats.norm.cdf(z), bins=1000, range=(0, 1))
    assert stats.chisquare(counts).pvalue > 1e-3
    for tail in (3.0, 4.0, 4.5):
        assert stats.binomtest(int((np.abs(z) > tail).sum()), n, 2 * stats.norm.sf(tail)).pvalue > 1e-3


def test_uniforms_fill_the_square_evenly():
    u = draw((250, 1000, 2), seed=21, fill=rng.fill_uniforms)
    assert u.min() >= 0
    assert u.max() < 1
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-3
    counts, *_ = np.histogram2d(u[..., 0].ravel(), u[..., 1].ravel(), bins=50, range=((0, 1), (0, 1)))
    assert stats.chisquare(counts.ravel()).pvalue > 1e-3


@pytest.mark.parametrize("step", ["seed", "node", "kind", "path", "dim"])
def test_neighboring_addresses_are_independent(step):
    shape = (100, 500, 2)
    a = draw(shape, seed=5, node=9)
    change = {"seed": 5, "node": 9, "kind": 0, "path": 0, "dim": 0}
    change[step] += {"path": 100, "dim": 500}.get(step, 1)
    b = draw(shape, **change)
    n = a.size
    assert abs((a * b).mean()) < 4 / np.sqrt(n)
    assert abs((a**2 * b**2).mean() - 1) < 4 * np.sqrt(8 / n)


def test_every_level_and_thread_count_gives_the_same_bits():
    script = """
import hashlib
import numpy as np
from trimtab import _core

digest = hashlib.sha256()
for fill in (_core.rng.fill_normals, _core.rng.fill_uniforms):
    out = np.empty((301, 503, 3))
    fill(99, 2**52 + 1, 250, 2**39, 12345, out, 1)
    digest.update(out.tobytes())
print(digest.hexdigest())
"""
    assert len(set(outputs_of_every_level(script).values())) == 1
    shape = (301, 503, 3)
    np.testing.assert_array_equal(draw(shape, threads=1), draw(shape, threads=3))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"node": 2**53}, f"node: expected addresses up to {2**53 - 1}, got {2**53}"),
        ({"kind": 255}, "kind: expected addresses up to 255, got 2 from 255"),
        ({"path": 2**40 - 1}, f"path: expected addresses up to {2**40 - 1}, got 2 from {2**40 - 1}"),
        ({"dim": 2**24 - 2}, f"dim: expected addresses up to {2**24 - 1}, got 3 from {2**24 - 2}"),
    ],
)
def test_addresses_beyond_the_limits_are_refused(address, words):
    with pytest.raises(ValueError, match=words):
        draw((2, 3, 4), **address)


def test_out_needs_three_dimensions():
    with pytest.raises(ValueError, match="out: expected three dimensions"):
        draw((3, 4))
