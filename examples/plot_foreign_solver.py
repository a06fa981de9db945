"""
Steering somebody else's solver
===============================

SciPy's incomplete LU factor has a drop tolerance: a small one costs time to factor, a large one costs iterations. Which
is best depends on the matrix, and that changes from step to step. The tuner needs three lines around the solver.
"""

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as linalg

import trimtab as tt

TOLERANCES = [10.0**-k for k in range(1, 6)]


def matrices(steps, n=40):
    """Convection and diffusion, with a wind that grows and falls."""
    for step in range(steps):
        wind = 0.5 * (1 + np.sin(2 * np.pi * step / steps))
        stencil = [[0, -1, 0], [-1 - wind, 4.01, -1 + wind], [0, -1, 0]]
        indptr, indices, data = tt.relax.Stencil2D((n, n), stencil).to_csr()
        yield sp.csc_array(sp.csr_array((data, indices, indptr)))


def work(A, tolerance):
    """Multiplications of one solve: GMRES with the factor, and, with a weight, the factor itself."""
    factor = linalg.spilu(A, drop_tol=tolerance, fill_factor=30)
    seen = []
    x, failed = linalg.gmres(
        A,
        np.ones(A.shape[0]),
        M=linalg.LinearOperator(A.shape, factor.solve),
        rtol=1e-8,
        callback=seen.append,
        callback_type="pr_norm",
    )
    if failed or np.linalg.norm(A @ x - 1) > 1e-6 * np.sqrt(len(x)):
        raise RuntimeError(f"no convergence with drop_tol={tolerance}")
    return len(seen) * (A.nnz + factor.nnz) + 5 * factor.nnz


def compare(steps=150, seed=1):
    """Work of each fixed tolerance, shape (steps, 5), and of the tuner, shape (steps,)."""
    tuner = tt.steer.Tuner(TOLERANCES, "thompson", positions=np.log10(TOLERANCES), reference=2, seed=seed)
    fixed, tuned = [], []
    for A in matrices(steps):
        fixed.append([work(A, tolerance) for tolerance in TOLERANCES])
        suggestion = tuner.suggest()
        cost = fixed[-1][suggestion.index]  # a program of your own solves here: work(A, suggestion.arm)
        tuner.observe(cost)
        tuned.append(cost)
    return np.array(fixed), np.array(tuned), tuner


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    fixed, tuned, tuner = compare()
    figure, ax = plt.subplots(layout="constrained")
    best = np.cumsum(fixed.min(axis=1))
    for tolerance, column in zip(TOLERANCES, fixed.T, strict=True):
        ax.plot(np.cumsum(column) / best, linewidth=1, label=f"drop_tol = {tolerance:g}")
    ax.plot(np.cumsum(tuned) / best, color="black", label="tuner")
    ax.set(xlabel="step", ylabel="work so far / best in every step", ylim=(0.95, 2))
    ax.legend()
    plt.show()
