"""
American put: a free boundary that moves
========================================

The Black-Scholes inequality for a put that may be exercised early, by implicit Euler steps in log-price, each an
obstacle problem V >= payoff. Projected SOR solves them; its best omega belongs to the region where the option is held,
which grows from step to step.
"""

import numpy as np

import trimtab as tt


def american_put(strike=100.0, rate=0.05, volatility=0.3, maturity=1.0, n=400, steps=100, omega=1.5):
    """Prices, values at time zero, and the sweeps of every step."""
    y = np.linspace(-2.0, 2.0, n + 2)  # log(S / strike)
    h, dt = y[1] - y[0], maturity / steps
    payoff = strike * np.maximum(1 - np.exp(y), 0)
    diffusion, drift = 0.5 * volatility**2 / h**2, (rate - 0.5 * volatility**2) / (2 * h)
    west, east = dt * (drift - diffusion), dt * (-drift - diffusion)
    A = tt.relax.Stencil2D((1, n), [[0, 0, 0], [west, 1 + dt * (2 * diffusion + rate), east], [0, 0, 0]])
    value, counts = payoff.copy(), []
    for _ in range(steps):
        b = value[1:-1].copy()
        b[0] -= west * payoff[0]  # exercised at once at the lower end, worthless at the upper one
        r = tt.relax.psor(A, b, payoff[1:-1], omega=omega, x0=value[1:-1], rtol=1e-9, raise_on_failure=True)
        value[1:-1] = r.x
        counts.append(r.nit)
    return strike * np.exp(y), value, counts


if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for omega in (1.0, 1.5, 1.8):
        price, value, counts = american_put(omega=omega)
        right.plot(counts, label=f"omega = {omega}: {sum(counts)} sweeps")
    left.plot(price, value, label="value")
    left.plot(price, np.maximum(100 - price, 0), "--", label="payoff")
    left.set(xlim=(40, 180), ylim=(0, 60), xlabel="price", ylabel="value")
    right.set(xlabel="time step", ylabel="sweeps", yscale="log")
    left.legend()
    right.legend()
    plt.show()
