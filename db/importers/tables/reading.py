"""A table file of any kind, opened: which kind it is, how it is written, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from db.errors import InputFault
from db.importers.tables import delimited
from db.importers.tables.delimited import Scan, scan
from db.importers.tables.geojson import Features
from db.importers.tables.gpkg import Layer
from db.importers.tables.heading_line import Head
from db.importers.tables.importer import OpenTable
from db.importers.tables.kml import Placemarks
from db.importers.tables.records import Records, RecordTable
from db.importers.tables.xlsx import Sheet
from db.kept.dialect import Dialect, Part, Row

DELIMITED: Final = frozenset((".csv", ".tsv", ".tab", ".txt"))
SUFFIXES: Final = (".csv", ".tsv", ".tab", ".xlsx", ".geojson", ".geojsonl", ".gpkg", ".kml", ".kmz")
"""Endings of files that are taken for tables."""
_MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of how a file is written; None is guessed. ``sheet`` of a workbook, or layer.

    ``line`` of the headings, counted from 1, or 0 where there are none, goes before ``header``: whether there are any.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    sheet: str | None = None
    line: int | None = None


def is_table(path: Path) -> bool:
    """Whether a file is taken for a table by its ending."""
    return path.suffix.casefold() in SUFFIXES


def open_table(
    path: Path,
    asked: Asked | None = None,
    report: Callable[[int, int], None] = lambda _done, _total: None,
    scanned: Scan | None = None,
) -> OpenTable:
    """Look at a table file: what it is and how it is written. Read through once, for its hash; a file of records once
    more, for its columns.

    ``report`` hears of bytes done and of all, each time; what it raises ends it. ``scanned`` is what an earlier look at
    the same file found, ``scan`` of the table: it is not read through again then. Raises InputFault when it is no table
    that can be read, EnvironmentFault when it cannot be read at all.
    """
    asked = asked or Asked()
    kind = path.suffix.casefold()
    if kind not in DELIMITED and kind not in SUFFIXES:
        raise InputFault(f"{path.name} is of no kind that can be imported as a table: {', '.join(SUFFIXES)}.")
    if kind not in DELIMITED:
        found = scanned or scan(path, report)
        name = "geojson" if kind == ".geojsonl" else kind[1:]
        return RecordTable(path, name, _MEDIA[name], _records(path, name, asked), found, report)
    dialect, head = delimited.guess_dialect(path, asked.encoding, asked.delimiter, asked.line, asked.header)
    if asked.decimal:
        dialect = replace(dialect, decimal=asked.decimal)
    return DelimitedTable(path, dialect, head, scanned or scan(path, report))


def _records(path: Path, kind: str, asked: Asked) -> Records:
    if kind == "xlsx":
        return Sheet(path, asked.sheet, asked.line or None)
    if kind == "gpkg":
        return Layer(path, asked.sheet)
    return Features(path) if kind == "geojson" else Placemarks(path)


class DelimitedTable:
    """A CSV or TSV file."""

    def __init__(self, path: Path, dialect: Dialect, head: Head, scan: Scan) -> None:
        self.path, self.sha256, self.size, self.most_rows = path, scan.sha256, scan.size, scan.lines
        self.scan = scan
        self.parts: tuple[str, ...] = ()
        self.areas: dict[str, bytes] = {}
        self.made: Mapping[str, str] = {}
        self.dialect, self.head = dialect, head
        self.format = "tsv" if dialect.delimiter == "\t" else "csv"
        self.media_type = "text/tab-separated-values" if dialect.delimiter == "\t" else "text/csv"
        if dialect.encoding == "utf-8" and not scan.is_utf8:
            # Its beginning is plain ASCII, which every encoding shares; what comes later is not UTF-8.
            self.dialect = replace(dialect, encoding="cp1252")
        shown = len(self.dialect.sample) + self.dialect.heads
        whole = scan.size <= delimited.SAMPLE and shown < delimited.SAMPLE_ROWS
        # A cell may go over several lines, which only reading every row would tell.
        self.row_count: tuple[int, bool] | None
        self.row_count = (len(self.dialect.sample), True) if whole else (scan.lines - self.dialect.heads, False)
        self._rows: delimited.DelimitedRows | None = None

    def rows(self, keep: Callable[[Part], None]) -> Iterator[Row]:
        self._rows = delimited.DelimitedRows(self.path, self.dialect, keep)
        return iter(self._rows)

    def done(self) -> int:
        return 0 if self._rows is None else self._rows.bytes_read

    def file_parts(self) -> Iterator[bytes]:
        return iter(())
