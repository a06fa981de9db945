"""One run of a case: snapshots, class map, checkpoints."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..hyperbolic import HyperbolicResult, Solver, _state
from ..hyperbolic._arguments import stops
from .case import Case, CaseError

MAP_ROWS = 256


@dataclass
class Job:
    """The run of a solver to the end of its case, in pieces of a few steps that change nothing.

    Between two pieces the class map gets a row, progress is shown and a checkpoint may be written. What a checkpoint
    holds beside the solver is all in `times`, `fields`, `map_times`, `map_rows` and `piece`.
    """

    case: Case
    solver: Solver
    checkpoint: Path | None = None
    times: list[float] = field(default_factory=list)
    fields: list[NDArray[np.float64]] = field(default_factory=list)
    map_times: list[float] = field(default_factory=list)
    map_rows: list[NDArray[np.uint8]] = field(default_factory=list)
    piece: int = 1
    seconds: float = 0.0

    def run(self, show: Callable[[float, dict[str, Any]], Any] | None = None) -> HyperbolicResult:
        """Advance to the end and return the whole result."""
        if not self.times:
            self._snapshot()
        written = time.monotonic()
        result = self.solver.run(self.solver.t)
        for stop in self._stops():
            while self.solver.t < stop:
                result = self.solver.run(stop, max_steps=self.piece)
                self.seconds += result.stats["seconds"]
                if result.status not in ("success", "max_steps"):
                    self._snapshot()
                    return self._conclude(result)
                self._map_row()
                if show is not None:
                    show(self.solver.t / self.case.t_end, {"t": self.solver.t, "steps": self.solver.steps})
                every = self.case.output.checkpoint_every
                if self.checkpoint is not None and every is not None and time.monotonic() - written >= every:
                    self.save(self.checkpoint)
                    written = time.monotonic()
            self._snapshot()
        return self._conclude(result)

    def _stops(self) -> list[float]:
        """Times to hit, the same for a run from the start and for one from a checkpoint."""
        every, end = self.case.output.every, self.case.t_end
        return [stop for stop in ([end] if every is None else stops(0.0, end, every)) if stop > self.solver.t]

    def _snapshot(self) -> None:
        self.times.append(self.solver.t)
        self.fields.append(np.stack(list(self.solver.primitive.values())))

    def _map_row(self) -> None:
        if len(self.map_rows) == MAP_ROWS:  # halve the map, double the piece
            self.map_times, self.map_rows, self.piece = self.map_times[1::2], self.map_rows[1::2], 2 * self.piece
        self.map_times.append(self.solver.t)
        self.map_rows.append(self.solver.classes)

    def _conclude(self, last: HyperbolicResult) -> HyperbolicResult:
        """The last piece's result with the snapshots and the statistics of the whole run."""
        log, n = last.decisions, self.case.shape
        steps = self.solver.steps
        shares = {name: float(log[name].mean() / n) if len(log) else 0.0 for name in ("smooth", "shock", "contact")}
        stats = {
            **last.stats,
            "steps": steps,
            "seconds": self.seconds,
            "cell_steps_per_second": steps * n / self.seconds if self.seconds else 0.0,
            **shares,
            "blended": int(log["blended"].sum()),
        }
        keep_all = self.case.output.every is not None
        return replace(
            last,
            t=np.array(self.times) if keep_all else self.times[-1],
            W=np.stack(self.fields) if keep_all else self.fields[-1],
            stats=stats,
        )

    def save(self, path: Path) -> None:
        """Write a checkpoint, atomically."""
        extra = {
            "run_case": np.array(self.case.model_dump_json()),
            "run_times": np.array(self.times),
            "run_fields": np.stack(self.fields),
            "run_map_times": np.array(self.map_times),
            "run_map_rows": np.array(self.map_rows, dtype=np.uint8).reshape(-1, self.case.shape),
            "run_piece": np.array(self.piece),
            "run_seconds": np.array(self.seconds),
        }
        _state.write(path, self.solver._config, self.solver._core, extra)

    @classmethod
    def restart(cls, case: Case, path: Path, checkpoint: Path | None, threads: int | None) -> Job:
        """Take up a checkpoint of the same case."""
        solver = Solver.load(path, **({} if threads is None else {"threads": threads}))
        with np.load(path) as archive:
            if "run_case" not in archive:
                raise CaseError(f"{path}: a saved solver, but not a checkpoint of a case")
            if str(archive["run_case"]) != case.model_dump_json():
                raise CaseError(f"{path}: the checkpoint is of another case than the one given")
            return cls(
                case,
                solver,
                checkpoint,
                archive["run_times"].tolist(),
                list(archive["run_fields"]),
                archive["run_map_times"].tolist(),
                list(archive["run_map_rows"]),
                int(archive["run_piece"]),
                float(archive["run_seconds"]),
            )
