"""A project file from a stranger: nothing in it runs, and each trick is named."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from db.connection import connect_reader, connect_writer
from db.errors import EnvironmentFault
from db.store import Store
from tests.helpers.project import contents, small_project

PLANTED = {
    "trigger": ("CREATE TRIGGER mine AFTER UPDATE ON event BEGIN DELETE FROM source; END", "trigger, mine"),
    "trigger with a known name": (
        "CREATE TRIGGER rtree_place_geom_insert AFTER INSERT ON claim BEGIN DELETE FROM source; END",
        "trigger, rtree_place_geom_insert",
    ),
    "instead of trigger": (
        "CREATE TRIGGER mine INSTEAD OF UPDATE ON events BEGIN DELETE FROM source; END",
        "trigger, mine",
    ),
    "view": ("CREATE VIEW mine AS SELECT load_extension('x')", "view, mine"),
    "endless view": (
        "CREATE VIEW mine AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT * FROM n",
        "view, mine",
    ),
    "virtual table": ("CREATE VIRTUAL TABLE mine USING fts5(x)", "run by itself"),
    "computed column": ("CREATE TABLE mine (x, y GENERATED ALWAYS AS (x + 1))", "computed columns"),
    "computed column, short": ("CREATE TABLE mine (x, y AS (hex(zeroblob(1000000000))))", "computed columns"),
    "index on an expression": ("CREATE INDEX mine ON event (lower(title))", "index, mine"),
    "partial index": ("CREATE INDEX mine ON event (title) WHERE abs(id) > 0", "index, mine"),
    "computed column of ours": ("ALTER TABLE event ADD COLUMN mine AS (abs(id))", "event"),
    "check on a column of ours": ("ALTER TABLE event ADD COLUMN mine TEXT CHECK (abs(mine) = 1)", "event"),
}
REPLACED = {
    "our view": ("DROP VIEW events", "CREATE VIEW events AS SELECT id AS OGC_FID FROM event"),
    "our index": ("DROP INDEX event_time", "CREATE INDEX event_time ON event (abs(id))"),
    "our table by a view": ("ALTER TABLE actor RENAME TO actor_", "CREATE VIEW actor AS SELECT * FROM actor_"),
    "our table by another": ("DROP TABLE claim_place", "CREATE TABLE claim_place (id)"),
    "our table gone": ("DROP TABLE claim_place",),
    "our search index": ("DROP TABLE search_index", "CREATE VIRTUAL TABLE search_index USING fts5(body)"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "sound.gpkg"
    small_project(path).close()
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path / "project.gpkg"))


def plant(path: Path, *statements: str) -> None:
    con = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        con.execute(statement)
    con.close()


def assert_refused(path: Path, words: str) -> None:
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(EnvironmentFault, match=words) as caught:
            Store.open(path, read_only=read_only)
        assert "left as it is" in str(caught.value)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(("statement", "words"), PLANTED.values(), ids=PLANTED.keys())
def test_what_is_planted_is_named_and_not_run(path: Path, statement: str, words: str):
    plant(path, statement)
    assert_refused(path, words)


@pytest.mark.parametrize("statements", REPLACED.values(), ids=REPLACED.keys())
def test_what_is_replaced_is_noticed(path: Path, statements: tuple[str, ...]):
    plant(path, *statements)
    assert_refused(path, "not as Dateline makes it|missing|did not make")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id INTEGER PRIMARY KEY, x TEXT)",
        "CREATE INDEX mine ON event (title)",
        "ALTER TABLE event ADD COLUMN UNIT TEXT",
        'ALTER TABLE place ADD COLUMN "my code" DOUBLE DEFAULT 3.5',
        "ALTER TABLE claim ADD COLUMN x VARCHAR(20) NOT NULL DEFAULT 'y'",
        "ANALYZE",
    ],
)
def test_plain_additions_of_other_programs_are_no_danger(path: Path, statement: str):
    plant(path, statement)
    store = Store.open(path)
    assert not store.read_only
    with store.step("Go on") as session:
        session.connection().exec_driver_sql("DELETE FROM place WHERE id = 1")
    store.undo()
    # Old row images cannot be brought to columns with a default: undo ends at them.
    assert store.undo_label == (None if "DEFAULT" in statement else "Set up")
    store.close()
    Store.open(path).close()


def test_a_schema_that_sqlite_itself_does_not_like(path: Path):
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA writable_schema = ON")
    con.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE event (' WHERE name = 'event'")
    con.close()
    with pytest.raises(EnvironmentFault, match="damaged"):
        Store.open(path)


def test_a_trigger_hidden_behind_the_schema_version(path: Path):
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("PRAGMA writable_schema = ON")
    con.execute("INSERT INTO sqlite_master VALUES ('trigger', 'touch_mine', 'event', 0, "
                "'CREATE TRIGGER touch_mine AFTER UPDATE ON event BEGIN DELETE FROM source; END')")  # fmt: skip
    con.close()
    assert_refused(path, "trigger, touch_mine")


def test_a_trigger_on_a_foreign_table_does_not_run_by_a_foreign_key(path: Path):
    plant(
        path,
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, place REFERENCES place ON DELETE CASCADE)",
        "INSERT INTO notes VALUES (1, 3)",
        "CREATE TRIGGER rtree_notes_geom_delete AFTER DELETE ON notes BEGIN DELETE FROM source; END",
    )
    store = Store.open(path)
    before = contents(store)
    with pytest.raises(EnvironmentFault, match="no business"), store.step("Delete") as session:
        session.connection().exec_driver_sql("DELETE FROM place WHERE id = 3")
    assert contents(store) == before
    store.close()


@pytest.mark.parametrize("connect", [connect_reader, connect_writer])
@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH 'other.db' AS other",
        "SELECT load_extension('x')",
        "SELECT * FROM mine",
        "SELECT fts3_tokenizer('simple')",
    ],
)
def test_the_authorizer_denies_what_no_project_needs(path: Path, statement: str, connect):
    plant(path, "CREATE VIEW mine AS SELECT * FROM source")
    con = connect(path)
    with pytest.raises(sqlite3.DatabaseError):
        con.execute(statement)
    con.close()
    assert not Path("other.db").exists()


def test_our_own_view_and_vacuum_pass_the_authorizer(path: Path):
    con = connect_writer(path)
    assert con.execute("SELECT count(*) FROM events").fetchone() == (3,)
    con.execute("VACUUM")
    con.close()


def test_a_huge_value_is_refused_and_not_loaded(path: Path):
    con = connect_writer(path)
    with pytest.raises(sqlite3.DataError):
        con.execute("SELECT zeroblob(1000000000)")
    con.close()
