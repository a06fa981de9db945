"""Saved solvers: a NumPy archive with the configuration as JSON and the state as arrays."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from os import PathLike
from types import MappingProxyType
from typing import Any

from .. import _archive
from ._bc import Inflow

FORMAT = "trimtab hyperbolic 1"


def snapshot(core: Any) -> dict[str, Any]:
    """Everything that the kernel needs to go on, by the argument names of its restore()."""
    _, rows, recorded, stride = core.decisions()
    return {
        "u": core.conservative(),
        "classes": core.classes(),
        "defect": core.defect(),
        "clock": core.clock(),
        "rows": rows,
        "recorded": recorded,
        "stride": stride,
    }


def _side_to_json(side: Any) -> Any:
    if isinstance(side, Inflow) and not any(callable(v) for v in side.state.values()):
        return {"inflow": {k: float(v) for k, v in side.state.items()}}  # type: ignore[arg-type]
    return side if isinstance(side, str) else None


def write(
    path: str | PathLike[str], config: dict[str, Any], core: Any, extra: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Write state and `extra` arrays under a temporary name in the same folder, then move into place."""
    plain = {**config, "bc": [_side_to_json(s) for s in config["bc"]], "source": config["source"] is not None}
    state = snapshot(core)
    _archive.write(path, FORMAT, {"config": json.dumps(plain), **state, **extra})


def read(path: str | PathLike[str], functions: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Configuration and state of a saved solver; `functions` stand in for what a file cannot hold."""
    if unknown := set(functions) - {"bc", "source", "threads"}:
        raise ValueError(f"load takes bc, source and threads, got {', '.join(sorted(unknown))}")
    data = _archive.read(path, FORMAT, "solver")
    config = json.loads(str(data["config"]))
    if None in config["bc"] and "bc" not in functions:
        raise ValueError(f"{os.fspath(path)}: its boundary conditions were functions; give them as bc=")
    if config["source"] and "source" not in functions:
        raise ValueError(f"{os.fspath(path)}: its source term was a function; give it as source=")
    config["bc"] = tuple(Inflow(**s["inflow"]) if isinstance(s, dict) else s for s in config["bc"])
    config["source"] = None
    config.update(functions)
    config["extent"] = tuple(config["extent"])
    t, steps, *rest = (float(v) for v in data["clock"])
    state = {name: data[name] for name in ("u", "classes", "defect", "rows")}
    state.update(clock=(t, int(steps), *rest), recorded=int(data["recorded"]), stride=int(data["stride"]))
    return config, state
