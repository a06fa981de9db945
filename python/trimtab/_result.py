"""The base of every result: a read-only record that prints itself and gives its fields by name or by key."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np


def brief(value: Any) -> str:
    """One line for a value: an array by shape and range, a mapping by its entries."""
    if isinstance(value, np.ndarray) and value.ndim:
        if not value.size:
            return f"empty array of {value.dtype}"
        return f"array {value.shape} of {value.dtype}, from {value.min():.6g} to {value.max():.6g}"
    if isinstance(value, dict):
        return ", ".join(f"{k} {brief(v)}" for k, v in value.items())
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value).partition("\n")[0]


class Result:
    """Subclasses are frozen dataclasses."""

    def _rows(self) -> list[tuple[str, str]]:
        """Names and one-line texts of what is shown."""
        shown = [f.name for f in fields(self) if f.repr]  # type: ignore[arg-type]
        return [(name, brief(getattr(self, name))) for name in shown]

    def __getitem__(self, key: str) -> Any:
        try:
            return getattr(self, key)
        except AttributeError:
            raise KeyError(key) from None

    def __repr__(self) -> str:
        rows = self._rows()
        width = max(len(name) for name, _ in rows)
        return "\n".join([type(self).__name__, *(f"  {name:>{width}}: {text}" for name, text in rows)])

    def _repr_html_(self) -> str:
        from html import escape

        cells = "".join(f"<tr><th>{escape(n)}</th><td>{escape(t)}</td></tr>" for n, t in self._rows())
        return f"<table><caption>{type(self).__name__}</caption>{cells}</table>"
