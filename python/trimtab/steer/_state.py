"""Tuners in files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from .. import _archive

FORMAT = "trimtab tuner 2"


def write(path: str | PathLike[str], state: dict[str, Any]) -> None:
    """Write what `Tuner.__getstate__` gave; arms only where JSON gives them back as they are."""
    try:
        arms = json.dumps(state["arms"])
        if json.loads(arms) != state["arms"]:
            arms = "null"
    except (TypeError, ValueError):
        arms = "null"
    header = {"arms": arms, "split": state["split"] is not None, "config": json.dumps(state["config"])}
    _archive.write(path, FORMAT, {**header, **state["progress"]})


def read(
    path: str | PathLike[str], arms: Sequence[Any] | None, learner: str | None, split: Callable[..., Any] | None
) -> dict[str, Any]:
    """What `Tuner.__setstate__` takes."""
    data = _archive.read(path, FORMAT, "tuner")
    config = json.loads(str(data["config"]))
    if learner is not None and learner != config["learner"]:
        raise ValueError(f"learner: the file is of {config['learner']!r}, expected {learner!r}")
    saved, count = json.loads(str(data["arms"])), int(data["state"][2])
    if arms is None and saved is None:
        raise ValueError("arms: the file could not hold them; give them as arms=")
    taken = list(saved if arms is None else arms)
    if len(taken) != count:
        raise ValueError(f"arms: the file is of {count} arms, got {len(taken)}")
    if bool(data["split"]) != (split is not None):
        needed = "the tuner's function" if data["split"] else "none, as the tuner had none"
        raise ValueError(f"split: expected {needed}, got {split!r}")
    return {"arms": taken, "split": split, "config": config, "progress": progress(data)}


def progress(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """The part of the state that rounds have changed, out of an archive where its names have a prefix."""
    arrays = {name: data[prefix + name] for name in ("state", "rows")}
    return arrays | {name: int(data[prefix + name]) for name in ("recorded", "stride")}
