"""Tables that come as records of another kind of file: spreadsheets, features of a map.

They are gone through twice: once for their columns, which records of a map need not agree on, and once for their rows.
What is kept beside the file is their rows as CSV; the file itself is kept as it came.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, Protocol

from db.errors import InputFault
from db.importers.tables.delimited import BLOCK, SAMPLE_ROWS, Scan, opened
from db.importers.tables.heading_line import Head
from db.importers.tables.spots import Spots
from db.kept.dialect import Dialect, Part, Row

MAX_COLUMNS: Final = 2_000
TOLD: Final = 200
"""Records between two words of how far it is, where they are small."""
MAX_TEXT: Final = 1_000_000
Record = tuple[int, Mapping[str, str], str | None]
"""A line or a number that people know, column -> cell, and what is to be told of its geometry that no cell says."""


class Records(Protocol):
    """The records of a file, which can be gone through again. ``parts`` names the sheets or layers that could be
    read instead.
    """

    most: int
    """How many there can be, where the first of them has all columns: they are not gone through for those then; else 0.
    """

    spots: Spots
    """What makes cells of their geometries."""
    head: Head
    """Where their headings are, in a file that has lines."""
    above: Sequence[Sequence[str]]
    """The rows above the headings."""

    @property
    def parts(self) -> tuple[str, ...]: ...

    def __iter__(self) -> Iterator[Record]:
        """Raises InputFault."""

    def progress(self) -> float:
        """How much of the file has been gone through this time, 0 to 1."""


class Stream:
    """Records of a file that is read from its first byte to its last, ``_read`` of ``_size`` so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.most = 0
        self.head = Head()
        self.above: Sequence[Sequence[str]] = ()
        self._read, self._size = 0, 1
        self.spots = Spots()

    @property
    def parts(self) -> tuple[str, ...]:
        return ()

    def progress(self) -> float:
        return min(self._read / self._size, 1.0)


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is in records: columns in the order in which they come, how many records, and the first of them."""

    names: tuple[str, ...]
    count: int
    sample: tuple[tuple[str, ...], ...]
    counted: bool


def survey(path: Path, records: Records, report: Callable[[float], None]) -> Survey:
    """Go through records for their columns. Raises InputFault when there are none, or too many columns.

    ``report`` hears now and then how much has been gone through, 0 to 1; what it raises ends it.
    """
    records.spots.look(SAMPLE_ROWS)
    try:
        return _survey(path, records, report)
    finally:
        records.spots.look(None)


def _survey(path: Path, records: Records, report: Callable[[float], None]) -> Survey:
    names: dict[str, None] = {}
    first: list[Mapping[str, str]] = []
    count, told, counted = 0, -1.0, True
    for _where, record, _remark in records:
        if (done := records.progress()) >= told + 0.01 or not count % TOLD:
            report(done)
            told = done
        names.update(dict.fromkeys(record))
        if len(names) > MAX_COLUMNS:
            raise InputFault(f"{path.name} has more than {MAX_COLUMNS} columns. Nothing was written.")
        count += 1
        if len(first) < SAMPLE_ROWS:
            first.append(record)
        elif records.most:
            count, counted = records.most, False
            break
    if not count:
        raise InputFault(f"{path.name} has nothing in it that could be an event. Nothing was written.")
    sample = tuple(tuple(record.get(name, "") for name in names) for record in first)
    return Survey(tuple(names), count, sample, counted)


class RecordTable:
    """Records as a table (``importer.OpenTable``)."""

    def __init__(
        self,
        path: Path,
        kind: str,
        media_type: str,
        records: Records,
        scan: Scan,
        report: Callable[[int, int], None],
    ) -> None:
        found = survey(path, records, lambda done: report(int(done * scan.size), scan.size))
        self.path, self.format, self.media_type = path, kind, media_type
        self.sha256, self.size, self.most_rows = scan.sha256, scan.size, found.count
        self.row_count = (found.count, True) if found.counted else None
        self.scan, self.parts, self.areas = scan, records.parts, records.spots.areas
        self.made: Mapping[str, str] = records.spots.made
        self.head = records.head
        self.dialect = Dialect(names=found.names, sample=found.sample, above=len(records.above))
        self._records = records

    def rows(self, keep: Callable[[Part], None]) -> Iterator[Row]:
        """Rows as lists of cells, which go into pieces of CSV on their way."""
        names = self.dialect.names
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows(self._records.above)
        writer.writerow(names)
        first, number = 1, self.dialect.heads
        for where, record, remark in self._records:
            if text.tell() >= BLOCK:
                keep(Part(text.getvalue().encode(), 0, first))
                first = number + 1
                text.seek(0)
                text.truncate()
            number += 1
            cells = [record.get(name, "") for name in names]
            writer.writerow(cells)
            yield number, where, cells, remark
        keep(Part(text.getvalue().encode(), 0, first))

    def done(self) -> int:
        return int(self._records.progress() * self.size)

    def file_parts(self) -> Iterator[bytes]:
        with opened(self.path) as file:
            while data := file.read(BLOCK):
                yield data


def cell(value: Any) -> str:
    """A value of a file as the text of a cell: numbers in full, dates as ISO 8601, nothing as the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()[:MAX_TEXT]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return ""
    return str(value)[:MAX_TEXT]
