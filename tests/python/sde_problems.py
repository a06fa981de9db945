"""Equations whose errors are known, and strong errors against a finer solve on the same paths."""

import numpy as np

import trimtab as tt
from trimtab.sde import SDE, Constant, solve

A1 = SDE(lambda t, y: np.sin(y), 1.0, noise="additive")
A2 = SDE(lambda t, y: np.sin(y), lambda t, y: (1 + np.sin(4 * t) / 2)[:, None], noise="additive")
B1 = SDE(
    lambda t, y: np.cos(y),
    lambda t, y: 1 + np.sin(y) / 2,
    noise="diagonal",
    calculus="stratonovich",
    correction=lambda t, y: (1 + np.sin(y) / 2) * np.cos(y) / 2,
)
B1_ITO = SDE(
    lambda t, y: np.cos(y) + (1 + np.sin(y) / 2) * np.cos(y) / 4,
    B1.diffusion,
    noise="diagonal",
    calculus="ito",
    correction=B1.correction,
)
# dx1 = dW1, dx2 = x1 o dW2: the noise does not commute
B2 = SDE(
    lambda t, y: np.zeros_like(y),
    lambda t, y: np.stack([np.stack([np.ones(len(y)), y[:, 0] * 0], 1), np.stack([y[:, 0] * 0, y[:, 0]], 1)], 1),
    noise="general",
    calculus="stratonovich",
)
C1 = tt.sde.langevin(tt.sde.double_well_potential(), 0.8, 0.2)
C2 = tt.sde.langevin(tt.sde.quadratic(2.0, dim=2), [2.0, 0.5], [0.5, 2.0])


def strong_errors(sde, y0, tree, solver, sizes, *, reference, n_paths, reference_solver=None, reference_sde=None):
    """Root mean square errors at the end with constant steps."""
    exact = solve(
        reference_sde or sde, y0, tree, solver=reference_solver or solver, steps=Constant(reference), paths=n_paths
    ).y_end
    errors = []
    for n in sizes:
        y = solve(sde, y0, tree, solver=solver, steps=Constant(n), paths=n_paths).y_end
        errors.append(float(np.sqrt(np.mean(np.sum((y - exact) ** 2, axis=1)))))
    return errors


def order(errors, sizes):
    """Slope of a least squares fit of log error over log size."""
    return -float(np.polyfit(np.log2(sizes), np.log2(errors), 1)[0])
