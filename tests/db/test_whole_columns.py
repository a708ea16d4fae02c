"""Whole columns joined by SQLite and taken apart again in pieces, against the rows themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain

import numpy as np
import pytest

from db.queries import bulk

ROWS = [(1, 10, "2015-06"), (2, -7, ""), (3, 0, "vers l’été"), (5, 2**62, "داعش"), (9, -(2**62), "x" * 40), (11, 3, "")]


@pytest.fixture
def con() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as con:
        con.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, d TEXT)")
        con.executemany("INSERT INTO t VALUES (?, ?, ?)", ROWS)
        yield con


@pytest.mark.parametrize("piece", [1, 2, 5, 11, 1 << 18])
def test_columns_are_the_same_in_pieces_of_any_length(
    con: sqlite3.Connection, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PIECE", piece)
    ids, numbers, twice = bulk.numbers(con, ("id", "n", "id * 2"), "FROM t")
    assert list(zip(ids.tolist(), numbers.tolist(), strict=True)) == [row[:2] for row in ROWS]
    assert twice.tolist() == [2 * row[0] for row in ROWS]
    assert {each.dtype for each in (ids, numbers, twice)} == {np.dtype(np.int64)}
    pieces = list(bulk.texts(con, "d", "FROM t"))
    assert list(chain.from_iterable(pieces)) == [row[2] for row in ROWS]
    assert (len(pieces) > 1) == (piece < 20), "other threads come to their turn in between"


def test_columns_of_nothing_and_of_one_row(con: sqlite3.Connection) -> None:
    assert [each.tolist() for each in bulk.numbers(con, ("id", "n"), "FROM t WHERE id > 99")] == [[], []]
    assert list(bulk.texts(con, "d", "FROM t WHERE id > 99")) == [[""]]
    assert [each.tolist() for each in bulk.numbers(con, ("id", "n"), "FROM t WHERE id = 3")] == [[3], [0]]
    assert list(bulk.texts(con, "d", "FROM t WHERE id = 2")) == [[""]]


def test_each_column_comes_in_a_row_of_its_own(con: sqlite3.Connection) -> None:
    """Fetching a row holds the interpreter for as long as it is: all columns of a million rows took 40 to 70 ms."""
    fetched: list[tuple[object, ...]] = []
    con.row_factory = lambda _cursor, row: fetched.append(row) or row
    bulk.numbers(con, ("id", "n", "id + n"), "FROM t")
    assert sorted(number for number, _text in fetched) == [0, 1, 2]


def test_zero_bytes_are_no_ends_of_texts(con: sqlite3.Connection) -> None:
    con.execute("UPDATE t SET d = 'a' || char(0) || 'b' WHERE id = 3")
    (found,) = bulk.texts(con, "d", "FROM t")
    assert found == ["2015-06", "", "ab", "داعش", "x" * 40, ""]
