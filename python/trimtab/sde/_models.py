"""Well-known equations, compiled in: they run without the interpreter, with the same bits on every machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check, _core
from ._callable import CFunction, core_function, is_compiled


@dataclass(frozen=True)
class Model:
    """An equation with compiled functions; made by the functions of this module and taken by `solve`."""

    name: str
    parameters: dict[str, Any]
    noise: str
    calculus: str = "ito"
    kind: str = "system"
    state_dim: int = 1
    noise_dim: int = 1
    is_volatile: bool = field(default=False, repr=False)
    _make: Callable[[], Any] = field(default=lambda: None, repr=False, compare=False)
    _compiled: bool = field(default=True, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (self.name, self.parameters)

    def has_correction(self) -> bool:
        """Whether the drift can be brought into the other calculus."""
        return True

    def dimensions(self, y0_size: int) -> tuple[int, int | None]:
        """Components of the state and of the noise."""
        if y0_size != self.state_dim:
            raise ValueError(f"y0: expected {self.state_dim} components for {self.name}, got {y0_size}")
        return self.state_dim, self.noise_dim

    def releases_lock(self) -> bool:
        """Whether no Python callable takes part."""
        return self._compiled

    def core(self, t0: float, y0: Any, noise_dim: int) -> Any:
        """The equation for the core."""
        return self._make()


def _remake(name: str, parameters: dict[str, Any]) -> Model:
    model: Model = globals()[name](**parameters)
    return model


def _diagonal(name: str, kind: Any, noise: str, dim: int, **parameters: float) -> Model:
    dim = _check.integer("dim", dim, minimum=1, maximum=2**24)
    checked = {k: _check.real(k, v) for k, v in parameters.items()}
    return Model(
        name, {"dim": dim, **checked}, noise, state_dim=dim, noise_dim=dim, _make=lambda: kind(dim, **checked).system()
    )


def ornstein_uhlenbeck(theta: float = 1.0, mu: float = 0.0, sigma: float = 1.0, *, dim: int = 1) -> Model:
    """dy = theta (mu - y) dt + sigma dW in each of `dim` components.

    Examples
    --------
    >>> import trimtab as tt
    >>> B = tt.sde.BrownianTree(1, 0, 8, levy="H")
    >>> y = tt.sde.solve(tt.sde.ornstein_uhlenbeck(), [0.0], B, paths=10000, steps=tt.sde.Constant(64)).y
    >>> bool(abs(y.var() - 0.5) < 0.03)
    True
    """
    return _diagonal(
        "ornstein_uhlenbeck", _core.sde.OrnsteinUhlenbeck, "additive", dim, theta=theta, mu=mu, sigma=sigma
    )


def double_well(depth: float = 1.0, sigma: float = 1.0, *, dim: int = 1) -> Model:
    """dy = -4 depth y (y² - 1) dt + sigma dW in each of `dim` components: wells at -1 and 1.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.double_well(depth=2.0).noise
    'additive'
    """
    return _diagonal("double_well", _core.sde.DoubleWell, "additive", dim, depth=depth, sigma=sigma)


def geometric_brownian_motion(mu: float = 0.0, sigma: float = 1.0, *, dim: int = 1) -> Model:
    """dy = mu y dt + sigma y dW, in Ito's sense, in each of `dim` components.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.geometric_brownian_motion(0.1, 0.3).calculus
    'ito'
    """
    kind = _core.sde.GeometricBrownianMotion
    return _diagonal("geometric_brownian_motion", kind, "diagonal", dim, mu=mu, sigma=sigma)


def heston(r: float = 0.0, kappa: float = 1.0, theta: float = 0.04, xi: float = 0.3, rho: float = -0.7) -> Model:
    """The Heston model of a log-price x and its variance v, y = (x, v), in Ito's sense.

    dx = (r - v/2) dt + sqrt(v) (rho dW1 + sqrt(1 - rho²) dW2), dv = kappa (theta - v) dt + xi sqrt(v) dW1. A negative v
    counts as 0. The noise does not commute.

    References
    ----------
    S. Heston, Review of Financial Studies 6 (1993), 327-343.

    Examples
    --------
    >>> import trimtab as tt
    >>> tt.sde.heston().state_dim
    2
    """
    p = {
        "r": _check.real("r", r),
        "kappa": _check.real("kappa", kappa, above=0),
        "theta": _check.real("theta", theta, at_least=0),
        "xi": _check.real("xi", xi, at_least=0),
        "rho": _check.real("rho", rho, at_least=-1, at_most=1),
    }
    make = _core.sde.Heston
    return Model("heston", dict(p), "general", state_dim=2, noise_dim=2, _make=lambda: make(**p).system())


def cir(a: float, b: float, sigma: float) -> Model:
    """The Cox-Ingersoll-Ross process dy = a (b - y) dt + sigma sqrt(y) dW, in Ito's sense.

    Solvers ``"hosts"`` (needs a tree with H) and ``"die"``; `Cir` steps adapt to the square root. For sigma² > 4 a b a
    state may come out slightly negative; it counts as 0 in the next step.

    References
    ----------
    J. Cox, J. Ingersoll, S. Ross, Econometrica 53 (1985), 385-407. J. Foster, G. dos Reis, C. Strange, SIAM J. Numer.
    Anal. 62 (2024).

    Examples
    --------
    >>> import trimtab as tt
    >>> B = tt.sde.BrownianTree(1, 0.0, 4.0, levy="H")
    >>> sol = tt.sde.solve(tt.sde.cir(1, 1, 1.5), [1.0], B, paths=2000, steps=tt.sde.Cir(ctol=2**-4))
    >>> bool(abs(sol.y.mean() - 1) < 0.1)
    True
    """
    p = {name: _check.real(name, v, above=0) for name, v in (("a", a), ("b", b), ("sigma", sigma))}
    volatile = p["sigma"] ** 2 > 4 * p["a"] * p["b"]
    return Model("cir", dict(p), "diagonal", kind="cir", is_volatile=volatile, _make=lambda: _core.sde.Cir(**p))


def langevin(
    gradient: Callable[..., Any] | CFunction | Model,
    gamma: ArrayLike = 1.0,
    u: ArrayLike = 1.0,
    *,
    dim: int | None = None,
) -> Model:
    """Underdamped Langevin dynamics dx = v dt, dv = -gamma v dt - u grad U(x) dt + sqrt(2 gamma u) dW; y = (x, v).

    Its long-time law has density exp(-U(x) - v²/(2u)). Solvers ``"quicsort"`` and ``"should"`` (strong order 3, tree
    with K), ``"ubu"`` and ``"align"`` (order 2, tree with H); of these ``"align"`` estimates its own error.

    Parameters
    ----------
    gradient : callable, cfunc, or one of `quadratic`, `double_well_potential`, `funnel`
        grad U: (x (m, dim)) -> (m, dim).
    gamma, u : float or array_like, shape (dim,)
        Friction and inverse mass, positive.
    dim : int, optional
        Components of x. Needed where `gradient` is a callable or cfunc and gamma, u are numbers; else as they say.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range or of a wrong kind.

    References
    ----------
    D. Scott, A. Jelinčič, J. Foster, D. Paulin, QUICSORT (2025).

    Examples
    --------
    >>> import trimtab as tt
    >>> B = tt.sde.BrownianTree(3, 0.0, 8.0, levy="K")
    >>> sol = tt.sde.solve(tt.sde.langevin(lambda x: x, dim=1), [0, 0], B, paths=4000, steps=tt.sde.Constant(32))
    >>> bool(abs(sol.y[:, 0, 0].var() - 1) < 0.1)
    True
    """
    friction, mass = (
        np.atleast_1d(_check.real_array(k, v)).astype(np.float64) for k, v in (("gamma", gamma), ("u", u))
    )
    known = gradient.parameters["dim"] if isinstance(gradient, Model) else dim
    n = max(friction.size, mass.size) if known is None else _check.integer("dim", known, minimum=1)
    g, w = (_check.array(k, v if v.size > 1 else v[0], (n,)) for k, v in (("gamma", friction), ("u", mass)))
    for name, value in (("gamma", g), ("u", w)):
        if not (value > 0).all():
            raise ValueError(f"{name}: expected numbers > 0, got {value.min()}")
    compiled = isinstance(gradient, Model) or is_compiled(gradient)
    if isinstance(gradient, Model):
        potential = gradient._make()
        make: Callable[[], Any] = lambda: potential.langevin(g.tolist(), w.tolist())  # noqa: E731
    else:
        given: Any = core_function("gradient", gradient, ())
        form = given if compiled else (lambda t, x: given(x))
        make = lambda: _core.sde.Langevin(n, g.tolist(), w.tolist(), form)  # noqa: E731
    parameters = {"gradient": gradient, "dim": n, "gamma": g, "u": w}
    return Model(
        "langevin",
        parameters,
        "additive",
        kind="langevin",
        state_dim=2 * n,
        noise_dim=n,
        _make=make,
        _compiled=compiled,
    )


def _potential(name: str, kind: Any, dim: int, **parameters: float) -> Model:
    dim = _check.integer("dim", dim, minimum=1)
    return Model(name, {"dim": dim, **parameters}, "additive", kind="potential", _make=lambda: kind(dim, **parameters))


def quadratic(stiffness: float = 1.0, *, dim: int = 1) -> Model:
    """The potential U = stiffness |x|² / 2 for `langevin`."""
    return _potential("quadratic", _core.sde.Quadratic, dim, stiffness=_check.real("stiffness", stiffness, above=0))


def double_well_potential(depth: float = 1.0, *, dim: int = 1) -> Model:
    """The potential U = sum of depth (x² - 1)² for `langevin`."""
    return _potential(
        "double_well_potential", _core.sde.DoubleWellPotential, dim, depth=_check.real("depth", depth, above=0)
    )


def funnel(*, dim: int = 10) -> Model:
    """Neal's funnel for `langevin`: x_0 ~ N(0, 9) and x_i ~ N(0, exp(x_0)), with the whole gradient."""
    return _potential("funnel", _core.sde.Funnel, dim)
