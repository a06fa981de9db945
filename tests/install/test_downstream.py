"""Another package builds against the installed trimtab with no flags at all, and runs."""

import os
import subprocess
import sys
from pathlib import Path

import trimtab

HERE = Path(__file__).parent


def test_downstream_wheel(tmp_path):
    environment = {k: v for k, v in os.environ.items() if k not in ("CMAKE_ARGS", "CMAKE_PREFIX_PATH")}
    environment["SKBUILD_BUILD_DIR"] = str(tmp_path / "build")
    install = ["install", "--quiet", "--no-build-isolation", "--no-deps", f"--target={tmp_path}", HERE / "downstream"]
    subprocess.run([sys.executable, "-m", "pip", *install], env=environment, check=True)
    run = subprocess.run(
        [sys.executable, "-c", "import downstream; print(downstream.trimtab_version())"],
        env=environment | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == trimtab.__version__
