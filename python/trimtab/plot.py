"""Pictures of results; matplotlib is imported on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ._config import optional

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .hyperbolic import HyperbolicResult

__all__ = ["draw_classes", "draw_overview", "draw_profile"]

# Okabe-Ito colors, safe for color-blind readers
CLASS_COLORS = ("#e8e8e8", "#d55e00", "#0072b2")
VALUE_COLOR = "#000000"
EXACT_COLOR = "#009e73"


def new_axes() -> Axes:
    """Axes of a new figure."""
    pyplot = optional("matplotlib.pyplot", "plot", "plot()")
    axes: Axes = pyplot.subplots(layout="constrained")[1]
    return axes


def draw_function(
    function: Callable[[Any], Any], interval: tuple[float, float], ax: Axes | None, points: int, style: dict[str, Any]
) -> Axes:
    """Draw a function of x on an interval, into new axes if none are given."""
    ax = new_axes() if ax is None else ax
    x = np.linspace(*interval, points)
    ax.plot(x, function(x), **style)
    ax.set_xlabel("x")
    return ax


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
    """One variable at the final time with a strip of classes under it; see `HyperbolicResult.plot`."""
    ax = new_axes() if ax is None else ax
    draw_values(ax, result, variable, exact)
    strip = ax.inset_axes((0, -0.03, 1, 0.03))
    draw_classes(strip, result.x, result.classes)
    strip.set_xticks([])
    strip.set_xlim(ax.get_xlim())
    ax.tick_params(axis="x", pad=10)
    ax.set_xlabel("x")
    ax.set_title(f"{result.law.replace('_', ' ')}, t = {float(np.max(result.t)):g}")
    if exact is not None:
        ax.legend(frameon=False)
    return ax


def draw_values(ax: Axes, result: HyperbolicResult, variable: str, exact: Any) -> None:
    """Dots of one variable at the final time, and its exact values as a line."""
    if variable not in result.variables:
        raise ValueError(f"variable: expected one of {', '.join(result.variables)}, got {variable!r}")
    values = result[variable]
    if exact is not None:
        ax.plot(result.x, exact, color=EXACT_COLOR, linewidth=1.2, label="exact")
    ax.plot(result.x, values[-1] if values.ndim == 2 else values, ".", color=VALUE_COLOR, markersize=3, label=variable)
    ax.set_xlim(result.x[0], result.x[-1])
    ax.set_ylabel(variable)


def draw_overview(
    result: HyperbolicResult, *, exact: dict[str, Any] | None = None, class_map: tuple[Any, Any], title: str = ""
) -> Figure:
    """All primitive variables at the final time, and under them the class of each cell over time.

    Parameters
    ----------
    result : HyperbolicResult
    exact : dict, optional
        Exact values by variable name.
    class_map : (times, rows)
        Classes of all cells at increasing times, rows of shape (n,).
    title : str
        Drawn above the first panel.

    Returns
    -------
    matplotlib Figure
    """
    figure_module = optional("matplotlib.figure", "plot", "draw_overview()")
    colors = optional("matplotlib.colors", "plot", "draw_overview()")
    patches = optional("matplotlib.patches", "plot", "draw_overview()")
    n = len(result.variables)
    figure: Figure = figure_module.Figure(figsize=(7, 2.1 * n + 2.2), layout="constrained")
    panels = figure.subplots(n + 1, 1, sharex=True, height_ratios=[1] * n + [0.9])
    for ax, name in zip(panels, result.variables, strict=False):
        draw_values(ax, result, name, None if exact is None else exact[name])
    panels[0].set_title(f"{title}, t = {float(np.max(result.t)):g}, {result.x.size} cells")
    if exact is not None:
        panels[0].legend(frameon=False)
    times, rows = np.asarray(class_map[0]), np.asarray(class_map[1])
    ax = panels[-1]
    if len(times):
        half = 0.5 * (result.x[1] - result.x[0])
        edges = np.concatenate([[0.0], times])
        cells = np.append(result.x - half, result.x[-1] + half)
        palette = colors.ListedColormap(list(CLASS_COLORS))
        ax.pcolormesh(cells, edges, rows, cmap=palette, vmin=-0.5, vmax=2.5, rasterized=True)
    labels = ("smooth: linear scheme", "shock: Ai-WENO-Z", "contact: SBM and LDCU")
    swatches = [patches.Patch(facecolor=c, label=label) for c, label in zip(CLASS_COLORS, labels, strict=True)]
    figure.legend(handles=swatches, loc="outside lower center", ncols=3, frameon=False, fontsize="small")
    ax.set_ylabel("t")
    ax.set_xlabel("x")
    return figure
