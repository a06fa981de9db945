"""Pictures of results; matplotlib is imported on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._config import optional

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .hyperbolic import HyperbolicResult

__all__ = ["draw_classes", "draw_profile"]

# Okabe-Ito colors, safe for color-blind readers
CLASS_COLORS = ("#e8e8e8", "#d55e00", "#0072b2")
VALUE_COLOR = "#000000"
EXACT_COLOR = "#009e73"


def new_axes() -> Axes:
    """Axes of a new figure."""
    pyplot = optional("matplotlib.pyplot", "plot", "plot()")
    axes: Axes = pyplot.subplots(layout="constrained")[1]
    return axes


def draw_classes(ax: Axes, x: Any, classes: Any) -> None:
    """Fill `ax` with the class of each cell as a colored strip."""
    colors = optional("matplotlib.colors", "plot", "plot()")
    half = 0.5 * (x[1] - x[0])
    ax.imshow(
        np.asarray(classes)[None, :],
        extent=(x[0] - half, x[-1] + half, 0.0, 1.0),
        aspect="auto",
        interpolation="nearest",
        cmap=colors.ListedColormap(list(CLASS_COLORS)),
        vmin=-0.5,
        vmax=2.5,
    )
    ax.set_yticks([])


def draw_profile(result: HyperbolicResult, ax: Axes | None, variable: str, exact: Any) -> Axes:
    """One variable over x with the class strip under it; see `HyperbolicResult.plot`."""
    if variable not in result.variables:
        raise ValueError(f"variable: expected one of {', '.join(result.variables)}, got {variable!r}")
    ax = new_axes() if ax is None else ax
    values = getattr(result, variable)
    if exact is not None:
        ax.plot(result.x, exact, color=EXACT_COLOR, linewidth=1.2, label="exact")
    ax.plot(result.x, values[-1] if values.ndim == 2 else values, ".", color=VALUE_COLOR, markersize=3, label=variable)
    strip = ax.inset_axes((0, -0.02, 1, 0.03))
    draw_classes(strip, result.x, result.classes)
    strip.set_xticks([])
    strip.set_xlim(ax.get_xlim())
    ax.set_xlabel("x")
    ax.set_ylabel(variable)
    ax.set_title(f"{result.law.replace('_', ' ')}, t = {float(np.max(result.t)):g}")
    if exact is not None:
        ax.legend(frameon=False)
    return ax
