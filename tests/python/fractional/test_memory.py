"""How much a process grows, at most, by assembly, setup and solution of one large system."""

import subprocess
import sys

GROWTH = """
import numpy as np
import trimtab as tt

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

def solve(n):
    op = tt.fractional.Riesz(n, degree=4, alpha=1.5, threads=1)
    f = np.ones(op.shape[0])
    return op.solve(f).iterations

solve(1000)
before = peak()
iterations = solve(1048573)
print(iterations, (peak() - before) / (8 * 1048573))
"""


def test_a_solution_takes_less_than_twenty_vectors():
    found = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True).stdout.split()
    iterations, vectors = int(found[0]), float(found[1])
    assert iterations == 6
    assert vectors <= 20  # those of the right-hand side, the points and the solution too
