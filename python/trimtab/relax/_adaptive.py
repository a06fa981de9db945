"""Relaxation over a sequence of systems, with an omega that is learned on the way."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from os import PathLike
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _archive, _check, steer
from .._result import Result
from . import _matrix, _policy, _solve
from ._solve import REASONS, Stopping

METHODS = ("ssor-pcg", "sor", "psor", "rb-sor")
LEARN = ("gap", "omega", "chebcb", "measured", "off")
_FORMAT = 1
_COLUMNS = ("context", "arm", "omega", "iterations", "cost")
_REFERENCE = 1.0  # omega to fall back on

Policy: TypeAlias = "_policy.Fixed | _policy.Gap | _policy.Measured"


@dataclass(frozen=True, repr=False)
class AdaptiveInfo(Result):
    """What happened to one system of the sequence.

    Attributes
    ----------
    success, status, message, residual, seconds
        As in `RelaxResult`.
    iterations : int
        All iterations of this solve, those of a failed attempt among them.
    omega : float
        Relaxation factor; 0 for the solve that measured the spectral gap by Jacobi-PCG.
    arm : int
        Which arm was played, -1 for none.
    """

    success: bool
    status: str
    message: str
    iterations: int
    omega: float
    arm: int
    residual: float
    seconds: float


class AdaptiveSOR:
    """Solve a sequence of systems A_t x = b_t, learning the relaxation factor from the iteration counts.

    Parameters
    ----------
    method : {"ssor-pcg", "sor", "psor", "rb-sor"}
        Conjugate gradients with SSOR, SOR in row order, projected SOR, or red-black SOR on stencils.
    rtol, atol, ref, maxiter, threads
        As in `sor`. The stopping rule is part of what is learned, so it stays the same for all systems.
    learn : {"gap", "omega", "chebcb", "measured", "off"}
        ``"gap"``: a bandit over guesses of the spectral gap, each of which follows the matrix, and over the measured
        one; ``"omega"``: a bandit over fixed factors; ``"chebcb"``: the same with a context; ``"measured"``: the gap is
        measured once by a Jacobi-PCG solve; ``"off"``: the given `omega`.
    omega : float, optional
        The fixed factor of ``learn="off"``.
    context_range : (float, float), optional
        Range of the contexts of ``"chebcb"``.
    seed : int
        The same seed gives the same choices.

    Notes
    -----
    Khodak, Chow, Balcan, Talwalkar, "Learning to Relax", ICLR 2024, learns omega itself; guesses of the gap carry over
    from one system to the next. A factor that fails is repeated with omega = 1 from the start.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> solver, x = tt.relax.AdaptiveSOR(learn="measured"), None
    >>> for step in range(5):
    ...     A = tt.relax.Stencil2D.laplacian((40, 40), scale=20.0 + 5 * step, shift=1.0)
    ...     x, info = solver.solve(A, np.ones((40, 40)), x0=x)
    >>> info.success, len(solver.history())
    (True, 5)
    """

    def __init__(
        self,
        method: Literal["ssor-pcg", "sor", "psor", "rb-sor"] = "ssor-pcg",
        *,
        rtol: float = 1e-8,
        atol: float = 0.0,
        ref: Literal["b", "r0"] = "b",
        learn: Literal["gap", "omega", "chebcb", "measured", "off"] = "gap",
        omega: float | None = None,
        context_range: tuple[float, float] | None = None,
        seed: int = 0,
        maxiter: int = 10_000,
        threads: int | None = None,
    ) -> None:
        self._method = _check.choice("method", method, METHODS)
        self._learn = _check.choice("learn", learn, LEARN)
        self._stopping = Stopping.checked(rtol, atol, ref, maxiter, None)
        self._threads = threads
        if (omega is None) != (learn != "off"):
            raise ValueError(f"omega: expected a factor with learn='off' and none otherwise, got {omega!r}")
        if (context_range is None) != (learn != "chebcb"):
            raise ValueError("context_range: expected (lower, upper) with learn='chebcb' and none otherwise")
        if learn == "measured" and method == "psor":
            raise ValueError("learn: expected another than 'measured' for psor, whose best omega is not that of A")
        self._config = {
            "method": method, "rtol": rtol, "atol": atol, "ref": ref, "learn": learn, "omega": omega,
            "context_range": context_range, "seed": _check.integer("seed", seed, minimum=0), "maxiter": maxiter,
        }  # fmt: skip
        self._arms = self._make_arms(omega)
        self._tuner = self._make_tuner()
        self._measured_eps: float | None = None
        self._measured_norm = 0.0  # of the last attempt
        self._rows: list[tuple[float, ...]] = []

    def _make_arms(self, omega: float | None) -> list[Policy]:
        if self._learn == "off":
            return [_policy.Fixed(_solve.omega(omega))]  # type: ignore[arg-type]
        if self._learn in ("omega", "chebcb"):
            return [*_policy.omega_arms()]
        arms: list[Policy] = [] if self._learn == "measured" else [*_policy.gap_arms()]
        return arms if self._method == "psor" else [*arms, _policy.Measured()]

    def _make_tuner(self) -> Any:
        if len(self._arms) == 1:
            return None
        options: dict[str, Any] = {"seed": self._config["seed"]}
        if self._learn == "chebcb":
            return steer.Tuner(self._arms, learner="chebcb", context_range=self._config["context_range"], **options)
        return steer.Tuner(self._arms, learner="tsallis-inf", **options)

    # ---- solving

    def solve(
        self,
        A: Any,
        b: ArrayLike,
        x0: ArrayLike | None = None,
        context: float | None = None,
        *,
        floor: ArrayLike | None = None,
    ) -> tuple[NDArray[Any], AdaptiveInfo]:
        """Solve the next system.

        Parameters
        ----------
        A, b, x0 : as in `sor`
        context : float, optional
            What is known of the system beforehand, for ``learn="chebcb"``.
        floor : array_like, shape of b, optional
            The obstacle, for ``method="psor"``.

        Returns
        -------
        x : ndarray, shape of b
        info : AdaptiveInfo

        Raises
        ------
        ValueError
            As in `sor`, and if `context` or `floor` is missing.
        """
        if context is None and self._learn == "chebcb":
            raise ValueError("context: expected a number with learn='chebcb', got None")
        if (floor is None) != (self._method != "psor"):
            raise ValueError("floor: expected an array with method='psor' and none otherwise")
        core = _matrix.prepare(A, self._threads)
        if self._method == "ssor-pcg" and not self._rows:
            _matrix.require_symmetric(A)
        rows, x = _solve.vectors(A, core, b, x0)
        low = None if floor is None else _solve.vectors(A, core, floor, None, "floor")[0]
        norm = core.jacobi_norm()
        if self._should_measure(norm, A):
            reports = self._measure(core, rows, x, norm)
            arm, factor = -1, 0.0
        else:
            arm, policy = self._choose(context)
            factor = policy(norm)
            floors = [None] * len(rows) if low is None else list(low)
            try:
                reports = [self._attempt(core, *one, factor) for one in zip(rows, floors, x, strict=True)]
            except BaseException:  # Ctrl-C: the round counts as the dearest so far, and the next one can begin
                if self._tuner is not None:
                    self._tuner.observe(float(max((row[4] for row in self._rows), default=1)))
                raise
        cost = max(r[1] for r in reports)
        if arm >= 0 and self._tuner is not None:
            self._tuner.observe(float(max(cost, 1)))
        self._rows.append((math.nan if context is None else float(context), arm, factor, cost, max(cost, 1)))
        status = next((r[0] for r in reports if r[0] != "success"), "success")
        residual = max(r[2] / r[3] if r[3] else r[2] for r in reports)
        message = f"{REASONS[status]} after {cost} iterations, relative residual {residual:.2e}"
        info = AdaptiveInfo(
            status == "success", status, message, cost, factor, arm, residual, sum(r[4] for r in reports)
        )
        return _solve.shaped(x, b), info

    def _choose(self, context: float | None) -> tuple[int, _policy.Fixed | _policy.Gap]:
        """The arm to play and its rule."""
        index = 0
        if self._tuner is not None:
            index = (self._tuner.suggest(context) if self._learn == "chebcb" else self._tuner.suggest()).index
        policy = self._arms[index]
        if isinstance(policy, _policy.Measured):
            # until something could be measured, the middle of the guesses stands in
            return index, _policy.Gap(1e-3 if self._measured_eps is None else self._measured_eps)
        return index, policy

    def _should_measure(self, norm: float, A: Any) -> bool:
        """Whether this system is to measure the gap: it must be hard enough to show it."""
        if self._measured_eps is not None or not any(isinstance(a, _policy.Measured) for a in self._arms):
            return False
        harder = 1 - min(norm, 1.0) <= 0.5 * (1 - min(self._measured_norm, 1.0))
        if not harder or (norm < 0.8 and self._measured_norm == 0):
            return False
        if self._method != "ssor-pcg":
            try:
                _matrix.require_symmetric(A)
            except ValueError:  # conjugate gradients cannot measure here
                if self._learn == "measured":
                    raise
                self._arms = [a for a in self._arms if not isinstance(a, _policy.Measured)]
                self._tuner = self._make_tuner()
                return False
        return True

    def _measure(self, core: Any, rows: NDArray[Any], x: NDArray[Any], norm: float) -> list[tuple[Any, ...]]:
        """Solve by Jacobi-PCG, which shows the smallest eigenvalue of D^-1 A."""
        reports = [core.jacobi_pcg(r, s, self._stopping.core(None)) for r, s in zip(rows, x, strict=True)]
        self._measured_norm = norm
        status, nit, _, _, _, theta, theta_before = reports[0]
        settled = abs(theta - theta_before) <= 0.05 * abs(theta)
        if status == "success" and nit >= 15 and settled:
            self._measured_eps = min(max((norm - 1 + theta) / norm, 1e-8), 1.0)
        return reports

    def _attempt(self, core: Any, b: Any, floor: Any, x: Any, factor: float) -> tuple[Any, ...]:
        """Solve; where that fails, again with the reference factor, counting both."""
        report = self._run(core, b, floor, x, factor)
        if report[0] in ("diverged", "not_spd") and factor != _REFERENCE:
            second = self._run(core, b, floor, x, _REFERENCE)
            report = (second[0], report[1] + second[1], *second[2:4], report[4] + second[4], *second[5:])
        return report

    def _run(self, core: Any, b: Any, floor: Any, x: Any, factor: float) -> tuple[Any, ...]:
        stopping = self._stopping.core(None)
        if self._method == "ssor-pcg":
            return tuple(core.ssor_pcg(b, x, factor, stopping))
        return tuple(core.sor(b, floor, x, factor, 0, self._method == "rb-sor", stopping))

    # ---- looking back

    def history(self) -> NDArray[Any]:
        """One record a system: t, context, arm, omega, iterations, cost."""
        types = [("t", "i8"), ("context", "f8"), ("arm", "i8"), ("omega", "f8"), ("iterations", "i8"), ("cost", "f8")]
        return np.array([(t, *row) for t, row in enumerate(self._rows)], dtype=types)

    @property
    def decisions(self) -> steer.Decisions:
        """The same as the record that every steered run keeps."""
        rows = np.array(self._rows, dtype=float).reshape(-1, len(_COLUMNS))
        rows.flags.writeable = False
        return steer.Decisions(f"omega of {self._method} by learn={self._learn!r}", _COLUMNS, rows, 1)

    @property
    def ledger(self) -> Any:
        """What was spent beside the reference arm, as the tuner keeps it; None where nothing is learned."""
        return None if self._tuner is None else self._tuner.ledger

    def __repr__(self) -> str:
        return f"AdaptiveSOR({self._method!r}, learn={self._learn!r}): {len(self._rows)} systems"

    # ---- saving

    def save(self, path: str | PathLike[str]) -> None:
        """Write the state to a file; `load` goes on with the same choices.

        The file is written under another name and moved into place, as all of trimtab's are.
        """
        head = {
            "format": _FORMAT, "config": self._config, "arms": len(self._arms), "eps": self._measured_eps,
            "norm": self._measured_norm,
        }  # fmt: skip
        rows = np.array(self._rows, dtype=float).reshape(-1, len(_COLUMNS))
        progress = {} if self._tuner is None else self._tuner.__getstate__()["progress"]
        tuner = {f"tuner_{name}": value for name, value in progress.items()}
        _archive.write(path, "trimtab adaptive SOR", {"head": json.dumps(head), "rows": rows, **tuner})

    @classmethod
    def load(cls, path: str | PathLike[str], *, threads: int | None = None) -> AdaptiveSOR:
        """Read what `save` wrote.

        Raises
        ------
        ValueError
            If the file is none of AdaptiveSOR, or of another format.
        """
        try:
            with np.load(path) as file:
                head, rows = json.loads(str(file["head"])), file["rows"]
                progress = {n[6:]: file[n] for n in file.files if n.startswith("tuner_")}
        except (KeyError, ValueError) as error:
            raise ValueError(f"path: {path} is no state of AdaptiveSOR") from error
        if head["format"] != _FORMAT:
            raise ValueError(f"path: expected a state of format {_FORMAT}, got {head['format']}")
        config = dict(head["config"])
        if config["context_range"] is not None:
            config["context_range"] = tuple(config["context_range"])
        solver = cls(**config, threads=threads)
        if head["arms"] != len(solver._arms):
            solver._arms = [a for a in solver._arms if not isinstance(a, _policy.Measured)]
        if head["arms"] != len(solver._arms):
            raise ValueError(f"path: state has {head['arms']} arms, solver has {len(solver._arms)}")
        if solver._tuner is not None:
            progress.update({name: int(progress[name]) for name in ("recorded", "stride")})
            solver._tuner.__setstate__({**solver._tuner.__getstate__(), "progress": progress})
        solver._measured_eps, solver._measured_norm = head["eps"], head["norm"]
        solver._rows = [tuple(row) for row in rows]
        return solver
