"""
Heat conduction that comes and goes: the gap stays
==================================================

u_t = kappa(t) lap u + f by Crank-Nicolson: a system I + g(t) K in every step, with g over two orders of magnitude. The
best omega moves all the time; the relative gap of the Jacobi iteration does not, so it is measured once.
"""

import numpy as np

import trimtab as tt


def bump(x, y, center, radius):
    s = np.minimum(1, ((x - center[0]) ** 2 + (y - center[1]) ** 2) / radius**2)
    with np.errstate(divide="ignore"):
        return np.where(s < 1, np.exp(1 - 1 / (1 - s)), 0.0)


def heat(solve, nx=50, steps=500, dt=1e-3):
    """Run the time loop with u = solve(A, b, u); return the final temperature."""
    x = np.arange(1, nx) / nx
    x, y = np.meshgrid(x, x, indexing="ij")
    u = bump(x, y, (0.5, 0.5), 0.25)
    for step in range(steps):
        t = (step + 0.5) * dt
        wave = np.sin(2 * np.pi * t)
        g = max(0.1 * wave, -10 * wave) * dt * nx**2 / 2
        v = np.pad(u, 1)
        laplacian = v[:-2, 1:-1] + v[2:, 1:-1] + v[1:-1, :-2] + v[1:-1, 2:] - 4 * u
        center = (0.5 + np.cos(16 * np.pi * t) / 4, 0.5 + np.sin(16 * np.pi * t) / 4)
        b = u + g * laplacian + dt * 32 * bump(x, y, center, 1 / 8)
        u = solve(tt.relax.Stencil2D.laplacian((nx - 1, nx - 1), scale=g, shift=1.0), b, u)
    return u


def compare(**options):
    """Iterations with the measured gap, and with the untuned omega = 1."""
    adaptive = tt.relax.AdaptiveSOR(learn="measured")
    heat(lambda A, b, u: adaptive.solve(A, b, u)[0], **options)
    plain = tt.relax.AdaptiveSOR(learn="off", omega=1.0)
    heat(lambda A, b, u: plain.solve(A, b, u)[0], **options)
    return adaptive.history(), plain.history()


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    adaptive, plain = compare(steps=1000)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.plot(adaptive["omega"])
    left.set(xlabel="time step", ylabel="omega")
    for label, history in (("measured gap", adaptive), ("omega = 1", plain)):
        right.plot(np.cumsum(history["iterations"]), label=label)
    right.set(xlabel="time step", ylabel="iterations so far")
    right.legend()
    plt.show()
