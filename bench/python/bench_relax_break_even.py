"""From which solve on a setup pays: python bench/python/bench_relax_break_even.py [--quick].

One Poisson matrix on m x m points and many right-hand sides: SSOR-PCG with Young's omega, which needs no setup, beside
pyamg's Ruge-Stuben multigrid with conjugate gradients and SciPy's SuperLU, whose setups are timed on their own. The
break-even is setup / (our solve - their solve). CPU time, one thread.
"""

from __future__ import annotations

import argparse
import math

import numpy as np
import pyamg
import scipy.sparse as sp
import scipy.sparse.linalg as linalg
from harness import measure, write

import trimtab as tt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small grids, fewer rounds")
    quick = parser.parse_args().quick
    rows = []
    for m in (50, 100) if quick else (50, 100, 200, 400):
        grid = tt.relax.Stencil2D.laplacian((m, m))
        indptr, indices, data = grid.to_csr()
        A = sp.csr_matrix((data, indices, indptr))
        b = np.random.default_rng(0).standard_normal(m * m)
        omega = tt.relax.omega_opt(gap=1 - math.cos(math.pi / (m + 1)))
        multigrid, factor = pyamg.ruge_stuben_solver(A), linalg.splu(A.tocsc())
        times = measure(
            {
                "ours, stencil": lambda g=grid, b=b, w=omega: tt.relax.ssor_pcg(g, b, omega=w, threads=1),
                "ours, rows": lambda A=A, b=b, w=omega: tt.relax.ssor_pcg(A, b, omega=w, threads=1),
                "pyamg setup": lambda A=A: pyamg.ruge_stuben_solver(A),
                "pyamg solve": lambda s=multigrid, b=b: s.solve(b, tol=1e-8, accel="cg"),
                "splu setup": lambda A=A: linalg.splu(A.tocsc()),
                "splu solve": lambda f=factor, b=b: f.solve(b),
            },
            rounds=3 if quick else 7,
        )
        for name, t in times.items():
            rows.append({"m": m, "candidate": name, "time": t})
            print(f"{m:>5} {name:>14} {t.median * 1e3:9.2f} ms {t.spread:4.0%}")
        for ours in ("ours, stencil", "ours, rows"):
            for peer in ("pyamg", "splu"):
                gain = times[ours].median - times[f"{peer} solve"].median
                solves = times[f"{peer} setup"].median / gain if gain > 0 else math.inf
                rows.append({"m": m, "candidate": f"{ours} and {peer}", "break_even": solves})
                print(f"{m:>5} {ours}: {peer} pays from {solves:.0f} solves on", flush=True)
    print(write("relax_break_even", rows, "pyamg", "scipy"))


if __name__ == "__main__":
    main()
