"""A file that others read and write at the same time: threads, windows, other programs, a full disk."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from db import edits
from db.errors import EnvironmentFault, StoreBug
from db.store import ELSEWHERE, Change, Store
from db.tables import Kind, Place, Project
from tests.helpers.project import contents, small_project, steps, title


def test_a_reader_cannot_write(store: Store):
    con = store.reader()
    for statement in ("DELETE FROM place", "CREATE TABLE x (y)", "PRAGMA user_version = 3", "ATTACH 'x.db' AS x"):
        with pytest.raises(sqlite3.DatabaseError):
            con.execute(statement)
    con.close()


def test_a_long_read_does_not_stop_a_step_from_ending(store: Store):
    con = store.reader()
    assert con.execute("SELECT * FROM claim").fetchall()
    with store.step("Rename") as session:
        edits.set_event_title(session, 3, "Other")
    assert con.execute("SELECT title FROM event WHERE id = 3").fetchone() == ("Other",)
    con.close()


def test_a_read_during_a_large_step_sees_the_state_before(store: Store):
    con = store.reader()
    with store.step("Many") as session:
        connection = session.connection()
        connection.exec_driver_sql(
            "INSERT INTO place (uid, name, note) VALUES (?, 'many', ?)",
            [(f"many {number}", "x" * 2_000) for number in range(5_000)],
        )
        assert con.execute("SELECT count(*) FROM place").fetchone() == (3,)
    assert con.execute("SELECT count(*) FROM place").fetchone() == (5_003,)
    con.close()


def test_steps_of_several_threads_come_one_after_the_other(store: Store):
    def work(number: int) -> None:
        for round_ in range(5):
            with store.step(f"Thread {number}") as session:
                session.add(Kind(name=f"{number} {round_}", shape="circle", light="#000000", dark="#ffffff"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(contents(store)["kind"]) == 22
    for _ in range(20):
        store.undo()
    assert len(contents(store)["kind"]) == 2
    assert store.undo_label == "Set up"


def test_two_stores_on_one_file_see_each_other(tmp_path: Path):
    one = small_project(tmp_path / "p.gpkg")
    two = Store.open(tmp_path / "p.gpkg")
    told: list[Change] = []
    two.subscribe(told.append)
    with one.step("From one") as session:
        edits.set_event_title(session, 3, "one")
    with two.step("From two") as session:
        edits.set_event_title(session, 2, "two")
    assert [change.origin for change in told] == ["elsewhere", ""]
    assert two.undo_label == "From two"
    two.undo()
    assert two.undo_label == "From one"
    two.undo()
    assert title(two, 3) == "A guess"
    one.undo()
    assert contents(one) == contents(two)
    assert not [label for label in steps(one) if "outside" in label]
    one.close()
    two.close()


def test_another_program_holding_the_file_is_told_in_a_sentence(store: Store, monkeypatch: pytest.MonkeyPatch):
    store._con.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(EnvironmentFault, match="locked by another program"), store.step("Rename") as session:
        edits.set_event_title(session, 3, "Other")
    other.execute("ROLLBACK")
    other.close()
    with store.step("Rename") as session:
        edits.set_event_title(session, 3, "Other")
    assert title(store, 3) == "Other"


def test_a_full_disk_takes_the_step_back_and_keeps_the_rest(store: Store):
    before = contents(store)
    pages = store._con.execute("PRAGMA page_count").fetchone()[0]
    store._con.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(EnvironmentFault, match="no room"), store.step("Much") as session:
        session.add(Place(name="big", note="x" * 1_000_000))
    store._con.execute("PRAGMA max_page_count = 1000000")
    assert contents(store) == before
    with store.step("Rename") as session:
        edits.set_event_title(session, 3, "Other")
    assert title(store, 3) == "Other"


def test_what_others_have_written_is_told_also_where_nothing_of_ours_comes_of_it(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    told: list[Change] = []
    store.subscribe(told.append)
    other = Store.open(store.path)

    with other.step("Theirs") as session:
        session.get(Project, 1).title = "Theirs"
    assert store.redo() is None
    assert [change.label for change in told] == [ELSEWHERE]
    told.clear()

    with other.step("Theirs again") as session:
        session.get(Project, 1).title = "Theirs again"
    with pytest.raises(ZeroDivisionError), store.step("Ours"):
        raise ZeroDivisionError
    assert [change.label for change in told] == [ELSEWHERE]
    told.clear()

    with other.step("Theirs at last") as session:
        session.get(Project, 1).title = "Theirs at last"
    with store.step("Ours") as session:
        session.get(Project, 1).note = "Ours"
        with pytest.raises(StoreBug), store.step("Within"):
            pass
        assert not told
    assert [change.label for change in told] == [ELSEWHERE, "Ours"]
    other.close()
    store.close()
