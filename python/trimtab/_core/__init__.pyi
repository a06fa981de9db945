"""
Compiled core of trimtab; use the public modules instead.
"""
from __future__ import annotations
from . import core
from . import hyperbolic
from . import relax
__all__: list[str] = ['core', 'hyperbolic', 'relax']
