"""The library of the right instruction-set level is loaded, by hand and by itself."""

import os
import subprocess
import sys

import pytest

from trimtab import _config, show_config
from trimtab._config import best_level, isa_built

V3 = {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def loaded(**environment):
    """Level that a fresh Python loads in this environment: its exit status and what it printed."""
    env = {k: v for k, v in os.environ.items() if k != "TRIMTAB_ISA"} | environment
    code = "import trimtab; print(trimtab.show_config(mode='dicts')['isa_level'])"
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    return run.returncode, (run.stdout + run.stderr).strip()


def runnable():
    """Levels that are built and that this CPU can run; the base of a NATIVE build is this machine's own level."""
    with open("/proc/cpuinfo") as file:
        flags = set(file.read().split())
    return [level for level in isa_built() if level == "base" or {"v3": V3, "v4": V4}[level] <= flags]


@pytest.mark.parametrize("level", runnable())
def test_a_forced_level_is_loaded(level):
    status, text = loaded(TRIMTAB_ISA=level)
    assert status == 0
    assert text == level or (isa_built() == ["base"] and text in ("v3", "v4"))


def test_the_best_level_is_loaded_by_itself():
    status, text = loaded()
    assert status == 0
    assert text == loaded(TRIMTAB_ISA=runnable()[-1])[1]


def test_the_choice_made_for_an_old_glibc_is_the_loaders_own():
    with open("/proc/cpuinfo") as file:
        assert best_level(isa_built(), set(file.read().split())) == runnable()[-1]


@pytest.fixture
def empty_installation(tmp_path, monkeypatch):
    monkeypatch.setattr(_config, "_folder", lambda *parts: tmp_path)
    return tmp_path


@pytest.mark.parametrize("level", ["base", "v3", "v4"])
def test_a_level_that_is_not_built_is_refused(level, empty_installation, monkeypatch):
    monkeypatch.setenv("TRIMTAB_ISA", level)
    with pytest.raises(ImportError, match=f"TRIMTAB_ISA={level}: this trimtab was built without that level"):
        _config.preload_library()


@pytest.mark.parametrize("level", ["v3", "v4"])
def test_a_level_beyond_the_cpu_is_refused(level, empty_installation, monkeypatch):
    library = empty_installation / "glibc-hwcaps" / f"x86-64-{level}" / "libtrimtab.so"
    library.parent.mkdir(parents=True)
    library.touch()
    monkeypatch.setenv("TRIMTAB_ISA", level)
    monkeypatch.setattr(_config, "_cpu_flags", lambda: V4 - {"fma"})
    with pytest.raises(ImportError, match=f"TRIMTAB_ISA={level}: this CPU lacks fma"):
        _config.preload_library()


@pytest.mark.parametrize("word", ["avx2", "V3", " "])
def test_a_nonsense_level_is_refused(word):
    status, text = loaded(TRIMTAB_ISA=word)
    assert status != 0
    assert f"ImportError: TRIMTAB_ISA: expected base, v3 or v4, got {word!r}" in text


@pytest.mark.parametrize(
    ("built", "flags", "level"),
    [
        (["base", "v3", "v4"], V4, "v4"),
        (["base", "v3", "v4"], V4 - {"avx512bw"}, "v3"),
        (["base", "v3", "v4"], V3 - {"fma"}, "base"),
        (["base", "v4"], V3, "base"),
        (["base"], V4, "base"),
        (["base", "v3"], set(), "base"),
    ],
)
def test_best_level(built, flags, level):
    assert best_level(built, flags) == level


@pytest.mark.parametrize(("glibc", "loads"), [("glibc 2.28", 1), ("glibc 2.33", 0), (None, 0)])
def test_an_old_glibc_gets_its_level_at_import(glibc, loads, monkeypatch):
    loaded_by_hand = []
    monkeypatch.delenv("TRIMTAB_ISA", raising=False)
    monkeypatch.setattr(_config.os, "confstr", lambda name: glibc)
    monkeypatch.setattr(_config.ctypes, "CDLL", loaded_by_hand.append)
    _config.preload_library()
    assert len(loaded_by_hand) == loads
    best = runnable()[-1]
    folder = "lib" if best == "base" else f"x86-64-{best}"
    assert all(path.endswith(f"/{folder}/libtrimtab.so") for path in loaded_by_hand)


def test_show_config_knows_both():
    config = show_config(mode="dicts")
    assert config["isa_built"] == isa_built()
    assert config["isa_level"] in (*isa_built(), "v3", "v4")
