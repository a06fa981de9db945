"""Results in HDF5 files; h5py is imported on first use."""

from __future__ import annotations

import json
import os
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from ._config import optional
from .steer import Decisions

if TYPE_CHECKING:
    from .hyperbolic import HyperbolicResult

__all__ = ["load", "save"]

FORMAT = "trimtab result 1"


def save(
    path: str | PathLike[str],
    result: HyperbolicResult,
    *,
    title: str = "",
    units: dict[str, str] | None = None,
    exact: dict[str, Any] | None = None,
    attributes: dict[str, Any] | None = None,
) -> None:
    """Write a result to an HDF5 file.

    Datasets: ``x``, ``t``, ``class``, one per primitive variable (over ``x``, or over ``t`` and ``x``),
    ``exact/<name>`` and ``decisions``. Attributes: format, version of trimtab, law, parameters and outcome, and
    ``units`` on each dataset.

    Parameters
    ----------
    path : path-like
        Replaced if it exists, once the new file is complete.
    result : HyperbolicResult
    title : str
    units : dict
        Units by variable name, ``x`` and ``t`` included; "1" where none is given.
    exact : dict
        Exact values by variable name, shape (n,).
    attributes : dict
        Further attributes of the file.
    """
    h5py = optional("h5py", "io", "trimtab.io.save")
    units = units or {}
    temporary = f"{os.fspath(path)}.tmp"
    with h5py.File(temporary, "w") as file:
        file.attrs.update(
            format=FORMAT,
            version=_core.core.version(),
            title=title,
            law=result.law,
            parameters=json.dumps(result.parameters),
            stats=json.dumps(result.stats),
            status=result.status,
            message=result.message,
            **(attributes or {}),
        )
        data = {"x": result.x, "t": result.t, **{name: result[name] for name in result.variables}}
        for name, values in data.items():
            file.create_dataset(name, data=values).attrs["units"] = units.get(name, "1")
        file["class"] = result.classes
        file["class"].attrs["meanings"] = "0 smooth, 1 shock, 2 contact"
        for name, values in (exact or {}).items():
            file.create_dataset(f"exact/{name}", data=values).attrs["units"] = units.get(name, "1")
        log = file.create_dataset("decisions", data=result.decisions.rows)
        log.attrs.update(
            columns=",".join(result.decisions.columns), what=result.decisions.what, stride=result.decisions.stride
        )
    os.replace(temporary, path)


def load(path: str | PathLike[str]) -> HyperbolicResult:
    """Read a result that `save` wrote.

    Raises
    ------
    ValueError
        If the file is not such a result.
    """
    from .hyperbolic import HyperbolicResult
    from .hyperbolic._laws import LAWS

    h5py = optional("h5py", "io", "trimtab.io.load")
    with h5py.File(path, "r") as file:
        if file.attrs.get("format") != FORMAT:
            raise ValueError(f"{os.fspath(path)}: expected the format {FORMAT!r}, got {file.attrs.get('format')!r}")
        attrs, log = dict(file.attrs), file["decisions"]
        variables = LAWS[attrs["law"]].primitive
        t = file["t"][()]
        return HyperbolicResult(
            t=float(t) if np.ndim(t) == 0 else t,
            x=file["x"][()],
            W=np.stack([file[name][()] for name in variables], axis=-2),
            classes=file["class"][()],
            stats=json.loads(attrs["stats"]),
            decisions=Decisions(
                log.attrs["what"], tuple(log.attrs["columns"].split(",")), log[()], int(log.attrs["stride"])
            ),
            success=attrs["status"] == "success",
            status=attrs["status"],
            message=attrs["message"],
            law=attrs["law"],
            variables=variables,
            parameters=json.loads(attrs["parameters"]),
        )
