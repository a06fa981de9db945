"""Numerics that steer themselves: solvers that measure their own error and spend work only where it pays."""

from ._config import preload_library as _preload_library

_preload_library()  # before anything imports the extension module

from . import _core, fractional, hyperbolic, io, plot, relax, sde, steer
from ._config import get_cmake_dir, get_include, show_config, test
from ._errors import RunFailure, TrimtabError
from ._threads import get_threads, set_threads

__version__: str = _core.core.version()
__all__ = [
    "RunFailure",
    "TrimtabError",
    "__version__",
    "fractional",
    "get_cmake_dir",
    "get_include",
    "get_threads",
    "hyperbolic",
    "io",
    "plot",
    "relax",
    "sde",
    "set_threads",
    "show_config",
    "steer",
    "test",
]
