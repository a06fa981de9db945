"""
Compiled core of trimtab; use the public modules instead.
"""
from __future__ import annotations
from . import core
from . import fractional
from . import hyperbolic
from . import fft
from . import rng
from . import relax
from . import sde
from . import ode
from . import adjoint
from . import steer
__all__: list[str] = ['adjoint', 'core', 'fft', 'fractional', 'hyperbolic', 'ode', 'relax', 'rng', 'sde', 'steer']
