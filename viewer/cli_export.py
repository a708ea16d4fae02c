"""``dateline export``: the displayed events in a file for other programs."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from db.errors import InputFault

STOPPED: Final = 130
"""The exit code after Ctrl+C, as shells give it."""

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def export(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A Dateline project (.gpkg).", show_default=False)],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="Its ending is the format: .csv, .geojson, .kml, .kmz or .gpkg.", show_default=False
        ),
    ],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT when there is such a file.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="CSV: begin with a byte order mark, for spreadsheets.")] = False,
) -> None:
    """Write the events as CSV, GeoJSON, KML, KMZ or GeoPackage.

    Dates are ISO 8601, from the earliest start to the latest end, with their EDTF beside them. In a CSV file, text that
    a spreadsheet would take for a formula begins with an apostrophe.
    """
    if target.is_file() and not overwrite:
        raise InputFault(f"There is already a file {target}. It was left as it is; --overwrite replaces it.")
    try:
        with _interruptible() as go_on:
            count = _export(project, target, overwrite, bom, go_on)
    except KeyboardInterrupt:
        _err.print(f"Stopped. {target.name} was not written.")
        raise typer.Exit(STOPPED) from None
    _out.print(f"Wrote {target}: {count:,} {'event' if count == 1 else 'events'}")


def _export(project: Path, target: Path, overwrite: bool, bom: bool, go_on: Callable[[], None]) -> int:
    from db.exporters import export_events
    from db.store import Store

    store = Store.open(project, read_only=True)
    try:
        with (
            closing(store.reader()) as reader,
            Progress(console=_err, transient=True, disable=not _err.is_terminal) as progress,
        ):
            task = progress.add_task("Exporting", total=None)

            def report(done: int, total: int) -> None:
                go_on()
                progress.update(task, completed=done, total=total)

            return export_events(reader, target, report, overwrite=overwrite, bom=bom)
    finally:
        store.close()


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Ctrl+C is heard where the answer is called, which raises KeyboardInterrupt then; pressed again, at once.

    Anywhere else it would come between any two steps of Python, also those that leave things tidy.
    """
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    def go_on() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield go_on
    finally:
        signal.signal(signal.SIGINT, before)
