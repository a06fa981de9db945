"""
Sampling a posterior: Langevin paths beside NUTS
================================================

Bayesian logistic regression of the breast cancer data of scikit-learn: 30 standardized features and an intercept,
prior N(0, 1) for each. Underdamped Langevin dynamics of third order (QUICSORT), many chains as paths of one solve, with
adaptive and with constant steps, beside the No-U-Turn sampler of blackjax. All start at the same points, in coordinates
scaled by the diagonal of the covariance that the curvature at the mode gives.

The currency is the gradient of the log-posterior. All of them are counted: every leapfrog step of NUTS, every
evaluation of Langevin in accepted, rejected and halved steps. Warm-up is counted too, and shown apart.

Needs arviz, blackjax and scikit-learn.
"""

from dataclasses import dataclass

import numpy as np

import trimtab as tt

SPACING = 0.375  # time between saved states, a node of every tree below


@dataclass
class Posterior:
    """U(z) of the scaled coordinates z: the weights are mode + scale z."""

    design: np.ndarray  # (observations, weights)
    label: np.ndarray  # 0 or 1
    mode: np.ndarray
    scale: np.ndarray

    @property
    def dim(self):
        return self.mode.size

    def gradient(self, z):
        """grad U for many chains at once: (m, dim) -> (m, dim)."""
        weights = self.mode + z * self.scale
        miss = 0.5 + 0.5 * np.tanh(weights @ self.design.T / 2) - self.label  # the logistic function, without overflow
        return (miss @ self.design + weights) * self.scale


def breast_cancer():
    """The posterior, scaled at its mode by Newton's method."""
    from sklearn.datasets import load_breast_cancer

    features, label = load_breast_cancer(return_X_y=True)
    design = np.column_stack([np.ones(len(label)), (features - features.mean(0)) / features.std(0)])
    plain = Posterior(design, label, np.zeros(design.shape[1]), np.ones(design.shape[1]))
    mode = plain.mode
    for _ in range(30):
        p = 0.5 + 0.5 * np.tanh(design @ mode / 2)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.eye(plain.dim)
        mode = mode - np.linalg.solve(hessian, plain.gradient(mode[None])[0])
    return Posterior(design, label, mode, np.sqrt(np.diag(np.linalg.inv(hessian))))


@dataclass
class Run:
    """Draws of all chains after warm-up, and gradients of all chains together."""

    draws: np.ndarray  # (chains, draws, dim)
    gradients: int
    warm_up: int

    def effective(self, function=lambda z: z):
        """Effective sample size of each coordinate (Vehtari et al. 2021, bulk)."""
        import arviz

        z = function(self.draws)
        return np.array([float(arviz.ess(np.ascontiguousarray(z[..., i]))) for i in range(z.shape[-1])])

    def row(self):
        """Effective samples per thousand gradients: least and median of coordinates, least of their squares."""
        linear, square = self.effective(), self.effective(np.square)
        unit = 1e3 / self.gradients
        return linear.min() * unit, np.median(linear) * unit, square.min() * unit

    def mean_and_deviation(self):
        """Of each coordinate, with their standard errors."""
        flat = self.draws.reshape(-1, self.draws.shape[-1])
        deviation = flat.std(0)
        centered = self.effective(lambda z: (z - flat.mean(0)) ** 2)
        spread = ((flat - flat.mean(0)) ** 2).std(0) / (2 * deviation)
        return flat.mean(0), deviation, deviation / np.sqrt(self.effective()), spread / np.sqrt(centered)


def start(dim, chains, seed):
    """Overdispersed starts, the same for every sampler."""
    return 1.5 * np.random.default_rng(seed).standard_normal((chains, dim))


def langevin(posterior, z, solver, steps, *, gamma, warm_up, duration, seed):
    """Chains of Langevin dynamics in z, where u = 1. `steps` is Adaptive, or the length of a constant step."""
    levy = tt.sde.solver_info(solver).levy
    velocity = np.random.default_rng(seed).standard_normal(z.shape)
    y, cost = np.concatenate([z, velocity], axis=1), []
    model = tt.sde.langevin(posterior.gradient, gamma, 1.0, dim=posterior.dim)
    for part, time in enumerate((warm_up, duration)):
        tree = tt.sde.BrownianTree(2 * seed + part, 0.0, time, dim=posterior.dim, levy=levy)
        rule = tt.sde.Constant(round(time / steps)) if isinstance(steps, float) else steps
        save = np.arange(SPACING, time + SPACING / 2, SPACING)
        sol = tt.sde.solve(model, y, tree, solver=solver, steps=rule, save_at=save)
        if not sol.success:
            raise RuntimeError(sol.message)
        y = sol.y_end
        cost.append(sol.stats["nfev"])
    return Run(sol.y[:, :, : posterior.dim], cost[1], cost[0])


def nuts(posterior, z, *, warm_up, draws, seed, target=0.8):
    """As many chains of NUTS with window adaptation of step and diagonal metric, each its own."""
    import blackjax
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    design, label, mode, scale = map(jnp.asarray, (posterior.design, posterior.label, posterior.mode, posterior.scale))

    def log_density(z):
        weights = mode + z * scale
        logits = design @ weights
        return -jnp.sum(jnp.logaddexp(0, logits) - label * logits) - weights @ weights / 2

    def chain(key, position):
        first, second = jax.random.split(key)
        adapt = blackjax.window_adaptation(blackjax.nuts, log_density, target_acceptance_rate=target)
        (state, parameters), info = adapt.run(first, position, num_steps=warm_up)
        kernel = blackjax.nuts(log_density, **parameters)

        def one(state, key):
            state, info = kernel.step(key, state)
            return state, (state.position, info.num_integration_steps)

        _, (positions, steps) = jax.lax.scan(one, state, jax.random.split(second, draws))
        return positions, steps.sum(), info.info.num_integration_steps.sum()

    keys = jax.random.split(jax.random.key(seed), len(z))
    positions, gradients, before = jax.jit(jax.vmap(chain))(keys, jnp.asarray(z))
    return Run(np.asarray(positions), int(gradients.sum()), int(before.sum()))


def agreement(one, other):
    """Largest and root mean square difference of means and of deviations, in standard errors of the difference."""
    mean, deviation, mean_error, deviation_error = one.mean_and_deviation()
    mean2, deviation2, mean_error2, deviation_error2 = other.mean_and_deviation()
    z = (mean - mean2) / np.hypot(mean_error, mean_error2)
    w = (deviation - deviation2) / np.hypot(deviation_error, deviation_error2)
    return abs(z).max(), np.sqrt(np.mean(z**2)), abs(w).max(), np.sqrt(np.mean(w**2))


def adaptive(tolerance):
    """Steps whose error in the scaled coordinates stays below a number, the same at every place."""
    return tt.sde.Adaptive(rtol=0.0, atol=tolerance)


CASES = {
    "QUICSORT, adaptive, 3": ("quicsort", adaptive(3.0)),
    "QUICSORT, adaptive, 1": ("quicsort", adaptive(1.0)),
    "QUICSORT, h = 3/8": ("quicsort", 0.375),
    "QUICSORT, h = 3/16": ("quicsort", 0.1875),
    "ALIGN, adaptive, 3": ("align", adaptive(3.0)),
    "UBU, h = 3/16": ("ubu", 0.1875),
    "UBU, h = 3/8": ("ubu", 0.375),
}


def main(chains=16, duration=768.0, draws=1000):
    posterior = breast_cancer()
    z = start(posterior.dim, chains, seed=1)
    runs = {
        name: langevin(posterior, z, solver, steps, gamma=0.5, warm_up=24.0, duration=duration, seed=4)
        for name, (solver, steps) in CASES.items()
    }
    runs |= {
        f"NUTS, target {target}": nuts(posterior, z, warm_up=400, draws=draws, seed=5, target=target)
        for target in (0.7, 0.8)
    }
    truth = runs["NUTS, target 0.8"]
    rows = {name: run.row() for name, run in runs.items()}
    print(f"{'':>22}  gradients  (warm-up)   effective samples per 1000 gradients    difference to NUTS 0.8, in errors")
    print(
        f"{'':>22}                              least   median   least of squares     mean max, rms  deviation max, rms"
    )
    for name, run in runs.items():
        least, median, square = rows[name]
        differences = "" if run is truth else "{:14.1f} {:6.2f} {:10.1f} {:6.2f}".format(*agreement(run, truth))
        print(
            f"{name:>22} {run.gradients:10} {run.warm_up:10} {least:14.1f} {median:8.1f} {square:12.1f} {differences}",
            flush=True,
        )
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        return rows
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    place = np.arange(len(rows))
    for i, (label, color) in enumerate((("least", "#0072b2"), ("median", "#56b4e9"), ("least of squares", "#d55e00"))):
        left.barh(place + 0.27 * (i - 1), [row[i] for row in rows.values()], 0.25, label=label, color=color)
    left.set_yticks(place, list(rows))
    left.invert_yaxis()
    left.set(xlabel="effective samples per 1000 gradients")
    left.legend(frameon=False)
    exact = truth.mean_and_deviation()
    for name, color in (("QUICSORT, adaptive, 3", "#0072b2"), ("UBU, h = 3/16", "#d55e00")):
        right.plot(exact[0], runs[name].mean_and_deviation()[0], "o", ms=4, mfc="none", color=color, label=name)
    right.axline((0, 0), slope=1, color="black", lw=0.5)
    right.set(xlabel="posterior means by NUTS, in scales of the mode", ylabel="by Langevin")
    right.legend(frameon=False)
    figure.savefig("langevin_mcmc.png", dpi=120)
    return rows


if __name__ == "__main__":
    main()
