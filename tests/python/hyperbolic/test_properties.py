"""Invariances of the scheme."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hyperbolic_problems import riemann, rough_state
from hypothesis import given
from hypothesis import strategies as st

import trimtab as tt

SCHEMES = ("adaptive", "aweno", "aweno-ldcu", "linear")
sizes = st.integers(6, 70)
seeds = st.integers(0, 2**16)


def run(W, t_end, **options):
    solver = tt.hyperbolic.Solver("euler", shape=W.shape[1], **options)
    solver.set_primitive(rho=W[0], v=W[1], p=W[2])
    before = solver.totals()
    return solver.run(t_end), before, solver.totals()


@given(sizes, seeds, st.sampled_from(SCHEMES), st.sampled_from(["defect", "dual"]))
def test_a_periodic_domain_loses_nothing(n, seed, scheme, si):
    W = rough_state(n, seed)
    result, before, after = run(W, 0.1, bc="periodic", scheme=scheme, si=si)
    assert result.success
    scale = {"rho": before["rho"], "m": before["rho"], "E": before["E"]}
    for name in before:
        assert abs(after[name] - before[name]) <= 1e-13 * scale[name]


@given(sizes, seeds, st.sampled_from(["periodic", "outflow", "reflect"]), st.sampled_from(["defect", "dual"]))
def test_mirrored_data_give_mirrored_bits(n, seed, bc, si):
    W = rough_state(n, seed)
    flip = np.array([[1.0], [-1.0], [1.0]])
    straight = run(W, 0.1, bc=bc, si=si)[0]
    mirrored = run(flip * W[:, ::-1], 0.1, bc=bc, si=si)[0]
    assert np.array_equal(straight.W, flip * mirrored.W[:, ::-1])
    assert np.array_equal(straight.classes, mirrored.classes[::-1])


@given(
    st.floats(0.1, 10),
    st.floats(-3, 3),
    st.floats(0.1, 10),
    st.sampled_from(SCHEMES),
    st.sampled_from(["periodic", "outflow"]),
)
def test_a_constant_state_stays(rho, v, p, scheme, bc):
    result = run(np.tile([[rho], [v], [p]], 20), 0.05, bc=bc, scheme=scheme)[0]
    assert pytest.approx(np.tile([[rho], [v], [p]], 20), rel=1e-12, abs=1e-12) == result.W


@given(sizes, seeds, st.integers(-12, 12), st.integers(-12, 12))
def test_units_do_not_matter(n, seed, density, length):
    """Powers of two scale exactly: density by k, lengths and times by l."""
    W = rough_state(n, seed)
    k, scale = 2.0**density, 2.0**length
    plain = run(W, 0.05, bc="periodic")[0]
    scaled = run(W * [[k], [1.0], [k]], 0.05 * scale, bc="periodic", extent=(0.0, scale))[0]
    assert np.array_equal(scaled.W, plain.W * [[k], [1.0], [k]])


@given(seeds, st.integers(1, 30))
def test_a_shift_of_periodic_data_shifts_the_solution(seed, shift):
    W = rough_state(31, seed)
    plain = run(W, 0.05, bc="periodic")[0]
    moved = run(np.roll(W, shift, axis=1), 0.05, bc="periodic")[0]
    assert np.array_equal(moved.W, np.roll(plain.W, shift, axis=1))


@pytest.mark.parametrize("si", ["defect", "dual"])
def test_the_number_of_threads_does_not_show(si):
    W = rough_state(20_000, seed=3)
    one, two, five = (run(W, 2e-4, bc="periodic", threads=threads, si=si)[0] for threads in (1, 2, 5))
    assert np.array_equal(one.W, two.W)
    assert np.array_equal(one.W, five.W)
    assert np.array_equal(one.decisions.rows, five.decisions.rows)


LEVEL_SCRIPT = """
import sys, numpy as np, trimtab as tt
sys.path[:0] = sys.argv[1:]
from hyperbolic_problems import rough_state
bits = []
for si in ("defect", "dual"):
    W = rough_state(597, 5)
    s = tt.hyperbolic.Solver("euler", shape=597, bc="reflect", si=si)
    s.set_primitive(rho=W[0], v=W[1], p=W[2])
    bits.append(s.run(0.05).W.tobytes().hex())
print("".join(bits))
"""


def test_every_instruction_set_gives_the_same_bits():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    outputs = set()
    for level in tt.show_config(mode="dicts")["isa_built"]:
        process = subprocess.run(
            [sys.executable, "-c", LEVEL_SCRIPT, here],
            env={**os.environ, "TRIMTAB_ISA": level},
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        outputs.add(process.stdout)
    assert len(outputs) == 1


def test_contacts_and_shocks_are_told_apart():
    solver, t_end, _ = riemann("sod")
    result = solver.run(t_end)
    star = tt.hyperbolic.exact.riemann((1, 0, 1), (0.125, 0, 0.1))
    at = lambda x: result.classes[int(x * 200)]  # noqa: E731
    assert at(0.5 + star.v_star * t_end) == 2
    assert at(0.5 + star.shocks[1] * t_end) == 1
    assert at(0.05) == at(0.95) == 0


def test_cutting_steps_short_does_not_blind_the_switch():
    errors = []
    for every in (None, 0.002):  # two steps between snapshots, the second one mostly a small rest
        solver, t_end, exact = riemann("moving_contact")
        rho = solver.run(t_end, every=every).W[..., 0, :].reshape(-1, 200)[-1]
        errors.append(abs(rho - exact).mean())
    assert errors[1] == pytest.approx(errors[0], rel=0.05)


def test_the_adaptive_scheme_spends_limiting_only_where_it_pays():
    solver, t_end, _ = riemann("sod")
    stats = solver.run(t_end).stats
    assert 0.85 < stats["smooth"] < 0.95
    assert stats["smooth"] + stats["shock"] + stats["contact"] == pytest.approx(1)


def test_contacts_may_be_switched_off():
    solver, t_end, _ = riemann("sod", contact=False)
    assert solver.run(t_end).stats["contact"] == 0


def test_tol_zero_limits_and_a_huge_tol_does_not():
    everywhere, t_end, _ = riemann("sod", tol=0.0)
    assert everywhere.run(t_end).stats["smooth"] < 0.5
    nowhere, t_end, _ = riemann("lax", tol=1e9)
    linear, _, _ = riemann("lax", scheme="linear")
    assert np.array_equal(nowhere.run(t_end).W, linear.run(t_end).W)


def test_hysteresis_keeps_more_cells_rough():
    with_it, t_end, _ = riemann("sod", hysteresis=True)
    without, _, _ = riemann("sod")
    assert with_it.run(t_end).stats["smooth"] <= without.run(t_end).stats["smooth"]


def test_positivity_blending_is_reported():
    solver, t_end, _ = riemann("toro3")
    assert solver.run(t_end).stats["blended"] > 0
    solver, t_end, _ = riemann("sod")
    assert solver.run(t_end).stats["blended"] == 0
