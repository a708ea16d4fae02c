"""Whole columns of a table at once. SQLite joins each column into one text, so that no row becomes a Python object: a
million rows of nine numbers take half a second instead of three.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.queries.texts import SEPARATOR

LONGEST: Final = 1_000_000_000
"""Bytes of a joined column, as SQLite is built: the uids of 27 million events (https://sqlite.org/limits.html)."""
_PIECE: Final = 1 << 18
"""What is joined is taken apart by so much: other threads wait for the interpreter as long as one piece takes."""


def numbers(con: sqlite3.Connection, columns: Sequence[str], rest: str) -> list[NDArray[np.int64]]:
    """One array for each of ``columns`` (SQL that gives whole numbers, never NULL), in the same order of rows.

    ``rest`` is what follows the columns: FROM, WHERE.
    """
    joined = ", ".join(f"group_concat({column}, ' ') AS c{at}" for at, column in enumerate(columns))
    # Other threads wait for the interpreter while a row is fetched: each holds one column, by its number. Joined in
    # this order: the columns are worked out once.
    each = " ".join(f"WHEN {at} THEN c{at}" for at in range(len(columns)))
    numbered = ", ".join(f"({at})" for at in range(len(columns)))
    sql = f"SELECT column1, CASE column1 {each} END FROM (SELECT {joined} {rest}) CROSS JOIN (VALUES {numbered})"
    with _room(con):
        found = {at: _parsed(text or "") for at, text in con.execute(sql)}
    return [found[at] for at in range(len(columns))]


def grouped(
    con: sqlite3.Connection, keys: Sequence[str], columns: Sequence[str], rest: str
) -> list[tuple[tuple[Any, ...], list[NDArray[np.float64]]]]:
    """As ``numbers`` for each group of rows with the same ``keys`` (columns of few values): the keys and the arrays.

    ``columns`` may be any numbers, or the text nan; whole ones are right up to 2**53.
    """
    joined = ", ".join(f"group_concat({column}, ' ')" for column in columns)
    with _room(con):
        rows = con.execute(f"SELECT {', '.join(keys)}, {joined} {rest} GROUP BY {', '.join(keys)}").fetchall()
    width = len(keys)
    return [(row[:width], [_parsed(text or "", np.float64) for text in row[width:]]) for row in rows]


@contextmanager
def _room(con: sqlite3.Connection) -> Iterator[None]:
    """For values as long as SQLite can have them: the connection's own limit is for single values out of a file."""
    before = con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    try:
        yield
    finally:
        con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def _parsed(text: str, type_: type[Any] = np.int64) -> NDArray[Any]:
    """The numbers of a text."""
    pieces, start = [np.empty(0, type_)], 0
    while start < len(text):
        end = text.find(" ", start + _PIECE)
        end = len(text) if end < 0 else end
        pieces.append(np.fromstring(text[start:end], type_, sep=" "))
        start = end + 1
    return np.concatenate(pieces)


def texts(con: sqlite3.Connection, column: str, rest: str) -> Iterator[list[str]]:
    """The texts of a column (SQL that gives text, never NULL), many at a time, without the zero bytes in them; a single
    empty one where there is no row.
    """
    with _room(con):
        count, found = con.execute(f"SELECT count(*), {_joined(column)} {rest}").fetchone()
    block, start = bytes(found or b""), 0
    if np.count_nonzero(np.frombuffer(block, np.uint8) == ord(SEPARATOR)) >= max(count, 1):
        rows = con.execute(f"SELECT CAST({column} AS BLOB) {rest}")
        yield [bytes(text).replace(SEPARATOR.encode(), b"").decode("utf-8", "replace") for (text,) in rows]
        return
    while start <= len(block):
        end = block.find(SEPARATOR.encode(), start + _PIECE)
        end = len(block) if end < 0 else end
        yield block[start:end].decode("utf-8", "replace").split(SEPARATOR)
        start = end + 1


def keyed_texts(con: sqlite3.Connection, column: str, rest: str) -> tuple[NDArray[np.int64], bytes]:
    """The ids of a table, ascending, and a column of it (SQL that gives text, never NULL) as UTF-8 with
    texts.SEPARATOR between its texts, in one look at it. That may be in them as well.
    """
    with _room(con):
        ids, found = con.execute(
            f"SELECT group_concat(id, ' '), {_joined('kept')} FROM (SELECT id, {column} AS kept {rest} ORDER BY id)"
        ).fetchone()
    return _parsed(ids or ""), bytes(found or b"")


def _joined(column: str) -> str:
    return f"CAST(group_concat({column}, char({ord(SEPARATOR)})) AS BLOB)"


def text(column: str) -> str:
    """SQL for a column as coerce.text_of has it."""
    return f"coalesce(CAST({column} AS TEXT), '')"
