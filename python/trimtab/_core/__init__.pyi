"""
Compiled core of trimtab; use the public modules instead.
"""
from __future__ import annotations
from . import core
__all__: list[str] = ['core']
