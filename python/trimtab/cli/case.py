"""Case files: what a problem may say, and the solver and the exact solution that follow from it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..hyperbolic import Inflow, Solver, exact
from ..hyperbolic._laws import LAWS
from .expression import evaluate

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Array = NDArray[np.float64]
Value = float | str
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class CaseError(ValueError):
    """A case file that cannot be used; the message names file, key, value and what is allowed."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Region(BaseModel):
    """Initial values up to a coordinate: numbers or formulas in x, by the names of the primitive variables."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Value]
    until: float | None = None

    @property
    def values(self) -> dict[str, Value]:
        return self.__pydantic_extra__


class InflowSide(Strict):
    inflow: dict[str, float]


BcSide = Literal["periodic", "outflow", "reflect"] | InflowSide


class SolverOptions(Strict):
    scheme: Literal["adaptive", "aweno", "aweno-ldcu", "linear"] = "adaptive"
    si: Literal["defect", "dual"] = "defect"
    tol: Annotated[float, Field(ge=0)] = 3e-4
    cfl: Annotated[float, Field(gt=0, le=1)] = 0.45
    kappa: Annotated[float, Field(gt=0, lt=1)] = 0.1
    grow: Annotated[int, Field(ge=0, le=3)] = 1
    contact: bool = True
    hysteresis: bool = False
    floor: tuple[float, ...] | None = None
    dtype: Literal["float64", "float32"] = "float64"
    threads: Annotated[int, Field(ge=1)] | None = None


class OutputOptions(Strict):
    every: Positive | None = None
    checkpoint_every: Positive | None = None


class Case(Strict):
    """A problem as a TOML file states it."""

    title: str
    law: Literal["euler", "advection", "burgers", "shallow_water"]
    shape: Annotated[int, Field(ge=6)]
    extent: tuple[float, float] = (0.0, 1.0)
    t_end: Positive
    gamma: float | None = None
    speed: float | None = None
    g: float | None = None
    bc: BcSide | tuple[BcSide, BcSide] = "outflow"
    region: Annotated[list[Region], Field(min_length=1)]
    exact: Literal["riemann", "characteristics"] | dict[str, Value] | None = None
    units: dict[str, str] = Field(default_factory=dict)
    solver: SolverOptions = SolverOptions()
    output: OutputOptions = OutputOptions()

    @property
    def variables(self) -> tuple[str, ...]:
        return LAWS[self.law].primitive

    @model_validator(mode="after")
    def _regions_fit(self) -> Case:
        for i, region in enumerate(self.region):
            if set(region.values) != set(self.variables):
                given = ", ".join(region.values) or "none"
                raise ValueError(f"region {i + 1}: {self.law} takes {', '.join(self.variables)}, got {given}")
        ends = [region.until for region in self.region]
        if None in ends[:-1] or ends[-1] is not None:
            raise ValueError("region: every region but the last one needs `until`")
        if sorted(ends[:-1]) != ends[:-1]:  # type: ignore[type-var]
            raise ValueError(f"region: `until` must increase, got {ends[:-1]}")
        if self.exact == "riemann" and (len(self.region) != 2 or self.law not in ("euler", "shallow_water")):
            raise ValueError("exact: 'riemann' needs two regions of euler or shallow_water")
        if self.exact == "riemann" and any(isinstance(v, str) for r in self.region for v in r.values.values()):
            raise ValueError("exact: 'riemann' needs regions of plain numbers, not formulas")
        if self.exact == "characteristics" and self.law != "burgers":
            raise ValueError(f"exact: 'characteristics' is for burgers, not for {self.law}")
        return self

    def initial(self, x: Array) -> dict[str, Array]:
        """Primitive variables at t = 0."""
        values = {}
        for name in self.variables:
            row = evaluate(self.region[-1].values[name], x)
            for region in reversed(self.region[:-1]):
                row = np.where(x < _end(region), evaluate(region.values[name], x), row)
            values[name] = row
        return values

    def make_solver(self, *, scheme: str | None = None, threads: int | None = None) -> Solver:
        """Solver with the initial state; the arguments override the file."""
        options = self.solver.model_dump()
        options.update({k: v for k, v in (("scheme", scheme), ("threads", threads)) if v is not None})
        sides = self.bc if isinstance(self.bc, tuple) else (self.bc, self.bc)
        bc = tuple(Inflow(**side.inflow) if isinstance(side, InflowSide) else side for side in sides)
        solver = Solver(
            self.law,
            shape=self.shape,
            extent=self.extent,
            gamma=self.gamma,
            speed=self.speed,
            g=self.g,
            bc=bc,
            **options,
        )
        values: dict[str, Any] = {**self.initial(solver.x)}
        solver.set_primitive(**values)
        return solver

    def exact_solution(self, x: Array, t: float) -> dict[str, Array] | None:
        """Primitive variables of the exact solution, where the file names one."""
        if self.exact is None or t <= 0:
            return None
        if isinstance(self.exact, dict):
            return {name: evaluate(text, x, t=t) for name, text in self.exact.items()}
        if self.exact == "characteristics":
            return {"u": self._burgers(x, t)}
        left, right = ([float(r.values[n]) for n in self.variables] for r in self.region)
        if self.law == "euler":
            solution = exact.riemann(left, right, gamma=self.gamma or LAWS["euler"].default)
        else:
            solution = exact.shallow_riemann(left, right, g=self.g or LAWS["shallow_water"].default)
        return dict(zip(self.variables, solution.at(x, t, _end(self.region[0])), strict=True))

    def _burgers(self, x: Array, t: float) -> Array:
        """Follow characteristics back, u = u0(x - u t), by bisection: the one root before a shock forms."""
        lower, upper = self.extent
        data = self.initial(lower + (upper - lower) * np.linspace(0, 1, 2001))["u"]
        low: Array = np.full(x.shape, data.min() - 1e-9)
        high: Array = np.full(x.shape, data.max() + 1e-9)
        for _ in range(60):
            u = 0.5 * (low + high)
            above = u > self.initial(lower + (x - u * t - lower) % (upper - lower))["u"]
            low, high = np.where(above, low, u), np.where(above, u, high)
        return 0.5 * (low + high)


def _end(region: Region) -> float:
    return np.inf if region.until is None else region.until


def load_case(path: Path) -> Case:
    """Read and check a case file.

    Raises
    ------
    CaseError
        Naming file, key, value and what is allowed.
    """
    try:
        text = path.read_text()
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror}") from None
    try:
        case = Case.model_validate(tomllib.loads(text))
        case.make_solver()  # the solver has the last word on values
        case.exact_solution(np.array(case.extent), case.t_end)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        raise CaseError("\n".join(f"{path}: {_explain(e)}" for e in error.errors())) from None
    except (ValueError, TypeError) as error:
        raise CaseError(f"{path}: {error}") from None
    return case


def _explain(error: Any) -> str:
    """One line of a pydantic error: key, what is allowed, what came."""
    key = ".".join(str(part) for part in error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ")
    if not key:
        return message
    if error["type"] in ("missing", "extra_forbidden"):
        known = "" if error["type"] == "missing" else "; known keys are in the documentation of case files"
        return f"{key}: {message.lower()}{known}"
    return f"{key}: {message[0].lower()}{message[1:]}, got {error['input']!r}"
