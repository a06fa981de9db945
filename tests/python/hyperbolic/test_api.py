"""What a user sees: results, snapshots, boundary conditions, saving, long runs."""

import copy
import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest
from hyperbolic_problems import riemann, rough_state

import trimtab as tt

Solver = tt.hyperbolic.Solver


def sod(**options):
    return riemann("sod", **options)[0]


def test_result_prints_itself():
    s = sod(n=50)
    result = s.run(0.2)
    text = repr(result)
    for words in ("HyperbolicResult", "rho: array (50,) of float64, from 0.125 to 1", "status: success", "decisions: "):
        assert words in text
    assert "<table>" in result._repr_html_()
    assert result["rho"] is not None
    with pytest.raises(KeyError):
        result["entropy"]
    with pytest.raises(AttributeError, match="entropy"):
        result.entropy  # noqa: B018


def test_results_pickle_and_copy():
    result = sod(n=50).run(0.1)
    again = pickle.loads(pickle.dumps(result))
    assert np.array_equal(again.rho, result.rho)
    assert repr(copy.deepcopy(result)) == repr(result)


def test_values_may_be_arrays_numbers_or_functions_and_are_not_changed():
    W = rough_state(20, seed=1)
    W.flags.writeable = False
    s = Solver("euler", shape=20)
    s.set_primitive(rho=W[0], v=lambda x: 0.0 * x, p=2)
    s.run(0.01)
    assert np.array_equal(W, rough_state(20, seed=1))
    s.set_primitive(rho=W[0, ::-1], v=np.zeros(20, np.float32), p=[1] * 20)
    assert np.array_equal(s.primitive["rho"], W[0, ::-1])


def test_snapshots_are_taken_at_multiples():
    result = sod(n=50).run(0.2, every=0.05)
    assert result.t == pytest.approx([0, 0.05, 0.1, 0.15, 0.2], abs=1e-15)
    assert result.rho.shape == (5, 50)
    assert np.array_equal(result.rho[0], np.where(result.x < 0.5, 1, 0.125))
    assert result.W.shape == (5, 3, 50)


def test_running_in_parts_gives_the_same_final_state_as_its_snapshots():
    whole = sod(n=50).run(0.2, every=0.1)
    s = sod(n=50)
    s.run(0.1)
    assert np.array_equal(s.run(0.2).rho, whole.rho[-1])


def test_a_finished_run_takes_no_step():
    s = sod(n=50)
    s.run(0.1)
    assert s.run(0.1).stats["steps"] == 0


def test_conserved_values_follow_from_primitive_ones():
    s = sod(n=50)
    s.run(0.1)
    w, u = s.primitive, s.conservative
    assert u["rho"] == pytest.approx(w["rho"])
    assert u["m"] == pytest.approx(w["rho"] * w["v"])
    assert u["E"] == pytest.approx(w["p"] / 0.4 + w["rho"] * w["v"] ** 2 / 2)
    assert s.totals()["rho"] == pytest.approx(u["rho"].mean())


def test_rhs_serves_a_time_stepper_of_ones_own():
    s = Solver("advection", shape=40, bc="periodic")
    u = np.sin(2 * np.pi * s.x)
    for _ in range(200):  # the classical Runge-Kutta method
        k = []
        for shift in (0, 0.5, 0.5, 1):
            s.set_primitive(u=u + (shift * 0.005 * k[-1] if k else 0))
            k.append(s.rhs()["u"])
        u = u + 0.005 / 6 * (k[0] + 2 * k[1] + 2 * k[2] + k[3])
    assert u == pytest.approx(np.sin(2 * np.pi * s.x), abs=1e-5)


def test_averages_and_point_values_convert_to_fifth_order():
    errors = {"points": [], "averages": []}
    for n in (20, 40):
        s = Solver("advection", shape=n, bc="periodic")
        k = 2 * np.pi
        exact = 2 + np.sin(k * s.x) * np.sin(k / n / 2) / (k / n / 2)
        s.set_conservative(u=exact, cell_average=True)
        errors["points"].append(abs(s.primitive["u"] - (2 + np.sin(k * s.x))).max())
        s.set_conservative(u=lambda x, k=k: 2 + np.sin(k * x))
        errors["averages"].append(abs(s.cell_averages()["u"] - exact).max())
    for coarse, fine in errors.values():
        assert np.log2(coarse / fine) > 4.9


def test_conserved_and_primitive_values_set_the_same_state():
    W = rough_state(30, seed=2)
    a, b = Solver("euler", shape=30), Solver("euler", shape=30)
    a.set_primitive(rho=W[0], v=W[1], p=W[2])
    b.set_conservative(**a.conservative)
    assert np.array_equal(a.run(0.1).W, b.run(0.1).W)
    with pytest.raises(ValueError, match="euler takes rho, m, E, got rho"):
        b.set_conservative(rho=1.0)
    with pytest.raises(
        ValueError, match="state: expected positive density, pressure or depth, got another value at cell 0"
    ):
        b.set_conservative(rho=1.0, m=2.0, E=1.0)


def test_inflow_may_depend_on_time():
    wave = lambda t, x: 1 + 0.3 * np.sin(2 * np.pi * (x - t))  # noqa: E731
    s = Solver("advection", shape=200, bc=(tt.hyperbolic.Inflow(u=wave), "outflow"))
    s.set_primitive(u=lambda x: wave(0.0, x))
    inside = slice(0, -20)  # the zero-gradient outflow disturbs the last cells
    assert s.run(1.3).u[inside] == pytest.approx(wave(1.3, s.x)[inside], abs=2e-6)


def test_ghosts_of_ones_own_can_be_outflow():
    edge = tt.hyperbolic.Ghosts(lambda t, x, w: np.repeat(w[:, :1] if x[0] < 0 else w[:, -1:], 3, axis=1))
    own, given = sod(n=64, bc=edge, scheme="aweno"), sod(n=64, bc="outflow", scheme="aweno")
    assert np.allclose(own.run(0.3).W, given.run(0.3).W, rtol=1e-13)


def test_reflecting_walls_keep_mass_and_energy():
    s = sod(n=64, bc="reflect")
    before = s.totals()
    assert s.run(1.0).success
    after = s.totals()
    assert after["rho"] == pytest.approx(before["rho"], rel=1e-12)
    assert after["E"] == pytest.approx(before["E"], rel=1e-12)


def test_decisions_record_every_step():
    s = sod(n=50)
    result = s.run(0.2)
    d = result.decisions
    assert len(d) == result.stats["steps"]
    assert np.all(d["smooth"] + d["shock"] + d["contact"] == 50)
    assert d["dt"].sum() == pytest.approx(0.2)
    assert "tol=0.0003" in repr(d)


@pytest.mark.parametrize("options", [{}, {"si": "dual"}, {"bc": "reflect", "dtype": "float32"}, {"scheme": "aweno"}])
def test_a_saved_solver_goes_on_bit_for_bit(tmp_path, options):
    straight = sod(n=100, **options)
    expected = straight.run(0.2)
    s = sod(n=100, **options)
    s.run(0.2, max_steps=37)
    s.save(tmp_path / "state.npz")
    loaded = Solver.load(tmp_path / "state.npz")
    for again in (loaded, pickle.loads(pickle.dumps(s)), copy.deepcopy(s)):
        result = again.run(0.2)
        assert np.array_equal(result.W, expected.W)
        assert np.array_equal(result.classes, expected.classes)
        assert np.array_equal(again.defect, straight.defect)
        assert np.array_equal(result.decisions.rows, expected.decisions.rows)
    assert os.listdir(tmp_path) == ["state.npz"]


def test_scalar_laws_restart_bit_for_bit(tmp_path):
    def start():
        s = Solver("burgers", shape=100, extent=(-1, 1), bc="periodic")
        s.set_primitive(u=3 * np.sin(np.pi * s.x))
        return s

    expected = start().run(0.3).u
    s = start()
    s.run(0.3, max_steps=20)
    s.save(tmp_path / "state.npz")
    assert np.array_equal(Solver.load(tmp_path / "state.npz").run(0.3).u, expected)


def test_loading_wants_back_the_functions_that_a_file_cannot_hold(tmp_path):
    nothing = lambda t, x, U: np.zeros_like(U)  # noqa: E731
    inflow = tt.hyperbolic.Inflow(rho=lambda t, x: 1 + t, v=0.0, p=1.0)
    s = sod(n=20, source=nothing, bc=(inflow, "outflow"))
    s.save(tmp_path / "state.npz")
    with pytest.raises(ValueError, match="boundary conditions were functions; give them as bc="):
        Solver.load(tmp_path / "state.npz")
    with pytest.raises(ValueError, match="source term was a function; give it as source="):
        Solver.load(tmp_path / "state.npz", bc="outflow")
    assert Solver.load(tmp_path / "state.npz", bc=(inflow, "outflow"), source=nothing).run(0.01).success
    with pytest.raises(ValueError, match="load takes bc, source and threads, got scheme"):
        Solver.load(tmp_path / "state.npz", scheme="aweno")


def test_constant_inflow_is_saved(tmp_path):
    inflow = tt.hyperbolic.Inflow(rho=1.0, v=0.3, p=1.0)
    s = sod(n=20, bc=(inflow, "outflow"))
    s.save(tmp_path / "state.npz")
    expected = s.run(0.1).W
    assert np.array_equal(Solver.load(tmp_path / "state.npz").run(0.1).W, expected)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "text").write_text("not an archive")
    with pytest.raises(ValueError, match="not a saved trimtab solver"):
        Solver.load(tmp_path / "text")
    np.savez(tmp_path / "other.npz", a=1)
    with pytest.raises(ValueError, match="expected the format 'trimtab hyperbolic 1', got 'none'"):
        Solver.load(tmp_path / "other.npz")
    np.savez(tmp_path / "later.npz", format="trimtab hyperbolic 2")
    with pytest.raises(ValueError, match="got 'trimtab hyperbolic 2'"):
        Solver.load(tmp_path / "later.npz")


def endless():
    s = sod(n=200, bc="reflect")
    return s


def test_progress_is_called_and_may_stop_the_run():
    seen = []

    def progress(fraction, info):
        seen.append((fraction, info))
        return info["steps"] > 200

    s = endless()
    result = s.run(1e3, progress=progress)
    assert result.status == "stopped"
    assert not result.success
    assert s.t == result.t > 0
    assert seen[0] == (0.0, {"t": 0.0, "steps": 0})
    assert [f for f, _ in seen] == sorted(f for f, _ in seen)


def test_a_callback_may_save_but_not_run(tmp_path):
    s = endless()

    def progress(fraction, info):
        s.save(tmp_path / "state.npz")
        with pytest.raises(RuntimeError, match="already running"):
            s.run(2e3)
        return info["steps"] > 0

    s.run(1e3, progress=progress)
    assert Solver.load(tmp_path / "state.npz").steps == s.steps


def test_the_time_limit_ends_a_run():
    s = endless()
    result = s.run(1e3, time_limit=0.2, every=0.01)
    assert result.status == "time_limit"
    assert result.stats["seconds"] >= 0.2
    assert result.t[-1] == s.t


def test_max_steps_ends_a_run():
    result = endless().run(1e3, max_steps=7)
    assert (result.status, result.stats["steps"]) == ("max_steps", 7)


def test_ctrl_c_interrupts_and_the_run_can_go_on():
    s = endless()
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        s.run(1e3)
    assert s.t > 0
    assert s.run(s.t + 0.01).success


def test_other_python_threads_run_meanwhile_and_are_kept_out():
    s = endless()
    worker = threading.Thread(target=lambda: s.run(1e3, time_limit=0.5))
    worker.start()
    time.sleep(0.1)
    with pytest.raises(RuntimeError, match="running"):
        s.run(1.0)
    with pytest.raises(RuntimeError, match="running in another thread"):
        s.primitive  # noqa: B018
    worker.join()
    assert np.isfinite(s.primitive["rho"]).all()


def test_many_threads_may_each_run_a_solver():
    expected = sod(n=64).run(0.1).W
    results = []
    workers = [threading.Thread(target=lambda: results.append(sod(n=64, threads=2).run(0.1).W)) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(np.array_equal(W, expected) for W in results)


def test_plot_draws_on_the_given_axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    solver, t_end, exact = riemann("sod", n=50)
    result = solver.run(t_end)
    ax = result.plot(exact=exact)
    assert ax.get_ylabel() == "rho"
    assert len(ax.lines) == 2
    assert result.plot(ax=ax, variable="p") is ax
    with pytest.raises(ValueError, match="variable: expected one of rho, v, p, got 'T'"):
        result.plot(variable="T")
    plt.close("all")


def test_to_xarray_labels_the_data():
    pytest.importorskip("xarray")
    dataset = sod(n=50).run(0.2, every=0.1).to_xarray()
    assert dataset.rho.dims == ("t", "x")
    assert dataset.attrs["gamma"] == 1.4
    assert dataset["class"].attrs["flag_meanings"] == "smooth shock contact"
    assert float(dataset.rho.sel(t=0.0).max()) == 1


def test_solver_prints_itself():
    s = Solver("burgers", shape=(20,), extent=((0, 2),))
    assert repr(s) == "Solver('burgers', shape=20, extent=(0, 2), scheme='adaptive'): no state yet"
    s.set_primitive(u=0.0)
    assert repr(s).endswith("t = 0, step 0")
