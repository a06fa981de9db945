"""Formulas in case files, evaluated by numexpr: arithmetic and elementary functions of x, t and pi, nothing else."""

from __future__ import annotations

from typing import Any

import numexpr
import numpy as np
from numpy.typing import NDArray


def evaluate(text: str | float, x: NDArray[np.float64], **variables: Any) -> NDArray[np.float64]:
    """Values of a formula, or of a plain number, at the coordinates `x`.

    Raises
    ------
    ValueError
        If the text is not a formula of the known names.
    """
    names = {"x": x, "pi": np.pi, **variables}
    try:
        values = numexpr.evaluate(str(text), local_dict=names, global_dict={})
    except KeyError as error:
        known = ", ".join(sorted(names))
        raise ValueError(
            f"unknown name {error} in {text!r}; known are {known} and functions such as sin, exp, where"
        ) from None
    except (SyntaxError, TypeError, ValueError, AttributeError, NotImplementedError) as error:
        raise ValueError(f"{text!r} is not a formula: {error}") from None
    return np.array(np.broadcast_to(values, x.shape), dtype=np.float64)
