"""The solver of hyperbolic conservation laws."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Iterable
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check, _core
from .._errors import RunFailure
from .._progress import Report, reporter
from ..steer import Decisions
from . import _bc, _state
from ._arguments import ends, law_parameter, one_dimension, stops
from ._averages import to_averages, to_points
from ._laws import LAWS
from ._outcome import FAILURES, message, out_of_time, statistics
from ._result import HyperbolicResult

Array = NDArray[np.float64]
logger = logging.getLogger("trimtab")

SCHEMES = ("adaptive", "aweno", "aweno-ldcu", "linear")


class Solver:
    """A-WENO solver that chooses the scheme cell by cell.

    Point values at cell centers of a uniform grid are advanced by a fifth-order finite-difference A-WENO scheme and
    third-order SSP Runge-Kutta. A cheap twin in primitive variables measures in every step where the solution is
    smooth: there the scheme is linear; at shocks it is Ai-WENO-Z with the central-upwind flux, at contacts an
    overcompressive limiter with the low-dissipation central-upwind flux.

    Parameters
    ----------
    law : {"euler", "advection", "burgers", "shallow_water"}
        Primitive variables are (rho, v, p), (u), (u) and (h, v).
    shape : int or (int,)
        Cells, at least 6.
    extent : (float, float)
        Ends of the domain, in units of length. Default (0, 1).
    gamma, speed, g : float
        Parameter of the law: ratio of specific heats of "euler" (> 1, default 1.4), speed of "advection" (default 1),
        gravity of "shallow_water" (> 0, default 9.81).
    bc : str, Inflow, Ghosts, or a pair of them (lower, upper), or {"x": pair}
        "periodic", "outflow" (default), "reflect", `Inflow` for a fixed or time-dependent state, `Ghosts` for a
        function of your own.
    scheme : {"adaptive", "aweno", "aweno-ldcu", "linear"}
        "adaptive" (default) as described; the others use one scheme everywhere: Ai-WENO-Z with central-upwind or
        low-dissipation flux, or no limiting at all.
    tol : float
        Relative defect per step up to which a cell counts as smooth, >= 0. Smaller limits more. Default 3e-4.
    si : {"defect", "dual"}
        Smoothness indicator: the twin takes one Euler stage ("defect", default) or the whole step ("dual", dearer).
    cfl : float
        Courant number in (0, 1], default 0.45. Positivity is guaranteed up to 0.5.
    kappa : float
        A rough cell is a contact if its pressure defect is below `kappa` times the other defect; in (0, 1), default
        0.1.
    grow : int
        Cells by which rough regions are widened, 0 to 3, default 1.
    contact : bool
        False treats contacts as shocks: no overcompressive limiter.
    hysteresis : bool
        True lets a rough cell turn smooth only below tol/2, for runs into a steady state.
    floor : tuple of float, optional
        Floors of (rho, p) or (h,). Off by default: a run that loses positivity says so. Raised cells are counted in
        ``stats["floored"]``; conservation is given up where it acts.
    source : callable, optional
        ``source(t, x, U)`` returns the source term of the conserved variables, shape (n_vars, n), from their values of
        that shape; called once per Runge-Kutta stage.
    dtype : {"float64", "float32"}
        Precision of the state. float32 needs tol >= 1e-5.
    threads : int, optional
        Default: see `trimtab.set_threads`. Results do not depend on it.

    Raises
    ------
    ValueError, TypeError
        For an argument out of range; the message names it.

    Notes
    -----
    Unknowns are point values, not cell averages: they differ by O(dx^2); `set_conservative` and `cell_averages`
    convert. The solver holds three copies of the state (six with ``si="dual"``).

    References
    ----------
    Chertock, Fu, Kurganov, Micalizzi, arXiv 2601.20000 (the dual formulation as indicator); Jiang, Shu, Zhang, SIAM J.
    Sci. Comput. 35 (2013) A1137 (A-WENO); Kurganov, Noelle, Petrova, SIAM J. Sci. Comput. 23 (2001) 707
    (central-upwind flux); Lie, Noelle, SIAM J. Sci. Comput. 24 (2003) 1157 (SBM limiter); Hu, Adams, Shu, J. Comput.
    Phys. 242 (2013) 169 (positivity).

    Examples
    --------
    >>> import trimtab as tt
    >>> s = tt.hyperbolic.Solver("euler", shape=200)
    >>> s.set_primitive(rho=lambda x: 1 - 0.875 * (x > 0.5), v=0.0, p=lambda x: 1 - 0.9 * (x > 0.5))
    >>> r = s.run(t_end=0.2)
    >>> r.success, r.stats["steps"], round(float(r.rho[100]), 3)
    (True, 198, 0.426)
    """

    def __init__(
        self,
        law: str,
        *,
        shape: int | tuple[int],
        extent: tuple[float, float] = (0.0, 1.0),
        gamma: float | None = None,
        speed: float | None = None,
        g: float | None = None,
        bc: Any = "outflow",
        scheme: str = "adaptive",
        tol: float = 3e-4,
        si: str = "defect",
        cfl: float = 0.45,
        kappa: float = 0.1,
        grow: int = 1,
        contact: bool = True,
        hysteresis: bool = False,
        floor: Iterable[float] | None = None,
        source: Callable[[float, Array, Array], Any] | None = None,
        dtype: str = "float64",
        threads: int | None = None,
    ) -> None:
        self._info = info = LAWS[_check.choice("law", law, LAWS)]
        n = one_dimension("shape", shape)
        lower, upper = ends(extent)
        parameter = law_parameter(law, {"gamma": gamma, "speed": speed, "g": g})
        cfl = _check.real("cfl", cfl, above=0, at_most=1)
        if cfl > 0.5:
            warnings.warn(f"cfl={cfl:g} is above 0.5: positivity is no longer guaranteed", stacklevel=2)
        floors = None if floor is None else [_check.real("floor", f, at_least=0) for f in floor]
        if floors is not None and len(floors) != len(info.positive):
            raise ValueError(f"floor: expected {len(info.positive)} numbers for {law}, got {len(floors)}")
        if source is not None and not callable(source):
            raise TypeError(f"source: expected a callable(t, x, U), got {source!r}")
        self._config: dict[str, Any] = {
            "law": law,
            "shape": _check.integer("shape", n, minimum=6),
            "extent": (lower, upper),
            "bc": _bc.normalize(bc),
            "scheme": _check.choice("scheme", scheme, SCHEMES),
            "tol": _check.real("tol", tol, at_least=0),
            "si": _check.choice("si", si, ("defect", "dual")),
            "cfl": cfl,
            "kappa": _check.real("kappa", kappa, above=0, below=1),
            "grow": _check.integer("grow", grow, minimum=0),
            "contact": bool(contact),
            "hysteresis": bool(hysteresis),
            "floor": floors,
            "source": source,
            "dtype": _check.choice("dtype", str(np.dtype(dtype)), ("float64", "float32")),
            "threads": None if threads is None else _check.integer("threads", threads, minimum=1),
        }
        if info.parameter:
            self._config[info.parameter] = parameter
        self._ready = False
        self._build(parameter)

    def _build(self, parameter: float) -> None:
        c = self._config
        (lower, upper), n = c["extent"], c["shape"]
        dx = (upper - lower) / n
        self._x: Array = lower + (np.arange(n) + 0.5) * dx
        self._x.flags.writeable = False
        beyond = np.arange(_bc.HALO)
        ghosts = (lower + (beyond - _bc.HALO + 0.5) * dx, upper + (beyond + 0.5) * dx)
        sides = [_bc.kernel_side(side, self._info, x) for side, x in zip(c["bc"], ghosts, strict=True)]
        self._core = _core.hyperbolic.Solver(
            c["law"],
            parameter,
            n,
            lower,
            upper,
            c["dtype"],
            c["scheme"],
            c["si"],
            c["tol"],
            c["kappa"],
            c["grow"],
            c["contact"],
            c["hysteresis"],
            c["cfl"],
            c["floor"],
            sides[0],
            sides[1],
            None if c["source"] is None else self._source,
            c["threads"] or 0,
        )

    def _source(self, t: float, U: Array) -> Array:
        values = np.asarray(self._config["source"](t, self._x, U), dtype=np.float64)
        return _check.array(f"source: values at t={t:g}", values, U.shape)

    # ---- state

    def set_primitive(self, *, t: float = 0.0, **values: Any) -> None:
        """Set the state from primitive variables and start anew.

        Parameters
        ----------
        t : float
            Time of this state, default 0.
        **values : array_like of shape (n,), float, or callable
            One per primitive variable (``rho``, ``v``, ``p`` for Euler): point values at the cell centers, one number
            for all, or a function of the coordinates `x`. Copied.

        Raises
        ------
        ValueError
            For a missing or unknown variable, a wrong shape, a value that is not finite, or a density, pressure or
            depth that is not positive; the message names the variable, the index and the value.
        """
        rows = self._rows(self._info.primitive, values)
        for name, row in zip(self._info.primitive, rows, strict=True):
            if name in self._info.positive and not (row > 0).all():
                i = int(np.argmin(row > 0))
                raise ValueError(f"{name}: expected positive numbers, got {float(row[i])!r} at index {i}")
        self._core.set_primitive(np.stack(rows), _check.real("t", t))
        self._ready = True

    def set_conservative(self, *, t: float = 0.0, cell_average: bool = False, **values: Any) -> None:
        """Set the state from conserved variables and start anew.

        Parameters
        ----------
        t : float
            Time of this state, default 0.
        cell_average : bool
            True takes the values for averages over the cells, as a finite-volume code has them, and converts them to
            point values to fifth order; meant for smooth data.
        **values : array_like of shape (n,), float, or callable
            One per conserved variable (``rho``, ``m``, ``E`` for Euler), as in `set_primitive`.

        Raises
        ------
        ValueError
            As `set_primitive`; also if density, pressure or depth is not positive.
        """
        rows = np.stack(self._rows(self._info.conserved, values))
        if cell_average:
            rows = to_points(rows, self._config["bc"])
        self._core.set_conservative(rows, _check.real("t", t))
        self._ready = True

    def _rows(self, names: tuple[str, ...], values: dict[str, Any]) -> list[Array]:
        """One checked array per variable."""
        if set(values) != set(names):
            raise ValueError(f"{self._config['law']} takes {', '.join(names)}, got {', '.join(values) or 'none'}")
        given = (values[name](self._x) if callable(values[name]) else values[name] for name in names)
        return [_check.array(name, value, self._x.shape) for name, value in zip(names, given, strict=True)]

    def _require_state(self) -> None:
        if not self._ready:
            raise ValueError("this solver has no state yet: call set_primitive() first")

    @property
    def x(self) -> Array:
        """Cell centers, shape (n,), read-only."""
        return self._x

    @property
    def scheme(self) -> str:
        """Name of the scheme."""
        return str(self._config["scheme"])

    @property
    def t(self) -> float:
        """Time of the state."""
        return float(self._core.clock()[0])

    @property
    def steps(self) -> int:
        """Steps taken since the state was set."""
        return int(self._core.clock()[1])

    @property
    def primitive(self) -> dict[str, Array]:
        """Primitive variables by name, each of shape (n,); new arrays."""
        self._require_state()
        return dict(zip(self._info.primitive, self._core.primitive(), strict=True))

    @property
    def conservative(self) -> dict[str, Array]:
        """Conserved variables by name, each of shape (n,); new arrays."""
        self._require_state()
        return dict(zip(self._info.conserved, self._core.conservative(), strict=True))

    def cell_averages(self) -> dict[str, Array]:
        """Averages of the conserved variables over the cells, to fifth order where the solution is smooth."""
        averages = to_averages(np.stack(list(self.conservative.values())), self._config["bc"])
        return dict(zip(self._info.conserved, averages, strict=True))

    @property
    def classes(self) -> NDArray[np.uint8]:
        """Class of each cell in the next step: 0 smooth, 1 shock, 2 contact; shape (n,)."""
        self._require_state()
        return self._core.classes()

    @property
    def defect(self) -> Array:
        """Relative disagreement of the two formulations in the last step, shape (n,)."""
        self._require_state()
        return self._core.defect()

    def totals(self) -> dict[str, float]:
        """Integrals of the conserved variables over the domain, by exactly rounded sums."""
        dx = (self._config["extent"][1] - self._config["extent"][0]) / self._config["shape"]
        return {name: math.fsum(values) * dx for name, values in self.conservative.items()}

    def rhs(self) -> dict[str, Array]:
        """Time derivative of the conserved variables as they stand, for time steppers of your own."""
        self._require_state()
        return dict(zip(self._info.conserved, self._core.rate(), strict=True))

    # ---- running

    def run(
        self,
        t_end: float,
        *,
        every: float | None = None,
        dt: float | None = None,
        max_steps: int | None = None,
        time_limit: float | None = None,
        progress: bool | Report = False,
        raise_on_failure: bool = False,
    ) -> HyperbolicResult:
        """Advance to `t_end`.

        Parameters
        ----------
        t_end : float
            Final time, not before the present one.
        every : float, optional
            Keep a snapshot at the start, at each multiple of `every` and at `t_end`; steps are cut to hit these times.
            Default: only the final state.
        dt : float, optional
            Fixed time step. Default: from `cfl`, with the first five steps a fifth as long.
        max_steps : int, optional
            Stop after so many steps.
        time_limit : float, optional
            Stop after so many seconds of wall-clock time.
        progress : bool or callable
            True shows a progress bar; a callable ``(fraction, info)`` is called about twenty times a second and stops
            the run by returning true. It may look at the solver and save it. Ctrl-C works in any case.
        raise_on_failure : bool
            True raises `trimtab.RunFailure` where the result would say ``success=False``.

        Returns
        -------
        HyperbolicResult
            A run that could not go on is reported with ``success=False``; the solver then holds the last good state.

        Raises
        ------
        ValueError
            If `t_end` lies before the present time or an argument is out of range.
        """
        self._require_state()
        t_start = self.t
        t_end = _check.real("t_end", t_end)
        if t_end < t_start:
            raise ValueError(f"t_end: expected a time not before the present t={t_start:g}, got {t_end:g}")
        step = 0.0 if dt is None else _check.real("dt", dt, above=0)
        limit = 0.0 if time_limit is None else _check.real("time_limit", time_limit, above=0)
        left = 2**62 if max_steps is None else _check.integer("max_steps", max_steps, minimum=1)
        targets = [t_end] if every is None else stops(t_start, t_end, _check.real("every", every, above=0))
        keep_all = every is not None
        times = [t_start] if keep_all else []
        snapshots = [self._core.primitive()] if keep_all else []
        reports: list[dict[str, Any]] = []
        with reporter(progress, self._config["law"]) as report:
            poll = None if report is None else self._poll(report, t_start, t_end)
            for target in targets:
                used = sum(r["seconds"] for r in reports)
                if limit and used >= limit:
                    reports.append(out_of_time(reports[-1]))
                    break
                reports.append(self._core.run(target, step, left, limit - used if limit else 0.0, poll))
                left -= reports[-1]["steps"]
                times.append(self.t)
                snapshots.append(self._core.primitive())
                if reports[-1]["status"] != "success":
                    break
        status = reports[-1]["status"]
        result = HyperbolicResult(
            t=np.array(times) if keep_all else times[-1],
            x=self._x,
            W=np.stack(snapshots) if keep_all else snapshots[-1],
            classes=self._core.classes(),
            stats=statistics(reports, self._config["shape"]),
            decisions=self.decisions,
            success=status == "success",
            status=status,
            message=message(reports[-1], self._info, self.steps, self.t, self._x),
            law=self._config["law"],
            variables=self._info.primitive,
            parameters=self._parameters(),
        )
        logger.info("%s: %s, %d steps", self._config["law"], result.message, result.stats["steps"])
        if raise_on_failure and status in FAILURES:
            raise RunFailure(result.message, result)
        return result

    def _poll(self, report: Report, t_start: float, t_end: float) -> Callable[[float], Any]:
        span = (t_end - t_start) or 1.0

        def poll(_: float) -> Any:
            t, steps = self._core.clock()[:2]
            return report((t - t_start) / span, {"t": t, "steps": steps})

        return poll

    @property
    def decisions(self) -> Decisions:
        """Record of every step's choice: time step and cells in each class."""
        columns, rows, _, stride = self._core.decisions()
        rows.flags.writeable = False
        c = self._config
        what = f"scheme {c['scheme']}" + (
            f" by si={c['si']} with tol={c['tol']:g}" if c["scheme"] == "adaptive" else ""
        )
        return Decisions(f"{what}, time step by cfl={c['cfl']:g}", tuple(columns), rows, stride)

    def _parameters(self) -> dict[str, Any]:
        """The numbers and words of the configuration, for files and labels."""
        return {
            k: v for k, v in self._config.items() if isinstance(v, (int, float, str)) and k not in ("law", "threads")
        }

    # ---- saving

    def save(self, path: str | PathLike[str]) -> None:
        """Write the solver to a file; `load` goes on from it bit for bit.

        The file is a NumPy ``.npz`` archive, written under another name and moved into place, so that a killed process
        leaves the old file or the new one. Functions (`source`, `Ghosts`, time-dependent `Inflow`) are not saved.

        Parameters
        ----------
        path : path-like
            Written as it is named.
        """
        self._require_state()
        _state.write(path, self._config, self._core)

    @classmethod
    def load(cls, path: str | PathLike[str], **functions: Any) -> Solver:
        """Read a solver that `save` wrote.

        Parameters
        ----------
        path : path-like
        **functions
            ``bc=`` and ``source=`` where the saved solver had functions there; ``threads=`` if it should change.

        Raises
        ------
        ValueError
            If the file is not a solver of this format, or a function is missing.
        """
        config, state = _state.read(path, functions)
        return cls._restored(config, state)

    @classmethod
    def _restored(cls, config: dict[str, Any], state: dict[str, Any]) -> Solver:
        solver = cls(config.pop("law"), **config)
        solver._core.restore(**state)
        solver._ready = True
        return solver

    def __reduce__(self) -> tuple[Any, ...]:
        if not self._ready:
            return _new, (self._config,)
        return _restore, (self._config, _state.snapshot(self._core))

    def __repr__(self) -> str:
        c = self._config
        (lower, upper) = c["extent"]
        where = f"t = {self.t:g}, step {self.steps}" if self._ready else "no state yet"
        return (
            f"Solver({c['law']!r}, shape={c['shape']}, extent=({lower:g}, {upper:g}), scheme={c['scheme']!r}): {where}"
        )


def _new(config: dict[str, Any]) -> Solver:
    config = dict(config)
    return Solver(config.pop("law"), **config)


def _restore(config: dict[str, Any], state: dict[str, Any]) -> Solver:
    return Solver._restored(dict(config), state)
