"""What this build is, where its files are, and how many threads it uses."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, overload

_ROOTS = [Path(p) for p in sys.modules["trimtab"].__path__]


def _folder(*parts: str) -> Path:
    """A folder of the installed package; an editable install spreads it over two roots."""
    for root in _ROOTS:
        if (found := root.joinpath(*parts)).is_dir():
            return found
    raise RuntimeError(f"this trimtab was installed without its {'/'.join(parts)} folder")


def preload_library() -> None:
    """Load the library of the level that TRIMTAB_ISA names, before the extension module asks for any.

    The soname is the same for every level, so the dynamic loader hands this one to the extension module.
    """
    level = os.environ.get("TRIMTAB_ISA", "")
    if not level:
        return
    if level not in ("base", "v3", "v4"):
        raise ImportError(f"TRIMTAB_ISA: expected base, v3 or v4, got {level!r}")
    lib = _folder("lib")
    path = (lib if level == "base" else lib / "glibc-hwcaps" / f"x86-64-{level}") / "libtrimtab.so"
    if not path.exists():
        raise ImportError(f"TRIMTAB_ISA={level}: this trimtab was built without that level ({path} is missing)")
    ctypes.CDLL(str(path))


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


def set_threads(threads: int | None) -> None:
    """Set how many threads every later call uses unless it has a ``threads=`` of its own.

    Parameters
    ----------
    threads : int or None
        A positive number, or None for the default: the environment's ``TRIMTAB_NUM_THREADS``, else one under an MPI
        launcher, else the CPUs that this process may use. Results never depend on it.

    Raises
    ------
    ValueError
        If `threads` is not positive.

    Examples
    --------
    >>> import trimtab
    >>> trimtab.set_threads(2)
    >>> trimtab.get_threads()
    2
    >>> trimtab.set_threads(None)
    """
    from . import _core
    from ._check import integer

    _core.core.set_threads(0 if threads is None else integer("threads", threads, minimum=1))


def get_threads() -> int:
    """Return the number of threads that a call without ``threads=`` uses.

    Examples
    --------
    >>> import trimtab
    >>> trimtab.get_threads() >= 1
    True
    """
    from . import _core

    return _core.core.resolve_threads(0)


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
        "isa_built": ["base", *filter(None, core.isa_built().split(";"))],
        "threads": core.resolve_threads(0),
        "cpus": core.available_cpus(),
        "eigen": core.eigen_version(),
        "cuda": False,
        "location": str(_ROOTS[0]),
    }
    if mode == "dicts":
        return config
    for key, value in config.items():
        print(f"{key:>10}: {', '.join(value) if isinstance(value, list) else value}")
    return None
