"""Bulk steps under attack: killed on the way, changed by others meanwhile and afterwards."""

from __future__ import annotations

import json
import os
import platform
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from db import edits, edtf, queries
from db.errors import EnvironmentFault, StoreBug
from db.importers.tables.importer import import_table
from db.importers.tables.known import recognise
from db.importers.tables.reading import open_table
from db.schema import now_text
from db.store import Store
from db.uid import UidRun, new_uid
from tests.helpers import tables
from tests.helpers.imported import bring, counts, rows
from tests.helpers.imported import sound as all_sound
from tests.helpers.project import small_project

WORKER = """
import os, sys
from pathlib import Path
from db.importers.tables import importer, parts
from db.importers.tables.known import recognise
from db.importers.tables.reading import open_table
from db.store import Store
importer.TOLD, parts.BATCH = 50, 300
store = Store.open(Path(sys.argv[1]))
table = open_table(Path(sys.argv[2]))
print("go", flush=True)
importer.import_table(store, table, recognise(table.dialect.names))
print("done", flush=True)
store.undo()
print("undone", flush=True)
"""


def sound(store):
    all_sound(store, checked=False)  # the small project's documents have no text


@pytest.fixture
def store(tmp_path):
    made = small_project(tmp_path / "project.gpkg", seal=True)
    yield made
    made.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system cannot kill")
def test_killed_at_any_moment_nothing_half_done_shows(store, tmp_path):
    path, table = store.path, tables.acled(tmp_path / "events.csv", 4000, towns=50)
    before = counts(store)
    store.close()
    whole = path.read_bytes()
    chance = random.Random(int(os.environ.get("DATELINE_SEED", "5")))
    left = 0
    for round_ in range(12):
        path.write_bytes(whole)
        command = [sys.executable, "-c", WORKER, str(path), str(table)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout.readline() == "go\n"
            time.sleep(chance.uniform(0, 1.2))  # the moment is what is tried here
            worker.kill()
            said = worker.stdout.read().split()
        with closing(sqlite3.connect(path)) as con:  # SQLite takes back what was not committed
            waiting = con.execute("SELECT count(*) FROM app_meta WHERE key GLOB 'bulk/*'").fetchone()[0]
        again = Store.open(path)
        shown = rows(again, "SELECT count(*) FROM event")[0][0]
        assert shown in (before["event"], before["event"] + 4000), round_
        left += waiting  # swept by now, as the process that left it is gone
        assert again.swept == bool(waiting)
        with closing(again.reader()) as con:
            unused = queries.unused_bytes(con)
        grown = path.stat().st_size - len(whole)
        assert not again.swept or grown < 500_000 or 0 < unused <= grown
        assert rows(again, "SELECT count(*) FROM event")[0][0] == shown
        sound(again)
        if shown == before["event"]:
            if "undone" not in said:
                assert again.undo_label is None or counts(again)["event"] == before["event"]
            assert {**counts(again), "search_text": 0} == {**before, "search_text": 0}
        again.close()
    assert left  # else no round met an import on its way


def test_what_was_worked_on_since_stays_and_is_named(store, tmp_path):
    bring(store, tables.acled(tmp_path / "events.csv", 200, towns=10))
    everything = counts(store)
    events = [row[0] for row in rows(store, "SELECT id FROM event WHERE quote_count = 1 ORDER BY id DESC LIMIT 3")]
    titles = dict(rows(store, "SELECT id, title FROM event"))
    record = rows(store, "SELECT max(id) FROM step")[0][0]
    with store.step("Judge") as session:
        edits.set_event_date(session, events[0], edtf.parse("2020"))
        session.connection().exec_driver_sql("UPDATE event SET note = 'seen' WHERE id = ?", (events[1],))
        session.connection().exec_driver_sql("UPDATE quote SET note = 'seen' WHERE id = ?", (events[2],))
    with store.step("Forget") as session:  # as if those steps could no longer be undone
        session.connection().exec_driver_sql("DELETE FROM step WHERE id = ?", (record + 1,))
    store._history._undo = [step for step in store._history._undo if step.id <= record]
    change = store.undo()
    assert change.note.startswith("3 events have been worked on since and stay, with what they rest on: “")
    for each in events:
        assert f"“{titles[each]}”" in change.note
    kept = counts(store)
    assert (kept["event"], kept["source"]) == (3 + 3, everything["source"])
    sound(store)


def test_others_may_write_between_the_parts(store, tmp_path, monkeypatch):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 100)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 50)
    table = open_table(tables.acled(tmp_path / "events.csv", 1000))
    other = Store.open(store.path)
    before = counts(store)

    def report(done, _total):
        with other.step(f"Beside {done}") as session:
            edits.add_event(session, f"Beside {done}")

    made = import_table(store, table, recognise(table.dialect.names), report=report)
    beside = rows(store, "SELECT count(*) FROM event WHERE title GLOB 'Beside*'")[0][0]
    assert (made.events, beside > 5) == (1000, True)
    assert counts(store)["event"] == before["event"] + 1000 + beside
    sound(store)
    assert other.undo().label == "Import events.csv"  # it was the last step
    other.close()
    assert counts(store)["event"] == before["event"] + beside
    sound(store)


def test_another_program_that_writes_meanwhile_ends_it(store, tmp_path, monkeypatch):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 100)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 50)
    table = open_table(tables.acled(tmp_path / "events.csv", 1000))
    before, heard = counts(store), []

    def report(done, _total):
        heard.append(done)
        if len(heard) == 5:
            with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
                con.execute("UPDATE place SET name = 'Mossul' WHERE id = 1")

    with pytest.raises(EnvironmentFault, match="Another program has changed"):
        import_table(store, table, recognise(table.dialect.names), report=report)
    assert rows(store, "SELECT count(*) FROM event")[0][0] == before["event"]
    with store.step("Next") as session:
        edits.add_event(session, "Next")
    assert rows(store, "SELECT label FROM step ORDER BY id DESC LIMIT 2") == [("Next",), ("Edited outside",)]
    assert rows(store, "SELECT name FROM place WHERE id = 1") == [("Mossul",)]


def test_edited_outside_after_an_import(store, tmp_path):
    bring(store, tables.acled(tmp_path / "events.csv", 300, towns=10))
    before = counts(store)
    event, title = rows(store, "SELECT id, title FROM event ORDER BY id DESC LIMIT 1")[0]
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("UPDATE event SET title = 'By another hand' WHERE id = ?", (event,))
    again = Store.open(store.path)
    assert rows(again, "SELECT title FROM event WHERE id = ?", event) == [("By another hand",)]
    assert counts(again)["event"] == before["event"]
    # One entry for the decision: imported rows are no news.
    assert rows(again, "SELECT count(*) FROM journal WHERE step_id = (SELECT max(id) FROM step)") == [(1,)]
    sound(again)
    assert again.undo().label == "Edited outside"
    assert rows(again, "SELECT title FROM event WHERE id = ?", event) == [(title,)]
    assert again.undo().label == "Import events.csv"
    assert rows(again, "SELECT count(*) FROM event")[0][0] == 3
    again.close()


def test_what_another_program_changed_stays_when_the_import_is_undone(store, tmp_path):
    bring(store, tables.acled(tmp_path / "events.csv", 300, towns=10))
    ids = [row[0] for row in rows(store, "SELECT id FROM event ORDER BY id DESC LIMIT 6")]
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("UPDATE claim SET title = 'By another hand' WHERE id = ?", (ids[0],))
        con.execute("UPDATE quote SET note = 'Seen' WHERE id = ?", (ids[1],))
        con.execute("UPDATE event SET tags = '[\"x\"]' WHERE id = ?", (ids[2],))
        con.execute("DELETE FROM claim_actor WHERE claim_id = ?", (ids[3],))
    again = Store.open(store.path)
    while again.undo_label == "Edited outside":
        again.undo()
    change = again.undo()
    assert change.label == "Import events.csv"
    assert change.note.startswith("4 events have been worked on since and stay, with what they rest on: “")
    assert rows(again, "SELECT id FROM event WHERE id > 3 ORDER BY id DESC") == [(each,) for each in ids[:4]]
    assert rows(again, "SELECT count(*) FROM quote WHERE document_id > 2") == [(4,)]
    sound(again)
    with pytest.raises(EnvironmentFault, match="cannot be redone: some of its events stayed"):
        again.redo()
    again.close()


def test_an_event_that_another_program_deleted_is_told_of(store, tmp_path):
    bring(store, tables.acled(tmp_path / "events.csv", 30, towns=10))
    last = rows(store, "SELECT max(id) FROM event")[0][0]
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("DELETE FROM event WHERE id = ?", (last,))
    again = Store.open(store.path)
    assert rows(again, "SELECT count(*) FROM claim WHERE id = ?", last) == [(0,)]
    before = counts(again)
    with pytest.raises(EnvironmentFault, match="another program has removed rows that it needs"):
        again.undo()
    assert counts(again) == before
    sound(again)
    again.close()


def test_a_bulk_step_without_a_last_part_leaves_nothing(store):
    before = counts(store)
    with store.bulk("Nothing") as many:
        many.reserve({"event": 10})
    assert counts(store) == before
    assert rows(store, "SELECT key FROM app_meta WHERE key GLOB 'bulk/*'") == []
    with store.bulk("Too many") as many:
        many.reserve({"event": 10})
        with pytest.raises(StoreBug, match="more rows of event"):
            many.next_ids("event", 11)
    with store.step("After") as session:  # the journal works again
        edits.add_event(session, "After")
    store.undo()
    assert counts(store) == before


def test_what_may_be_under_way_is_left_alone(store):
    store.close()
    notes = {
        "alive": {"at": now_text(), "by": [platform.node(), os.getpid()]},
        "elsewhere": {"at": now_text(), "by": ["another machine", 1]},
        "unknown": {"at": now_text()},
        "long ago": {"at": "2016-11-27T00:00:00.000Z", "by": ["another machine", 1]},
        "gone": {"at": now_text(), "by": [platform.node(), 2**22 + 1]},
    }
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        for name, note in notes.items():
            con.execute("INSERT INTO app_meta VALUES (?, ?)", (f"bulk/{name}", json.dumps({**note, "ranges": {}})))
    again = Store.open(store.path)
    left = {row[0] for row in rows(again, "SELECT key FROM app_meta WHERE key GLOB 'bulk/*'")}
    assert left == {"bulk/alive", "bulk/elsewhere", "bulk/unknown"}
    again.close()


def test_a_note_that_is_no_note_is_left_alone(store):
    store.close()
    notes = ("no json", "[]", json.dumps({"at": "2000-01-01T00:00:00.000Z", "ranges": {"sqlite_master": [[1, 9]]}}))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        for number, note in enumerate(notes):
            con.execute("INSERT INTO app_meta VALUES (?, ?)", (f"bulk/{number}", note))
    again = Store.open(store.path)
    left = rows(again, "SELECT key FROM app_meta WHERE key GLOB 'bulk/*' ORDER BY key")
    assert left == [("bulk/0",), ("bulk/1",)]  # the third named no table of ours: there was nothing to sweep
    again.close()


def test_runs_of_uids():
    run = UidRun()
    first = run.take(5000) + run.take(3)
    assert first == sorted(set(first))
    assert {len(each) for each in first} == {35}
    again = UidRun(run.seed, run.first_ms)
    assert again.take(5003) == first
    whole = first[0] + "0"
    assert (len(whole), whole[14], whole[19] in "89ab") == (36, "7", True)
    assert [len(part) for part in whole.split("-")] == [len(part) for part in new_uid().split("-")]
    assert UidRun().take(1) != UidRun().take(1)
