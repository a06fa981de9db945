"""The polynomials behind the border against entries one by one."""

import numpy as np
import pytest

import trimtab as tt

ALPHAS = (0.2, 0.5, 1.0, 1.001, 1.1, 1.5, 1.9, 1.999)


def places(op):
    """Indices at the first end, in blocks near and far, and at the other end."""
    size = op.shape[0]
    return np.unique(np.concatenate([[0], np.geomspace(1, size - 1, 40).astype(int), np.arange(size - 8, size)]))


@pytest.mark.parametrize("degree", range(2, 16))
@pytest.mark.parametrize("alpha", ALPHAS)
def test_border_of_a_long_mesh(degree, alpha):
    op = tt.fractional.Riesz(3000, degree, alpha, (0, 3000))
    size, t, u = op.shape[0], op.toeplitz, places(op)
    entries = op.rows(op.points[u])
    columns = entries[:, : degree - 1] - t[abs(u[:, None] - np.arange(degree - 1))]
    error = abs(op.border.columns[u] - columns)
    assert error.max() <= 2e-15 * abs(entries).max()
    polynomials = u >= 64 + 16 * degree
    assert (error / abs(t[u])[:, None])[polynomials].max() <= 1e-15

    cardinal = np.arange(degree - 1, size - degree + 1)
    polynomials = cardinal >= 64 + 16 * degree
    for row, (x, found) in enumerate(zip(op.points, op.border.rows, strict=False)):
        error = abs(found[cardinal] - (op.rows(x)[0, cardinal] - t[cardinal - row]))
        assert error.max() <= 2e-15 * abs(entries).max()
        assert (error / abs(t[cardinal]))[polynomials].max() <= 1e-15


@pytest.mark.parametrize("options", [{"kind": "caputo"}, {"weights": (1.0, 0.25)}], ids=["caputo", "weights"])
def test_border_of_other_operators(options):
    op = tt.fractional.Riesz(3000, 4, 1.4, (0, 3000), **options)
    u = places(op)
    size = op.shape[0]
    difference = u[:, None] - np.arange(size)
    toeplitz = np.where(difference >= 0, op.toeplitz[abs(difference)], op.toeplitz_row[abs(difference)])
    rows = op.rows(op.points[u])
    assert op.border.columns[u] == pytest.approx((rows - toeplitz)[:, :3], rel=0, abs=4e-15 * abs(rows).max())
    rows = op.rows(op.points[:2])
    v = np.arange(3, size - 3)
    assert op.border.rows[:, v] == pytest.approx(
        rows[:, v] - op.toeplitz_row[v - np.arange(2)[:, None]], rel=0, abs=4e-15 * abs(rows).max()
    )
