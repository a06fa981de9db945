"""Exceptions of trimtab beside ValueError and TypeError."""

from __future__ import annotations

from typing import Any


class TrimtabError(RuntimeError):
    """Base of every error that arises while something runs."""


class RunFailure(TrimtabError):
    """A run could not go on. `result` holds what was computed up to the last good state."""

    def __init__(self, message: str, result: Any) -> None:
        super().__init__(message)
        self.result = result
