"""The figures as a table."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import Figure, percentile


def show(figures: Iterable[Figure], console: Console) -> None:
    """Print the table."""
    table = Table("figure", "project", "platform", box=None, pad_edge=False)
    for title in ("n", "median", "p95", "target", "cpu med", "cpu p95", "baseline", "ratio", "block ms"):
        table.add_column(title, justify="right")
    table.add_column("measured against")
    for figure in figures:
        goal = "" if figure.target is None else f"{figure.judged} ≤ {figure.target:g}"
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
