"""Row images before and after every change, written by TEMP triggers; a step reverted from them; the audit trail.

An image is the row as a list of SQL literals in the order of ``Tracked.columns``, exact for every value that SQLite can
hold, so that two images are equal if and only if the rows are. The triggers live on the writer connection alone: the
file has none. Columns of an event that are derived from its claims are no part of its image.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from db.displayed import DERIVED_COLUMNS
from db.errors import EnvironmentFault, StoreBug
from db.layers.table import Layer

UNTRACKED: Final = frozenset(("content", "step", "journal", "app_meta", "migration", "search_text"))
TRACKED: Final = tuple(name for name in Layer.metadata.tables if name not in UNTRACKED)
COLUMNS_KEY: Final = "journal_columns"
"""Where in app_meta the columns of the journalled tables stand (outside.py)."""
_BATCH: Final = 500
EVENT_DERIVED: Final = frozenset(DERIVED_COLUMNS)

# Rows of other tables whose change moves what an event displays: table -> (event of trigger, SQL that gives event ids).
_TOUCHES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "event": (("AFTER INSERT", "SELECT new.id"), ("AFTER UPDATE OF kind_id", "SELECT new.id")),
    "claim": (
        ("AFTER INSERT", "SELECT new.event_id"),
        ("AFTER UPDATE", "SELECT new.event_id UNION SELECT old.event_id"),
        ("AFTER DELETE", "SELECT old.event_id"),
    ),
    # It moves no column of the event; those who keep lists of who took part hear of it all the same.
    "claim_actor": (
        ("AFTER INSERT", "SELECT event_id FROM claim WHERE id = new.claim_id"),
        ("AFTER DELETE", "SELECT event_id FROM claim WHERE id = old.claim_id"),
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

    def image(self, alias: str) -> str:
        """The SQL expression of the image of ``alias``'s row."""
        return " || ',' || ".join(_literal(f'{alias}."{name}"') for name in self.columns)

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

    @property
    def operation(self) -> str:
        return "insert" if self.before is None else "delete" if self.after is None else "update"


def _literal(value: str) -> str:
    """SQL that turns a value into its literal. quote() is exact but for NUL in text and for infinity."""
    plain = f"quote({value})"
    hexed = f"'CAST(' || quote(CAST({value} AS BLOB)) || ' AS TEXT)'"
    return (
        f"CASE typeof({value}) WHEN 'text' THEN CASE instr({value}, char(0)) WHEN 0 THEN {plain} ELSE {hexed} END "
        f"WHEN 'real' THEN CASE {value} WHEN 9e999 THEN '9e999' WHEN -9e999 THEN '-9e999' ELSE {plain} END "
        f"ELSE {plain} END"
    )


def tracked_tables(con: sqlite3.Connection) -> dict[str, Tracked]:
    """The journalled tables with the columns they have in this file, those added by other programs included."""
    found = {}
    for name in TRACKED:
        rows = con.execute(f'PRAGMA main.table_info("{name}")').fetchall()
        skipped = EVENT_DERIVED if name == "event" else frozenset()
        found[name] = Tracked(name, tuple(row[1] for row in rows if row[1] not in skipped))
    return found


def install(con: sqlite3.Connection, tracked: Iterable[Tracked]) -> None:
    """Make the TEMP tables and triggers on the writer connection. A change outside a step then fails."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS step_now (id INTEGER PRIMARY KEY)")
    con.execute("CREATE TEMP TABLE IF NOT EXISTS touched (event_id INTEGER)")
    for table in tracked:
        for statement in _triggers(table):
            con.execute(statement)


def uninstall(con: sqlite3.Connection, tables: Iterable[str] | None = None) -> None:
    """Drop the TEMP triggers, of all tables or of some: before they change shape, or take rows in bulk."""
    names = con.execute("SELECT name, tbl_name FROM temp.sqlite_master WHERE type = 'trigger'").fetchall()
    wanted = None if tables is None else frozenset(tables)
    for name, table in names:
        if wanted is None or table in wanted:
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
    try:
        rows = con.execute(
            "SELECT table_name, row_id, before, after FROM journal WHERE id >= ? AND id < ? ORDER BY id",
            (first, first + count),
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "UTF-8" not in str(error):
            raise
        raise EnvironmentFault(
            "This cannot be undone: another program has written text that is no Unicode. Nothing was changed."
        ) from error
    return [Entry(*row) for row in rows]


def check_untouched(con: sqlite3.Connection, changes: Sequence[Entry], tracked: dict[str, Tracked], label: str) -> None:
    """Compare every row with the image that the step left. Raises EnvironmentFault naming the first that differs."""
    wanted: dict[str, dict[int, str | None]] = defaultdict(dict)
    for entry in changes:
        wanted[entry.table][entry.row_id] = entry.after
    for table, rows in wanted.items():
        image = tracked[table].image("t")
        ids = list(rows)
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            sql = f'SELECT id, {image} FROM main."{table}" AS t WHERE id IN ({",".join("?" * len(batch))})'
            found = dict(con.execute(sql, batch).fetchall())
            different = next((row_id for row_id in batch if found.get(row_id) != rows[row_id]), None)
            if different is not None:
                raise EnvironmentFault(
                    f"“{label}” cannot be undone: {describe(con, table, different)} has been changed since by another "
                    "program. Nothing was changed."
                )


def revert(con: sqlite3.Connection, changes: Sequence[Entry], tracked: dict[str, Tracked]) -> None:
    """Apply the images before, last change first. Foreign keys are checked at the end of the transaction.

    Raises EnvironmentFault when a table has another shape than its images.
    """
    con.execute("PRAGMA defer_foreign_keys = ON")
    for (name, operation), run in groupby(reversed(changes), key=lambda entry: (entry.table, entry.operation)):
        table = tracked[name]
        if operation == "insert":
            con.executemany(f'DELETE FROM main."{name}" WHERE id = ?', [(entry.row_id,) for entry in run])
            continue
        rows = [_row(entry, table) for entry in run]
        if operation == "delete":
            marks = ", ".join("?" * len(table.columns))
            con.executemany(f'INSERT INTO main."{name}" ({table.column_list}) VALUES ({marks})', rows)
        else:
            settings = ", ".join(f'"{column}" = ?' for column in table.columns[1:])
            con.executemany(f'UPDATE main."{name}" SET {settings} WHERE id = ?', [(*row[1:], row[0]) for row in rows])


@contextmanager
def fitting(label: str) -> Iterator[None]:
    """Tell of rows that a reverted step needs and that are gone: those of a bulk step leave no image to another program
    that deletes them. Raises EnvironmentFault.
    """
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise EnvironmentFault(
            f"“{label}” cannot be undone: another program has removed rows that it needs. Nothing was changed."
        ) from error


def _row(entry: Entry, table: Tracked) -> tuple[Any, ...]:
    row = values_of(entry.before or "")
    if len(row) != len(table.columns):
        raise EnvironmentFault(
            f"This cannot be undone: the table {entry.table} has had columns added or removed since. "
            "Nothing was changed."
        )
    return row


_VALUE: Final = re.compile(
    r"(?P<null>NULL)|(?P<real>-?\d+\.\d+(?:e[+-]?\d+)?|-?9e999)|(?P<integer>-?\d+)|'(?P<text>(?:[^']|'')*)'"
    r"|X'(?P<blob>[0-9A-F]*)'|CAST\(X'(?P<hexed>[0-9A-F]*)' AS TEXT\)"
)


def values_of(image: str) -> tuple[Any, ...]:
    """The values in an image. As parameters they need no statement of their own, which costs as much as the row."""
    values: list[Any] = []
    at = 0
    while True:
        match = _VALUE.match(image, at)
        if match is None:
            raise StoreBug(f"a row image cannot be read at {at}: {image[at : at + 40]!r}")
        text = match[0]
        kind = match.lastgroup
        if kind == "null":
            values.append(None)
        elif kind == "integer":
            values.append(int(text))
        elif kind == "real":
            values.append(float(text))
        elif kind == "text":
            values.append(match["text"].replace("''", "'"))
        elif kind == "blob":
            values.append(bytes.fromhex(match["blob"]))
        else:
            values.append(bytes.fromhex(match["hexed"]).decode())
        at = match.end()
        if at == len(image):
            return tuple(values)
        if image[at] != ",":
            raise StoreBug(f"a row image cannot be read at {at}: {image[at : at + 40]!r}")
        at += 1


def describe(con: sqlite3.Connection, table: str, row_id: int) -> str:
    """A row in words: its table and, where it has one, its name."""
    columns = {row[1] for row in con.execute(f'PRAGMA main.table_info("{table}")').fetchall()}
    naming = next((each for each in ("title", "name", "label") if each in columns), None)
    found: Any = None
    if naming:
        found = con.execute(f'SELECT "{naming}" FROM main."{table}" WHERE id = ?', (row_id,)).fetchone()
    words = table.replace("_", " ")
    return f"the {words} “{found[0]}”" if found and found[0] else f"a {words}"
