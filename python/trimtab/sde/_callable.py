"""What a function of an equation may be: a Python callable or the address of a C function."""

from __future__ import annotations

import ctypes
from _ctypes import CFuncPtr
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Core: TypeAlias = Callable[[Any, Any], Any] | tuple[int, int]


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
    if isinstance(pointer, bool) or not is_address(pointer):
        raise TypeError(f"pointer: expected an address, a ctypes function or a numba cfunc, got {pointer!r}")
    return CFunction(_address("pointer", pointer), ctx)


def is_compiled(f: Any) -> bool:
    """True for a function given by its address, but not as a bare number."""
    return not isinstance(f, int | np.integer) and is_address(f)


def is_address(f: Any) -> bool:
    """True for an int, a ctypes function and what numba.cfunc makes."""
    return isinstance(f, int | np.integer | CFuncPtr) or isinstance(getattr(f, "address", None), int)


def core_function(name: str, f: Any, args: tuple[Any, ...]) -> Core:
    """What the core takes for `f`: a callable(t, y), or address and context."""
    if is_address(f):
        return _address(name, f), f.ctx if isinstance(f, CFunction) and not args else _context(args)
    if not callable(f):
        raise TypeError(f"{name}: expected a callable or the address of a C function, got {f!r}")
    return (lambda t, y: f(t, y, *args)) if args else f


def checked_args(args: Any) -> tuple[Any, ...]:
    """`args` as a tuple."""
    if not isinstance(args, tuple | list):
        raise TypeError(f"args: expected a tuple, as in args=(a,), got {type(args).__name__}")
    return tuple(args)


def _address(name: str, f: Any) -> int:
    at = ctypes.cast(f, ctypes.c_void_p).value if isinstance(f, CFuncPtr) else getattr(f, "address", f)
    address = int(at or 0)
    if address <= 0:
        raise ValueError(f"{name}: expected the address of a C function, got {address}")
    return address


def _context(args: tuple[Any, ...]) -> int:
    """The address that a C function gets as its last argument: none, a number, memory of ctypes or of an array."""
    if not args:
        return 0
    if len(args) > 1:
        raise ValueError(f"args: expected one context at most for a C function, got {len(args)}")
    context = args[0]
    if isinstance(context, int | np.integer):
        return int(context)
    if isinstance(context, np.ndarray):
        return int(context.ctypes.data)
    try:
        return ctypes.cast(context, ctypes.c_void_p).value or 0
    except ctypes.ArgumentError:
        pass
    try:
        return ctypes.addressof(context)
    except TypeError:
        raise TypeError(f"args: expected an address, ctypes memory or an array, got {type(context).__name__}") from None
