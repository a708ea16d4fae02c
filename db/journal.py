"""Row images before and after every change, written by TEMP triggers; a step reverted from them; the audit trail.

An image is the row as a list of SQL literals in the order of ``Tracked.columns``, exact for every value that SQLite can
hold, so that two images are equal if and only if the rows are. The triggers live on the writer connection alone: the
file has none. Columns of an event that are derived from its claims are no part of its image.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db import tables
from db.displayed import DERIVED_COLUMNS
from db.errors import EnvironmentFault

UNTRACKED: Final = frozenset(("content", "step", "journal", "app_meta", "migration", "search_text"))
TRACKED: Final = tuple(name for name in tables.Row.metadata.tables if name not in UNTRACKED)
EVENT_DERIVED: Final = frozenset(DERIVED_COLUMNS)

# Rows of other tables whose change moves what an event displays: table -> (event of trigger, SQL that gives event ids).
_TOUCHES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "event": (("AFTER INSERT", "SELECT new.id"), ("AFTER UPDATE OF kind_id", "SELECT new.id")),
    "claim": (
        ("AFTER INSERT", "SELECT new.event_id"),
        ("AFTER UPDATE", "SELECT new.event_id UNION SELECT old.event_id"),
        ("AFTER DELETE", "SELECT old.event_id"),
    ),
    "decision": (
        ("AFTER INSERT", "SELECT new.event_id"),
        ("AFTER UPDATE", "SELECT new.event_id UNION SELECT old.event_id"),
        ("AFTER DELETE", "SELECT old.event_id"),
    ),
    "source": (("AFTER UPDATE OF reliability", "SELECT event_id FROM claim WHERE source_id = new.id"),),
    "document": (
        (
            "AFTER UPDATE OF source_id",
            "SELECT event_id FROM claim WHERE quote_id IN (SELECT id FROM quote WHERE document_id = new.id)",
        ),
    ),
    "quote": (("AFTER UPDATE OF document_id", "SELECT event_id FROM claim WHERE quote_id = new.id"),),
    "kind": (("AFTER UPDATE OF name", "SELECT id FROM event WHERE kind_id = new.id"),),
    "place": (
        ("AFTER UPDATE OF name, uid", "SELECT id FROM event WHERE place_id = new.id"),
        ("BEFORE DELETE", "SELECT id FROM event WHERE place_id = old.id"),
        # A decision names its place by uid: it holds again when undo brings the place back.
        ("AFTER INSERT", "SELECT event_id FROM decision WHERE field = 'place' AND value = '\"' || new.uid || '\"'"),
    ),
}


@dataclass(frozen=True, slots=True)
class Tracked:
    """A table with the columns of its image; ``id`` is the first."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]

    def image(self, alias: str) -> str:
        """The SQL expression of the image of ``alias``'s row."""
        parts = (_literal(f'{alias}."{name}"', kind) for name, kind in zip(self.columns, self.types, strict=True))
        return " || ',' || ".join(parts)

    @property
    def column_list(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one row. ``before`` None is an insertion, ``after`` None a deletion."""

    table: str
    row_id: int
    before: str | None
    after: str | None


def _literal(value: str, kind: str) -> str:
    """SQL that turns a value into its literal. quote() is exact but for NUL in text and for infinity."""
    if kind == "TEXT":
        hexed = f"'CAST(' || quote(CAST({value} AS BLOB)) || ' AS TEXT)'"
        return f"CASE WHEN typeof({value}) = 'text' AND instr({value}, char(0)) THEN {hexed} ELSE quote({value}) END"
    if kind == "DOUBLE":
        return f"CASE {value} WHEN 9e999 THEN '9e999' WHEN -9e999 THEN '-9e999' ELSE quote({value}) END"
    return f"quote({value})"


def tracked_tables(con: sqlite3.Connection) -> dict[str, Tracked]:
    """The journalled tables with the columns they have in this file, those added by other programs included."""
    found = {}
    for name in TRACKED:
        rows = con.execute(f'PRAGMA main.table_info("{name}")').fetchall()
        skipped = EVENT_DERIVED if name == "event" else frozenset()
        kept = [(row[1], row[2].upper()) for row in rows if row[1] not in skipped]
        found[name] = Tracked(name, tuple(row[0] for row in kept), tuple(row[1] for row in kept))
    return found


def install(con: sqlite3.Connection, tracked: Iterable[Tracked]) -> None:
    """Make the TEMP tables and triggers on the writer connection. A change outside a step then fails."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS step_now (id INTEGER PRIMARY KEY)")
    con.execute("CREATE TEMP TABLE IF NOT EXISTS touched (event_id INTEGER)")
    for table in tracked:
        for statement in _triggers(table):
            con.execute(statement)


def uninstall(con: sqlite3.Connection) -> None:
    """Drop the TEMP triggers, before the tables change shape."""
    names = con.execute("SELECT name FROM temp.sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        con.execute(f'DROP TRIGGER temp."{name}"')


def _triggers(table: Tracked) -> list[str]:
    name = table.name
    columns = table.columns[1:]
    changed = " OR ".join(f'old."{column}" IS NOT new."{column}"' for column in columns)
    of = ", ".join(f'"{column}"' for column in columns)
    into = "INSERT INTO journal (step_id, table_name, row_id, before, after) SELECT (SELECT id FROM step_now)"
    statements = [
        f'CREATE TEMP TRIGGER "journal_{name}_insert" AFTER INSERT ON main."{name}" BEGIN '
        f"{into}, '{name}', new.id, NULL, {table.image('new')}; END",
        f'CREATE TEMP TRIGGER "journal_{name}_update" AFTER UPDATE OF {of} ON main."{name}" WHEN {changed} BEGIN '
        f"{into}, '{name}', old.id, {table.image('old')}, {table.image('new')}; END",
        f'CREATE TEMP TRIGGER "journal_{name}_delete" AFTER DELETE ON main."{name}" BEGIN '
        f"{into}, '{name}', old.id, {table.image('old')}, NULL; END",
        f'CREATE TEMP TRIGGER "journal_{name}_id" BEFORE UPDATE OF id ON main."{name}" WHEN old.id IS NOT new.id BEGIN '
        "SELECT RAISE(ABORT, 'the id of a row never changes'); END",
    ]
    for number, (when, events) in enumerate(_TOUCHES.get(name, ())):
        statements.append(
            f'CREATE TEMP TRIGGER "touch_{name}_{number}" {when} ON main."{name}" BEGIN '
            f"INSERT INTO touched {events}; END"
        )
    return statements


def entries(con: sqlite3.Connection, first: int, count: int) -> list[Entry]:
    """The ``count`` entries from id ``first`` on, in the order in which they were written."""
    rows = con.execute(
        "SELECT table_name, row_id, before, after FROM journal WHERE id >= ? AND id < ? ORDER BY id",
        (first, first + count),
    ).fetchall()
    return [Entry(*row) for row in rows]


def check_untouched(con: sqlite3.Connection, changes: Sequence[Entry], tracked: dict[str, Tracked], label: str) -> None:
    """Compare every row with the image that the step left. Raises EnvironmentFault naming the first that differs."""
    last = {(entry.table, entry.row_id): entry.after for entry in changes}
    for table in {entry.table for entry in changes}:
        image = tracked[table].image("t")
        wanted = {row_id: after for (name, row_id), after in last.items() if name == table}
        for row_id, after in wanted.items():
            row = con.execute(f'SELECT {image} FROM main."{table}" AS t WHERE t.id = ?', (row_id,)).fetchone()
            if (None if row is None else row[0]) != after:
                raise EnvironmentFault(
                    f"“{label}” cannot be undone: {describe(con, table, row_id)} has been changed since by another "
                    "program. Nothing was changed."
                )


def revert(con: sqlite3.Connection, changes: Sequence[Entry], tracked: dict[str, Tracked]) -> None:
    """Apply the images before, last change first. Foreign keys are checked at the end of the transaction.

    Raises EnvironmentFault when the tables have another shape than the images.
    """
    con.execute("PRAGMA defer_foreign_keys = ON")
    for entry in reversed(changes):
        table = tracked[entry.table]
        try:
            if entry.before is None:
                con.execute(f'DELETE FROM main."{entry.table}" WHERE id = ?', (entry.row_id,))
            elif entry.after is None:
                con.execute(f'INSERT INTO main."{entry.table}" ({table.column_list}) VALUES ({entry.before})')
            else:
                con.execute(
                    f'UPDATE main."{entry.table}" SET ({table.column_list}) = ({entry.before}) WHERE id = ?',
                    (entry.row_id,),
                )
        except sqlite3.OperationalError as error:
            if "columns" not in str(error) and "values" not in str(error):
                raise
            raise EnvironmentFault(
                f"This cannot be undone: the table {entry.table} has had columns added or removed since. "
                "Nothing was changed."
            ) from error


def describe(con: sqlite3.Connection, table: str, row_id: int) -> str:
    """A row in words: its table and, where it has one, its name."""
    columns = {row[1] for row in con.execute(f'PRAGMA main.table_info("{table}")').fetchall()}
    naming = next((each for each in ("title", "name", "label") if each in columns), None)
    found: Any = None
    if naming:
        found = con.execute(f'SELECT "{naming}" FROM main."{table}" WHERE id = ?', (row_id,)).fetchone()
    words = table.replace("_", " ")
    return f"the {words} “{found[0]}”" if found and found[0] else f"a {words}"
