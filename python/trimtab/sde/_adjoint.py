"""Derivatives of solutions over given steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check
from .._result import Result
from ._brownian import BrownianTree
from ._ode import start_state
from ._paths import PathsLike
from ._step_lists import step_list
from ._sweep import Gradient, Sweep

Reals = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Adjoint(Result):
    """A solution over given steps that can be differentiated. `adjoint` and `OdeResult.adjoint` make it.

    Attributes
    ----------
    y : ndarray, shape (d, n) or (n_paths, d, n)
        The solution at the n times `save_at`.
    error : float, or ndarray of shape (n_paths,)
        R_E, the mean or sum of e_n abs(h_n) over the steps of a path, e_n the scaled error.
    stiffness : float, or ndarray of shape (n_paths,)
        R_S, the largest or the mean s_n, in units of the method's stability size. Steps without an estimate are left
        out.
    errors, stiffnesses : ndarray, shape (n_steps,) or (n_steps, n_paths)
        e_n and s_n, NaN where there is none.
    """

    y: Reals
    error: Any
    stiffness: Any
    errors: Reals = field(repr=False)
    stiffnesses: Reals = field(repr=False)
    _sweep: Sweep = field(repr=False)
    _weights: tuple[Reals, Reals] = field(repr=False)  # of e_n in R_E and of s_n in R_S

    def gradient(
        self, y_bar: ArrayLike | None = None, error_bar: ArrayLike = 0.0, stiffness_bar: ArrayLike = 0.0
    ) -> Gradient:
        """Gradient of a loss, given its derivatives with respect to `y`, `error` and `stiffness`.

        Parameters
        ----------
        y_bar : array_like, shaped as `y`, optional
            dL/dy; zeros by default.
        error_bar, stiffness_bar : float, or array_like of shape (n_paths,), optional
            dL/dR_E and dL/dR_S: the weights, if the loss adds w_E R_E + w_S R_S (of each path).

        Returns
        -------
        Gradient
            ``y0``, and ``args`` with one entry for each of `args`, summed over the paths.

        Raises
        ------
        ValueError, TypeError
            If an array has another shape, here or from a product.
        """
        bar = np.zeros(self.y.shape) if y_bar is None else _check.array("y_bar", y_bar, self.y.shape)
        of_errors, of_stiffnesses = self._weights
        return self._sweep.reverse(
            bar,
            of_errors * _check.array("error_bar", error_bar, np.shape(self.error)),
            of_stiffnesses * _check.array("stiffness_bar", stiffness_bar, np.shape(self.error)),
        )


def adjoint(
    f: Callable[..., Any],
    vjp: Callable[..., Any],
    y0: ArrayLike,
    steps: Any,
    *,
    args: Sequence[Any] = (),
    method: Literal["tsit5", "euler", "heun", "sra1", "shark", "spark"] = "tsit5",
    save_at: ArrayLike | None = None,
    g: Callable[..., Any] | None = None,
    g_vjp: Callable[..., Any] | None = None,
    noise: Literal["additive", "scalar", "diagonal", "commutative", "general"] = "diagonal",
    brownian: BrownianTree | None = None,
    paths: PathsLike = None,
    rtol: float = 1e-6,
    atol: ArrayLike = 1e-9,
    error: Literal["mean", "sum"] = "mean",
    stiffness: Literal["max", "mean"] | None = None,
    checkpoints: int | None = None,
) -> Adjoint:
    """Solve dy = f(t, y) dt + g(t, y) dW over given steps and be ready to differentiate (discrete adjoint).

    The derivatives are those of the computed numbers, exact up to rounding; lengths of steps are constants. So are the
    regularizers of neural differential equations: R_E, which makes the error of steps small and so the steps of a later
    adaptive solution long, and R_S for the stiffness.

    Parameters
    ----------
    f : callable(t, y, *args)
        As for `solve_ode`: y and the result have shape (d,), or (n_paths, d) for many paths.
    vjp : callable(t, y, v, *args) -> (y_bar, *args_bar)
        v is shaped as f's result; y_bar = v df/dy as y, and for each of `args` v df/darg, summed over paths: an array,
        a number, a list, tuple or dict of them, or None for zeros. Without `args` y_bar alone.
    y0 : array_like, shape (d,) or (n_paths, d)
    steps : array_like, shape (n + 1,), int, or structured array
        Times, falling ones too if there is no noise; with noise also a number of equal steps over the tree; or the
        record of a solution, whose accepted steps are taken, those of each path its own.
    args : tuple, optional
        Parameters of f and g.
    method : str, optional
        ``"tsit5"`` (default) is for f alone. ``"euler"`` (Itô), ``"heun"`` and ``"spark"`` (Stratonovich) take all
        noise, ``"sra1"`` and ``"shark"`` additive noise. All but euler estimate their error.
    save_at : array_like, shape (n,), optional
        Times at which `y` is wanted, by default the end. Between steps with tsit5 alone.
    g, g_vjp : callable, optional
        ``g(t, y, *args)`` returns shape (d,) or (n_paths, d) for diagonal noise, else (d, n_noise) or (n_paths, d,
        n_noise). `g_vjp` is to g as `vjp` to f; y_bar may be None for additive noise.
    noise : str, optional
        ``"additive"``, ``"scalar"``, ``"diagonal"`` (default), ``"commutative"`` or ``"general"``. With additive and
        scalar noise g may return either shape; for additive noise (d,) is the diagonal of a matrix.
    brownian : BrownianTree, optional
        Needed with g; levy "H" or "K" for sra1, shark and spark. Increments are computed again, not stored.
    paths : optional
        Which sample paths, as for `BrownianTree.increment`; by default the first ones.
    rtol, atol : float; atol also array_like, shape (d,)
        Of the scaled error e_n.
    error : {"mean", "sum"}, optional
    stiffness : {"max", "mean"}, optional
        What R_E and R_S are; R_S by default the largest, with noise the mean.
    checkpoints : int, optional
        States kept beside the start. The default is four times the binary logarithm of the number of steps: up to 16
        steps all, at 10000 steps 56, and each is computed three times at most. All of them: the number of steps.

    Returns
    -------
    Adjoint

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range or of a wrong kind.

    References
    ----------
    A. Pal, Y. Ma, V. Shah, C. Rackauckas, Opening the blackbox, ICML 2021, for R_E and R_S.
    A. Griewank, Optim. Methods Softw. 1 (1992), 35-54, for the checkpoints.

    Examples
    --------
    >>> import numpy as np
    >>> import trimtab as tt
    >>> A = np.array([[-0.1, 2.0], [-2.0, -0.1]])
    >>> def f(t, y, A):
    ...     return A @ y
    >>> def vjp(t, y, v, A):
    ...     return v @ A, np.outer(v, y)
    >>> tape = tt.sde.adjoint(f, vjp, [2.0, 0.0], np.linspace(0, 1, 11), args=(A,))
    >>> gradient = tape.gradient(2 * tape.y, error_bar=1.0)  # of |y(1)|^2 + R_E
    >>> gradient.y0.shape, gradient.args[0].shape
    ((2,), (2, 2))
    """
    total = _check.choice("error", error, ("mean", "sum"))
    kind = _check.choice("stiffness", stiffness or ("max" if g is None else "mean"), ("max", "mean"))
    start = start_state(y0)
    listed = step_list(steps, len(np.atleast_2d(start)), brownian)
    sweep = Sweep(
        (f, vjp, g, g_vjp), start, listed, save_at, args, method, noise, brownian, paths, rtol, atol, checkpoints
    )
    y, errors, stiffnesses = sweep.forward()
    weights = _error_weights(errors, np.abs(listed.h), total), _stiffness_weights(stiffnesses, sweep.size, kind)
    values = [np.where(w > 0, w * x, 0.0).sum(axis=0) for w, x in zip(weights, (errors, stiffnesses), strict=True)]
    single = start.ndim == 1
    return Adjoint(
        y=y,
        error=float(values[0][0]) if single else values[0],
        stiffness=float(values[1][0]) if single else values[1],
        errors=errors[:, 0] if single else errors,
        stiffnesses=stiffnesses[:, 0] if single else stiffnesses,
        _sweep=sweep,
        _weights=weights,
    )


def _error_weights(errors: Reals, lengths: Reals, total: str) -> Reals:
    """What e_n counts in R_E, arrays (n_steps, n_paths); steps of length 0 fill up shorter lists."""
    weights = np.where(np.isfinite(errors), lengths, 0.0)
    return weights / np.maximum((lengths > 0).sum(axis=0), 1) if total == "mean" else weights


def _stiffness_weights(stiffnesses: Reals, size: float, kind: str) -> Reals:
    """What s_n counts in R_S; none where it is 0 or NaN."""
    known = stiffnesses > 0
    if kind == "mean":
        mean: Reals = known / (size * np.maximum(known.sum(axis=0), 1))
        return mean
    largest = np.zeros(known.shape)
    where = np.where(known, stiffnesses, 0.0).argmax(axis=0), np.arange(known.shape[1])
    largest[where] = known[where] / size
    return largest
