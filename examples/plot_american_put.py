"""
American put: a free boundary that moves
========================================

The Black-Scholes inequality for a put that may be exercised early, by implicit Euler steps in log-price, each an
obstacle problem V >= payoff. Projected SOR solves them; its best omega belongs to the region where the option is held,
not to the matrix, so it is learned on the way.
"""

import numpy as np

import trimtab as tt


def american_put(solver, strike=100.0, rate=0.05, volatility=0.3, maturity=1.0, n=400, steps=100):
    """Prices and values at time zero; `solver` is an AdaptiveSOR, whose history tells the sweeps of every step."""
    y = np.linspace(-2.0, 2.0, n + 2)  # log(S / strike)
    h, dt = y[1] - y[0], maturity / steps
    payoff = strike * np.maximum(1 - np.exp(y), 0)
    diffusion, drift = 0.5 * volatility**2 / h**2, (rate - 0.5 * volatility**2) / (2 * h)
    west, east = dt * (drift - diffusion), dt * (-drift - diffusion)
    A = tt.relax.Stencil2D((1, n), [[0, 0, 0], [west, 1 + dt * (2 * diffusion + rate), east], [0, 0, 0]])
    value = payoff.copy()
    for _ in range(steps):
        b = value[1:-1].copy()
        b[0] -= west * payoff[0]  # exercised at once at the lower end, worthless at the upper one
        value[1:-1], _ = solver.solve(A, b, value[1:-1], floor=payoff[1:-1], raise_on_failure=True)
    return strike * np.exp(y), value


def solvers(seed=0):
    """The learning solver, and fixed factors."""
    fixed = {f"omega = {w}": tt.relax.AdaptiveSOR("psor", rtol=1e-9, learn="off", omega=w) for w in (1.0, 1.5, 1.8)}
    return {"learned": tt.relax.AdaptiveSOR("psor", rtol=1e-9, seed=seed), **fixed}


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for name, solver in solvers().items():
        price, value = american_put(solver, steps=400)
        counts = solver.history()["iterations"]
        right.plot(np.cumsum(counts), label=f"{name}: {counts.sum()} sweeps")
    left.plot(price, value, label="value")
    left.plot(price, np.maximum(100 - price, 0), "--", label="payoff")
    left.set(xlim=(40, 180), ylim=(0, 60), xlabel="price", ylabel="value")
    right.set(xlabel="time step", ylabel="sweeps so far", yscale="log")
    left.legend()
    right.legend()
    plt.show()
