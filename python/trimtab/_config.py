"""What this build is, and where its files are."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, overload

# What Linux calls the features of the levels x86-64-v3 and v4 (lzcnt comes with abm).
_V3 = {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}
_CPU_FLAGS = {"v3": _V3, "v4": _V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}}

_HERE = Path(__file__).parent
_ROOTS = [Path(p) for p in sys.modules["trimtab"].__path__]


def _folder(*parts: str) -> Path:
    """A folder of the installed package; an editable install spreads it over two roots."""
    for root in _ROOTS:
        if (found := root.joinpath(*parts)).is_dir():
            return found
    raise RuntimeError(f"this trimtab was installed without its {'/'.join(parts)} folder")


def preload_library() -> None:
    """Load the library of the level that TRIMTAB_ISA names, before the extension module asks for any.

    The soname is the same for every level, so the dynamic loader hands this one to the extension module. Without
    TRIMTAB_ISA the loader finds the best level by itself, from glibc 2.33 on; for an older one the choice is made here.
    """
    level = os.environ.get("TRIMTAB_ISA", "")
    if level not in ("", "base", *_CPU_FLAGS):
        raise ImportError(f"TRIMTAB_ISA: expected base, v3 or v4, got {level!r}")
    if not level:
        if _loader_knows_levels():
            return
        level = best_level(isa_built(), _cpu_flags())
    lib = _folder("lib")
    path = (lib if level == "base" else lib / "glibc-hwcaps" / f"x86-64-{level}") / "libtrimtab.so"
    if not path.exists():
        raise ImportError(f"TRIMTAB_ISA={level}: this trimtab was built without that level ({path} is missing)")
    if missing := _CPU_FLAGS.get(level, set()) - _cpu_flags():
        raise ImportError(f"TRIMTAB_ISA={level}: this CPU lacks {', '.join(sorted(missing))}")
    ctypes.CDLL(str(path))


def isa_built() -> list[str]:
    """Instruction-set levels of this installation, "base" first."""
    levels = sorted(_folder("lib").glob("glibc-hwcaps/x86-64-*/libtrimtab.so"))
    return ["base", *(path.parent.name.removeprefix("x86-64-") for path in levels)]


def best_level(built: list[str], flags: set[str]) -> str:
    """The highest of the `built` levels that a CPU with these flags runs."""
    return next((level for level in reversed(built) if _CPU_FLAGS.get(level, set()) <= flags), "base")


def _loader_knows_levels() -> bool:
    """Whether the dynamic loader picks a level by itself; only an old glibc, as in RHEL 8, does not."""
    try:
        _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (AttributeError, OSError, ValueError):  # not glibc: there are no levels
        return True
    return tuple(map(int, version.split(".")[:2])) >= (2, 33)


def _cpu_flags() -> set[str]:
    try:
        with open("/proc/cpuinfo") as file:
            return next((set(line.split()) for line in file if line.startswith("flags")), set())
    except OSError:
        return set()


def optional(module: str, extra: str, purpose: str) -> ModuleType:
    """Import an optional dependency or say which extra brings it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ImportError(f"{purpose} needs {package}: pip install 'trimtab[{extra}]'") from error


def get_include() -> str:
    """Folder of the C and C++ headers, for ``-I``.

    Examples
    --------
    >>> import os, trimtab
    >>> os.path.exists(os.path.join(trimtab.get_include(), "trimtab", "trimtab.h"))
    True
    """
    return str(_folder("include"))


def get_cmake_dir() -> str:
    """Folder of the CMake package, for ``cmake -Dtrimtab_DIR=...``.

    Examples
    --------
    >>> import os, trimtab
    >>> os.path.exists(os.path.join(trimtab.get_cmake_dir(), "trimtab-config.cmake"))
    True
    """
    return str(_folder("lib", "cmake", "trimtab"))


@overload
def show_config(mode: Literal["print"] = ...) -> None: ...
@overload
def show_config(mode: Literal["dicts"]) -> dict[str, Any]: ...
def show_config(mode: Literal["print", "dicts"] = "print") -> dict[str, Any] | None:
    """Show how this trimtab was built and what it uses.

    Parameters
    ----------
    mode : {"print", "dicts"}
        Print a table (default), or return a dictionary.

    Returns
    -------
    dict or None
        Keys ``version``, ``compiler``, ``isa_level`` (the level in use), ``isa_built`` (levels in this installation),
        ``threads``, ``cpus``, ``eigen``, ``cuda`` (compiled in or not) and ``location``.

    Examples
    --------
    >>> import trimtab
    >>> trimtab.show_config(mode="dicts")["cuda"]
    False
    """
    from . import _core

    if mode not in ("print", "dicts"):
        raise ValueError(f"mode: expected 'print' or 'dicts', got {mode!r}")
    core = _core.core
    config = {
        "version": core.version(),
        "compiler": core.compiler(),
        "isa_level": core.isa_level(),
        "isa_built": isa_built(),
        "threads": core.resolve_threads(0),
        "cpus": core.available_cpus(),
        "eigen": core.eigen_version(),
        "cuda": False,
        "location": str(_HERE),
    }
    if mode == "dicts":
        return config
    for key, value in config.items():
        print(f"{key:>10}: {', '.join(value) if isinstance(value, list) else value}")
    return None


def test() -> bool:
    """Run the examples of every docstring of the installed package; needs pytest.

    The full tests come with the source distribution, not with the package.

    Returns
    -------
    bool
        Whether all of them passed.

    Raises
    ------
    ImportError
        If pytest is missing.

    Examples
    --------
    >>> import trimtab
    >>> trimtab.test()  # doctest: +SKIP
    True
    """
    pytest = optional("pytest", "test", "trimtab.test()")
    # a folder of its own and no configuration: the user's pytest settings are not ours
    return bool(pytest.main([str(_HERE), "--doctest-modules", f"--rootdir={_HERE}", "-c", os.devnull]) == 0)
