"""A tuner: arms, costs, and the choice among them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, Generic, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from . import _options, _state
from ._clock import Clock
from ._decisions import Decisions
from ._ledger import Ledger
from ._suggestion import Arm, Suggestion


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
    cost : {"iterations", "wall"}, optional
        What `observe` is told: iterations, or any other measure of the work. With ``"wall"`` it may be told nothing:
        the cost is then the time since `suggest`, the median of the arm's last three; no such run can be repeated.
    context : array_like of shape (2,) or (q, 2), optional
        Ends of the numbers that are known before each task, so that `suggest` takes them. One (required) for
        ``"chebcb"``, at most one for tsallis and exp3, which then learn in `bins` of it, up to four for ``"thompson"``.
    positions : sequence of float or None, optional
        For ``"thompson"``: a coordinate of each arm in which log(cost) is smooth, such as ``log(eps)``. These arms
        share one cubic model; an arm at None has its own. By default each arm has its own.
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
        learner: Literal["tsallis-inf", "tsallis-rv", "exp3", "chebcb", "thompson"] = "tsallis-inf",
        *,
        cost: Literal["iterations", "wall"] = "iterations",
        context: ArrayLike | None = None,
        positions: Sequence[float | None] | None = None,
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
            taken = list(arms)
        except TypeError:
            raise TypeError(f"arms: expected a sequence, got {arms!r}") from None
        if not taken:
            raise ValueError("arms: expected at least one, got none")
        if split is not None and not callable(split):
            raise TypeError(f"split: expected a function of two arms, got {split!r}")
        given = {
            "cost": cost, "positions": positions, "reference": reference, "seed": seed, "cost_cap": cost_cap,
            "discount": discount, "restart": restart, "split_every": split_every, "bins": bins, "degree": degree,
            "noise": noise, "alpha": alpha, "slack": slack, "cap": cap,
        }  # fmt: skip
        self._begin(taken, split, _options.checked(len(taken), learner, context, given))

    def _begin(self, arms: list[Arm], split: Callable[[Arm, Arm], Arm] | None, config: dict[str, Any]) -> None:
        self._arms, self._split, self._config = arms, split, config
        self._core = _options.core(len(arms), config, split is not None)
        self._clock, self._played = Clock(), 0
        self._warned = False

    def suggest(self, context: ArrayLike | None = None, *, size: float = 1.0) -> Suggestion[Arm]:
        """Arm for the next task.

        Parameters
        ----------
        context : float or array_like of shape (q,), optional
            What is known of the task, if the tuner has contexts. Values outside are clamped, with one warning.
        size : float, optional
            What the reference arm may cost here, in any unit: where tasks differ, the ledger compares costs per size.

        Raises
        ------
        ValueError
            For a context that is missing, of another size or not finite, or while a cost is still to be observed.
        """
        values = self._context(context)
        index, probability, cap = self._core.suggest(values, -1.0, _check.real("size", size, above=0))
        self._played = index
        self._clock.start()
        return Suggestion(index, self._arms[index], probability, cap)

    def _context(self, context: ArrayLike | None) -> list[float]:
        ends = self._config["context"]
        if not ends:
            if context is not None:
                raise ValueError(f"context: expected none, as the tuner was made without, got {context!r}")
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

    def observe(self, cost: float | None = None) -> None:
        """Tell what the suggested arm cost.

        Parameters
        ----------
        cost : float
            From 0 to 1e100. For a task that failed, observe what its failure costs, say ``suggestion.cap``. May be left
            out with ``cost="wall"``.

        Raises
        ------
        ValueError
            For a cost that is negative, NaN, infinite or missing, or without a suggestion.
        """
        if cost is None and self._config["cost"] != "wall":
            raise ValueError("cost: expected a number, as the tuner does not take the time, got None")
        before = self._core.splits
        if cost is None and self._core.pending:
            cost = self._clock.stop(self._played)
        self._core.observe(_check.real("cost", 0 if cost is None else cost, at_least=0, at_most=_options.MAX_COST))
        if self._split is not None and self._core.splits > before:
            left, dropped = self._core.last_split()
            self._arms.insert(left + 1, self._split(self._arms[left], self._arms[left + 1]))
            del self._arms[dropped + (dropped > left)]
            self._clock.forget()

    def replay(
        self, costs: ArrayLike, contexts: ArrayLike | None = None, *, sizes: ArrayLike | None = None
    ) -> NDArray[np.int64]:
        """Play tasks whose costs are known for every arm: to choose a learner by measurement.

        Parameters
        ----------
        costs : array_like, shape (rounds, len(arms))
            Cost of each arm in each round.
        contexts : array_like, shape (rounds, q), optional
            Contexts, where the tuner takes them.
        sizes : array_like, shape (rounds,), optional
            Sizes, as in `suggest`.

        Returns
        -------
        ndarray of int64, shape (rounds,)
            The arms that were chosen.

        Raises
        ------
        ValueError
            For arrays of other shapes, negative or infinite costs.
        """
        rounds = max(np.shape(costs)[0] if np.ndim(costs) == 2 else -1, 0)
        table = _check.array("costs", costs, (rounds, len(self._arms)))
        q = len(self._config["context"])
        known = np.empty((rounds, 0)) if contexts is None else np.reshape(np.asarray(contexts), (rounds, -1))
        weighed = np.empty(0) if sizes is None else _check.array("sizes", sizes, (rounds,))
        return self._core.replay(table, _check.array("contexts", known, (rounds, q)), weighed)

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
        """Round, arm, probability, cost, size, whether the ledger chose, and context of every round."""
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
        self._begin(list(state["arms"]), state["split"], dict(state["config"]))
        self._core.restore(**state["progress"])

    def save(self, path: str | PathLike[str]) -> None:
        """Save everything to a NumPy archive, so that `load` goes on bit for bit.

        Arms that JSON cannot hold, and the function `split`, are not in the file; `load` takes them.
        """
        _state.write(path, self.__getstate__())

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
        tuner = cls.__new__(cls)
        tuner.__setstate__(_state.read(path, arms, learner, split))
        return tuner
