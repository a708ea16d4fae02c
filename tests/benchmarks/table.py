"""The figures as a table."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import Figure, percentile


def show(figures: Iterable[Figure], console: Console) -> None:
    """Print the table; targets are those of median, p95 and block."""
    table = Table("figure", "project", "platform", box=None, pad_edge=False)
    for title in (
        "n",
        "median",
        "p95",
        "most: median / p95 / block",
        "cpu med",
        "cpu p95",
        "baseline",
        "ratio",
        "block ms",
    ):
        table.add_column(title, justify="right")
    table.add_column("measured against")
    for figure in figures:
        most = figure.target
        goal = " / ".join("–" if each is None else f"{each:g}" for each in most) if any(most) else ""
        color = {None: "", True: "[green]", False: "[red]"}[figure.met]
        table.add_row(
            figure.name,
            "sample" if figure.events is None else f"{figure.events:,}",
            figure.platform,
            str(len(figure.samples)),
            f"{figure.median:.1f} {figure.unit}",
            f"{color}{figure.p95:.1f}",
            f"{color}{goal}",
            f"{percentile(figure.processor, 50):.1f}" if figure.processor else "",
            f"{percentile(figure.processor, 95):.1f}" if figure.processor else "",
            f"{figure.baseline_median:.1f}",
            f"{figure.ratio:.1f}x",
            "" if figure.longest_block_ms is None else f"{figure.longest_block_ms:.0f}",
            figure.baseline,
        )
    console.print(table)
