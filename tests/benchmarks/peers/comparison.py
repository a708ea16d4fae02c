"""What is compared with peers: figures of both, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import percentile


class NotHere(Exception):
    """A peer cannot be measured here; the sentence says why and how to get it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same done by a peer and by Dateline in one run.

    ``events``: how many the file has; ``shown``: how many both show in the median frame. ``theirs``, ``ours``: ms of
    each frame, at least one.
    """

    figure: str
    events: int
    shown: int
    peer: str
    version: str
    theirs: tuple[float, ...]
    ours: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times as long as Dateline the peer takes, of the medians; below 1 it is the faster one."""
        return percentile(self.theirs, 50) / percentile(self.ours, 50)

    def record(self) -> dict[str, Any]:
        """The comparison as it stands in bench-peers.json."""
        times = {"peer": self.theirs, "our": self.ours}
        medians = {f"{who}_ms": round(percentile(samples, 50), 2) for who, samples in times.items()}
        p95s = {f"{who}_p95_ms": round(percentile(samples, 95), 2) for who, samples in times.items()}
        return {
            "figure": self.figure,
            "events": self.events,
            "shown": self.shown,
            "n": len(self.theirs),
            "our_n": len(self.ours),
            "peer": self.peer,
            "peer_version": self.version,
            **medians,
            **p95s,
            "ratio": round(self.ratio, 2),
        }


def show(comparisons: Iterable[Comparison], console: Console) -> None:
    """Print the table."""
    table = Table("figure", box=None, pad_edge=False)
    for title in ("events", "shown", "n"):
        table.add_column(title, justify="right")
    table.add_column("peer")
    for title in ("peer median", "peer p95", "our median", "our p95", "peer / ours"):
        table.add_column(title, justify="right")
    for each in comparisons:
        table.add_row(
            each.figure,
            f"{each.events:,}",
            f"{each.shown:,}",
            str(len(each.theirs)),
            f"{each.peer} {each.version}",
            *(f"{percentile(samples, at):.1f} ms" for samples in (each.theirs, each.ours) for at in (50, 95)),
            f"{each.ratio:.1f}x",
        )
    console.print(table)


def write(comparisons: Iterable[Comparison], missing: Iterable[str], about: Mapping[str, Any], path: Path) -> None:
    """Write bench-peers.json. ``missing``: a sentence for each peer that was not measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {**about, "missing": list(missing), "comparisons": [each.record() for each in comparisons]}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
