import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

import trimtab


def pytest_addoption(parser):
    parser.addoption("--prefix", type=Path, help="test the `cmake --install` tree here, not the package of this Python")


@dataclass(frozen=True)
class Installation:
    """Where to find trimtab's C, C++ and Fortran side, and what CMake must be told."""

    lib: Path
    cmake_flags: tuple[str, ...]


@pytest.fixture(scope="session")
def installation(request):
    site = Path(sysconfig.get_path("purelib"))
    prefix = request.config.getoption("prefix")
    if prefix is None:
        cmake_dir = Path(trimtab.get_cmake_dir())
        flags = (f"-Dtrimtab_DIR={cmake_dir}",)
    else:
        (config,) = prefix.glob("lib*/**/trimtab-config.cmake")
        cmake_dir = config.parent
        flags = (f"-DCMAKE_PREFIX_PATH={prefix};{site / 'cmeel.prefix'}",)  # Eigen, where the machine has none
    return Installation(cmake_dir.parents[1], flags)
