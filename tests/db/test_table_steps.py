"""A table coming in is one step: undone, redone, stopped on the way, refused, with readers at work meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from db import edits, queries
from db.errors import EnvironmentFault, InputFault
from db.importers.tables.importer import import_table
from db.importers.tables.known import recognise
from db.importers.tables.reading import open_table
from db.search import search
from db.store import Store
from tests.helpers import tables
from tests.helpers.imported import HEADER, MAPPING, bring, counts, everything, own, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture


def test_it_is_one_step_and_undo_takes_all_of_it(store, tmp_path):
    before, told = counts(store), []
    store.subscribe(told.append)
    bring(store, tables.acled(tmp_path / "events.csv", 500, towns=30))
    assert [change.label for change in told] == ["Import events.csv"]
    assert len(told[0].rows["event"]) == len(told[0].rows["quote"]) == 500
    assert store.undo_label == "Import events.csv"
    change = store.undo()
    assert (counts(store), change.note) == (before, "")
    assert len(change.rows["event"]) == 500
    sound(store)
    bring(store, tmp_path / "events.csv")  # what was undone does not count as there
    assert counts(store)["event"] == 500
    sound(store)


def test_redo_brings_back_the_same_rows(store, tmp_path, monkeypatch):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 120)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 50)
    bring(store, own(tmp_path, HEADER + "2016,,Raid,Old Bridge,36.34,43.13,Group A,,,\n", "one.csv"), MAPPING)
    text = HEADER + "2016,,No coordinates,Old Bridge,,,Group A;B,,,\nsoon,,bad,Lost,1,1,Nobody,,,\n"
    text += "".join(
        f"2016-{n % 12 + 1:02d},,Raid {n},Old Bridge,36.{n % 7},43.1,Group {n % 5},Herald,{n % 6 + 1},\n"
        for n in range(400)
    )
    bring(store, own(tmp_path, text + "2016,,Last,Town 9,,,,,,\n"), MAPPING)
    with store.step("Rename") as session:
        edits.set_event_title(session, rows(store, "SELECT max(id) FROM event")[0][0], "Renamed")
    after = everything(store)
    for _ in range(2):
        assert [store.undo().label, store.undo().label] == ["Rename", "Import own.csv"]
        sound(store)
        assert [store.redo().label, store.redo().label] == ["Import own.csv", "Rename"]
        assert everything(store) == after
        sound(store)
    store.close()
    again = Store.open(store.path)
    assert [again.undo().label, again.undo().label, again.undo().label] == [
        "Rename",
        "Import own.csv",
        "Import one.csv",
    ]
    assert counts(again)["event"] == 0
    sound(again)
    assert again.redo().label == "Import one.csv"
    assert again.redo().label == "Import own.csv"
    assert again.redo().label == "Rename"
    assert everything(again) == after
    again.close()


def test_a_redo_that_cannot_be_leaves_all_as_it_was(store, tmp_path):
    bring(store, tables.acled(tmp_path / "events.csv", 300, towns=9))
    store.undo()
    before = everything(store)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        body = con.execute("SELECT id, body FROM content ORDER BY length(body) DESC").fetchone()
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("UPDATE content SET body = ? WHERE id = ?", (body[1][:-9], body[0]))
    again = Store.open(store.path)
    while again.undo_label == "Edited outside":
        again.undo()
    if again.redo_label == "Import events.csv":
        with pytest.raises(EnvironmentFault, match="damaged"):
            again.redo()
    assert everything(again) == before
    sound(again, checked=False)
    again.close()


def test_undo_after_opening_again(store, tmp_path):
    before = counts(store)
    bring(store, tables.acled(tmp_path / "events.csv", 50))
    with store.step("Rename") as session:
        session.connection().exec_driver_sql("UPDATE claim SET title = 'x' WHERE id = (SELECT min(id) FROM claim)")
    store.close()
    again = Store.open(store.path)
    assert again.undo().label == "Rename"
    assert again.undo().note == ""
    assert counts(again) == before
    sound(again)
    again.close()


class Stop(Exception):
    pass


@pytest.mark.parametrize("after", [0, 1, 2])
def test_stopped_on_the_way_nothing_stays(store, tmp_path, monkeypatch, after):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 100)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 90)
    path = tables.acled(tmp_path / "events.csv", 1000)
    table = open_table(path)
    before, heard = counts(store), []
    size = store.path.stat().st_size

    def report(done, total):
        heard.append(done)
        if len(heard) > 4 * after:
            raise Stop

    with pytest.raises(Stop):
        import_table(store, table, recognise(table.dialect.names), report=report)
    assert counts(store) == before
    assert rows(store, "SELECT count(*) FROM content") == [(0,)]
    assert store.undo_label is None
    sound(store)
    bring(store, path)  # and it can be done again
    assert counts(store)["event"] == 1000
    assert store.path.stat().st_size > size
    sound(store)


def test_a_file_that_changes_while_it_is_read(store, tmp_path):
    before = counts(store)
    path = tables.acled(tmp_path / "events.csv", 40)
    table = open_table(path)
    with path.open("a", encoding="utf-8") as file:
        file.write("X" + "," * 30 + "\n")
    with pytest.raises(EnvironmentFault, match="was changed while it was read"):
        import_table(store, table, recognise(table.dialect.names))
    assert counts(store) == before
    assert rows(store, "SELECT count(*) FROM content") == [(0,)]


def test_bad_rows_that_cannot_be_written(store, tmp_path):
    before = counts(store)
    path = own(tmp_path, "title,date\nA,2016\nB,soon\n")
    with pytest.raises(EnvironmentFault, match="The bad rows could not be written to bad"):
        bring(store, path, bad_rows=tmp_path / "no folder" / "bad.csv")
    assert counts(store) == before


def test_a_reader_goes_on_reading_meanwhile(store, tmp_path, monkeypatch):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 200)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 50)
    table = open_table(tables.acled(tmp_path / "events.csv", 2000))
    seen = []
    with closing(store.reader()) as con:

        def report(_done, _total):
            visible = con.execute("SELECT count(*) FROM event").fetchone()[0]
            claims = con.execute("SELECT count(*) FROM claim AS c JOIN event AS e ON e.id = c.event_id").fetchone()[0]
            found = len(search(con, "armed clash"))
            seen.append((visible, claims, found, len(queries.sources(con))))

        import_table(store, table, recognise(table.dialect.names), report=report)
        assert len(seen) > 20
        assert set(seen) == {(0, 0, 0, 0)}  # nothing shows before all of it does
        assert con.execute("SELECT count(*) FROM event").fetchone() == (2000,)


def test_the_same_table_twice_is_refused(store, tmp_path):
    path = tables.acled(tmp_path / "events.csv", 30)
    bring(store, path)
    before = counts(store)
    again = tmp_path / "renamed.csv"
    again.write_bytes(path.read_bytes())
    with pytest.raises(InputFault, match="is in the project already: it is the table of “events”"):
        bring(store, again)
    assert counts(store) == before
    assert store.undo_label == "Import events.csv"
