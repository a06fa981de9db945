"""The kernels equal their readable NumPy twin on awkward sizes, whatever A comes as and however many threads run."""

import numpy as np
import pytest
import scipy.sparse as sp
from relax_problems import golden_rhs, rough_stencil

import trimtab as tt
from reference import relax as reference

SHAPES = [
    ((1, 1), 5),
    ((1, 7), 5),
    ((8, 1), 5),
    ((9, 17), 5),
    ((16, 8), 9),
    ((7, 15), 9),
    ((3, 4, 5), 7),
    ((6, 7, 9), 7),
]
OMEGA = 1.3


def close(x, expected):
    return np.abs(x - expected).max() <= 1e-13 * np.abs(expected).max()


@pytest.mark.parametrize(("shape", "points"), SHAPES)
def test_sweeps_equal_the_reference(shape, points):
    A = rough_stencil(shape, points)
    dense, b = reference.dense(A.to_csr()), golden_rhs(A.size)
    rows = {"forward": None, "backward": range(A.size)[::-1]}
    for direction, order in rows.items():
        expected = reference.sor(dense, b, OMEGA, 3, rows=order)
        for given in (A, A.to_csr()):
            r = tt.relax.sor(given, b, omega=OMEGA, direction=direction, maxiter=3, rtol=1e-300)
            assert close(r.x, expected)
    r = tt.relax.sor(A, b, omega=OMEGA, direction="symmetric", maxiter=1, rtol=1e-300)
    half = reference.sor_sweep(dense, b, np.zeros(A.size), OMEGA)
    assert close(r.x, reference.sor_sweep(dense, b, half, OMEGA, rows=rows["backward"]))


@pytest.mark.parametrize(("shape", "points"), [s for s in SHAPES if s[1] != 9])
def test_red_black_sweeps_equal_the_reference(shape, points):
    A = rough_stencil(shape, points)
    dense, b = reference.dense(A.to_csr()), golden_rhs(A.size)
    expected = reference.sor(dense, b, OMEGA, 3, rows=reference.red_black(shape))
    assert close(tt.relax.sor(A, b, omega=OMEGA, order="red-black", maxiter=3, rtol=1e-300).x, expected)


def test_red_black_sweeps_end_at_the_first_iterate_that_meets_the_tolerance():
    A = tt.relax.Stencil2D.laplacian((530, 540))  # so large that several sweeps go over memory together
    b, rtol = np.random.default_rng(0).standard_normal(A.shape), 5e-2
    r = tt.relax.sor(A, b, omega=1.95, order="red-black", rtol=rtol)
    ends = [tt.relax.sor(A, b, omega=1.95, order="red-black", rtol=1e-300, maxiter=r.nit - i) for i in (0, 1)]
    assert r.success
    assert r.nit % 8 not in (0, 1)
    assert ends[0].residual <= rtol < ends[1].residual
    assert np.array_equal(r.x, ends[0].x)


@pytest.mark.parametrize("order", ["row", "red-black"])
def test_projected_sweeps_equal_the_reference(order):
    A = rough_stencil((9, 11), 5)
    dense, b = reference.dense(A.to_csr()), golden_rhs(99)
    floor = 0.1 * np.cos(np.arange(99.0))
    rows = reference.red_black((9, 11)) if order == "red-black" else None
    expected = reference.sor(dense, b, OMEGA, 4, x=np.maximum(0, floor), rows=rows, floor=floor)
    r = tt.relax.psor(A, b, floor, omega=OMEGA, order=order, maxiter=4, rtol=1e-300)
    assert close(r.x, expected)
    assert r.residual == pytest.approx(np.abs(np.minimum(r.x - floor, dense @ r.x - b)).max() / np.abs(b).max())


@pytest.mark.parametrize(("shape", "points"), SHAPES)
@pytest.mark.parametrize("omega", [0.6, 1.0, 1.7])
def test_ssor_pcg_equals_its_plain_form(shape, points, omega):
    A = rough_stencil(shape, points, symmetric=True)
    dense, b = reference.dense(A.to_csr()), golden_rhs(A.size)
    x, nit = reference.pcg(dense, b, reference.ssor_matrix(dense, omega))
    for given in (A, A.to_csr()):
        r = tt.relax.ssor_pcg(given, b, omega=omega)
        assert r.success
        assert abs(r.nit - nit) <= 1
        assert np.abs(r.x - x).max() <= 1e-6 * np.abs(x).max()


def test_every_form_of_a_matrix_gives_the_same_bits():
    stencil = rough_stencil((12, 16), 5)
    indptr, indices, data = stencil.to_csr()
    csr = sp.csr_array((data, indices, indptr))
    shuffled = indices.copy(), data.copy()
    for i in range(len(indptr) - 1):
        row = slice(indptr[i], indptr[i + 1])
        shuffled[0][row], shuffled[1][row] = indices[row][::-1], data[row][::-1]
    halves = np.repeat(indices, 2), np.repeat(data / 2, 2)
    forms = [
        stencil,
        (indptr, indices, data),
        (indptr.astype(np.int64), indices.astype(np.int64), data),
        (indptr, *shuffled),
        (2 * indptr, *halves),
        csr,
        csr.tobsr((4, 4)),
        csr.tocsc(),
        csr.toarray(),
    ]
    b = golden_rhs(stencil.size)
    solutions = [tt.relax.sor(A, b, omega=OMEGA, maxiter=4, rtol=1e-300).x for A in forms]
    for x in solutions:
        assert np.array_equal(x, solutions[0])


@pytest.mark.parametrize("shape", [(40, 760), (3, 20, 540)])
def test_threads_do_not_show(shape):
    A = rough_stencil(shape, 5 if len(shape) == 2 else 7)
    b = golden_rhs(A.size)
    runs = {
        "row": lambda given, threads: tt.relax.sor(given, b, omega=1.4, maxiter=3, threads=threads),
        "backward": lambda given, threads: tt.relax.sor(
            given, b, omega=1.4, maxiter=3, threads=threads, direction="backward"
        ),
        "pcg": lambda given, threads: tt.relax.ssor_pcg(given, b, omega=1.4, maxiter=3, threads=threads),
    }
    symmetric = tt.relax.Stencil2D.laplacian(shape) if len(shape) == 2 else tt.relax.Stencil3D.laplacian(shape)
    for name, run in runs.items():
        for given in [symmetric, symmetric.to_csr()] if name == "pcg" else [A, A.to_csr(), symmetric]:
            one, three = run(given, 1), run(given, 3)
            assert np.array_equal(one.x, three.x)
            assert one.residual == three.residual
    colors = [tt.relax.sor(A, b, omega=1.4, order="red-black", maxiter=3, threads=t) for t in (1, 3)]
    assert np.array_equal(colors[0].x, colors[1].x)
    assert colors[0].residual == colors[1].residual


def test_batches_solve_each_column():
    A = rough_stencil((7, 9), 5, symmetric=True)
    b = np.stack([golden_rhs(63), np.ones(63), np.zeros(63)], axis=1)
    r = tt.relax.ssor_pcg(A, b, omega=1.2)
    singles = [tt.relax.ssor_pcg(A, b[:, c], omega=1.2) for c in range(3)]
    assert np.array_equal(r.x, np.stack([s.x for s in singles], axis=1))
    assert r.nit == max(s.nit for s in singles)


def greedy_colors(dense):
    """The first color, row by row, that no neighbor has."""
    linked = (dense != 0) | (dense.T != 0)
    colors = np.full(len(dense), -1)
    for i in range(len(dense)):
        taken = set(colors[linked[i]]) - {colors[i]}
        colors[i] = next(c for c in range(len(dense)) if c not in taken)
    return colors


@pytest.mark.parametrize(("shape", "points"), SHAPES)
def test_multicolor_sweeps_equal_the_reference(shape, points):
    A = rough_stencil(shape, points)
    dense, b = reference.dense(A.to_csr()), golden_rhs(A.size)
    colors = greedy_colors(dense)
    rows = np.argsort(colors, kind="stable")
    expected = reference.sor(dense, b, OMEGA, 3, rows=rows)
    for given in (A, A.to_csr()):
        r = tt.relax.sor(given, b, omega=OMEGA, order="multicolor", maxiter=3, rtol=1e-300)
        assert close(r.x, expected)
    assert colors.max() < (4 if points == 9 else 2)


def test_multicolor_takes_unsymmetric_patterns():
    rng = np.random.default_rng(5)
    dense = np.where(rng.random((40, 40)) < 0.1, rng.standard_normal((40, 40)), 0.0)
    dense[np.arange(40), np.arange(40)] = 1 + abs(dense).sum(axis=1)
    b = golden_rhs(40)
    rows = np.argsort(greedy_colors(dense), kind="stable")
    r = tt.relax.sor(sp.csr_array(dense), b, omega=1.1, order="multicolor", maxiter=2, rtol=1e-300)
    assert close(r.x, reference.sor(dense, b, 1.1, 2, rows=rows))


def test_multicolor_preconditioner():
    A, b = rough_stencil((30, 30), 9, symmetric=True), golden_rhs(900)
    row = tt.relax.ssor_pcg(A, b, omega=1.2, rtol=1e-12)
    color = tt.relax.ssor_pcg(A, b, omega=1.2, rtol=1e-12, order="multicolor")
    assert color.success
    assert np.abs(color.x - row.x).max() <= 1e-10 * np.abs(row.x).max()
    with pytest.raises(ValueError, match="order"):
        tt.relax.ssor_pcg(A, b, order="red-black")


@pytest.mark.parametrize("threads", [1, 3])
def test_many_right_hand_sides_are_solved_like_single_ones(threads):
    A = rough_stencil((20, 24), 5, symmetric=True)
    B = np.stack([golden_rhs(480) * k + np.cos(k * np.arange(480)) for k in range(1, 6)], axis=1)
    floor = np.full(B.shape, -0.01)
    indptr, indices, data = A.to_csr()
    csr = sp.csr_array((data, indices, indptr))
    seen = []
    for solve, more in ((tt.relax.sor, {}), (tt.relax.ssor_pcg, {}), (tt.relax.psor, {"floor": floor})):
        seen.clear()
        together = solve(csr, B, omega=1.2, threads=threads, **more)
        watched = solve(csr, B, omega=1.2, threads=threads, progress=lambda f, i: seen.append(i["rhs"]), **more)
        single = [
            solve(csr, B[:, k], omega=1.2, threads=1, **{name: v[:, k] for name, v in more.items()}) for k in range(5)
        ]
        assert np.array_equal(together.x, np.stack([r.x for r in single], axis=1))
        assert np.array_equal(watched.x, together.x)
        assert together.nit == max(r.nit for r in single)
        assert set(seen) == set(range(5))


@pytest.mark.parametrize("order", ["row", "multicolor"])
@pytest.mark.parametrize("shift", [0.5, -0.1])  # definite, indefinite
def test_right_hand_sides_that_share_the_matrix_end_each_by_itself(order, shift):
    indptr, indices, data = tt.relax.Stencil2D.laplacian((14, 15), shift=shift).to_csr()
    A = sp.csr_array((data, indices, indptr))
    B = np.random.default_rng(3).standard_normal((210, 4)) * [1, 0, 1e-3, 1]
    x0 = np.zeros_like(B)
    x0[:, 2] = np.linalg.solve(A.toarray(), B[:, 2]) + 1e-7
    together = tt.relax.ssor_pcg(A, B, x0=x0, omega=1.3, order=order)
    single = [tt.relax.ssor_pcg(A, B[:, k], x0=x0[:, k], omega=1.3, order=order) for k in range(4)]
    assert len({r.nit for r in single}) > 1
    assert single[0].status == ("success" if shift > 0 else "not_spd")
    assert together.nit == max(r.nit for r in single)
    assert together.residual == max(r.residual for r in single)
    assert np.array_equal(together.x, np.stack([r.x for r in single], axis=1))
