"""Relaxation over a sequence of systems, with an omega that is learned on the way."""

from __future__ import annotations

import json
import math
from os import PathLike
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _archive, _check, steer
from .._errors import RunFailure
from ..steer._state import progress
from . import _matrix, _policy
from ._attempt import Attempt
from ._info import AdaptiveInfo
from ._measure import GapMeasurement
from ._pattern import Pattern
from ._rate import RateInversion
from ._result import REASONS
from ._stopping import Stopping
from ._stopping import omega as checked_omega
from ._vectors import shaped, vectors

METHODS = ("ssor-pcg", "sor", "psor", "rb-sor")
LEARN = ("gap", "omega", "chebcb", "measured", "rate", "off")
FORMAT = "trimtab adaptive SOR 3"
_COLUMNS = ("context", "arm", "omega", "iterations", "cost")


class AdaptiveSOR:
    """Solve a sequence of systems A_t x = b_t, learning the relaxation factor from the iteration counts.

    Parameters
    ----------
    method : {"ssor-pcg", "sor", "psor", "rb-sor"}
        Conjugate gradients with SSOR, SOR in row order, projected SOR, or red-black SOR on stencils.
    rtol, atol, ref, maxiter, threads
        As in `sor`. The stopping rule is part of what is learned, so it stays the same for all systems.
    learn : {"gap", "omega", "chebcb", "measured", "rate", "off"}
        ``"gap"``: choose among guesses of the spectral gap, each of which follows the matrix, and the measured one;
        ``"omega"``: among fixed factors; ``"chebcb"``: the same with a context; ``"measured"``: the gap is measured
        once by a Jacobi-PCG solve; ``"rate"``: it follows from the rate of every solve, for ``"sor"`` and ``"rb-sor"``
        and matrices that need not be symmetric; ``"off"``: the given `omega`. With ``"psor"``, whose best omega is not
        that of A, factors take the place of the gaps.
    omega : float, optional
        The fixed factor of ``learn="off"``.
    context : (float, float), optional
        Range of the contexts of ``"chebcb"``.
    seed : int
        The same seed gives the same choices.

    Raises
    ------
    ValueError, TypeError
        Naming the argument.

    Notes
    -----
    Khodak, Chow, Balcan, Talwalkar, "Learning to Relax", ICLR 2024, learns omega itself; guesses of the gap carry over
    from one system to the next. Whatever is learned, a ledger keeps the total below 1.05 times that of omega = 1 plus
    20 of its solves, up to the error with which the cost of omega = 1 is known. A factor that reaches twice that cost
    is given up: omega = 1 goes on from where it came to. One that diverges is repeated with omega = 1 from the start.

    ``"measured"``, ``"rate"`` and ``"off"`` choose nothing at random and keep no ledger; they too repeat a solve that
    diverges. ``"rate"`` begins with omega = 1 and inverts Young's formula for the rate (Hageman and Young, 1981).

    Where the nonzeros of A move, the gap is measured anew and the symmetry checked again; what was learned stays, as
    the guesses follow the matrix.

    Examples
    --------
    >>> import numpy as np, trimtab as tt
    >>> solver, x = tt.relax.AdaptiveSOR(seed=7), None
    >>> for step in range(40):
    ...     A = tt.relax.Stencil2D.laplacian((40, 40), scale=20.0 + 5 * step, shift=1.0)
    ...     x, info = solver.solve(A, np.ones((40, 40)), x0=x)
    >>> info.success, len(solver.history())
    (True, 40)
    """

    def __init__(
        self,
        method: Literal["ssor-pcg", "sor", "psor", "rb-sor"] = "ssor-pcg",
        *,
        rtol: float = 1e-8,
        atol: float = 0.0,
        ref: Literal["b", "r0"] = "b",
        learn: Literal["gap", "omega", "chebcb", "measured", "rate", "off"] = "gap",
        omega: float | None = None,
        context: tuple[float, float] | None = None,
        seed: int = 0,
        maxiter: int = 10_000,
        threads: int | None = None,
    ) -> None:
        self._method = _check.choice("method", method, METHODS)
        self._learn = _check.choice("learn", learn, LEARN)
        stopping = Stopping.checked(rtol, atol, ref, maxiter, None)
        if (omega is None) != (learn != "off"):
            raise ValueError(f"omega: expected a factor with learn='off' and none otherwise, got {omega!r}")
        if (context is None) != (learn != "chebcb"):
            raise ValueError(
                f"context: expected (lower, upper) with learn='chebcb' and none otherwise, got {context!r}"
            )
        if learn == "measured" and method == "psor":
            raise ValueError("learn: expected another than 'measured' for psor, whose best omega is not that of A")
        if learn == "rate" and method not in ("sor", "rb-sor"):
            raise ValueError(
                f"learn: expected 'rate' only with method 'sor' or 'rb-sor', whose rate shows the gap, got {method!r}"
            )
        self._config: dict[str, Any] = {
            "method": method, "rtol": rtol, "atol": atol, "ref": ref, "learn": learn, "omega": omega,
            "context": context, "seed": _check.integer("seed", seed, minimum=0), "maxiter": maxiter,
        }  # fmt: skip
        self._threads = threads
        self._attempt = Attempt(method, stopping)
        self._arms = _policy.arms(learn, method, None if omega is None else checked_omega(omega))
        self._tuners = self._make_tuners()
        self._gap = GapMeasurement()
        self._rate = RateInversion()
        self._pattern = Pattern()
        self._rows: list[tuple[float, ...]] = []

    def _make_tuners(self) -> list[steer.Tuner[_policy.Policy]]:
        """One for all systems; over gaps another one for those after the gap was measured."""
        context, seed = self._config["context"], self._config["seed"]
        if len(self._arms) == 1:
            return []
        if not isinstance(self._arms[-1], _policy.Measured):
            return [_policy.tuner(self._arms, self._learn, context, seed)]
        return [_policy.tuner(arms, "gap", None, seed) for arms in (self._arms[:-1], self._arms)]

    # ---- solving

    def solve(
        self,
        A: Any,
        b: ArrayLike,
        x0: ArrayLike | None = None,
        context: float | None = None,
        *,
        floor: ArrayLike | None = None,
        raise_on_failure: bool = False,
    ) -> tuple[NDArray[Any], AdaptiveInfo]:
        """Solve the next system.

        Parameters
        ----------
        A, b, x0 : as in `sor`
        context : float, optional
            What is known of the system beforehand, for ``learn="chebcb"``; clamped into the range, with one warning.
        floor : array_like, shape of b, optional
            The obstacle, for ``method="psor"``.
        raise_on_failure : bool
            Raise `RunFailure` instead of returning with ``success=False``.

        Returns
        -------
        x : ndarray, shape of b
            The solution; without success the last good iterate.
        info : AdaptiveInfo

        Raises
        ------
        ValueError
            As in `sor`, and if `context` or `floor` is missing.
        """
        if (context is None) != (self._learn != "chebcb"):
            raise ValueError(f"context: expected a number with learn='chebcb' and none otherwise, got {context!r}")
        if (floor is None) != (self._method != "psor"):
            raise ValueError("floor: expected an array with method='psor' and none otherwise")
        core = _matrix.prepare(A, self._threads)
        rows, x = vectors(A, core, b, x0)
        floors = None if floor is None else vectors(A, core, floor, None, "floor")[0]
        if self._pattern.changes(A):
            self._meet(A)
        norm = core.jacobi_norm()
        if self._should_measure(norm, A):
            reports = self._gap.solve(core, rows, x, norm, self._attempt.stopping)
            arm, factor = -1, 0.0
        else:
            tuner, arm, factor, cap = self._choose(norm, context)
            try:
                reports = self._attempt(core, rows, floors, x, factor, cap)
                cost = max(1, *(r[1] for r in reports))
            except BaseException:  # Ctrl-C: the round counts as the dearest so far, and the next one can begin
                cost = max((row[4] for row in self._rows), default=1)
                raise
            finally:
                if tuner is not None:
                    tuner.observe(cost)
            if self._learn == "rate":
                self._rate.observe(factor, norm, max(r[-1] for r in reports))
        info = self._conclude(reports, arm, factor, context)
        solution = shaped(x, b)
        if raise_on_failure and not info.success:
            raise RunFailure(info.message, info)
        return solution, info

    def _meet(self, A: Any) -> None:
        """Look at a matrix of a new pattern."""
        if self._method == "ssor-pcg":
            try:
                _matrix.require_symmetric(A)
            except ValueError:
                self._pattern = Pattern()  # it has not been met
                raise
        self._gap = GapMeasurement()

    def _should_measure(self, norm: float, A: Any) -> bool:
        """Guesses of the gap need no help while |B| bounds the radius below 1; beyond, the measured one is needed."""
        if not isinstance(self._arms[-1], _policy.Measured):
            return False
        if not self._gap.wants(norm, least=0.8 if self._learn == "measured" else 1 + 1e-12):
            return False
        if self._method != "ssor-pcg":
            try:
                _matrix.require_symmetric(A)
            except ValueError:  # conjugate gradients cannot measure here
                if self._learn == "measured":
                    raise
                return False
        return True

    def _choose(
        self, norm: float, context: float | None
    ) -> tuple[steer.Tuner[_policy.Policy] | None, int, float, float]:
        """The learner, the arm to play, its factor and the cost to give it up at."""
        tuner, index, cap = None, 0, math.inf
        if self._tuners:
            hardness = _policy.hardness(self._gap.radius(norm))
            tuner = self._tuners[0 if self._gap.eps is None else -1]
            known = hardness if self._learn == "gap" and self._method != "psor" else context
            # omega = 1 needs as many iterations as the root of the condition, which the norm bounds
            suggestion = tuner.suggest(known, size=10 ** (-0.5 * hardness))
            index, cap = suggestion.index, suggestion.cap
        policy = self._arms[index]
        if isinstance(policy, _policy.Inverted):
            return None, index, self._rate.suggest(norm), cap
        if isinstance(policy, _policy.Measured):
            # until something could be measured, the middle of the guesses stands in
            policy = _policy.Gap(1e-3 if self._gap.eps is None else self._gap.eps)
        return tuner, index, policy(norm), cap

    def _conclude(self, reports: list[tuple[Any, ...]], arm: int, factor: float, context: float | None) -> AdaptiveInfo:
        nit = max(r[1] for r in reports)
        self._rows.append((math.nan if context is None else float(context), arm, factor, nit, max(nit, 1)))
        status = next((r[0] for r in reports if r[0] != "success"), "success")
        residual = max(r[2] / r[3] if r[3] else r[2] for r in reports)
        ledger = self.ledger
        return AdaptiveInfo(
            success=status == "success",
            status=status,
            message=f"{REASONS[status]} after {nit} iterations, relative residual {residual:.2e}",
            iterations=nit,
            omega=factor,
            arm=arm,
            residual=residual,
            seconds=sum(r[4] for r in reports),
            regret_bound=math.nan if ledger is None else ledger.regret_bound,
        )

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
    def ledger(self) -> steer.Ledger | None:
        """Iterations spent beside those of omega = 1; None where nothing is learned.

        Solves that measured the gap (arm -1 in the history) are not in it.
        """
        ledgers = [tuner.ledger for tuner in self._tuners if tuner.ledger is not None]
        return sum(ledgers[1:], ledgers[0]) if ledgers else None

    def __repr__(self) -> str:
        return f"AdaptiveSOR({self._method!r}, learn={self._learn!r}): {len(self._rows)} systems"

    # ---- saving

    def save(self, path: str | PathLike[str]) -> None:
        """Write the state to a file; `load` goes on with the same choices, bit for bit.

        The file is written under another name and moved into place, as all of trimtab's are.
        """
        head = {"config": self._config, "arms": len(self._arms), "gap": vars(self._gap), "rate": vars(self._rate)}
        rows = np.array(self._rows, dtype=float).reshape(-1, len(_COLUMNS))
        learners = {
            f"tuner{i}_{name}": value
            for i, tuner in enumerate(self._tuners)
            for name, value in tuner.__getstate__()["progress"].items()
        }
        pattern = json.dumps(self._pattern.mark)
        _archive.write(path, FORMAT, {"head": json.dumps(head), "pattern": pattern, "rows": rows, **learners})

    @classmethod
    def load(cls, path: str | PathLike[str], *, threads: int | None = None) -> AdaptiveSOR:
        """Read what `save` wrote.

        Raises
        ------
        ValueError
            If the file is none of AdaptiveSOR, of another version, or of other arms.
        """
        data = _archive.read(path, FORMAT, "AdaptiveSOR")
        head = json.loads(str(data["head"]))
        config = dict(head["config"])
        if config["context"] is not None:
            config["context"] = tuple(config["context"])
        solver = cls(**config, threads=threads)
        if head["arms"] != len(solver._arms):
            raise ValueError(f"{path}: state has {head['arms']} arms, solver has {len(solver._arms)}")
        for i, tuner in enumerate(solver._tuners):
            tuner.__setstate__({**tuner.__getstate__(), "progress": progress(data, f"tuner{i}_")})
        solver._gap = GapMeasurement(**head["gap"])
        solver._rate = RateInversion(**head["rate"])
        solver._pattern = Pattern(json.loads(str(data["pattern"])))
        solver._rows = [tuple(row) for row in data["rows"]]
        return solver
