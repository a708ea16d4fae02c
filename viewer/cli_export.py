"""``dateline export``: the displayed events in a file for other programs."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
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
    from db.exporters import export_events
    from db.store import Store

    if target.is_file() and not overwrite:
        raise InputFault(f"There is already a file {target}. It was left as it is; --overwrite replaces it.")
    store = Store.open(project, read_only=True)
    try:
        with (
            closing(store.reader()) as reader,
            Progress(console=_err, transient=True, disable=not _err.is_terminal) as progress,
        ):
            task = progress.add_task("Exporting", total=None)
            count = export_events(
                reader,
                target,
                lambda done, total: progress.update(task, completed=done, total=total),
                overwrite=overwrite,
                bom=bom,
            )
    except KeyboardInterrupt:
        _err.print(f"Stopped. {target.name} was not written.")
        raise typer.Exit(STOPPED) from None
    finally:
        store.close()
    _out.print(f"Wrote {target}: {count:,} {'event' if count == 1 else 'events'}")
