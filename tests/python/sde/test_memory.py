"""How much a process grows, at most, by steps and by paths."""

import subprocess
import sys

GROWTH = """
import trimtab as tt

B = tt.sde.BrownianTree(1, 0.0, 4.0, levy="H")
Constant, Adaptive = tt.sde.Constant, tt.sde.Adaptive

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

def growth(paths, *rules):
    before = peak()
    for rule in rules:
        assert tt.sde.solve(tt.sde.ornstein_uhlenbeck(), [1.0], B, steps=rule, paths=paths, threads=1).success
    return peak() - before

growth(1000, Constant(16), Adaptive())
print(growth(1000, Constant(2**16), Adaptive(rtol=0.0, atol=1e-4)), growth(10**6, Constant(4)) / 10**6)
"""


def test_memory_grows_with_the_answer_alone():
    found = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True).stdout.split()
    by_steps, by_path = map(float, found)
    assert by_steps < 2**20  # 65536 steps of 1000 paths would be half a gigabyte
    assert by_path < 40  # y, y_end, t_end, the path's number and status are 33 bytes
