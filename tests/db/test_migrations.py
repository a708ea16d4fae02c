"""Steps forward of the schema: recorded, a copy before, all or nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from db import migrations, opening, queries, safety
from db.errors import EnvironmentFault
from db.layers.table import Layer
from db.migrations import MIGRATIONS, Migration, latest
from db.opening import open_project
from db.store import Store
from tests.helpers.project import contents, first_version, small_project


class Broken(Exception):
    pass


def add_colour(con: sqlite3.Connection) -> None:
    con.execute("ALTER TABLE actor ADD COLUMN colour TEXT")
    con.execute("UPDATE kind SET name = name || '!'")


def add_table(con: sqlite3.Connection) -> None:
    con.execute("CREATE TABLE weather (id INTEGER PRIMARY KEY, sky TEXT)")


def drop_column(con: sqlite3.Connection) -> None:
    con.execute("DROP INDEX ix_event_outcome_of_id")
    con.execute("ALTER TABLE weather ADD COLUMN wind DOUBLE")


STEPS = (
    Migration(4, "actors have a colour", add_colour, min_reader=1, min_writer=4),
    Migration(5, "weather", add_table, min_reader=1, min_writer=4),
    Migration(6, "wind", drop_column, min_reader=6, min_writer=6),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    small_project(tmp_path / "project.gpkg").close()
    return tmp_path / "project.gpkg"


def migrate(path: Path, steps: tuple[Migration, ...]) -> None:
    open_project(path, migrations=(*MIGRATIONS, *steps)).close()


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    con = sqlite3.connect(path)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def test_the_versions_of_this_program_are_in_order():
    assert [each.version for each in MIGRATIONS] == list(range(2, 2 + len(MIGRATIONS)))
    assert latest() == 1 + len(MIGRATIONS)


def test_steps_are_taken_in_order_and_recorded(path: Path):
    migrate(path, STEPS)
    assert ask(path, "SELECT version, name FROM migration ORDER BY id") == [
        (1, "created"), (2, "layers of the map"), (3, "words of rows of tables"), (4, "actors have a colour"),
        (5, "weather"), (6, "wind"),
    ]  # fmt: skip
    meta = dict(ask(path, "SELECT key, value FROM app_meta"))
    assert [meta[key] for key in ("schema_version", "min_reader", "min_writer")] == ["6", "6", "6"]
    assert ask(path, "SELECT name FROM kind ORDER BY id") == [("Fighting!",), ("Statements!",)]
    assert ask(path, "SELECT wind FROM weather") == []


def test_a_copy_from_before_lies_beside_the_file(path: Path):
    before = Store.open(path)
    rows = contents(before)
    before.close()
    migrate(path, STEPS[:1])
    copy = path.with_name("project.before-version-4.gpkg")
    assert sorted(each.name for each in path.parent.iterdir()) == ["project.before-version-4.gpkg", "project.gpkg"]
    safety.quick_check(copy)
    store = Store.open(copy)
    assert contents(store) == rows
    assert store.undo_label == "Set up"
    store.close()


def test_an_older_copy_is_not_written_over(path: Path):
    older = path.with_name("project.before-version-4.gpkg")
    older.write_bytes(b"an older copy")
    migrate(path, STEPS[:1])
    assert older.read_bytes() == b"an older copy"
    safety.quick_check(path.with_name("project.before-version-4.2.gpkg"))


def test_a_file_that_is_up_to_date_is_not_copied(path: Path):
    migrate(path, STEPS)
    names = sorted(each.name for each in path.parent.iterdir())
    raw = path.read_bytes()
    migrate(path, STEPS)
    assert path.read_bytes() == raw
    assert sorted(each.name for each in path.parent.iterdir()) == names


def test_only_the_steps_that_are_due_are_taken(path: Path):
    migrate(path, STEPS[:2])
    migrate(path, STEPS)
    assert ask(path, "SELECT version FROM migration ORDER BY id") == [(1,), (2,), (3,), (4,), (5,), (6,)]
    assert ask(path, "SELECT name FROM kind WHERE id = 1") == [("Fighting!",)]


@pytest.mark.parametrize("step", range(3))
@pytest.mark.parametrize("late", [False, True])
def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path, step: int, late: bool):
    def fail(con: sqlite3.Connection) -> None:
        if late:
            STEPS[step].run(con)
        raise Broken

    steps = list(STEPS)
    broken = STEPS[step]
    raw, schema = path.read_bytes(), ask(path, "SELECT name, sql FROM sqlite_master")
    migrations.expected_schema(1, ())  # what the file is checked against is not what fails here
    steps[step] = Migration(broken.version, broken.name, fail, broken.min_reader, broken.min_writer)
    with pytest.raises(Broken):
        migrate(path, tuple(steps))
    assert path.read_bytes() == raw
    assert ask(path, "SELECT name, sql FROM sqlite_master") == schema
    store = Store.open(path)
    assert store.undo_label == "Set up"
    store.close()


def test_without_a_copy_nothing_is_taken(path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    raw = path.read_bytes()
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(EnvironmentFault, match="no copy could be made first"):
        migrate(path, STEPS)
    assert path.read_bytes() == raw
    assert [each.name for each in path.parent.iterdir()] == ["project.gpkg"]


def test_undo_does_not_go_below_a_migration(path: Path):
    # Steps that change no table of ours, so that this program can open the result.
    step = Migration(4, "nothing much", lambda con: None, min_reader=1, min_writer=1)
    migrate(path, (step,))
    store = Store.open(path)
    assert not store.read_only
    assert store.undo_label is None
    store.close()


def test_a_migrated_file_is_not_taken_for_edited_outside_and_an_edited_one_is(path: Path):
    other = Path(shutil.copy(path, path.with_name("other.gpkg")))
    con = sqlite3.connect(other)
    con.execute("UPDATE place SET name = 'Nineveh' WHERE id = 1")
    con.commit()
    con.close()
    for file, outside in ((path, False), (other, True)):
        opened = open_project(file, migrations=(*MIGRATIONS, *STEPS))
        assert opened.outside is outside
        opened.close()


def test_an_older_program_may_look_and_not_write(path: Path):
    migrate(path, STEPS[:2])
    store = Store.open(path)
    assert store.read_only
    assert "later version" in str(store.read_only_reason)
    store.close()
    migrate(path, STEPS)
    with pytest.raises(EnvironmentFault, match="later version"):
        Store.open(path)


def test_a_file_that_cannot_be_written_is_not_migrated(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "why_not_writable", lambda target: f"{target.name} is read-only.")
    raw = path.read_bytes()
    opened = open_project(path, migrations=(*MIGRATIONS, *STEPS))
    assert opened.read_only
    opened.close()
    assert path.read_bytes() == raw


def test_a_project_of_the_first_version_opens_with_the_tables_that_came_later(tmp_path: Path):
    path = tmp_path / "first.gpkg"
    first_version(path)
    assert ask(path, "SELECT name FROM sqlite_master WHERE name = 'layer'") == []
    reader = Store.open(path, read_only=True)
    with contextlib.closing(reader.reader()) as con:
        assert queries.layers(con) == []  # a file that is only looked at stays as it is
    reader.close()
    store = Store.open(path)
    with store.step("Add") as session:
        session.add(Layer(name="Rivers", kind="vector"))
    with contextlib.closing(store.reader()) as con:
        assert [row.name for row in queries.layers(con)] == ["Rivers"]
    store.undo()
    store.close()
    con = sqlite3.connect(path)
    con.execute("UPDATE project SET title = 'Outside'")
    con.commit()
    con.close()
    store = Store.open(path)
    assert store.undo_label == "Edited outside"
    store.undo()
    assert store.redo_label == "Edited outside"  # the new table is not taken for another program's doing
    store.close()
