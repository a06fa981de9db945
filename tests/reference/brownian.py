"""Brownian increments the plain way: W, H, K themselves, split and joined by the formulas of the literature.

Splits are those of Foster, Lyons and Oberhauser (2020) for a parent of length h, joins are Chen's relation. Exact
rational times, one number at a time; nothing of the library but its words, so that both see the same randomness.
"""

import math
from fractions import Fraction

import numpy as np

from trimtab import _core


def words(seed, node, kind, path, dim):
    mask = 0xFFFFFFFF
    return _core.rng.philox(node & mask, node >> 32 | kind << 24, path & mask, dim | path >> 32 << 24, seed)


def box_muller(u, v):
    """Of u in (0, 1] and v, as the library does."""
    r = math.sqrt(-2 * math.log(u))
    return r * math.cos(2 * math.pi * v), r * math.sin(2 * math.pi * v)


def double_normals(seed, node, kind, path, dim):
    """Three normals of double precision."""
    z = []
    for block in (kind, kind + 1):
        w = words(seed, node, block, path, dim)
        z += box_muller(1 - ((w[1] << 32 | w[0]) >> 12) * 2.0**-52, ((w[3] << 32 | w[2]) >> 12) * 2.0**-52)
    return z[:3]


def single_normals(seed, node, kind, path, dim):
    """Three normals of single precision, before they are rounded."""
    w = words(seed, node, kind, path, dim)
    fraction = [float(np.float32(x * 2.0**-32)) for x in (w[0] + 1, w[1], w[2] + 1, w[3])]
    return [*box_muller(*fraction[:2]), *box_muller(*fraction[2:])][:3]


def join(left, right):
    """Of (h, W, H, K) and (h, W, H, K)."""
    h1, w1, hh1, k1 = left
    h2, w2, hh2, k2 = right
    h = h1 + h2
    d = h2 * w1 - h1 * w2
    k = (h1 * h1 * k1 + h2 * h2 * k2 + h1 * h2 * (hh1 - hh2) / 2 + (h2 - h1) * d / 12) / (h * h)
    return h, w1 + w2, (h1 * hh1 + h2 * hh2 + d / 2) / h, k


class ReferenceTree:
    """Nodes of the tree with ``levy="K"`` on [0, 1]."""

    def __init__(self, seed, path, dim, normals=double_normals):
        self.address = seed, path, dim
        self.normals = normals
        self.known = {}

    def node(self, n):
        """(h, W, H, K) of the node with this heap id."""
        if n not in self.known:
            self.known[n] = self._root() if n == 1 else self._halves(n >> 1)[n & 1]
        return self.known[n]

    def _fresh(self, n, kind):
        seed, path, dim = self.address
        return self.normals(seed, n, kind, path, dim)

    def _root(self):
        z = self._fresh(1, 0)
        return 1.0, z[0], -z[1] / math.sqrt(12), z[2] / math.sqrt(720)

    def _halves(self, n):
        h, w, hh, k = self.node(n)
        z = self._fresh(n, 2)
        a, b, c = (x * math.sqrt(h / var) for x, var in zip(z, (16, 768, 2880), strict=True))
        left = h / 2, w / 2 + 1.5 * hh + a, hh / 4 - a / 2 + 3.75 * k + b, k / 8 - b / 2 + c
        right = h / 2, w / 2 - 1.5 * hh - a, hh / 4 - a / 2 - 3.75 * k - b, k / 8 - b / 2 - c
        return left, right

    def increment(self, s, t, n=1, low=Fraction(0), high=Fraction(1)):
        """(h, W, H, K) over [s, t], dyadic fractions."""
        if s <= low and high <= t:
            return self.node(n)
        middle = (low + high) / 2
        parts = []
        if s < middle:
            parts.append(self.increment(s, min(t, middle), 2 * n, low, middle))
        if t > middle:
            parts.append(self.increment(max(s, middle), t, 2 * n + 1, middle, high))
        return parts[0] if len(parts) == 1 else join(*parts)
