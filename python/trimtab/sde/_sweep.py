"""The core's sweep over given steps, forward and in reverse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _check, _core
from ._brownian import BrownianTree
from ._callable import checked_args, core_function
from ._ode import tolerances
from ._paths import PathsLike, path_numbers
from ._products import Products
from ._step_lists import StepList, save_list

Reals = NDArray[np.float64]
METHODS = ("tsit5", "euler", "heun", "sra1", "shark", "spark")
NOISES = ("additive", "scalar", "diagonal", "commutative", "general")  # in the order of the core


class Gradient(NamedTuple):
    """Derivatives with respect to the start, shaped as it, and to each of `args`."""

    y0: Reals
    args: tuple[Any, ...]


class Sweep:
    """Holds what the core needs; arrays go in and out with the paths first, errors as (n_steps, n_paths)."""

    def __init__(
        self,
        functions: tuple[Any, Callable[..., Any], Any, Callable[..., Any] | None],
        start: Reals,
        steps: StepList,
        save_at: ArrayLike | None,
        args: Sequence[Any],
        method: str,
        noise: str,
        brownian: BrownianTree | None,
        paths: PathsLike,
        rtol: float,
        atol: ArrayLike,
        checkpoints: int | None,
    ) -> None:
        f, vjp, g, g_vjp = functions
        many = np.atleast_2d(start)
        m, dim = many.shape
        method = _check.choice("method", method, METHODS)
        noise = _check.choice("noise", noise, NOISES)
        args = checked_args(args)
        _check_noise(method, g, g_vjp is None and noise != "additive", brownian)
        self._single = start.ndim == 1
        self._lengths = steps.h
        self._products = Products(_callable("vjp", vjp), g_vjp and _callable("g_vjp", g_vjp), args)
        self.size = _core.adjoint.stability_size(method)
        shape = (False, False, 0) if g is None else _noise_shape(g, steps.t[0], start, args, noise, brownian)
        rtol, scale = tolerances(rtol, atol, dim)
        save, values = save_list(save_at, steps, method == "tsit5")
        n = len(steps.h)
        default = 4 * max(n - 1, 1).bit_length()
        numbers = path_numbers(m if paths is None else paths)
        if len(numbers) != m:
            raise ValueError(f"paths: expected {m}, one for each row of y0, got {len(numbers)}")
        self._core = _core.adjoint.Adjoint(
            method,
            core_function("f", f, args),
            None if g is None else core_function("g", g, args),
            NOISES.index(noise),
            shape[2],
            shape[0],
            shape[1],
            self._single,
            np.ascontiguousarray(many.T),
            steps.t,
            steps.h,
            steps.ticks,
            save.begin,
            save.lane,
            save.value,
            save.theta,
            values,
            None if brownian is None else brownian._core(),
            numbers,
            rtol,
            scale,
            default if checkpoints is None else _check.integer("checkpoints", checkpoints, minimum=1),
        )

    def forward(self) -> tuple[Reals, Reals, Reals]:
        """The solution at the times asked for, errors and stiffnesses."""
        saved, errors, stiffnesses = self._core.forward()
        still = self._lengths == 0
        errors[still] = stiffnesses[still] = np.nan
        y = saved[:, :, 0].T if self._single else saved.transpose(2, 1, 0)
        return np.ascontiguousarray(y), errors, stiffnesses

    def reverse(self, y_bar: Reals, error_bar: Reals, stiffness_bar: Reals) -> Gradient:
        """Gradient for cotangents shaped as what forward() gave."""
        saved = y_bar.T[:, :, None] if self._single else y_bar.transpose(2, 1, 0)
        products = self._products
        products.start()
        bar = self._core.reverse(
            np.ascontiguousarray(saved), error_bar, stiffness_bar, products.drift, products.diffusion
        )
        return Gradient(bar[:, 0] if self._single else np.ascontiguousarray(bar.T), products.sums())


def _callable(name: str, f: Any) -> Any:
    if not callable(f):
        raise TypeError(f"{name}: expected a callable, got {f!r}")
    return f


def _check_noise(method: str, g: Any, lacks_product: bool, tree: BrownianTree | None) -> None:
    if g is None:
        if tree is not None:
            raise ValueError("g: expected a function, as there is a BrownianTree, got None")
        return
    if tree is None:
        raise ValueError("brownian: expected a BrownianTree, as there is noise, got None")
    if lacks_product:
        raise ValueError("g_vjp: expected a callable, as g depends on y, got None")
    if tree.dtype != np.float64:
        raise ValueError(f"brownian: expected a tree of float64, got {tree.dtype}")
    if method == "tsit5":
        raise ValueError("method: expected one for noise, as g is given, got 'tsit5'")
    if method in ("sra1", "shark", "spark") and tree.levy == "W":
        raise ValueError(f"brownian: expected levy='H' or 'K' for {method}, got 'W'")


def _noise_shape(
    g: Any, t: Reals, start: Reals, args: tuple[Any, ...], noise: str, tree: BrownianTree | None
) -> tuple[bool, bool, int]:
    """Whether g is the diagonal of a matrix, whether its values are matrices, and the components of the noise."""
    assert tree is not None
    single = start.ndim == 1
    rank = np.ndim(g(float(t[0]) if single else t.copy(), start.copy(), *args)) - (not single)
    dim = start.shape[-1]
    matrix = rank == 2
    if rank not in (1, 2) or (noise == "diagonal" and matrix) or (noise in ("commutative", "general") and not matrix):
        expected = "(d,)" if noise == "diagonal" else "(d, n_noise)" if noise != "additive" else "(d,) or (d, n_noise)"
        raise ValueError(f"g: expected values of shape {expected} for {noise} noise, got {rank} indices")
    diagonal = not matrix and noise != "scalar"
    components = dim if diagonal else 1 if noise == "scalar" else tree.dim
    if tree.dim != components:
        raise ValueError(f"brownian: expected dim = {components}, got {tree.dim}")
    return diagonal, matrix, components
