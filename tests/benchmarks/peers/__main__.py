"""Measures peers and Dateline on the same files, prints the table and writes build/bench-peers.json.

python -m tests.benchmarks.peers              maps of 20,000 and 100,000 events, a timeline of 10,000
python -m tests.benchmarks.peers 1000000      a map of so many events only; bench-peers.json is left alone
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from rich.console import Console

from db.exporters import export_events
from db.store import Store
from tests.benchmarks.machine import Run
from tests.benchmarks.peers import comparison, qgis_peer, vis
from tests.benchmarks.peers.comparison import Comparison, NotHere
from tests.helpers.million import generate_many

OUT = Path("build/bench-peers.json")
ON_THE_MAP = (20_000, 100_000)
IN_TIME = 10_000


def main(sizes: list[int]) -> int:
    console = Console(width=200)
    run, found, missing, failed = Run(), list[Comparison](), list[str](), list[str]()
    with tempfile.TemporaryDirectory(prefix="dateline-peers-") as name:
        folder = Path(name)

        def through(comparisons: Callable[[Path], Iterator[Comparison]]) -> None:
            try:
                for each in comparisons(folder):
                    found.append(each)
                    console.print(f"{run.seconds:4.0f} s  {each.peer}: {each.figure}, {each.events:,} events")
            except NotHere as error:
                missing.append(str(error))
            except (RuntimeError, subprocess.SubprocessError) as error:
                failed.append(str(error))

        through(lambda folder: _qgis(folder, sizes or list(ON_THE_MAP)))
        if not sizes:
            through(_vis)
    if found:
        comparison.show(found, console)
    for sentence in missing + failed:
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    if not sizes:
        comparison.write(found, missing + failed, run.about(), OUT)
        console.print(f"Written to {OUT}")
    return 1 if failed else 0


def _qgis(folder: Path, sizes: list[int]) -> Iterator[Comparison]:
    python = qgis_peer.find()
    for events in sizes:
        yield from qgis_peer.compare(python, *_files(folder, events), events)


def _vis(folder: Path) -> Iterator[Comparison]:
    browser = vis.find()
    served = folder / "vis"
    served.mkdir()
    version = vis.fetch(served)
    yield from vis.compare(browser, version, served, *_files(folder, IN_TIME), IN_TIME)


def _files(folder: Path, events: int) -> tuple[Path, Path]:
    """A project of so many events and the GeoPackage exported from it."""
    project, export = folder / f"{events}.gpkg", folder / f"{events}-exported.gpkg"
    generate_many(project, events)
    store = Store.open(project, read_only=True)
    try:
        with closing(store.reader()) as con:
            export_events(con, export)
    finally:
        store.close()
    return project, export


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]]))
