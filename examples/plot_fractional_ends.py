"""
Fractional diffusion: what happens at the ends
==============================================

However smooth f is, the solution of L u = f behaves as dist^(alpha/2) at both ends. Splines on equal cells then
converge as h^(alpha/2) only; four functions with the right power at the ends restore the digits.
"""

import numpy as np

import trimtab as tt

ALPHA = 1.2
SIZES = [29, 61, 125, 253, 509]


def errors(**ends):
    """Largest errors of splines on finer and finer meshes."""
    x = np.linspace(0, 1, 2001)
    exact = tt.fractional.spectral(np.exp, ALPHA, modes=40)(x)
    return [abs(tt.fractional.Riesz(n, 4, ALPHA).solve(np.exp, rtol=1e-14, **ends)(x) - exact).max() for n in SIZES]


def main():
    table = {"plain": errors(), "two end functions": errors(enrichment=2), "four": errors(enrichment=4)}
    for name, values in table.items():
        print(f"{name:>18}", *(f"{v:.1e}" for v in values))
    u = tt.fractional.solve(np.exp, ALPHA, reaction=lambda x: 20 * x, tol=1e-9)
    print(u.message)
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        return table
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    u.plot(left, label="with reaction 20 x")
    tt.fractional.solve(np.exp, ALPHA, tol=1e-9).plot(left, label="without")
    left.set_title(f"L u = exp(x), alpha = {ALPHA}")
    left.legend()
    for name, values in table.items():
        right.loglog(SIZES, values, "o-", label=name)
    right.set(xlabel="cells", ylabel="largest error", title="splines of degree 4")
    right.set_xticks(SIZES, [str(n) for n in SIZES])
    right.set_xticks([], minor=True)
    right.legend()
    figure.savefig("fractional_ends.png", dpi=120)
    return table


if __name__ == "__main__":
    main()
