"""Events written for other programs: one module for each format, one way to a file for all.

The file is written under another name in the same folder and takes its own when it is whole and on disk; what is
stopped or fails leaves nothing. Events are read and written piece by piece.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from db.backup import sync
from db.connection import connect_reader
from db.errors import EnvironmentFault, InputFault
from db.exporters.rows import PROTECTED, About, Exported, ProjectChanged, Report
from db.exporters.rows import EventReader as _Reader

__all__ = ["FORMATS", "PROTECTED", "export_events", "suffix_of"]

_Write = Callable[[Path, About, Iterable[Exported]], int]

FORMATS: Final = {
    ".csv": "CSV table",
    ".geojson": "GeoJSON",
    ".kml": "KML",
    ".kmz": "KMZ, zipped KML",
    ".gpkg": "GeoPackage for QGIS",
}
"""What can be written, by the ending of the file's name."""
_ATTEMPTS: Final = 5


def suffix_of(target: Path) -> str:
    """The ending that tells the format. Raises InputFault for another one."""
    suffix = target.suffix.lower()
    if suffix not in FORMATS:
        endings = list(FORMATS)
        raise InputFault(
            f"Events cannot be written as {target.name}. "
            f"Choose a name that ends in {', '.join(endings[:-1])} or {endings[-1]}."
        )
    return suffix


def export_events(
    con: sqlite3.Connection,
    target: Path,
    report: Report = lambda _done, _total: None,
    *,
    ids: Sequence[int] | None = None,
    hidden_sources: frozenset[int] = frozenset(),
    overwrite: bool = False,
    bom: bool = False,
) -> int:
    """Write the displayed events to ``target`` in the format of its ending; answers how many.

    ``con`` is an ordinary reader of the project. ``ids``: these events in this order; None is all, by time. Nothing of
    ``hidden_sources`` (ids) is written. ``bom``: a byte order mark, CSV only. ``report`` hears how far it is, and what
    it raises stops the work. A project that changes meanwhile is read anew from its beginning.
    Raises InputFault for a name that cannot be taken and EnvironmentFault where the project cannot be read or the file
    not be written; then ``target`` is as it was.
    """
    suffix = suffix_of(target)
    if bom and suffix != ".csv":
        raise InputFault("Only a CSV file can begin with a byte order mark. Nothing was written.")
    _check(con, target, overwrite)
    write = _writer(suffix, bom)
    # A name of its own: a project called the same may be in the folder, and be open.
    part = target.with_name(f".dateline-{os.urandom(6).hex()}.part")
    try:
        count = _write_whole(con, part, write, report, ids, hidden_sources)
        sync(part)
        _check(con, target, overwrite)
        part.replace(target)
        sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise EnvironmentFault(
            f"{target.name} could not be written: {why}. Nothing was left behind; choose another place."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return count


def _writer(suffix: str, bom: bool) -> _Write:
    """What writes a format. Loaded only now: XML and zip archives would make every start of the program longer."""
    from db.exporters import csv_file, geojson, geopackage, kml

    writers: dict[str, _Write] = {
        ".csv": partial(csv_file.write, bom=bom),
        ".geojson": geojson.write,
        ".kml": kml.write,
        ".kmz": kml.write_zipped,
        ".gpkg": geopackage.write,
    }
    return writers[suffix]


def _write_whole(
    con: sqlite3.Connection,
    part: Path,
    write: _Write,
    report: Report,
    ids: Sequence[int] | None,
    hidden_sources: frozenset[int],
) -> int:
    """Write from one state of the project: from another one, if need be, from the beginning."""
    for _attempt in range(_ATTEMPTS):
        part.unlink(missing_ok=True)
        reader = _Reader(con, ids, hidden_sources)
        try:
            return write(part, reader.about, reader.events(report))
        except ProjectChanged:
            continue
    raise EnvironmentFault(
        "The project was changed again and again while it was read. Nothing was written; export it when it rests."
    )


def _check(con: sqlite3.Connection, target: Path, overwrite: bool) -> None:
    """Whether the name may be taken. Raises InputFault."""
    if not target.parent.is_dir():
        raise InputFault(f"There is no folder {target.parent.absolute()}. Nothing was written.")
    if not target.exists():
        return
    if target.is_dir():
        raise InputFault(f"{target.name} is a folder. Nothing was written; choose another name.")
    own = Path(con.execute("PRAGMA database_list").fetchone()[2])
    if own.exists() and target.samefile(own):
        raise InputFault("That is the project itself. Choose another name; nothing was written.")
    if not overwrite:
        raise InputFault(f"There is already a file {target.name} in that folder. It was left as it is.")
    if _is_project(target):
        raise InputFault(
            f"{target.name} is a Dateline project, and events alone cannot take its place. "
            "It was left as it is; choose another name."
        )


def _is_project(path: Path) -> bool:
    """Whether a file is anybody's project: with its sources, quotes and history."""
    try:
        with closing(connect_reader(path, busy_ms=0)) as con:
            return con.execute("SELECT 1 FROM app_meta WHERE key = 'project_uid'").fetchone() is not None
    except sqlite3.Error:
        return False
