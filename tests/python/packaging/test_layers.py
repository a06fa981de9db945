"""No file uses what stands above it, and no domain uses another.

From left to right: core < steer < domains < capi, cuda < bindings in C++, and in Python _core < private modules < steer
< domains < gallery, plot, io < cli < the package itself. Every room that is not named here is a domain, so a new one is
under the law from its first day. One door is open: a method of a domain's result, such as ``result.plot()``, may import
plot or io when it is called.
"""

import ast
import posixpath
import re
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[3]
CPP_RANK = {"core": 0, "steer": 1, "capi": 3, "cuda": 3, "bindings": 4}
CPP_DOMAIN = 2
PYTHON_RANK = {"_core": 0, "steer": 2, "gallery": 4, "plot": 4, "io": 4, "cli": 5, "__init__": 6, "__main__": 6}
PYTHON_PRIVATE, PYTHON_DOMAIN = 1, 3
DOORS = {"plot", "io"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def complaint(path, user, used, rank, domain):
    """What is wrong with the room `user` using the room `used`, or None."""
    if rank(used) > rank(user):
        return f"{path}: {user} may not use {used}, which stands above it"
    if rank(used) == rank(user) == domain and used != user:
        return f"{path}: the domains {user} and {used} may not use each other; what both need belongs to core"
    return None


def cpp_rank(room):
    return CPP_RANK.get(room, CPP_DOMAIN)


def cpp_room(path):
    """Room of a C or C++ file, given by its path from the root; None if it is none of ours."""
    match PurePosixPath(path).parts:
        case ("python", "bindings", _):
            return "bindings"
        case ("cpp", "include", "trimtab", "trimtab.h"):
            return "capi"
        case ("cpp", "capi" | "cuda" as room, _):
            return room
        case ("cpp", "src", room, *rest) | ("cpp", "include", "trimtab", room, *rest) if rest:
            return room
    return None


def cpp_complaints(path, text):
    user = cpp_room(path)
    if user is None:
        return [f"{path}: belongs to no room"]
    found = []
    for bracket, name in INCLUDE.findall(text):
        if user != "bindings" and re.match(r"Python\.h|pybind11/", name):
            found.append(f"{path}: nothing in cpp/ knows Python, but this includes {name}")
        folder = "cpp/include" if bracket == "<" else posixpath.dirname(path)
        used = cpp_room(posixpath.normpath(f"{folder}/{name}"))
        found.append(used and complaint(path, user, used, cpp_rank, CPP_DOMAIN))
    return [text for text in found if text]


def python_rank(room):
    return PYTHON_RANK.get(room, PYTHON_PRIVATE if room.startswith("_") else PYTHON_DOMAIN)


def imported_names(path, text):
    """What a module imports: full names, and whether inside a function. `from a import b` gives a.b, maybe a module."""
    package = PurePosixPath(path).parent.parts
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {node for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((f"{base}.{alias.name}", node in inside) for alias in node.names)


def python_complaints(path, text, rooms):
    """`path` starts at python/, as in trimtab/_check.py; `rooms` are the modules and folders of the package."""
    user = PurePosixPath(path).parts[1].removesuffix(".py")
    found = []
    for name, inside_function in imported_names(path, text):
        package, *rest = name.split(".")
        if package == "trimtab":
            used = rest[0] if rest and rest[0] in rooms else "__init__"
            if not (inside_function and used in DOORS and python_rank(user) == PYTHON_DOMAIN):
                found.append(complaint(path, user, used, python_rank, PYTHON_DOMAIN))
    return [text for text in found if text]


def test_cpp_layers():
    files = [file for folder in ("cpp", "python/bindings") for file in (ROOT / folder).rglob("*.[hc]*")]
    sources = {file.relative_to(ROOT).as_posix(): file.read_text() for file in files}
    assert "cpp/include/trimtab/trimtab.h" in sources
    assert "python/bindings/core.cpp" in sources
    assert [c for path, text in sources.items() for c in cpp_complaints(path, text)] == []


def test_python_layers():
    files = list((ROOT / "python" / "trimtab").rglob("*.py"))
    sources = {file.relative_to(ROOT / "python").as_posix(): file.read_text() for file in files}
    rooms = {PurePosixPath(path).parts[1].removesuffix(".py") for path in sources} | {"_core"}
    assert "_config" in rooms
    assert [c for path, text in sources.items() for c in python_complaints(path, text, rooms)] == []


@pytest.mark.parametrize(
    ("path", "include", "words"),
    [
        ("cpp/src/core/rng.cpp", "<trimtab/steer/bandit.hpp>", "core may not use steer"),
        ("cpp/include/trimtab/core/rng.hpp", '"../relax/sor.hpp"', "core may not use relax"),
        ("cpp/include/trimtab/steer/bandit.hpp", "<trimtab/sde/solve.hpp>", "steer may not use sde"),
        ("cpp/src/relax/sor.cpp", "<trimtab/sde/solve.hpp>", "domains relax and sde may not use each other"),
        ("cpp/src/relax/sor.cpp", "<trimtab/trimtab.h>", "relax may not use capi"),
        ("cpp/capi/relax.cpp", '"../../python/bindings/bindings.hpp"', "capi may not use bindings"),
        ("cpp/src/core/cpu.cpp", "<Python.h>", "nothing in cpp/ knows Python"),
        ("cpp/capi/core.cpp", "<pybind11/numpy.h>", "nothing in cpp/ knows Python"),
        ("cpp/stray.cpp", "<vector>", "belongs to no room"),
    ],
)
def test_a_bad_include_is_found(path, include, words):
    (found,) = cpp_complaints(path, f"#pragma once\n  # include {include}\n")
    assert words in found


@pytest.mark.parametrize(
    ("path", "statement", "words"),
    [
        ("trimtab/_check.py", "from . import relax", "_check may not use relax"),
        ("trimtab/_check.py", "def f():\n    import trimtab.sde", "_check may not use sde"),
        ("trimtab/steer.py", "from .sde import solve", "steer may not use sde"),
        ("trimtab/sde/solve.py", "from ..relax import sor", "domains sde and relax may not use each other"),
        ("trimtab/sde/solve.py", "from trimtab.plot import lines", "sde may not use plot"),
        ("trimtab/sde/solve.py", "def f():\n    from ..cli import app", "sde may not use cli"),
        ("trimtab/_check.py", "def f():\n    from .plot import lines", "_check may not use plot"),
        ("trimtab/plot.py", "from .cli.app import main", "plot may not use cli"),
        ("trimtab/relax.py", "import trimtab", "relax may not use __init__"),
        ("trimtab/sde/__init__.py", "from .. import __version__", "sde may not use __init__"),
    ],
)
def test_a_bad_import_is_found(path, statement, words):
    rooms = {"__init__", "_check", "_core", "steer", "sde", "relax", "plot", "cli"}
    (found,) = python_complaints(path, statement, rooms)
    assert words in found


def test_good_ones_pass():
    assert (
        cpp_complaints("cpp/src/sde/a.cpp", '#include <trimtab/core/fft.hpp>\n#include "b.hpp"\n#include <map>') == []
    )
    rooms = {"__init__", "_check", "_core", "sde", "plot"}
    assert python_complaints("trimtab/sde/solve.py", "from .. import _check, _core\nfrom . import tree", rooms) == []
    assert python_complaints("trimtab/sde/solve.py", "def f():\n    from ..plot import lines", rooms) == []
    assert python_complaints("trimtab/plot.py", "import numpy\nfrom .sde import solve", rooms) == []
