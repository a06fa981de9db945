"""The solver that looks for its own mesh."""

import numpy as np
import pytest
from fractional_problems import GRID, bump, bump_rhs, torsion

import trimtab as tt

solve, spectral, Riesz = tt.fractional.solve, tt.fractional.spectral, tt.fractional.Riesz
NEAR_ENDS = np.concatenate([GRID, 10.0 ** -np.arange(3, 9), 1 - 10.0 ** -np.arange(3, 9)])


def true_error(u, exact):
    return abs(u(NEAR_ENDS) - exact).max() / abs(exact).max()


def fine(alpha, f, **coefficients):
    """A solution on a fine mesh with all end functions."""
    return Riesz(2**14 - 3, 4, alpha).solve(f, enrichment=4, pair=True, rtol=1e-14, **coefficients)(NEAR_ENDS)


def reacting(alpha, f, **coefficients):
    return f, coefficients, lambda: fine(alpha, f, **coefficients)


def known(f, exact):
    return f, {}, lambda: exact(NEAR_ENDS)


def problems():
    for alpha in (1.1, 1.5, 1.9):
        yield "smooth", alpha, 1e-7, known(bump_rhs(4, alpha), bump(4))
        yield "one", alpha, 1e-7, known(1.0, torsion(alpha))
        yield "exp", alpha, 1e-7, known(np.exp, spectral(np.exp, alpha, modes=40))
        f, r = (lambda x: np.cos(20 * x)), (lambda x: 50 * (1 + np.sin(3 * x)))
        yield "reaction", alpha, 1e-7, reacting(alpha, f, reaction=r)
        g = spectral(lambda x: 1 / (1 + 25 * (2 * x - 1) ** 2), alpha, modes=200)
        yield "runge", alpha, 1e-8, known(lambda x: 1 / (1 + 25 * (2 * x - 1) ** 2), g)
        yield "diffusion", alpha, 1e-6, reacting(alpha, np.cos, diffusion=lambda x: 1 + 0.5 * np.sin(5 * x))
    for alpha in (0.7, 1.3, 1.7):
        for q in (1.3, 2.2, 3.0):
            yield f"power {q}", alpha, 1e-6, known(bump_rhs(q, alpha), bump(q))
        yield "kink", alpha, 1e-6, reacting(alpha, lambda x: abs(x - 0.3), reaction=5.0)
        f, r = (lambda x: 1 / (1 + 100 * (x - 0.6) ** 2)), (lambda x: 200 * x)
        yield "layer", alpha, 1e-6, reacting(alpha, f, reaction=r)
        yield "wave", alpha, 1e-8, known(lambda x: np.sin(9 * x), spectral(lambda x: np.sin(9 * x), alpha, modes=60))
        yield "both", alpha, 1e-6, reacting(alpha, np.exp, reaction=np.cos, diffusion=lambda x: 1 / (1 + x))


@pytest.mark.parametrize(("name", "alpha", "tol", "problem"), list(problems()), ids=lambda v: str(v)[:9])
@pytest.mark.parametrize("method", ["auto", "spline"])
def test_the_estimate_is_never_below_the_error(name, alpha, tol, problem, method):
    f, coefficients, exact = problem
    u = solve(f, alpha, tol=tol, nmax=4096, method=method, **coefficients)
    assert true_error(u, exact()) <= max(u.error_estimate, 3e-14)
    assert u.success == (u.error_estimate <= tol)
    if name not in ("kink", "layer") and alpha > 1:
        assert u.success
    assert u.decisions[-1].difference == u.error_estimate
    assert u.decisions[-1].size == u.n


def test_it_enriches_what_is_singular_and_nothing_else():
    assert solve(bump_rhs(4, 1.5), 1.5, tol=1e-7, method="spline").enrichment == 0
    singular = solve(1.0, 1.5, tol=1e-7, method="spline")
    assert singular.enrichment == 4
    assert singular.error_estimate < 1e-13
    assert any("singular" in d.action for d in singular.decisions)


def test_modes_come_first_where_they_diagonalize():
    assert solve(np.exp, 1.5).method == "spectral"
    assert solve(np.exp, 1.5, reaction=0.0).method == "spectral"
    assert solve(np.exp, 1.5, diffusion=2.0)(0.3) == pytest.approx(spectral(np.exp, 1.5)(0.3) / 2, rel=1e-9)
    assert solve(np.exp, 1.5, reaction=1.0).method == "spline"
    assert solve(lambda x: abs(x - 0.3), 1.5, tol=1e-5).method == "spline"


@pytest.mark.parametrize("reaction", [None, 2.0, lambda x: 1 + x])
def test_exterior_value(reaction):
    # a constant is a solution for f = r g
    g = 3.0
    f = 0.0 if reaction is None else (lambda x: g * (reaction(x) if callable(reaction) else reaction) + 0 * x)
    u = solve(f, 1.5, reaction=reaction, exterior=g)
    assert u.success
    assert np.allclose(u(np.linspace(-1, 2, 31)), g, rtol=0, atol=1e-12)


def test_scaling_of_the_interval():
    u = solve(np.cos, 1.3, (0.0, 1.0), reaction=2.0)
    wide = solve(lambda x: np.cos(x / 3), 1.3, (0.0, 3.0), reaction=2.0 * 3**-1.3)
    assert np.allclose(wide(3 * GRID), 3**1.3 * u(GRID), rtol=0, atol=2e-8)


def test_limits_end_with_a_status():
    rough = solve(lambda x: np.sign(x - 0.3), 0.6, tol=1e-10, nmax=128)
    assert (rough.success, rough.status) == (False, "nmax")
    assert "nmax = 128" in rough.message
    with pytest.raises(tt.RunFailure) as failure:
        solve(lambda x: np.sign(x - 0.3), 0.6, tol=1e-10, nmax=128, raise_on_failure=True)
    assert failure.value.result.n == rough.n
    floor = solve(bump_rhs(4, 1.9), 1.9, tol=1e-16, method="spline")
    assert floor.status == "floor"
    assert floor.error_estimate < 1e-11


def test_plot(tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    ax = solve(np.exp, 1.5).plot()
    assert len(ax.lines) == 1
    plt.close(ax.figure)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: solve(np.ones(5), 1.5), TypeError, "f: expected a number or a callable of x, got an array"),
        (lambda: solve(1.0, 1.5, tol=0.0), ValueError, "tol"),
        (lambda: solve(1.0, 2.0), ValueError, "alpha"),
        (lambda: solve(1.0, 1.5, reaction=1.0, method="spectral"), ValueError, "method"),
        (lambda: solve(1.0, 1.5, nmax=10), ValueError, "nmax"),
        (lambda: solve(1.0, 1.5, diffusion=lambda x: -x, method="spline"), ValueError, "diffusion: .* x ="),
        (lambda: solve(1.0, 1.5, exterior=np.nan), ValueError, "exterior"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()
