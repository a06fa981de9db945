"""
A neural differential equation that is cheap to solve
=====================================================

A small network learns the field of a spiral from pieces of its path, with NumPy alone: `solve_ode` solves all pieces,
each with its own steps, and the discrete adjoint of these steps gives the gradients. Of all fields that fit the data
some are quicker to solve than others. The error that the solver estimates anyway, R_E = mean of e_n |h_n|, is
differentiable: added to the loss, it makes the steps longer and the solution of the trained equation cheaper.
"""

import numpy as np

import trimtab as tt

HIDDEN, PIECES, LENGTH = 32, 24, 1.0
MATRIX = np.array([[-0.1, 2.0], [-2.0, -0.1]])
TIMES = np.linspace(0, LENGTH, 7)[1:]
SETTINGS = {"rtol": 1e-4, "atol": 1e-4}


def spiral(t, y):
    return MATRIX @ y


def field(t, y, w1, b1, w2, b2):
    return np.tanh(y @ w1 + b1) @ w2 + b2


def field_vjp(t, y, v, w1, b1, w2, b2):
    """Products of v, shaped as y, with the derivatives of the field: by y, and by the parameters in turn."""
    hidden = np.tanh(y @ w1 + b1)
    inner = v @ w2.T * (1 - hidden**2)
    return inner @ w1.T, y.T @ inner, inner.sum(axis=0), hidden.T @ v, v.sum(axis=0)


class Adam:
    def __init__(self, parameters, rate):
        self.rate, self.count = rate, 0
        self.mean, self.square = ([np.zeros_like(p) for p in parameters] for _ in range(2))

    def update(self, parameters, gradients):
        self.count += 1
        for p, g, m, s in zip(parameters, gradients, self.mean, self.square, strict=True):
            m += 0.1 * (g - m)
            s += 0.01 * (g * g - s)
            p -= self.rate * (m / (1 - 0.9**self.count)) / (np.sqrt(s / (1 - 0.99**self.count)) + 1e-8)


def train(weight, iterations, seed=0, report=None):
    """Fit with a weight on R_E that falls to a tenth; returns the parameters."""
    rng = np.random.default_rng(seed)
    truth = tt.sde.solve_ode(spiral, (0, 25 + LENGTH), [2.0, 0.0], dense_output=True, rtol=1e-8).sol
    shapes = ((2, HIDDEN), (HIDDEN,), (HIDDEN, 2), (2,))
    parameters = [scale * rng.standard_normal(s) for scale, s in zip((2.0, 2.0, 0.1, 0.1), shapes, strict=True)]
    optimizer = Adam(parameters, 0.02)
    for k in range(iterations):
        starts = rng.uniform(0, 25, PIECES)
        data = np.stack([truth(starts + t) for t in TIMES], axis=-1).transpose(1, 0, 2)  # (pieces, 2, times)
        sol = tt.sde.solve_ode(field, (0, LENGTH), truth(starts).T, args=tuple(parameters), t_eval=TIMES, **SETTINGS)
        tape = sol.adjoint(field_vjp)
        misfit = sol.y - data
        annealed = weight * 0.1 ** (k / iterations)
        gradient = tape.gradient(2 * misfit / misfit.size, error_bar=annealed / PIECES)
        optimizer.update(parameters, gradient.args)
        optimizer.rate = 0.02 * 0.1 ** (k / iterations)
        if report is not None and (k + 1) % 50 == 0:
            report(k + 1, np.mean(misfit**2), tape.error.mean(), sol.nfev.mean())
    return parameters


def cost(parameters):
    """Evaluations that the whole spiral takes, its root mean square error, and the spirals."""
    t = np.linspace(0, 25, 251)
    sol = tt.sde.solve_ode(field, (0, 25), [[2.0, 0.0]], args=tuple(parameters), t_eval=t, **SETTINGS)
    exact = tt.sde.solve_ode(spiral, (0, 25), [2.0, 0.0], t_eval=t, rtol=1e-8).y
    return int(sol.nfev[0]), float(np.sqrt(np.mean((sol.y[0] - exact) ** 2))), sol.y[0], exact


def main(iterations=400, weights=(0.0, 0.3, 1.0)):
    results = {}
    for weight in weights:
        print(f"weight {weight:g} on R_E: iteration, misfit, R_E, evaluations of a piece")
        learned = train(weight, iterations, report=lambda *row: print("  {:4d} {:9.2e} {:9.2e} {:6.1f}".format(*row)))
        results[weight] = cost(learned)
        print("  the whole spiral: {} evaluations, rms error {:.3f}".format(*results[weight][:2]))
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        return results
    figure, axes = plt.subplots(1, len(results), figsize=(4 * len(results), 4), layout="constrained", squeeze=False)
    for ax, (weight, (nfev, _, learned, exact)) in zip(axes[0], results.items(), strict=True):
        ax.plot(*exact, color="0.7", linewidth=4)
        ax.plot(*learned, color="C0")
        ax.set_title(f"weight {weight:g}: {nfev} evaluations")
    figure.savefig("neural_ode.png", dpi=120)
    return results


if __name__ == "__main__":
    main()
