"""Relaxation written to be read: dense NumPy, one formula a line."""

import numpy as np


def split(A):
    """Diagonal, strict lower and strict upper part."""
    return np.diag(np.diag(A)), np.tril(A, -1), np.triu(A, 1)


def sor_sweep(A, b, x, omega, rows=None, floor=None):
    """Each row in turn, with the newest values."""
    x = x.copy()
    for i in range(len(b)) if rows is None else rows:
        x[i] += omega * (b[i] - A[i] @ x) / A[i, i]
        if floor is not None:
            x[i] = max(x[i], floor[i])
    return x


def sor(A, b, omega, sweeps, x=None, **options):
    x = np.zeros(len(b)) if x is None else x
    for _ in range(sweeps):
        x = sor_sweep(A, b, x, omega, **options)
    return x


def red_black(shape):
    """Rows with even coordinate sum, then the others."""
    color = np.indices(shape).sum(axis=0).ravel() % 2
    return [*np.flatnonzero(color == 0), *np.flatnonzero(color == 1)]


def ssor_matrix(A, omega):
    D, L, U = split(A)
    return (D + omega * L) @ np.linalg.inv(D) @ (D + omega * U) / (omega * (2 - omega))


def pcg(A, b, M, rtol=1e-8):
    """Preconditioned conjugate gradients from zero, in the plain form; the solution and the iterations."""
    x, r = np.zeros(len(b)), b.copy()
    z = np.linalg.solve(M, r)
    p, rz = z, r @ z
    for k in range(1, 10 * len(b)):
        alpha = rz / (p @ A @ p)
        x, r = x + alpha * p, r - alpha * (A @ p)
        if np.linalg.norm(r) <= rtol * np.linalg.norm(b):
            return x, k
        z = np.linalg.solve(M, r)
        rz, old = r @ z, rz
        p = z + rz / old * p
    return x, -1


def dense(matrix):
    """(indptr, indices, data) as an array."""
    indptr, indices, data = matrix
    A = np.zeros((len(indptr) - 1,) * 2)
    A[np.repeat(np.arange(len(A)), np.diff(indptr)), indices] = data
    return A
