"""
Treasury bills: from a series of rates to paths
===============================================

The Cox-Ingersoll-Ross model is fitted to fifty years of the three-month treasury bill rate, which end near zero. From
there, paths of the model feel the square root: equal steps are too long near zero and too short elsewhere. Steps that
shrink with the rate are compared with equal ones on the same Brownian paths.

Needs scipy and statsmodels (1959-2009, quarterly, Federal Reserve Bank of St. Louis).
"""

import numpy as np

import trimtab as tt

YEARS = 16.0


def rates():
    """Dates in years, and rates in percent."""
    from statsmodels.datasets import macrodata

    data = macrodata.load_pandas().data
    return data["year"].to_numpy() + (data["quarter"].to_numpy() - 1) / 4, data["tbilrate"].to_numpy()


def errors(model, start, paths, constant=range(5, 14, 2), adaptive=range(-2, 7, 2), finest=8):
    """Steps a path (rejected ones too) and root mean square errors at the end, for both kinds of steps."""
    tree = tt.sde.BrownianTree(seed=1959, t0=0.0, t1=YEARS, levy="H")

    def run(steps):
        return tt.sde.solve(model, [start], tree, solver="hosts", steps=steps, paths=paths)

    def compare(rules):
        solutions = [run(rule) for rule in rules]
        cost = [(s.stats["accepted"] + s.stats["rejected"]) / paths for s in solutions]
        return np.array(cost), np.array([np.sqrt(np.mean((s.y_end - exact) ** 2)) for s in solutions])

    def steps(level):
        return tt.sde.Cir(ctol=2.0**-level, min_step=YEARS * 2.0 ** -(2 * level + 8))

    exact = run(steps(finest)).y_end
    return compare([tt.sde.Constant(2**k) for k in constant]), compare([steps(level) for level in adaptive])


def fan(model, start, paths=2000):
    """Quarterly times, and paths at them."""
    tree = tt.sde.BrownianTree(seed=2009, t0=0.0, t1=YEARS, levy="H")
    times = np.arange(0.25, YEARS + 0.1, 0.25)
    sol = tt.sde.solve(model, [start], tree, steps=tt.sde.Cir(2.0**-3), save_at=times, paths=paths)
    return times, np.maximum(sol.y[:, :, 0], 0)


def main(paths=1000):
    date, rate = rates()
    fit = tt.sde.fit_cir(rate, 0.25)
    print(fit)
    constant, adaptive = errors(fit.model(), rate[-1], paths)
    for name, (cost, error) in (("constant", constant), ("adaptive", adaptive)):
        print(f"{name:>9} steps a path", *(f"{c:9.0f}" for c in cost))
        print(f"{'':>9} rms error   ", *(f"{e:9.1e}" for e in error))
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        return fit, constant, adaptive
    times, y = fan(fit.model(), rate[-1])
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", width_ratios=(3, 2))
    left.plot(date, rate, color="black", lw=1)
    for low in (5, 15, 25, 35):
        band = np.percentile(y, [low, 100 - low], axis=0)
        left.fill_between(date[-1] + times, *band, color="#0072b2", alpha=0.18, lw=0)
    left.plot(date[-1] + times, y[:6].T, color="#0072b2", lw=0.6)
    left.plot(date[-1] + times, np.median(y, axis=0), color="#0072b2", lw=2)
    left.set(ylabel="three-month treasury bill, percent", xlim=(date[0], date[-1] + YEARS), ylim=(0, None))
    left.set_title(f"a = {fit.a:.3f}, b = {fit.b:.2f}, sigma = {fit.sigma:.3f}")
    right.loglog(*constant, "o-", color="#d55e00", label="equal steps")
    right.loglog(*adaptive, "s-", color="#0072b2", label="steps that shrink with the rate")
    right.set(xlabel="steps a path", ylabel="root mean square error, percent", title=f"HOStS, {YEARS:g} years")
    right.legend(frameon=False)
    figure.savefig("treasury_bill.png", dpi=120)
    return fit, constant, adaptive


if __name__ == "__main__":
    main()
