"""The committed stubs of the extension module say what the module says."""

import subprocess
import sys
from pathlib import Path

COMMITTED = Path(__file__).parents[3] / "python" / "trimtab" / "_core"


def stubs(folder):
    return {path.name: path.read_text() for path in folder.glob("*.pyi")}


def test_stubs_are_up_to_date(tmp_path):
    subprocess.run([sys.executable, "-m", "pybind11_stubgen", "trimtab._core", "-o", tmp_path], check=True)
    assert stubs(COMMITTED) == stubs(tmp_path / "trimtab" / "_core"), (
        "regenerate them: pip install . && pybind11-stubgen trimtab._core -o python"
    )
