"""The kernels equal their readable NumPy twin on awkward sizes."""

import numpy as np
import pytest
from hyperbolic_problems import rough_state

import trimtab as tt
from reference import hyperbolic as reference

SIZES = (6, 7, 8, 9, 15, 16, 17, 31, 33, 64, 597)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("bc", ["periodic", "outflow", "reflect"])
def test_adaptive_steps_equal_the_reference(n, bc):
    W = rough_state(n, seed=n)
    twin = reference.Solver(W, 1 / n, bc)
    solver = tt.hyperbolic.Solver("euler", shape=n, bc=bc)
    solver.set_primitive(rho=W[0], v=W[1], p=W[2])
    assert np.array_equal(solver.classes, twin.classes)
    for _ in range(2 if n > 100 else 4):
        twin.step()
        solver.run(1e9, max_steps=1)
        U = np.array(list(solver.conservative.values()))
        assert abs(U - twin.U).max() <= 1e-12 * abs(twin.U).max()
        assert np.array_equal(solver.classes, twin.classes)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("scheme", "kind"), [("aweno", reference.SHOCK), ("linear", reference.SMOOTH)])
def test_right_hand_side_equals_the_reference(n, scheme, kind):
    W = rough_state(n, seed=n)
    U = reference.with_ghosts(reference.conservative(W, 1.4), "periodic")
    H = reference.fluxes(U, [kind] * (n + 1), 1.4)
    expected = -np.diff(H, axis=1) * n
    solver = tt.hyperbolic.Solver("euler", shape=n, bc="periodic", scheme=scheme)
    solver.set_primitive(rho=W[0], v=W[1], p=W[2])
    rates = np.array(list(solver.rhs().values()))
    assert abs(rates - expected).max() <= 1e-11 * abs(expected).max()


def test_reference_itself_has_the_golden_values(golden):
    cases = golden("hyperbolic")
    for name in ("interp_rough", "interp_smooth", "interp_constant"):
        u, expected = np.array(cases[name]["inputs"]), cases[name]["expected"]
        assert [reference.unlimited(*u), reference.ai_weno_z(*u)] == pytest.approx(expected, abs=1e-12 * abs(u).max())
    slopes = [reference.sbm_slope(b - a, c - b) for a, b, c in cases["sbm_slopes"]["inputs"]]
    assert slopes == pytest.approx(cases["sbm_slopes"]["expected"], abs=1e-14)
    for flux, name in ((reference.central_upwind, "flux1d_CU"), (reference.ldcu, "flux1d_LDCU")):
        for pair, expected in zip(cases[name]["inputs"], cases[name]["expected"], strict=True):
            left, right = (reference.conservative(np.array(w, float), 1.4) for w in pair)
            assert flux(left, right, 1.4) == pytest.approx(expected, rel=1e-12)


def test_reference_twin_has_the_golden_values(golden):
    x = (np.arange(16) + 0.5) / 16
    rho = np.where((x > 0.3) & (x < 0.7), 1.0, 0.4) + 0.05 * np.sin(2 * np.pi * x)
    W = np.array([rho, 0.3 * np.cos(2 * np.pi * x), 1 + 0.5 * (x > 0.5)])
    cases = golden("hyperbolic")
    rates = reference.twin_rate(np.concatenate([W[:, -3:], W, W[:, :3]], axis=1), 1 / 16, 1.4)
    expected = np.array(cases["rhs_twin_1d"]["expected"])
    assert abs(rates - expected).max() <= 1e-11 * abs(expected).max()
    U = reference.with_ghosts(reference.conservative(W, 1.4), "periodic")
    rates = -np.diff(reference.fluxes(U, [reference.CONTACT] * 17, 1.4), axis=1) * 16
    expected = np.array(cases["rhs_contact_1d"]["expected"])
    assert abs(rates - expected).max() <= 1e-10 * abs(expected).max()
