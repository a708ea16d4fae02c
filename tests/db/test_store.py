"""Steps, undo and redo, and what is told of them."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import Session, select

from db import edits
from db.errors import EnvironmentFault, InputFault, StoreBug
from db.store import Change, Store
from db.tables import Claim, Content, Event, Place, Source
from tests.helpers.project import contents, small_project, steps, title


def test_create_refuses_to_write_over_a_file(tmp_path: Path):
    path = tmp_path / "there.gpkg"
    path.write_bytes(b"mine")
    with pytest.raises(InputFault, match="already"):
        Store.create(path, "New")
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


def test_create_in_a_folder_that_is_not_there_says_so(tmp_path: Path):
    with pytest.raises(EnvironmentFault):
        Store.create(tmp_path / "no" / "new.gpkg", "New")


def test_a_step_is_on_disk_when_it_has_ended(store: Store):
    with store.step("Rename") as session:
        edits.set_event_title(session, 3, "Another guess")
    other = sqlite3.connect(store.path)
    assert other.execute("SELECT title FROM event WHERE id = 3").fetchone() == ("Another guess",)
    other.close()


def test_a_failing_step_leaves_nothing(store: Store):
    before = contents(store)
    told: list[Change] = []
    store.subscribe(told.append)

    def work(session: Session) -> None:
        edits.set_event_title(session, 1, "No")
        session.add(Content(sha256="x", body=b"x"))
        session.flush()
        raise ValueError("on the way")

    with pytest.raises(ValueError, match="on the way"), store.step("Fail") as session:
        work(session)
    assert contents(store) == before
    assert told == []
    assert store.undo_label == "Set up"
    assert "Fail" not in steps(store)
    with store.step("Works again") as session:
        edits.set_event_title(session, 1, "Yes")
    assert store.undo_label == "Works again"


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_step_that_breaks_a_constraint_is_rolled_back_even_when_the_error_is_swallowed(store: Store, goes_on: bool):
    before = contents(store)

    def work(session: Session) -> None:
        edits.set_event_title(session, 1, "No")
        session.add(Place(uid=session.get(Place, 1).uid, name="Twice"))
        with suppress(IntegrityError):
            session.flush()
        session.expunge_all()
        if goes_on:
            session.connection().exec_driver_sql("UPDATE event SET note = 'half'")

    with pytest.raises((StoreBug, SQLAlchemyError)), store.step("Swallow") as session:
        work(session)
    assert contents(store) == before


def test_a_missing_parent_fails_at_the_end_of_the_step(store: Store):
    before = contents(store)
    with pytest.raises((IntegrityError, sqlite3.IntegrityError)), store.step("Orphan") as session:
        session.add(Claim(event_id=999))
    assert contents(store) == before


def test_a_step_that_changes_nothing_leaves_no_trace(store: Store):
    before = store.path.read_bytes()
    told: list[Change] = []
    store.subscribe(told.append)
    with store.step("Nothing") as session:
        assert session.exec(select(Event)).all()
    assert store.undo_label == "Set up"
    assert told == []
    assert store.path.read_bytes() == before


def test_an_update_to_the_same_values_makes_no_undo_entry(store: Store):
    with store.step("Same") as session:
        session.connection().exec_driver_sql("UPDATE place SET name = name")
    assert store.undo_label == "Set up"


def test_steps_do_not_nest(store: Store):
    before = contents(store)
    with pytest.raises(StoreBug, match="within"), store.step("Outer"), store.step("Inner"):
        pass
    for act in (store.undo, store.redo, store.seal):
        with pytest.raises(StoreBug, match="within"), store.step("Outer"):
            act()
    assert contents(store) == before
    with store.step("Works") as session:
        edits.set_event_title(session, 1, "Yes")


def test_a_session_cannot_commit_half_a_step(store: Store):
    before = contents(store)
    with pytest.raises(StoreBug, match="by the step itself"), store.step("Half") as session:
        _commit(session)
    with pytest.raises(StoreBug, match="exception"), store.step("Half") as session:
        session.rollback()
    assert contents(store) == before


def _commit(session: Session) -> None:
    edits.set_event_title(session, 1, "No")
    session.commit()


def test_a_change_tells_the_rows_and_the_origin(store: Store):
    told: list[Change] = []
    stop = store.subscribe(told.append)
    with store.step("Judge", origin="inspector") as session:
        edits.set_source_reliability(session, 2, "A")
    assert told == [
        Change("Judge", {"source": frozenset({2}), "event": frozenset({1, 2})}, "inspector"),
    ]
    store.undo()
    assert told[1].label == "Judge"
    stop()
    stop()
    store.redo()
    assert len(told) == 2


def test_a_listener_sees_the_change_on_disk_and_may_run_a_step(store: Store):
    seen: list[object] = []

    def listener(change: Change) -> None:
        seen.append(title(store, 3))
        if change.label == "First":
            with store.step("Second") as session:
                edits.set_event_title(session, 3, "two")

    store.subscribe(listener)
    with store.step("First") as session:
        edits.set_event_title(session, 3, "one")
    assert seen == ["one", "two"]


def test_undo_and_redo_go_all_the_way_and_back(store: Store):
    states = [contents(store)]
    for number in range(4):
        with store.step(f"Step {number}") as session:
            if number == 2:
                edits.delete_events(session, [1, 2])
            else:
                edits.set_event_title(session, 3 if number == 3 else 1, f"title {number}")
        states.append(contents(store))
    for state in reversed(states[:-1]):
        assert store.undo() is not None
        assert contents(store) == state
    for state in states[1:]:
        assert store.redo() is not None
        assert contents(store) == state
    assert store.redo() is None
    assert store.redo_label is None


def test_undo_and_redo_survive_closing(tmp_path: Path):
    path = tmp_path / "p.gpkg"
    store = small_project(path)
    before = contents(store)
    with store.step("Delete the Gazette") as session:
        session.delete(session.get(Source, 2))
    deleted = contents(store)
    assert len(deleted["claim"]) == 2
    store.close()

    store = Store.open(path)
    assert store.undo_label == "Delete the Gazette"
    store.undo()
    assert contents(store) == before
    store.close()

    store = Store.open(path)
    assert store.redo_label == "Delete the Gazette"
    assert store.undo_label == "Set up"
    store.redo()
    assert contents(store) == deleted
    store.close()

    store = Store.open(path)
    assert (store.undo_label, store.redo_label) == ("Delete the Gazette", None)
    store.undo()
    assert contents(store) == before
    with store.step("Another way") as session:
        edits.set_event_title(session, 3, "Other")
    assert store.redo_label is None
    store.close()
    store = Store.open(path)
    assert (store.undo_label, store.redo_label) == ("Another way", None)
    store.close()


def test_seal_is_the_ground_that_undo_does_not_go_below(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg", seal=True)
    assert store.undo_label is None
    assert store.undo() is None
    with store.step("Rename") as session:
        edits.set_event_title(session, 3, "Other")
    store.close()
    store = Store.open(tmp_path / "p.gpkg")
    assert store.undo_label == "Rename"
    store.undo()
    assert store.undo() is None
    assert store.redo_label == "Rename"
    store.close()


def test_who_and_when_stand_in_the_step(store: Store):
    store.who = "N. N."
    with store.step("Rename") as session:
        edits.set_event_title(session, 3, "Other")
    con = store.reader()
    who, at = con.execute("SELECT who, at FROM step ORDER BY id DESC").fetchone()
    con.close()
    assert who == "N. N."
    assert at.endswith("Z")
    assert len(at) == 24


def test_a_change_outside_a_step_is_refused(store: Store):
    with pytest.raises(sqlite3.IntegrityError):
        store._con.execute("UPDATE place SET name = 'x'")
    con = store.reader()
    assert con.execute("SELECT name FROM place WHERE id = 1").fetchone() == ("Mosul",)
    con.close()


def test_the_id_of_a_row_never_changes(store: Store):
    with pytest.raises(IntegrityError, match="never changes"), store.step("Renumber") as session:
        session.connection().exec_driver_sql("UPDATE kind SET id = 77 WHERE id = 2")


def test_ids_are_never_given_again(store: Store):
    with store.step("Delete") as session:
        session.delete(session.get(Place, 3))
    with store.step("Add") as session:
        assert edits.add_place(session, "Hit", 42.8, 33.6) == 4


def test_the_file_has_no_triggers_and_every_setting_that_was_promised(store: Store):
    con = store._con
    assert con.execute("SELECT count(*) FROM main.sqlite_master WHERE type = 'trigger'").fetchone() == (0,)
    expected = {
        "journal_mode": "delete",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "busy_timeout": 10_000,
        "cache_spill": 0,
    }
    assert {name: con.execute(f"PRAGMA {name}").fetchone()[0] for name in expected} == expected
