"""What `progress=` may be, for every long run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from ._config import optional

Report: TypeAlias = Callable[[float, dict[str, Any]], Any]


@contextmanager
def reporter(progress: bool | Report | None, title: str) -> Iterator[Report | None]:
    """Yield a function (fraction, info) -> true to stop, or None where nobody wants to know."""
    if progress is None or progress is False:
        yield None
    elif callable(progress):
        yield progress
    elif progress is True:
        bar = optional("rich.progress", "cli", "progress=True")
        with bar.Progress(
            bar.TextColumn("{task.description}"),
            bar.BarColumn(),
            bar.TaskProgressColumn(),
            bar.TextColumn("{task.fields[info]}"),
            bar.TimeRemainingColumn(),
        ) as display:
            task = display.add_task(title, total=1.0, info="")

            def show(fraction: float, info: dict[str, Any]) -> None:
                text = "  ".join(f"{k} {v:.6g}" for k, v in info.items())
                display.update(task, completed=fraction, info=text)

            yield show
            display.update(task, completed=1.0)
    else:
        raise TypeError(f"progress: expected True, False or a callable(fraction, info), got {progress!r}")
