"""How many threads a call uses."""

from __future__ import annotations

from . import _check, _core


def set_threads(threads: int | None) -> None:
    """Set how many threads every later call uses unless it has a ``threads=`` of its own.

    Parameters
    ----------
    threads : int or None
        A number from 1 to 4096, or None for the default: the environment's ``TRIMTAB_NUM_THREADS``, else one under an
        MPI launcher, else the CPUs that this process may use. Results never depend on it.

    Raises
    ------
    ValueError
        If `threads` is outside its range.
    TypeError
        If `threads` is no integer.

    Examples
    --------
    >>> import trimtab
    >>> trimtab.set_threads(2)
    >>> trimtab.get_threads()
    2
    >>> trimtab.set_threads(None)
    """
    _core.core.set_threads(_check.threads(threads))


def get_threads() -> int:
    """Return the number of threads that a call without ``threads=`` uses.

    Examples
    --------
    >>> import trimtab
    >>> trimtab.get_threads() >= 1
    True
    """
    return _core.core.resolve_threads(0)


def _register_with_threadpoolctl() -> None:
    """Let threadpool_limits() limit trimtab too.

    Done as soon as trimtab is imported: threadpoolctl has no other way to learn of it, and a limit that is ignored
    depending on the order of imports would be worse than the few milliseconds.
    """
    try:
        from threadpoolctl import LibController, register
    except ImportError:
        return

    class TrimtabController(LibController):  # type: ignore[misc]
        user_api = "trimtab"
        internal_api = "trimtab"
        filename_prefixes = ("libtrimtab",)
        check_symbols = ("trimtab_set_threads",)

        def get_num_threads(self) -> int:
            return get_threads()

        def set_num_threads(self, num_threads: int) -> None:
            set_threads(num_threads)

        def get_version(self) -> str:
            return _core.core.version()

    register(TrimtabController)


_register_with_threadpoolctl()
