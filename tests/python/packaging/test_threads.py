"""Whose word counts for the number of threads, and that it survives fork and reaches threadpoolctl."""

import os
import subprocess
import sys

import pytest
import threadpoolctl

import trimtab


@pytest.fixture(autouse=True)
def default_threads(monkeypatch):
    for name in ("TRIMTAB_NUM_THREADS", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "MV2_COMM_WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    yield
    trimtab.set_threads(None)


def test_the_default_is_the_cpus_of_this_process():
    assert trimtab.get_threads() == trimtab.show_config(mode="dicts")["cpus"] <= len(os.sched_getaffinity(0))


def test_order_of_precedence(monkeypatch):
    monkeypatch.setenv("TRIMTAB_NUM_THREADS", "5")
    assert trimtab.get_threads() == 5
    trimtab.set_threads(3)
    assert trimtab.get_threads() == 3
    assert trimtab._core.core.resolve_threads(2) == 2  # what each function does with its threads= argument
    trimtab.set_threads(None)
    assert trimtab.get_threads() == 5


def test_one_thread_under_mpi(monkeypatch):
    monkeypatch.setenv("PMI_SIZE", "4")
    assert trimtab.get_threads() == 1


@pytest.mark.parametrize("word", ["0", "-2", "many", "3.5", "99999"])
def test_a_bad_environment_is_named(monkeypatch, word):
    monkeypatch.setenv("TRIMTAB_NUM_THREADS", word)
    with pytest.raises(ValueError, match=f"TRIMTAB_NUM_THREADS: expected an integer from 1 to 4096, got {word}"):
        trimtab.get_threads()


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (0, ValueError, "threads: expected an integer >= 1, got 0"),
        (10**12, ValueError, "threads: expected an integer <= 4096, got 1000000000000"),
        (2.0, TypeError, "threads: expected an integer, got 2.0"),
    ],
)
def test_bad_arguments_are_named(value, error, words):
    with pytest.raises(error, match=words):
        trimtab.set_threads(value)


def test_threads_and_settings_survive_fork():
    code = """
import os, signal, trimtab

def solve():
    solver = trimtab.hyperbolic.Solver("burgers", shape=20_000, bc="periodic")
    solver.set_primitive(u=lambda x: x * (1 - x))
    return solver.run(1.0, max_steps=2).u.tobytes()

trimtab.set_threads(2)
before = solve()
child = os.fork()
if child == 0:
    signal.alarm(60)
    os._exit(0 if trimtab.get_threads() == 2 and solve() == before else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), solve() == before)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0", "True"]


def trimtab_pools():
    return [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "trimtab"]


def test_threadpoolctl_lists_trimtab():
    trimtab.set_threads(2)
    (pool,) = trimtab_pools()
    assert pool["num_threads"] == 2
    assert pool["version"] == trimtab.__version__
    assert os.path.basename(pool["filepath"]).startswith("libtrimtab")


def test_threadpoolctl_limits_trimtab():
    trimtab.set_threads(4)
    with threadpoolctl.threadpool_limits(limits=1):
        assert trimtab.get_threads() == 1
    assert trimtab.get_threads() == 4
    with threadpoolctl.threadpool_limits(limits={"trimtab": 2}):
        assert trimtab.get_threads() == 2
    assert trimtab.get_threads() == 4
