"""Right-hand sides that share the matrix: each gets the bits, the count and the status of a solve of its own."""

import numpy as np
import pytest
import scipy.sparse as sp
from relax_problems import golden_rhs, rough_stencil

import trimtab as tt
from trimtab.relax import _matrix

DIRECTIONS = {"forward": 0, "backward": 1, "symmetric": 2}


def matrix(number=np.float64, index=np.int64, shape=(9, 13)):
    indptr, indices, data = rough_stencil(shape, 5).to_csr()
    return indptr.astype(index), indices.astype(index), data.astype(number)


def solved(A, b, *, x0=None, floor=None, omega=1.3, direction="forward", order=0, rtol=1e-5, ref=False, maxiter=10_000,
           threads=1):  # fmt: skip
    """Reports and solutions of the rows of b, or of b itself."""
    core = _matrix.prepare(A, threads)
    x = np.zeros_like(b) if x0 is None else x0.copy()
    stopping = tt._core.relax.Stopping(rtol, 0.0, ref, maxiter, 0.0, None)
    reports = core.sor(b, floor, x, omega, DIRECTIONS[direction], order, stopping)
    return reports, x


def each_as_alone(A, b, *, x0=None, floor=None, **options):
    """The reports, after they were found to be those of single solves."""
    reports, x = solved(A, b, x0=x0, floor=floor, **options)
    for i, row in enumerate(b):
        start, low = (None if v is None else v[i] for v in (x0, floor))
        report, alone = solved(A, row, x0=start, floor=low, **options)
        assert reports[i][:4] == report[:4]  # status, count, residual, reference
        assert x[i].tobytes() == alone.tobytes()
    return reports


def right_hand_sides(k, n, number):
    """Smooth ones, rough ones and zero, whose runs end at different moments."""
    rng = np.random.default_rng(k)
    kinds = [np.ones(n), 1.0 * (np.arange(n) == n // 2), np.zeros(n), golden_rhs(n)]
    return np.array([kinds[i] if i < 4 else rng.standard_normal(n) for i in range(k)]).astype(number)


@pytest.mark.parametrize("k", range(1, 10))
@pytest.mark.parametrize("number", [np.float32, np.float64])
@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_any_number_of_columns(k, number, index):
    A, b = matrix(number, index), right_hand_sides(k, 117, number)
    for direction in DIRECTIONS:
        each_as_alone(A, b, direction=direction)


@pytest.mark.parametrize("number", [np.float32, np.float64])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("order", [0, 2])
def test_columns_end_each_by_itself(number, direction, order):
    A, b = matrix(number), right_hand_sides(4, 117, number)
    b[2] = golden_rhs(117)[::-1]
    x0 = np.zeros_like(b)
    x0[0] = solved(A, b[0], rtol=1e-3)[1]
    x0[1] = solved(A, b[1], rtol=3e-5)[1]
    x0[3] = solved(A, b[3], rtol=1e-6)[1]  # done before the first sweep
    counts = [r[1] for r in each_as_alone(A, b, x0=x0, direction=direction, order=order)]
    assert len(set(counts)) == 4
    assert counts[3] == 0


@pytest.mark.parametrize("ref", [False, True])
def test_the_limit_of_iterations_strikes_those_that_still_run(ref):
    A, b = matrix(shape=(30, 31)), right_hand_sides(8, 930, np.float64)
    x0 = np.random.default_rng(0).standard_normal(b.shape)
    full = [r[1] for r in each_as_alone(A, b, x0=x0, rtol=1e-8, omega=1.0, ref=ref)]
    assert len(set(full)) > 2
    for maxiter in sorted({1, 2, 3, 5, *(c + late for c in full if c for late in (-1, 0))}):
        reports = each_as_alone(A, b, x0=x0, rtol=1e-8, omega=1.0, ref=ref, maxiter=maxiter)
        assert [r[0] == "success" for r in reports] == [count <= maxiter for count in full]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("place", range(4))
def test_one_that_diverges_leaves_the_others_alone(direction, place):
    good = sp.csr_array(matrix()[::-1])
    bad = np.array([[1.0, 3.0], [4.0, 1.0]])  # sweeps of it grow
    A = sp.csr_array(sp.block_diag([good, bad]))
    b = np.zeros((4, 119))
    b[:, :117] = np.random.default_rng(place).standard_normal((4, 117))
    b[place, 117:] = 1
    statuses = [r[0] for r in each_as_alone(A, b, direction=direction)]
    assert statuses == ["diverged" if i == place else "success" for i in range(4)]


@pytest.mark.parametrize("k", [3, 4, 6])
def test_obstacle_problems_share_too(k):
    A, b = matrix(), right_hand_sides(k, 117, np.float64)
    floor = np.linspace(-0.2, 0.05, 117) * np.arange(1, k + 1)[:, None]
    reports = each_as_alone(A, b, floor=floor, x0=np.zeros_like(b))
    assert all(r[0] == "success" for r in reports)


def test_threads_do_not_show():
    A, b = matrix(shape=(300, 300)), right_hand_sides(7, 90_000, np.float64)  # levels are wide enough for threads
    runs = [solved(A, b, maxiter=12, rtol=1e-12, threads=threads) for threads in (1, 3)]
    assert runs[0][1].tobytes() == runs[1][1].tobytes()
    assert [r[:4] for r in runs[0][0]] == [r[:4] for r in runs[1][0]]
    reports, x = solved(A, b[:4], maxiter=12, rtol=1e-12, threads=3)  # one group, whose levels the threads share
    assert x.tobytes() == runs[0][1][:4].tobytes()
    assert [r[:4] for r in reports] == [r[:4] for r in runs[0][0][:4]]


def test_sor_takes_columns():
    A, b = matrix(), right_hand_sides(5, 117, np.float64).T
    r = tt.relax.sor(A, b, omega=1.2)
    singles = [tt.relax.sor(A, column, omega=1.2) for column in b.T]
    assert r.success
    assert r.nit == max(s.nit for s in singles)
    assert np.array_equal(r.x, np.stack([s.x for s in singles], axis=1))
