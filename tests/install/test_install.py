"""Programs in C, C++ and Fortran find the installed trimtab, link it and run.

By default the package of this Python is tested; --prefix=<folder> names a `cmake --install` tree instead.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import trimtab

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
LANGUAGES = ["c", "cpp", *(["fortran"] if shutil.which("gfortran") else [])]
ENVIRONMENT = os.environ | {"PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}"}  # the cmake of this Python
VERSION = trimtab.__version__
LEVELS = ("base", "v3", "v4")


def run(*command, **environment):
    done = subprocess.run(
        [str(part) for part in command], env=ENVIRONMENT | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_cmake_consumer(language, installation, tmp_path):
    run("cmake", "-S", HERE / language, "-B", tmp_path, "-G", "Ninja", *installation.cmake_flags)
    run("cmake", "--build", tmp_path)
    version, *level = run(tmp_path / "consumer").split()
    assert version == VERSION
    assert language == "fortran" or level[0] in LEVELS


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "cpp"])
def test_a_time_loop_steers_its_solver(language, installation, tmp_path):
    run("cmake", "-S", EXAMPLES / language, "-B", tmp_path, "-G", "Ninja", *installation.cmake_flags)
    run("cmake", "--build", tmp_path)
    steered, plain = map(int, re.findall(r"\d{2,}", run(tmp_path / "heat")))
    assert steered < 0.7 * plain


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language == "fortran"])
def test_a_time_loop_halves_its_steps_on_the_same_noise(language, installation, tmp_path):
    run("cmake", "-S", EXAMPLES / language, "-B", tmp_path, "-G", "Ninja", *installation.cmake_flags)
    run("cmake", "--build", tmp_path)
    orders = [float(order) for order in re.findall(r"order +([\d.]+)", run(tmp_path / "noise"))]
    assert len(orders) == 4
    assert all(abs(order - 1.5) < 0.15 for order in orders)


@pytest.mark.parametrize("tool", [tool for tool in ("pkg-config",) if shutil.which(tool)])
def test_pkg_config_consumer(tool, installation, tmp_path):
    def ask(*what):
        return run(tool, *what, "trimtab", PKG_CONFIG_PATH=str(installation.lib / "pkgconfig")).split()

    assert ask("--modversion") == [VERSION]
    (lib,) = ask("--variable=libdir")
    assert Path(lib).samefile(installation.lib)
    program = tmp_path / "consumer"
    run("gcc", HERE / "c" / "main.c", *ask("--cflags", "--libs"), f"-Wl,-rpath,{lib}", "-o", program)
    assert run(program).split()[0] == VERSION


def test_a_version_that_is_not_there_is_refused(installation, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.26)\nproject(p LANGUAGES C)\nfind_package(trimtab 99.0 CONFIG COMPONENTS C)\n"
        "if(trimtab_FOUND)\n  message(FATAL_ERROR found)\nendif()\n"
    )
    run("cmake", "-S", tmp_path, "-B", tmp_path / "build", "-G", "Ninja", *installation.cmake_flags)
