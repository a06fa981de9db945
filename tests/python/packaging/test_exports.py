"""What libtrimtab shows to the dynamic loader."""

import re
import subprocess
from pathlib import Path

import pytest

import trimtab
from trimtab._config import isa_built

LIB = Path(trimtab.get_cmake_dir()).parents[1]
LIBRARIES = {
    level: LIB / ("" if level == "base" else f"glibc-hwcaps/x86-64-{level}") / "libtrimtab.so" for level in isa_built()
}
OURS = ("trimtab_", "trimtab::", "typeinfo for trimtab::", "typeinfo name for trimtab::", "vtable for trimtab::")


def exported(library, *options):
    text = subprocess.run(
        ["nm", "--dynamic", "--defined-only", *options, library], capture_output=True, text=True, check=True
    ).stdout
    return [line.split(" ", 2)[2] for line in text.splitlines()]


@pytest.mark.parametrize("level", LIBRARIES)
def test_only_trimtab_names_are_exported(level):
    mangled = exported(LIBRARIES[level])
    assert "trimtab_version" in mangled
    # a function template is shown with its return type in front, so its mangled name decides
    assert [name for name in mangled if not name.startswith(("trimtab_", "_ZN7trimtab", "_ZNK7trimtab", "_ZT"))] == []
    tables = [name for name in exported(LIBRARIES[level], "--demangle") if " for " in name]
    assert [name for name in tables if not name.startswith(OURS)] == []


def test_every_level_exports_the_same_names():
    assert len({tuple(sorted(exported(library))) for library in LIBRARIES.values()}) == 1


@pytest.mark.parametrize("level", LIBRARIES)
def test_local_symbols_are_stripped(level):
    run = subprocess.run(["nm", LIBRARIES[level]], capture_output=True, text=True, check=False)
    assert run.stdout == ""
    assert "no symbols" in run.stderr


@pytest.mark.parametrize("level", LIBRARIES)
def test_no_product_is_fused_with_a_sum(level):
    """Fused operations round once where the others round twice: no bits would agree between instruction sets.

    The compiler has been seen to fuse alternating sums and differences in spite of -ffp-contract=off.
    """
    code = subprocess.run(["objdump", "--disassemble", LIBRARIES[level]], capture_output=True, text=True, check=True)
    assert "vmul" in code.stdout or "mulpd" in code.stdout
    assert re.findall(r"\bvfn?m(?:add|sub)\w*", code.stdout) == []
