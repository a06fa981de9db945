"""The main job, as a user runs it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

import trimtab as tt

CASES = Path(__file__).parents[3] / "examples" / "cases"
LONG = """
title = "Blast waves, again and again"
law = "euler"
shape = 800
bc = "reflect"
t_end = 0.4

[[region]]
until = 0.1
rho = 1.0
v = 0.0
p = 1000.0

[[region]]
rho = 1.0
v = 0.0
p = 0.01

[output]
every = 0.1
checkpoint_every = 0.05
"""


def trimtab(*arguments, **options):
    command = [sys.executable, "-m", "trimtab", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}, **options)


def test_a_case_leaves_solution_picture_and_summary(tmp_path):
    process = trimtab("run", CASES / "sod.toml", "--out", tmp_path, "--compare")
    assert process.returncode == 0, process.stderr
    for words in ("Sod shock tube", "cell-steps/s", "smooth", "L1 error rho", "adaptive", "aweno"):
        assert words in process.stdout
    assert (tmp_path / "solution.png").read_bytes().startswith(b"\x89PNG")
    with h5py.File(tmp_path / "solution.h5") as file:
        assert file.attrs["version"] == tt.__version__
        assert file.attrs["title"] == "Sod shock tube"
        assert "t_end = 0.2" in file.attrs["case"]
        assert file["rho"].attrs["units"] == "1"
        assert abs(file["rho"][()] - file["exact/rho"][()]).mean() <= 2.25e-3
        assert set(np.unique(file["class"][()])) <= {0, 1, 2}


def test_results_read_back(tmp_path):
    s = tt.hyperbolic.Solver("euler", shape=50)
    s.set_primitive(rho=1 + s.x, v=0.0, p=1.0)
    for every in (None, 0.01):
        s.set_primitive(rho=1 + s.x, v=0.0, p=1.0)
        result = s.run(0.03, every=every)
        tt.io.save(tmp_path / "r.h5", result, units={"rho": "kg/m^3"})
        again = tt.io.load(tmp_path / "r.h5")
        assert np.array_equal(again.W, result.W)
        assert np.array_equal(again.decisions.rows, result.decisions.rows)
        assert repr(again) == repr(result)
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["a"] = 1
    with pytest.raises(ValueError, match="expected the format 'trimtab result 1', got None"):
        tt.io.load(tmp_path / "other.h5")


def test_options_override_the_case(tmp_path):
    process = trimtab("run", CASES / "sod.toml", "--out", tmp_path, "--scheme", "linear", "--threads", "1")
    assert process.returncode == 0, process.stderr
    assert "scheme linear" in process.stdout
    process = trimtab("run", CASES / "sod.toml", "--out", tmp_path, "--scheme", "fast")
    assert process.returncode == 2
    assert "scheme: expected one of 'adaptive', 'aweno', 'aweno-ldcu', 'linear', got 'fast'" in process.stdout


def test_a_bad_case_ends_with_status_2_and_one_line(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(LONG.replace("shape = 800", "shape = 2"))
    process = trimtab("run", bad, "--out", tmp_path / "out")
    assert process.returncode == 2
    assert "bad.toml: shape: input should be greater than or equal to 6, got 2" in process.stdout
    assert "Traceback" not in process.stdout + process.stderr


def test_info_prints_the_configuration():
    process = trimtab("info")
    assert process.returncode == 0
    assert f"version: {tt.__version__}" in process.stdout
    assert "isa_level" in process.stdout


def test_a_killed_run_restarts_bit_for_bit(tmp_path):
    case = tmp_path / "long.toml"
    case.write_text(LONG)
    whole = trimtab("run", case, "--out", tmp_path / "whole")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    checkpoint = tmp_path / "killed" / "checkpoint.npz"
    command = [sys.executable, "-m", "trimtab", "run", str(case), "--out", str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while not checkpoint.exists():
            assert process.poll() is None, "ended before its first checkpoint"
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "killed" / "solution.h5").exists()
    steps = tt.hyperbolic.Solver.load(checkpoint).steps
    restarted = trimtab("run", case, "--out", tmp_path / "killed", "--restart", checkpoint)
    assert restarted.returncode == 0, restarted.stdout + restarted.stderr
    with h5py.File(tmp_path / "whole" / "solution.h5") as a, h5py.File(tmp_path / "killed" / "solution.h5") as b:
        assert 0 < steps < a["decisions"].shape[0]
        for name in ("x", "t", "rho", "v", "p", "class", "decisions"):
            assert np.array_equal(a[name][()], b[name][()]), name


def test_a_checkpoint_of_another_case_is_refused(tmp_path):
    s = tt.hyperbolic.Solver("euler", shape=200)
    s.set_primitive(rho=1.0, v=0.0, p=1.0)
    s.save(tmp_path / "plain.npz")
    process = trimtab("run", CASES / "sod.toml", "--out", tmp_path, "--restart", tmp_path / "plain.npz")
    assert process.returncode == 2
    assert "a saved solver, but not a checkpoint of a case" in process.stdout


def test_a_failed_run_keeps_its_results_and_says_so(tmp_path):
    case = tmp_path / "case.toml"
    case.write_text(
        'title = "Too fast"\nlaw = "burgers"\nshape = 20\nextent = [0.0, 1e-300]\nt_end = 1.0\n[[region]]\nu = 1.0\n'
    )
    process = trimtab("run", case, "--out", tmp_path / "out")
    assert process.returncode == 1
    assert "step_too_small" in process.stdout
    assert (tmp_path / "out" / "solution.h5").exists()
