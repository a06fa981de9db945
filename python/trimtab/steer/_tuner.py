"""A tuner: arms, costs, and the choice among them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _archive, _check
from .._core import steer as _core
from ._decisions import Decisions
from ._ledger import Ledger

FORMAT = "trimtab tuner 1"
LEARNERS = ("tsallis-inf", "tsallis-rv", "exp3", "chebcb", "thompson")
MAX_COST = 1e100

Arm = TypeVar("Arm")


@dataclass(frozen=True)
class Suggestion(Generic[Arm]):
    """What to do in this round.

    Attributes
    ----------
    index : int
        Index of the arm.
    arm : object
        The arm itself.
    probability : float
        With which it was drawn; NaN for ``"thompson"``, which knows none.
    cap : float
        Give up at this cost and observe it, so that the ledger's bound holds; infinite without a reference.
    """

    index: int
    arm: Arm
    probability: float
    cap: float


class Tuner(Generic[Arm]):
    """Learn over a sequence of similar tasks which of some settings costs least.

    Ask with `suggest` before each task, tell with `observe` what it cost: iterations, seconds, anything that is not
    negative. The choice is a function of the arguments, the costs so far and of (`seed`, round) alone, so that all
    ranks of a parallel program choose alike.

    Parameters
    ----------
    arms : sequence
        The settings to choose from, at least one; of any kind.
    learner : {"tsallis-inf", "tsallis-rv", "exp3", "chebcb", "thompson"}, optional
        ``"tsallis-inf"`` and ``"tsallis-rv"`` (less variance) hold against any sequence and are nearly optimal for
        independent costs; ``"exp3"`` is the classical one. ``"chebcb"`` fits a Chebyshev series in one context to
        each arm. ``"thompson"`` models the logarithm of the cost.
    context_range : array_like of shape (2,) or (q, 2), optional
        Ends of the numbers that are known before each task, so that `suggest` takes them. One (required) for
        ``"chebcb"``, at most one for tsallis and exp3, which then learn in `bins` of it, up to four for ``"thompson"``.
    positions : array_like of shape (len(arms),), optional
        For ``"thompson"``: a coordinate in which log(cost) is smooth, such as ``log(eps)``; the arms then share one
        cubic model. By default each arm has its own.
    reference : int, optional
        Index of an arm that is known to serve. The tuner then explores only while its total stays within
        ``(1 + alpha) * rounds + slack`` times this arm's mean cost; see `ledger`.
    seed : int, optional
        0 to 2**64 - 1.
    cost_cap : float, optional
        For tsallis and exp3: losses are ``min(cost, cost_cap) / cost_cap``, as the regret bounds ask. By default costs
        are divided by their running mean, which learns faster where a cap is only guessed.
    discount : float, optional
        Weight that the past keeps from round to round, in (0, 1]; ``1 - 1 / 500`` follows slow changes. By default 1,
        and 0.99 for ``"thompson"`` without a context.
    restart : float, optional
        Forget everything when the costs of arms have changed by a CUSUM test at so many standard deviations, say 8.
        Not with a context. By default never.
    split : callable, optional
        For tsallis and exp3 without a context: ``split(a, b)`` gives an arm between two neighbors. Every
        `split_every` rounds the best pair of neighbors is split and the worst arm dropped.
    split_every : int, optional
        Rounds between splits, default 64.
    bins, degree : int, optional
        Bins of the context (tsallis, exp3) and Chebyshev polynomials per arm (chebcb); both 6 by default.
    noise : float, optional
        For ``"thompson"``: least standard deviation of log(cost), default 0.05.
    alpha, slack, cap : float, optional
        Of the ledger: tolerated excess per round (0.05) and in total (20 solves), and the multiple of the reference's
        90 % quantile at which a choice should be given up (2).

    Raises
    ------
    ValueError, TypeError
        Naming the argument.

    Notes
    -----
    Formulas, guarantees and sources are in ``docs/theory/steer.md``: Zimmert and Seldin (JMLR 2021), Auer et al. (SIAM
    J. Comput. 2002), Khodak et al. (ICLR 2024), Wu et al. (ICML 2016).

    Examples
    --------
    >>> import trimtab as tt
    >>> tuner = tt.steer.Tuner([0.8, 1.2, 1.6], seed=7)
    >>> for _ in range(500):
    ...     s = tuner.suggest()
    ...     tuner.observe(10 + 40 * abs(s.arm - 1.2))
    >>> best = tuner.history["arm"][-100:] == 1
    >>> bool(best.mean() > 0.7)
    True
    """

    def __init__(
        self,
        arms: Sequence[Arm],
        learner: str = "tsallis-inf",
        *,
        context_range: ArrayLike | None = None,
        positions: ArrayLike | None = None,
        reference: int | None = None,
        seed: int = 0,
        cost_cap: float | None = None,
        discount: float | None = None,
        restart: float | None = None,
        split: Callable[[Arm, Arm], Arm] | None = None,
        split_every: int = 64,
        bins: int = 6,
        degree: int = 6,
        noise: float = 0.05,
        alpha: float = 0.05,
        slack: float = 20.0,
        cap: float = 2.0,
    ) -> None:
        try:
            self._arms = list(arms)
        except TypeError:
            raise TypeError(f"arms: expected a sequence, got {arms!r}") from None
        if not self._arms:
            raise ValueError("arms: expected at least one, got none")
        if split is not None and not callable(split):
            raise TypeError(f"split: expected a function of two arms, got {split!r}")
        n = len(self._arms)
        ends = [] if context_range is None else _ranges(context_range).tolist()
        if discount is None:
            discount = 0.99 if learner == "thompson" and not ends else 1.0
        self._split = split
        self._warned = False
        self._config: dict[str, Any] = {
            "learner": _check.choice("learner", learner, LEARNERS),
            "context_range": ends or None,
            "positions": None if positions is None else _check.array("positions", positions, (n,)).tolist(),
            "reference": None
            if reference is None
            else _check.integer("reference", reference, minimum=0, maximum=n - 1),
            "seed": _check.integer("seed", seed, minimum=0, maximum=2**64 - 1),
            "cost_cap": None if cost_cap is None else _check.real("cost_cap", cost_cap, above=0, at_most=MAX_COST),
            "discount": _check.real("discount", discount, above=0, at_most=1),
            "restart": None if restart is None else _check.real("restart", restart, above=0),
            "split_every": _check.integer("split_every", split_every, minimum=1),
            "bins": _check.integer("bins", bins, minimum=1, maximum=1024),
            "degree": _check.integer("degree", degree, minimum=1, maximum=16),
            "noise": _check.real("noise", noise, above=0, at_most=10),
            "alpha": _check.real("alpha", alpha, at_least=0),
            "slack": _check.real("slack", slack, at_least=0),
            "cap": _check.real("cap", cap, at_least=1),
        }
        self._core = _core.Tuner(self._options())

    def _options(self) -> _core.TunerOptions:
        options, config = _core.TunerOptions(), self._config
        options.arms = len(self._arms)
        options.learner = LEARNERS.index(config["learner"])
        for name in ("seed", "bins", "degree", "noise", "discount"):
            setattr(options, name, config[name])
        ends = config["context_range"] or []
        options.context_dim = len(ends)
        options.context_lower, options.context_upper = [low for low, _ in ends], [high for _, high in ends]
        options.positions = config["positions"] or []
        options.cost_cap, options.restart = config["cost_cap"] or 0.0, config["restart"] or 0.0
        options.split_every = config["split_every"] if self._split else 0
        options.reference = -1 if config["reference"] is None else config["reference"]
        ledger = _core.LedgerOptions()
        ledger.alpha, ledger.slack, ledger.cap = config["alpha"], config["slack"], config["cap"]
        options.ledger = ledger
        return options

    def suggest(self, context: ArrayLike | None = None) -> Suggestion[Arm]:
        """Arm for the next task.

        Parameters
        ----------
        context : float or array_like of shape (q,), optional
            What is known of the task, if `context_range` was given. Values outside are clamped, with one warning.

        Raises
        ------
        ValueError
            For a context that is missing, of another size or not finite, or while a cost is still to be observed.
        """
        index, probability, cap = self._core.suggest(self._context(context), -1.0)
        return Suggestion(index, self._arms[index], probability, cap)

    def _context(self, context: ArrayLike | None) -> list[float]:
        ends = self._config["context_range"]
        if ends is None:
            if context is not None:
                raise ValueError(f"context: expected none, as no context_range was given, got {context!r}")
            return []
        if context is None:
            raise ValueError(f"context: expected {len(ends)} numbers, got none")
        values: list[float] = np.atleast_1d(_check.array("context", context, np.shape(context) or (1,))).tolist()
        if len(values) != len(ends):
            raise ValueError(f"context: expected {len(ends)} numbers, got {len(values)}")
        if not self._warned and any(not low <= c <= high for c, (low, high) in zip(values, ends, strict=True)):
            self._warned = True
            warnings.warn(f"context: {values} is outside {ends} and is clamped (said once)", stacklevel=3)
        return values

    def observe(self, cost: float) -> None:
        """Tell what the suggested arm cost.

        Parameters
        ----------
        cost : float
            From 0 to 1e100. For a task that failed, observe what its failure costs, say ``suggestion.cap``.

        Raises
        ------
        ValueError
            For a cost that is negative, NaN or infinite, or without a suggestion.
        """
        before = self._core.splits
        self._core.observe(_check.real("cost", cost, at_least=0, at_most=MAX_COST))
        if self._split is not None and self._core.splits > before:
            left, dropped = self._core.last_split()
            self._arms.insert(left + 1, self._split(self._arms[left], self._arms[left + 1]))
            del self._arms[dropped + (dropped > left)]

    def replay(self, costs: ArrayLike, contexts: ArrayLike | None = None) -> NDArray[np.int64]:
        """Play tasks whose costs are known for every arm: to choose a learner by measurement.

        Parameters
        ----------
        costs : array_like, shape (rounds, len(arms))
            Cost of each arm in each round.
        contexts : array_like, shape (rounds, q), optional
            Contexts, where the tuner takes them.

        Returns
        -------
        ndarray of int64, shape (rounds,)
            The arms that were chosen.

        Raises
        ------
        ValueError
            For arrays of other shapes, negative or infinite costs.
        """
        rounds = np.shape(costs)[0] if np.ndim(costs) == 2 else -1
        table = _check.array("costs", costs, (max(rounds, 0), len(self._arms)))
        q = len(self._config["context_range"] or [])
        known = np.empty((rounds, 0)) if contexts is None else np.reshape(np.asarray(contexts), (rounds, -1))
        return self._core.replay(table, _check.array("contexts", known, (rounds, q)))

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The arms, as splits have left them."""
        return tuple(self._arms)

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """With which the last suggestion was drawn, shape (len(arms),); NaN for ``"thompson"``."""
        return self._core.weights()

    @property
    def restarts(self) -> int:
        """How often the learner has forgotten everything."""
        return self._core.restarts

    @property
    def ledger(self) -> Ledger | None:
        """What was spent, and the bound from the reference arm; None without a reference."""
        return None if self._config["reference"] is None else Ledger(*self._core.ledger())

    @property
    def history(self) -> Decisions:
        """Round, arm, probability, cost, whether the ledger demanded the reference, and context of every round."""
        columns, rows, _, stride = self._core.decisions()
        rows.setflags(write=False)
        return Decisions(f"arm by {self._config['learner']}", tuple(columns), rows, stride)

    def __repr__(self) -> str:
        return f"Tuner({len(self._arms)} arms, {self._config['learner']!r}, round {self._core.round})"

    def __getstate__(self) -> dict[str, Any]:
        _, rows, recorded, stride = self._core.decisions()
        progress = {"state": self._core.state(), "rows": rows, "recorded": recorded, "stride": stride}
        return {"arms": self._arms, "split": self._split, "config": self._config, "progress": progress}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._arms, self._split, self._config = list(state["arms"]), state["split"], dict(state["config"])
        self._warned = False
        self._core = _core.Tuner(self._options())
        self._core.restore(**state["progress"])

    def save(self, path: str | PathLike[str]) -> None:
        """Save everything to a NumPy archive, so that `load` goes on bit for bit.

        Arms that JSON cannot hold, and the function `split`, are not in the file; `load` takes them.
        """
        state = self.__getstate__()
        try:
            arms = json.dumps(self._arms)
            if json.loads(arms) != self._arms:
                arms = "null"
        except (TypeError, ValueError):
            arms = "null"
        header = {"arms": arms, "split": self._split is not None, "config": json.dumps(self._config)}
        _archive.write(path, FORMAT, {**header, **state["progress"]})

    @classmethod
    def load(
        cls,
        path: str | PathLike[str],
        *,
        arms: Sequence[Arm] | None = None,
        learner: str | None = None,
        split: Callable[[Arm, Arm], Arm] | None = None,
    ) -> Tuner[Arm]:
        """Tuner that goes on where `save` left one.

        Parameters
        ----------
        path : path-like
            The file.
        arms : sequence, optional
            Needed where the arms are not numbers, strings, or lists or dictionaries of them.
        learner : str, optional
            Refuse the file if it is of another learner.
        split : callable, optional
            Needed if the tuner had one.

        Raises
        ------
        ValueError
            For a file of another format, learner or number of arms.
        """
        data = _archive.read(path, FORMAT, "tuner")
        config = json.loads(str(data["config"]))
        if learner is not None and learner != config["learner"]:
            raise ValueError(f"learner: the file is of {config['learner']!r}, expected {learner!r}")
        saved, count = json.loads(str(data["arms"])), int(data["state"][2])
        if arms is None and saved is None:
            raise ValueError("arms: the file could not hold them; give them as arms=")
        taken = list(saved if arms is None else arms)
        if len(taken) != count:
            raise ValueError(f"arms: the file is of {count} arms, got {len(taken)}")
        if bool(data["split"]) != (split is not None):
            needed = "the tuner's function" if data["split"] else "none, as the tuner had none"
            raise ValueError(f"split: expected {needed}, got {split!r}")
        progress = {name: data[name] for name in ("state", "rows")}
        progress.update({name: int(data[name]) for name in ("recorded", "stride")})
        tuner = cls.__new__(cls)
        tuner.__setstate__({"arms": taken, "split": split, "config": config, "progress": progress})
        return tuner


def _ranges(value: ArrayLike) -> NDArray[np.float64]:
    """Ranges of the contexts, shape (q, 2)."""
    shape = np.shape(value)
    if shape != (2,) and not (len(shape) == 2 and shape[1] == 2 and shape[0] > 0):
        raise ValueError(f"context_range: expected shape (2,) or (q, 2), got {shape}")
    ranges = _check.array("context_range", value, shape).reshape(-1, 2)
    for low, high in ranges:
        if not low < high:
            raise ValueError(f"context_range: expected the lower end first, got ({low:g}, {high:g})")
    return ranges
