"""Functions given by their address, which run without the interpreter."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any


_CTYPES_FUNCTION = ctypes.CFUNCTYPE(None).__base__ or object


@dataclass(frozen=True)
class CFunction:
    """Address of a compiled function, and of what it is handed as `ctx`. Made by `cfunc`."""

    address: int
    ctx: int = 0


def cfunc(pointer: Any, ctx: int = 0) -> CFunction:
    """A compiled function for the solvers: they call it on all threads, without the interpreter's lock.

    Its C signature is ``void f(const double *t, const double *y, double *out, int64_t m, void *ctx)`` for m paths, with
    t (m), y (d, m) and out (d, m), or (d, noise, m) for a full diffusion: a component of all paths lies together.

    Parameters
    ----------
    pointer : int, ctypes function or object with an ``address``
        As of ``numba.cfunc(...)``. It must stay alive as long as solvers use it.
    ctx : int, optional
        Address that is handed on. Default 0.

    Returns
    -------
    CFunction

    Raises
    ------
    TypeError
        If `pointer` is none of these.
    ValueError
        If it is null.

    Examples
    --------
    >>> import ctypes
    >>> import trimtab as tt
    >>> signature = ctypes.CFUNCTYPE(None, *[ctypes.POINTER(ctypes.c_double)] * 3, ctypes.c_int64, ctypes.c_void_p)
    >>> @signature
    ... def drift(t, y, out, m, ctx):
    ...     for i in range(m):
    ...         out[i] = -y[i]
    >>> f = tt.sde.cfunc(drift)
    """
    address = getattr(pointer, "address", pointer)
    if isinstance(address, _CTYPES_FUNCTION):
        address = ctypes.cast(address, ctypes.c_void_p).value or 0
    if not isinstance(address, int) or isinstance(address, bool):
        raise TypeError(f"pointer: expected an address, a ctypes function or a numba cfunc, got {pointer!r}")
    if address == 0:
        raise ValueError("pointer: expected the address of a function, got null")
    return CFunction(address, ctx)


def source(name: str, value: Any) -> Any:
    """What the core takes for a function: a callable, or a pair of addresses."""
    if isinstance(value, CFunction):
        return (value.address, value.ctx)
    if not callable(value):
        raise TypeError(f"{name}: expected a callable or trimtab.sde.cfunc(...), got {value!r}")
    return value
