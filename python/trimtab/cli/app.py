"""Commands of the `trimtab` program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from .. import io, plot
from .._config import show_config
from .._progress import reporter
from ..hyperbolic import HyperbolicResult
from .case import Case, CaseError, load_case
from .job import Job

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Numerics that steer themselves.")
console = Console(highlight=False)

CaseFile = Annotated[Path, typer.Argument(help="Problem in TOML, such as examples/cases/sod.toml.", show_default=False)]


@app.command()
def info() -> None:
    """Show how this trimtab was built and what it uses."""
    show_config()


@app.command()
def run(
    case: CaseFile,
    out: Annotated[Path | None, typer.Option(help="Folder for the results.", show_default="out/<case>")] = None,
    scheme: Annotated[
        str | None, typer.Option(help="adaptive, aweno, aweno-ldcu or linear; overrides the case.", show_default=False)
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Overrides the case.", show_default=False)] = None,
    restart: Annotated[Path | None, typer.Option(help="Go on from this checkpoint.", show_default=False)] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Run the unsteered scheme as well, for comparison.")
    ] = False,
) -> None:
    """Run a problem, and write its solution, its picture and a summary."""
    try:
        _run(case, out or Path("out") / case.stem, scheme, threads, restart, compare)
    except (CaseError, ValueError, TypeError, ImportError) as error:
        console.print(f"[bold red]error[/] {error}", soft_wrap=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        console.print("interrupted")
        raise typer.Exit(130) from None


def _run(path: Path, out: Path, scheme: str | None, threads: int | None, restart: Path | None, compare: bool) -> None:
    case = load_case(path)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "checkpoint.npz"
    if restart is not None:
        if scheme is not None:
            raise CaseError("--scheme: a restart keeps the scheme of its checkpoint")
        job = Job.restart(case, restart, checkpoint, threads)
    else:
        job = Job(case, case.make_solver(scheme=scheme, threads=threads), checkpoint)
    console.print(f"[bold]{case.title}[/]: {case.law}, {case.shape} cells, scheme {job.solver.scheme}")
    with reporter(console.is_terminal, case.title) as show:
        result = job.run(show)
    exact = case.exact_solution(result.x, job.solver.t)
    io.save(
        out / "solution.h5",
        result,
        title=case.title,
        units=case.units,
        exact=exact,
        attributes={"case": path.read_text(), "t_end": case.t_end},
    )
    figure = plot.draw_overview(result, exact=exact, class_map=(job.map_times, job.map_rows), title=case.title)
    figure.savefig(out / "solution.png", dpi=150)
    rows = [_summary(case, job.solver.scheme, result, exact)]
    if compare:
        plain = Job(case, case.make_solver(scheme="aweno", threads=threads))
        other = plain.run()
        rows.append(_summary(case, "aweno", other, case.exact_solution(other.x, plain.solver.t)))
    _print(rows)
    console.print(f"results in {out}/: solution.h5, solution.png")
    if not result.success:
        console.print(f"[bold red]{result.status}[/] {result.message}", soft_wrap=True)
        raise typer.Exit(1)


def _summary(case: Case, scheme: str, result: HyperbolicResult, exact: dict[str, Any] | None) -> dict[str, str]:
    stats = result.stats
    final = result.W if result.W.ndim == 2 else result.W[-1]
    row = {
        "scheme": scheme,
        "steps": str(stats["steps"]),
        "seconds": f"{stats['seconds']:.3f}",
        "cell-steps/s": f"{stats['cell_steps_per_second']:.3g}",
        **{name: f"{100 * stats[name]:.1f} %" for name in ("smooth", "shock", "contact")},
        "blended fluxes": str(stats["blended"]),
    }
    if exact is not None:
        for k, name in enumerate(case.variables):
            row[f"L1 error {name}"] = f"{np.abs(final[k] - exact[name]).mean():.4g}"
    return row


def _print(rows: list[dict[str, str]]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name in rows[0]:
        table.add_row(name, *(row[name] for row in rows))
    console.print(table)


def main() -> None:
    """Entry point of the program."""
    app()


__all__ = ["app", "main"]
