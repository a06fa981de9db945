"""NumPy archives that are there whole or not at all, and name their format."""

from __future__ import annotations

import os
import tempfile
import zipfile
from os import PathLike
from typing import Any

import numpy as np


def write(path: str | PathLike[str], form: str, arrays: dict[str, Any]) -> None:
    """Write `arrays` under a temporary name in the same folder, then move into place."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".trimtab-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, format=form, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read(path: str | PathLike[str], form: str, what: str) -> dict[str, Any]:
    """Arrays of an archive of this format; `what` names in the error what it should hold."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            data = {name: archive[name] for name in archive.files}
    except (ValueError, zipfile.BadZipFile, EOFError) as error:
        raise ValueError(f"{os.fspath(path)}: not a saved trimtab {what} ({error})") from None
    if "format" not in data or str(data["format"]) != form:
        found = str(data["format"]) if "format" in data else "none"
        raise ValueError(f"{os.fspath(path)}: expected the format {form!r}, got {found!r}")
    return data
