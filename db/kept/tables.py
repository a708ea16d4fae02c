"""A table as it is kept in a project: its bytes in pieces, and a layout that says how to find a row in them.

Pieces of about a megabyte, packed each by itself, are kept by their hash as all content is; so one row costs a few
milliseconds however long the table is, and there is no limit to its size. Put together, the pieces of a CSV file are
the file. Of other formats the file is kept as it came, and beside it its rows as CSV, as a text is kept beside the
bytes it was read from. The layout, as JSON, is content too: ``document.text_sha256`` of a table names it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.errors import EnvironmentFault
from db.kept.dialect import MAX_CELL, Dialect, Part, plain
from db.reading.files import unpack

LEVEL: Final = 3
"""Of zlib for pieces: twice as fast as 6 for a tenth more room."""
PASSAGE: Final = "quote"
"""What a mapping calls the column with the words of the report (Field.QUOTE of the importers)."""
SEPARATOR: Final = "\x1f"
"""Between the cells of a row that is hashed: the unit separator of ASCII, which cells do not hold."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a table in ``content``, and the first row that begins in it, after ``skip`` lines."""

    sha256: str
    first_row: int
    skip: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How a kept table is read. ``rows`` are its pieces in order, ``file`` those of the file where they are others."""

    format: str
    dialect: Dialect
    rows: tuple[Piece, ...]
    file: tuple[str, ...] = ()
    mapping: dict[str, Any] | None = None

    def to_bytes(self) -> bytes:
        said = {
            "format": self.format,
            "encoding": self.dialect.encoding,
            "delimiter": self.dialect.delimiter,
            "decimal": self.dialect.decimal,
            "header": self.dialect.header,
            "columns": self.dialect.names,
            "rows": [[each.sha256, each.first_row, each.skip] for each in self.rows],
            "file": self.file,
            "mapping": self.mapping,
        }
        if self.dialect.above:
            said["above"] = self.dialect.above
        return json.dumps(said, ensure_ascii=False).encode()


def layout_of(data: bytes) -> Layout:
    """The layout in kept bytes; without a mapping where that is none. Raises EnvironmentFault when it is damaged."""
    try:
        said = json.loads(data)
        written = {name: said[name] for name in ("encoding", "delimiter", "decimal")}
        if not all(isinstance(each, str) for each in written.values()) or len(said["delimiter"]) != 1:
            raise ValueError
        names, above = tuple(map(str, said["columns"])), max(int(said.get("above", 0)), 0)
        dialect = Dialect(**written, header=bool(said["header"]), names=names, above=above)
        mapping = said["mapping"]
        pieces = tuple(Piece(str(sha256), int(row), int(skip)) for sha256, row, skip in said["rows"])
        file = tuple(map(str, said["file"]))
        return Layout(str(said["format"]), dialect, pieces, file, mapping if isinstance(mapping, dict) else None)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise EnvironmentFault("The layout of this table is damaged, so its rows cannot be shown.") from error


class RowRanges:
    """Numbers of rows, ascending, as runs of them: first and last by turns."""

    def __init__(self, data: bytes = b"") -> None:
        """From what ``to_bytes`` gave."""
        self._ends = array("q")
        for number in json.loads(data) if data else ():
            self._ends.append(int(number))

    def add(self, number: int) -> None:
        """Add a number above all others."""
        if self._ends and self._ends[-1] == number - 1:
            self._ends[-1] = number
        else:
            self._ends.extend((number, number))

    def __contains__(self, number: int) -> bool:
        at = bisect_left(self._ends, number)  # of the first end that is not below it
        return at % 2 == 1 or (at < len(self._ends) and self._ends[at] == number)

    def to_bytes(self) -> bytes:
        """As JSON; nothing where there is none."""
        return json.dumps(self._ends.tolist(), separators=(",", ":")).encode() if self._ends else b""


def packed(part: Part) -> tuple[str, bytes]:
    """The hash and the packed bytes of a piece."""
    return hashlib.sha256(part.data).hexdigest(), zlib.compress(part.data, LEVEL)


def row_hash(cells: Sequence[str]) -> str:
    """SHA-256 of a row: its cells as UTF-8 with a unit separator between them, hexadecimal."""
    return hashlib.sha256(SEPARATOR.join(cells).encode("utf-8", "surrogatepass")).hexdigest()


def passage_of(layout: Layout) -> int | None:
    """Where the column stands that has the words of the report; None where the mapping names none that there is."""
    columns = (layout.mapping or {}).get("columns")
    named = columns.get(PASSAGE) if isinstance(columns, dict) else None
    listed = named if isinstance(named, list) else [named]
    wanted = {plain(name) for name in listed if isinstance(name, str)}
    return next((at for at, name in enumerate(layout.dialect.names) if plain(name) in wanted), None)


def find_row(con: sqlite3.Connection, layout: Layout, number: int) -> list[str] | None:
    """The cells of a row by its number; None when the table has no such row. Raises EnvironmentFault when damaged."""
    at = bisect_right([piece.first_row for piece in layout.rows], number) - 1
    return None if at < 0 else next((cells for row, cells in kept_rows(con, layout, at) if row == number), None)


def kept_rows(con: sqlite3.Connection, layout: Layout, at: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The rows of a kept table with their numbers, from those that begin in piece ``at`` on; a header is one too.

    Raises EnvironmentFault when what is kept is damaged.
    """
    if not layout.rows:
        return
    csv.field_size_limit(MAX_CELL)
    row = layout.rows[at].first_row
    try:
        for cells in csv.reader(_lines(con, layout, at), delimiter=layout.dialect.delimiter):
            if cells:
                yield row, cells
                row += 1
    except (csv.Error, ValueError, LookupError) as error:
        raise EnvironmentFault("A row of the table cannot be read any more: what is kept is damaged.") from error


def _lines(con: sqlite3.Connection, layout: Layout, at: int) -> Iterator[str]:
    skip = layout.rows[at].skip
    for piece in layout.rows[at:]:
        text = piece_of(con, piece.sha256).decode(layout.dialect.encoding).removeprefix("\ufeff")
        yield from list(io.StringIO(text, newline=""))[skip:]
        skip = 0


def piece_of(con: sqlite3.Connection, sha256: str) -> bytes:
    """Kept bytes by their hash. Raises EnvironmentFault when they are missing or damaged."""
    row = con.execute("SELECT body FROM content WHERE sha256 = ?", (sha256,)).fetchone()
    data = None if row is None else unpack(row[0], sha256)
    if data is None:
        raise EnvironmentFault("A part of this table is damaged and is not shown. Open a backup, or import it again.")
    return data


def file_bytes(con: sqlite3.Connection, layout: Layout) -> Iterator[bytes]:
    """The file as it came, piece by piece. Raises EnvironmentFault when a piece is damaged."""
    for sha256 in layout.file or tuple(piece.sha256 for piece in layout.rows):
        yield piece_of(con, sha256)
