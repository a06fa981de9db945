"""The adaptive A-WENO scheme for the 1D Euler equations, written to be read: NumPy, one formula a line, no tricks.

Arrays are (3, n + 6): conserved variables U = (rho, m, E) or primitive ones W = (rho, v, p), with three ghost cells a
side.
"""

import numpy as np

SMOOTH, SHOCK, CONTACT = 0, 1, 2
HALO = 3


def primitive(U, gamma):
    rho, m, E = U
    return np.array([rho, m / rho, (gamma - 1) * (E - m**2 / (2 * rho))])


def conservative(W, gamma):
    rho, v, p = W
    return np.array([rho, rho * v, p / (gamma - 1) + rho * v**2 / 2])


def physical_flux(U, gamma):
    rho, v, p = primitive(U, gamma)
    return np.array([rho * v, rho * v**2 + p, v * (U[2] + p)])


def sound_speed(W, gamma):
    return np.sqrt(gamma * W[2] / W[0])


def with_ghosts(U, bc):
    """U of shape (3, n) with three ghost cells a side."""
    if bc == "periodic":
        return np.concatenate([U[:, -HALO:], U, U[:, :HALO]], axis=1)
    if bc == "outflow":
        return np.concatenate([np.repeat(U[:, :1], HALO, 1), U, np.repeat(U[:, -1:], HALO, 1)], axis=1)
    flip = np.array([[1.0], [-1.0], [1.0]])
    return np.concatenate([flip * U[:, HALO - 1 :: -1], U, flip * U[:, : -HALO - 1 : -1]], axis=1)


def unlimited(a, b, c, d, e):
    return (3 * a - 20 * b + 90 * c + 60 * d - 5 * e) / 128


def ai_weno_z(a, b, c, d, e, eps=1e-12, mu0=1e-40):
    P = [(3 * a - 10 * b + 15 * c) / 8, (-b + 6 * c + 3 * d) / 8, (3 * c + 6 * d - e) / 8]
    beta = [
        13 / 12 * (a - 2 * b + c) ** 2 + (a - 4 * b + 3 * c) ** 2 / 4,
        13 / 12 * (b - 2 * c + d) ** 2 + (b - d) ** 2 / 4,
        13 / 12 * (c - 2 * d + e) ** 2 + (3 * c - 4 * d + e) ** 2 / 4,
    ]
    mean = (a + b + c + d + e) / 5
    mu = sum(abs(u - mean) for u in (a, b, c, d, e)) / 5 + mu0
    tau = abs(beta[2] - beta[0])
    alpha = [
        dk * (1 + (tau / np.maximum(bk + eps * mu**2, 1e-100)) ** 2)
        for dk, bk in zip((1 / 16, 10 / 16, 5 / 16), beta, strict=True)
    ]
    return sum(ak * Pk for ak, Pk in zip(alpha, P, strict=True)) / sum(alpha)


def sbm_slope(backward, forward, theta=2.0, tau=-0.25):
    lo, hi = min(abs(backward), abs(forward)), max(abs(backward), abs(forward))
    return np.sign(backward) * min(theta * lo, hi + tau * (lo - hi)) if backward * forward > 0 else 0.0


def eigenvectors(W, gamma):
    """Columns of R are the right eigenvectors of the flux Jacobian at W, rows of L the left ones."""
    rho, v, p = W
    c = np.sqrt(gamma * p / rho)
    H = c**2 / (gamma - 1) + v**2 / 2
    R = np.array([[1, 1, 1], [v - c, v + c, v], [H - v * c, H + v * c, v**2 / 2]])
    return np.linalg.inv(R), R


def fan_speeds(WL, WR, gamma):
    cL, cR = sound_speed(WL, gamma), sound_speed(WR, gamma)
    return min(WL[1] - cL, WR[1] - cR, 0.0), max(WL[1] + cL, WR[1] + cR, 0.0)


def central_upwind(UL, UR, gamma):
    lo, hi = fan_speeds(primitive(UL, gamma), primitive(UR, gamma), gamma)
    return (hi * physical_flux(UL, gamma) - lo * physical_flux(UR, gamma) + hi * lo * (UR - UL)) / (hi - lo)


def minmod(a, b):
    return np.sign(a) * min(abs(a), abs(b)) if a * b > 0 else 0.0


def ldcu(UL, UR, gamma):
    lo, hi = fan_speeds(primitive(UL, gamma), primitive(UR, gamma), gamma)
    star = (hi * UR - lo * UL - (physical_flux(UR, gamma) - physical_flux(UL, gamma))) / (hi - lo)
    u = star[1] / star[0]
    xl, xr = u - lo, hi - u
    F = central_upwind(UL, UR, gamma)
    if hi <= 0 or lo >= 0 or xl <= 0 or xr <= 0:
        return F
    A = hi / xr if u < 0 else -lo / xl
    Q = A * minmod(xl * (star[0] - UL[0]), xr * (UR[0] - star[0]))
    return F + np.array([Q, u * Q, u**2 / 2 * Q])


def correction(F):
    """A-WENO correction from the six point fluxes around a face."""
    w = np.array([19 / 3840, -137 / 3840, 59 / 1920, 59 / 1920, -137 / 3840, 19 / 3840])
    return F @ w


def face_flux(U6, kind, gamma):
    """Flux between the third and the fourth of six cells, U6 of shape (3, 6)."""
    if kind == SMOOTH:
        UL, UR = unlimited(*U6.T[:5]), unlimited(*U6.T[:0:-1])
    else:
        W = primitive(U6, gamma)
        L, R = eigenvectors((W[:, 2] + W[:, 3]) / 2, gamma)
        C = L @ U6
        if kind == SHOCK:
            UL, UR = R @ ai_weno_z(*C.T[:5]), R @ ai_weno_z(*C.T[:0:-1])
        else:
            D = np.diff(C, axis=1)
            UL = R @ (C[:, 2] + np.array([sbm_slope(d[1], d[2]) for d in D]) / 2)
            UR = R @ (C[:, 3] - np.array([sbm_slope(d[2], d[3]) for d in D]) / 2)
    for U, cell in ((UL, U6[:, 2]), (UR, U6[:, 3])):
        if U[0] <= 0 or primitive(U, gamma)[2] <= 0:
            U[:] = cell
    if kind == CONTACT:
        return ldcu(UL, UR, gamma)
    return central_upwind(UL, UR, gamma) + correction(physical_flux(U6, gamma))


def fluxes(U, kinds, gamma):
    """Fluxes at the n + 1 faces; U with ghosts."""
    return np.array([face_flux(U[:, i : i + 6], kind, gamma) for i, kind in enumerate(kinds)]).T


def keep_positive(H, U, lam, gamma, floor):
    """Blend of H with the first-order flux; U with ghosts."""
    H = H.copy()
    for i in range(H.shape[1]):
        UL, UR = U[:, i + 2], U[:, i + 3]
        low = central_upwind(UL, UR, gamma)
        for q, eps in enumerate(floor):
            theta = 1.0
            for cell, sign in ((UL, -lam), (UR, lam)):

                def value(flux, cell=cell, sign=sign, q=q):
                    state = cell + sign * flux
                    return state[0] if q == 0 else primitive(state, gamma)[2]

                if value(H[:, i]) < eps:
                    theta = min(theta, max(0.0, (value(low) - eps) / (value(low) - value(H[:, i]))))
            H[:, i] = low + theta * (H[:, i] - low) if theta < 1 else H[:, i]
    return H


def twin_rate(W, dx, gamma):
    """Time derivative of the primitive variables in nonconservative form; W with ghosts."""
    n = W.shape[1] - 2 * HALO
    J = np.empty((3, n + 1))
    for i in range(n + 1):
        lo, hi = fan_speeds(W[:, i + 2], W[:, i + 3], gamma)
        jump = 3 / 128 * (W[:, i : i + 6] @ np.array([-1, 5, -10, 10, -5, 1]))
        J[:, i] = -hi * lo / (hi - lo) * jump
    rates = np.empty((3, n))
    for j in range(n):
        rho, v, p = W[:, j + HALO]
        r, u, q = W[:, j : j + 7] @ np.array([-1, 9, -45, 0, 45, -9, 1]) / (60 * dx)
        rates[:, j] = -np.array([v * r + rho * u, v * u + q / rho, v * q + gamma * p * u])
    return rates + np.diff(J, axis=1) / dx


def defects(W, U1, W1, gamma):
    """Contact defect and pressure defect per cell, one step after W."""
    density = abs(U1[0] - W1[0]) / W[0]
    momentum = abs(U1[1] - W1[0] * W1[1]) / (W[0] * (sound_speed(W, gamma) + abs(W[1])))
    return np.maximum(density, momentum), abs(primitive(U1, gamma)[2] - W1[2]) / W[2]


def class_ghosts(c, bc):
    return np.concatenate([c[-1:], c, c[:1]]) if bc == "periodic" else np.concatenate([c[:1], c, c[-1:]])


def classify(wave, pressure, bc, tol=3e-4, kappa=0.1, grow=1):
    rough = np.maximum(wave, pressure) > tol
    c = np.where(~rough, SMOOTH, np.where(pressure < kappa * wave, CONTACT, SHOCK))
    for _ in range(grow):
        near = np.stack([class_ghosts(c, bc)[k : k + c.size] for k in range(3)])
        c = np.where((near == SHOCK).any(0), SHOCK, near.max(0))
    return c


def face_classes(c, W, bc):
    """Class of each face; contacts must pass the monotone-layer test on density. W with ghosts."""
    c = class_ghosts(c, bc)
    kinds = np.maximum(c[:-1], c[1:])
    for i in np.flatnonzero(kinds == CONTACT):
        rho = W[0, i : i + 6]
        variation = abs(np.diff(rho)).sum()
        if variation - abs(rho[5] - rho[0]) > 0.05 * variation + 1e-3 * max(rho[2], rho[3]):
            kinds[i] = SHOCK
    return kinds


class Solver:
    """Adaptive scheme with the one-stage defect as indicator."""

    def __init__(self, W, dx, bc, gamma=1.4, cfl=0.45):
        self.U, self.dx, self.bc, self.gamma, self.cfl = conservative(W, gamma), dx, bc, gamma, cfl
        self.floor = 1e-13 * np.array([W[0].min(), W[2].min()])
        self.steps = 0
        n = W.shape[1]
        self.stage(self.U, np.full(n + 1, SHOCK), self.time_step(), first=True)

    def time_step(self):
        W = primitive(self.U, self.gamma)
        cfl = 0.2 * self.cfl if self.steps < 5 else self.cfl
        return cfl * self.dx / (abs(W[1]) + sound_speed(W, self.gamma)).max()

    def stage(self, U, kinds, dt, first=False):
        """U + dt L(U); the first stage of a step also finds the classes of the next one."""
        ghosted = with_ghosts(U, self.bc)
        H = fluxes(ghosted, kinds, self.gamma)
        H = keep_positive(H, ghosted, 2 * dt / self.dx, self.gamma, self.floor)
        U1 = U - dt / self.dx * np.diff(H, axis=1)
        if first:
            W = primitive(ghosted, self.gamma)
            inner = W[:, HALO:-HALO]
            W1 = inner + dt * twin_rate(W, self.dx, self.gamma)
            self.classes = classify(*defects(inner, U1, W1, self.gamma), self.bc)
        return U1

    def step(self):
        dt = self.time_step()
        W = primitive(with_ghosts(self.U, self.bc), self.gamma)
        kinds = face_classes(self.classes, W, self.bc)
        U1 = self.stage(self.U, kinds, dt, first=True)
        U2 = 0.75 * self.U + 0.25 * self.stage(U1, kinds, dt)
        self.U = self.U / 3 + 2 / 3 * self.stage(U2, kinds, dt)
        self.steps += 1
