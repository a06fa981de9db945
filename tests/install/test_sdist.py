"""The source distribution holds the sources, and nothing that a build left behind."""

import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from scikit_build_core.build import build_sdist; build_sdist(sys.argv[1])"
NEEDED = {"CMakeLists.txt", "LICENSE", "README.md", "cpp/trimtab.map", "python/trimtab/_core/core.pyi", ".clang-format"}


def test_sdist_holds_the_sources_only(tmp_path):
    subprocess.run([sys.executable, "-c", BUILD, tmp_path], cwd=ROOT, check=True)
    (archive,) = tmp_path.iterdir()
    with tarfile.open(archive) as tar:
        files = {name.partition("/")[2] for name in tar.getnames()} - {"PKG-INFO"}
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    sources = set(subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())
    assert files - sources == set()
    assert NEEDED - files == set()
