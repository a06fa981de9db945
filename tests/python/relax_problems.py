"""Matrices and right-hand sides that the tests of the relax room share."""

import numpy as np

import trimtab as tt


def laplacian(m, shift=0.0):
    return tt.relax.Stencil2D.laplacian((m, m), shift=shift)


def golden_rhs(n):
    i = np.arange(n)
    return np.sin(1 + i) + 0.5 * np.cos((0.3 * i * i) % 7)


def rough_stencil(shape, points, seed=0, symmetric=False):
    """A diagonally dominant stencil with coefficients that change from point to point."""
    rng = np.random.default_rng(seed)
    cube = (3,) * len(shape)
    middle = (1,) * len(shape)
    c = np.zeros(cube + shape)
    for place in np.ndindex(cube):
        axes = sum(p != 1 for p in place)
        if place != middle and (axes == 1 or points == 9):
            c[place] = -rng.uniform(0.5, 1.5, shape)
    if symmetric:
        for place in np.ndindex(cube):
            mirrored = tuple(2 - p for p in place)
            if place < mirrored:
                for here in np.ndindex(shape):
                    there = tuple(h + p - 1 for h, p in zip(here, place, strict=True))
                    if all(0 <= t < n for t, n in zip(there, shape, strict=True)):
                        c[mirrored + there] = c[place + here]
    c[middle] = 0.1 - c.sum(axis=tuple(range(len(shape))))
    make = tt.relax.Stencil2D if len(shape) == 2 else tt.relax.Stencil3D
    return make(shape, c)


def bump(x, y, center, radius):
    """exp(1 - 1 / (1 - s)), s = min(1, distance^2 / radius^2)."""
    s = np.minimum(1, ((x - center[0]) ** 2 + (y - center[1]) ** 2) / radius**2)
    with np.errstate(divide="ignore"):
        return np.where(s < 1, np.exp(1 - 1 / (1 - s)), 0.0)


class Heat:
    """u_t = kappa(t) lap u + f on the unit square by Crank-Nicolson, whose systems come one after the other."""

    dt = 1e-3

    def __init__(self, nx):
        self.nx, self.m = nx, nx - 1
        x = np.arange(1, nx) / nx
        self.x, self.y = np.meshgrid(x, x, indexing="ij")
        self.u = bump(self.x, self.y, (0.5, 0.5), 0.25)

    def system(self, step):
        """Matrix and right-hand side of a step from the present u."""
        t = (step + 0.5) * self.dt
        wave = np.sin(2 * np.pi * t)
        kappa = max(0.1 * wave, -10 * wave)
        g = kappa * self.dt * self.nx**2 / 2
        center = (0.5 + np.cos(16 * np.pi * t) / 4, 0.5 + np.sin(16 * np.pi * t) / 4)
        v = np.pad(self.u, 1)
        laplacian = v[:-2, 1:-1] + v[2:, 1:-1] + v[1:-1, :-2] + v[1:-1, 2:] - 4 * self.u
        b = self.u + g * laplacian + self.dt * 32 * bump(self.x, self.y, center, 1 / 8)
        return tt.relax.Stencil2D.laplacian((self.m, self.m), scale=g, shift=1.0), b
