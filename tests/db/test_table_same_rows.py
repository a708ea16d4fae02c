"""A newer copy of a table without ids brings what is new in it, counted beforehand, unless all is asked for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db import edits
from db.importers.tables import same_rows
from db.importers.tables.columns import Fate, Field
from db.importers.tables.importer import About, import_table
from db.importers.tables.mapping import guess
from db.importers.tables.outcome import NothingNew
from db.importers.tables.reading import open_table
from db.importers.tables.same_rows import Again, again_of
from db.store import Store
from tests.helpers import tables
from tests.helpers.imported import bring, counts, everything, own, rows, sound
from tests.helpers.imported import store as store_fixture
from tests.helpers.table_files import book

store = store_fixture
HEAD = "date,title,place\n"
LINES = [f"2016-11-{day:02},Event {day},Town {day % 3}\n" for day in range(1, 11)]


def table(tmp_path: Path, name: str, lines: list[str]) -> Path:
    return own(tmp_path, HEAD + "".join(lines), name)


def looked(store: Store, path: Path) -> Again:
    with closing(store.reader()) as con:
        return again_of(con, open_table(path).dialect)


def titles(store: Store) -> list[str]:
    return [row[0] for row in rows(store, "SELECT title FROM event ORDER BY id")]


def test_a_corrected_copy_brings_its_corrected_row_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(same_rows, "_AT_ONCE", 3)  # read by pieces
    assert looked(store, table(tmp_path, "own.csv", LINES)) == Again((False,) * 10)
    bring(store, tmp_path / "own.csv")
    with store.step("Work on it") as session:
        edits.delete_events(session, [1])  # a deleted event does not come back
        edits.set_event_title(session, 2, "Ours")
    mended = [*LINES[:4], LINES[4].replace("Event 5", "Event five"), *LINES[5:]]
    newer = table(tmp_path, "newer.csv", mended)
    found = looked(store, newer)
    assert (found.there, found.files, found.earlier) == ((True,) * 4 + (False,) + (True,) * 5, ("own.csv",), True)
    before = everything(store)
    target = tmp_path / "left.csv"
    made = bring(store, newer, bad_rows=target)
    assert (made.events, made.number(Fate.SAME), target.exists()) == (1, 9, False)
    assert made.listed[Fate.SAME].rows[0][1:3] == (2, "the same row came in before, from own.csv")
    assert titles(store) == ["Ours", *(f"Event {day}" for day in range(3, 11)), "Event five"]
    (selector,) = rows(store, "SELECT row_selector FROM quote ORDER BY id DESC LIMIT 1")
    assert selector == ("row=6",), "of the file, not of what came in"
    sound(store)
    after = everything(store)
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after
    sound(store)


def test_all_rows_come_where_that_is_said(store: Store, tmp_path: Path) -> None:
    bring(store, table(tmp_path, "own.csv", LINES))
    made = bring(store, table(tmp_path, "newer.csv", LINES[1:]), about=About(again=True))
    assert (made.events, made.listed) == (9, {})
    assert counts(store)["event"] == 19


def test_nothing_new_is_told_and_what_was_undone_never_came(store: Store, tmp_path: Path) -> None:
    bring(store, table(tmp_path, "own.csv", LINES))
    with pytest.raises(NothingNew, match=r"newer.csv has no new row: 9 rows came in before. Nothing was written."):
        bring(store, table(tmp_path, "newer.csv", LINES[1:]))
    assert counts(store)["event"] == 10
    store.undo()
    assert looked(store, tmp_path / "newer.csv") == Again((False,) * 9)
    assert bring(store, tmp_path / "newer.csv").events == 9


def test_equal_rows_are_counted(store: Store, tmp_path: Path) -> None:
    """Nothing says that two equal rows of a table are one event; of three the third is new where two came in."""
    made = bring(store, table(tmp_path, "own.csv", [LINES[0], LINES[0], LINES[1]]))
    assert made.events == 3
    newer = table(tmp_path, "newer.csv", [LINES[0]] * 3 + [LINES[2]])
    assert looked(store, newer).there == (True, True, False, False)
    again = bring(store, newer)
    assert (again.events, again.number(Fate.SAME)) == (2, 2)


def test_headings_the_kind_of_file_and_cells_beyond_the_last_column_do_not_matter(store: Store, tmp_path: Path) -> None:
    bring(store, table(tmp_path, "own.csv", LINES))
    lines = [line.strip().split(",") for line in LINES]
    path = book(tmp_path / "newer.xlsx", {"All": [["Day", "What", "Where"], *lines[2:]]})
    seen = open_table(path)
    with pytest.raises(NothingNew) as made:
        import_table(store, seen, guess(seen.dialect.names).with_column(Field.TITLE, "What"))
    assert made.value.imported.number(Fate.SAME) == 8
    wide = own(tmp_path, HEAD + LINES[0].replace("\n", ",\n") + LINES[1].replace("\n", ",x\n"), "wide.csv")
    assert looked(store, wide).there == (True, False)


def test_ids_decide_where_there_are_any(store: Store, tmp_path: Path) -> None:
    """A row with another id is another row, whatever else it says; and one with the same is not compared by cells."""
    tables.acled(tmp_path / "january.csv", 6, towns=3, groups=2)
    bring(store, tmp_path / "january.csv")
    text = (tmp_path / "january.csv").read_text("utf-8")
    other = own(tmp_path, text.replace("TST", "NEW"), "february.csv")
    assert bring(store, other).events == 6
    with pytest.raises(NothingNew) as made:
        bring(store, own(tmp_path, text.replace("Daily Herald", "Weekly Herald"), "march.csv"))
    assert (made.value.imported.number(Fate.CHANGED), made.value.imported.number(Fate.SAME)) == (6, 0)
    sound(store)


def test_an_import_that_is_not_done_does_not_count(store: Store, tmp_path: Path) -> None:
    """Its quotes are there before its document is: another window may be at it."""
    bring(store, table(tmp_path, "own.csv", LINES))
    with closing(store.reader()) as con:
        rows_of_before = len(same_rows.SameRows(con, 3))
    with store.step("Take the document away") as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        session.connection().exec_driver_sql("UPDATE quote SET document_id = 999 WHERE id > 4")
        with closing(store.reader()) as con:
            assert len(same_rows.SameRows(con, 3)) == rows_of_before == 10
        found = len(same_rows.SameRows(session.connection().connection.driver_connection, 3))
        session.connection().exec_driver_sql("UPDATE quote SET document_id = 1 WHERE id > 4")
    assert found == 4


def test_how_many_is_said_word_for_word() -> None:
    several = Again((True,) * 9 + (False,), ("own.csv",), True)
    assert several.said(whole=True, only_new=True) == (
        "9 of these 10 rows are in this project already, from own.csv, and are left out. "
        "A corrected row comes in as a new event beside the old one."
    )
    assert several.said(whole=True, only_new=False) == (
        "9 of these 10 rows are in this project already, from own.csv, and come in once more: "
        "their events will be there twice."
    )
    one = Again((True, False), ("own.csv", "b.csv", "c.csv"), True)
    assert one.said(whole=False, only_new=True).startswith(
        "1 of the first 2 rows is in this project already, from own.csv and 2 other files, and is left out."
    )
    assert one.said(whole=True, only_new=False).endswith("and comes in once more: its event will be there twice.")
    every = Again((True,) * 1000, ("own.csv",), True)
    assert every.said(whole=True, only_new=True) == (
        "All 1,000 rows are in this project already, from own.csv: nothing is left to import."
    )
    assert every.said(whole=False, only_new=True) == (
        "All of the first 1,000 rows are in this project already, from own.csv. "
        "Those after them are compared as they come."
    )
    assert Again((True,), ("own.csv",), True).said(whole=True, only_new=True).startswith("The one row is in")
    assert Again((False,)).said(whole=True, only_new=True) == ""


def test_rows_whose_numbers_are_far_apart_are_read_in_few_pieces(store: Store, tmp_path: Path) -> None:
    bring(store, table(tmp_path, "own.csv", LINES[:3]))
    far = 2 * 10**12
    with closing(sqlite3.connect(store.path)) as con, con:
        con.execute("UPDATE claim SET quote_id = ? WHERE quote_id = 2", (far,))
        con.execute("UPDATE quote SET id = ? WHERE id = 2", (far,))
    pieces: list[int] = []
    with closing(store.reader()) as con:
        found = again_of(con, open_table(tmp_path / "own.csv").dialect, lambda: pieces.append(1))
    assert found.there == (True,) * 3
    assert len(pieces) == 1
