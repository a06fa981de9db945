"""Runs a script once for each instruction-set level that this build has and this machine can run."""

import os
import subprocess
import sys

import trimtab


def outputs_of_every_level(script: str) -> dict[str, str]:
    """What `script` prints, by level; the first level is "base"."""
    config = trimtab.show_config(mode="dicts")
    built = config["isa_built"]
    usable = built[: built.index(config["isa_level"]) + 1]
    return {
        level: subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "TRIMTAB_ISA": level},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for level in usable
    }
