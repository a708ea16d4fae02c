"""Rows of tables that are documents of the project."""

from __future__ import annotations

import re
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from db import row_texts
from db.errors import EnvironmentFault
from db.kept.tables import Layout, find_row, layout_of, passage_of, piece_of, row_hash
from db.queries.snapshot import at_one_instant
from db.search import Hit
from db.values import DocumentRole, RefKind

_ROW: Final = re.compile(r"row=(\d{1,15})")


FEATURES: Final = ("geojson", "gpkg", "kml", "kmz")
"""Formats of features, which have no header of their own."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that a quote rests on: its number, counted with the header of a file that has one, and a cell a column.

    ``passage`` is the column with the words of the report, where the mapping names one.
    """

    number: int
    columns: tuple[str, ...]
    cells: tuple[str, ...]
    passage: int | None


def is_table(con: sqlite3.Connection, document_id: int) -> bool:
    """Whether a document is a table."""
    row = con.execute("SELECT role FROM document WHERE id = ?", (document_id,)).fetchone()
    return row is not None and row[0] == DocumentRole.TABLE.value


def table_layout(con: sqlite3.Connection, document_id: int) -> Layout | None:
    """How a document is kept that is a table; None for others. Raises EnvironmentFault when that is damaged."""
    row = con.execute(
        "SELECT text_sha256 FROM document WHERE id = ? AND role = ?", (document_id, DocumentRole.TABLE.value)
    ).fetchone()
    return None if row is None or row[0] is None else layout_of(piece_of(con, row[0]))


@at_one_instant
def table_row(con: sqlite3.Connection, quote_id: int) -> TableRow | None:
    """The row that a quote rests on; None for a quote that is of no table's row, or not there.

    Costs some milliseconds however long the table is. Raises EnvironmentFault when what is kept is damaged, or the row
    does not have its hash: it is not shown then.
    """
    quote = con.execute(
        "SELECT document_id, row_selector, row_sha256 FROM quote WHERE id = ? AND selector = 'row'", (quote_id,)
    ).fetchone()
    number = _ROW.fullmatch(str(quote[1])) if quote else None
    layout = table_layout(con, quote[0]) if quote else None
    if number is None or layout is None:
        return None
    cells = find_row(con, layout, int(number[1]))
    if cells is None or (fitted := _as_hashed(cells, layout, quote[2])) is None:
        raise EnvironmentFault("The row of this quote is damaged and is not shown. Open a backup, or import it again.")
    names = layout.dialect.names
    shown = tuple(fitted[: len(names)]) + ("",) * (len(names) - len(fitted))
    headless = layout.format in FEATURES and layout.dialect.header  # the header stands only in what is kept of it
    return TableRow(int(number[1]) - headless, names, shown, passage_of(layout))


@at_one_instant
def rows_saying(
    con: sqlite3.Connection, text: str, limit: int, hidden_sources: frozenset[int] = frozenset()
) -> list[Hit]:
    """Up to ``limit`` quotes of rows of tables that say every word of ``text``, with the passage; as
    ``row_texts.find``. Rows that are damaged are left out.
    """
    found = []
    for quote_id in row_texts.find(con, text, limit, hidden_sources):
        with suppress(EnvironmentFault):
            row = table_row(con, quote_id)
            if row is not None and row.passage is not None:
                found.append(Hit(RefKind.QUOTE, quote_id, row.cells[row.passage], 0.0))
    return found


def _as_hashed(cells: list[str], layout: Layout, sha256: object) -> list[str] | None:
    """The cells as they were hashed: empty ones beyond the last column do not count."""
    for found in (cells, cells[: len(layout.dialect.names)]):
        if row_hash(found) == sha256:
            return found
    return None
