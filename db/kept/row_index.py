"""The index of what rows say (db/row_texts.py), made and filled from the kept tables: for a project of before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress

from db import row_texts
from db.errors import EnvironmentFault
from db.kept.tables import Layout, kept_rows, layout_of, passage_of, piece_of
from db.values import DocumentRole


def create(con: sqlite3.Connection) -> None:
    """Make the index, and fill it with the tables that are there. One that is damaged is left out."""
    con.execute(row_texts.CREATE_INDEX)
    for document_id, sha256 in con.execute(
        "SELECT id, text_sha256 FROM document WHERE role = ? AND text_sha256 IS NOT NULL", (DocumentRole.TABLE.value,)
    ).fetchall():
        with suppress(EnvironmentFault):
            row_texts.add(con, _texts(con, document_id, layout_of(piece_of(con, sha256))))


def _texts(con: sqlite3.Connection, document_id: int, layout: Layout) -> Iterator[tuple[int, str]]:
    at = passage_of(layout)
    if at is None:
        return
    quotes = dict(
        con.execute(
            "SELECT CAST(substr(row_selector, 5) AS INTEGER), id FROM quote WHERE document_id = ? AND selector = 'row'",
            (document_id,),
        ).fetchall()
    )
    for number, cells in kept_rows(con, layout):
        if number in quotes and len(cells) > at and cells[at].strip():
            yield quotes[number], cells[at]
