"""A package with compiled code over trimtab's C interface."""

import trimtab  # noqa: F401  loads the library that _native asks for

from ._native import trimtab_version

__all__ = ["trimtab_version"]
