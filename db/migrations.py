"""Numbered steps forward from the first schema, each recorded in the file that took it; never backwards.

Before the first step a copy of the file is put beside it. All steps that a file lacks run in one transaction, tables
and all: they happen together or not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from db import journal, row_texts, safety
from db.backup import write_copy
from db.errors import EnvironmentFault
from db.kept import row_index
from db.layers import table as layer_table
from db.schema import SCHEMA_VERSION, create_schema, now_text, table_statements


@dataclass(frozen=True, slots=True)
class Migration:
    """A step to ``version``; read by programs from ``min_reader`` on, written from ``min_writer`` on."""

    version: int
    name: str
    run: Callable[[sqlite3.Connection], None]
    min_reader: int
    min_writer: int


def _tables_of(version: int) -> Callable[[sqlite3.Connection], None]:
    def run(con: sqlite3.Connection) -> None:
        for statement in table_statements(version):
            con.execute(statement)

    return run


MIGRATIONS: Final = (
    # An earlier program reads such a file as before, and would not journal what it does to layers.
    Migration(layer_table.SINCE, "layers of the map", _tables_of(layer_table.SINCE), min_reader=1, min_writer=2),
    # An earlier program opens no file with an index that it does not know.
    Migration(row_texts.SINCE, "words of rows of tables", row_index.create, min_reader=3, min_writer=3),
)


def latest(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """The schema version that this program writes."""
    return migrations[-1].version if migrations else SCHEMA_VERSION


@cache
def expected_schema(version: int, migrations: tuple[Migration, ...] = MIGRATIONS) -> tuple[safety.Master, ...]:
    """What a file of a version holds: the first schema with the steps up to that version."""
    con = sqlite3.connect(":memory:", isolation_level=None)
    try:
        create_schema(con)
        for migration in migrations:
            if migration.version <= version:
                migration.run(con)
        return tuple(safety.schema_of(con))
    finally:
        con.close()


def back_up(con: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the project beside itself before it changes to a version; answers the copy's path.

    Written under a temporary name, checked, put on disk and then renamed: a copy with its name is whole. Raises
    EnvironmentFault when there is no room, or the copy does not come out sound.
    """
    target = _free_name(path, version)
    try:
        write_copy(con, target)
    except (OSError, sqlite3.Error) as error:
        raise EnvironmentFault(
            f"{path.name} has to be brought up to date, and no copy could be made first: {error}. It was left as it is."
        ) from error
    return target


def _free_name(path: Path, version: int) -> Path:
    target = path.with_name(f"{path.stem}.before-version-{version}{path.suffix}")
    number = 2
    while target.exists():
        target = path.with_name(f"{path.stem}.before-version-{version}.{number}{path.suffix}")
        number += 1
    return target


def take(con: sqlite3.Connection, due: Sequence[Migration] = MIGRATIONS) -> None:
    """Take steps and record them, within a transaction."""
    for migration in due:
        migration.run(con)
        con.execute(
            "INSERT INTO migration (version, name, at) VALUES (?, ?, ?)",
            (migration.version, migration.name, now_text()),
        )
    meta = {
        "schema_version": due[-1].version,
        "min_reader": max(migration.min_reader for migration in due),
        "min_writer": max(migration.min_writer for migration in due),
    }
    con.executemany("UPDATE app_meta SET value = ? WHERE key = ?", [(str(v), key) for key, v in meta.items()])


def _note_new_tables(con: sqlite3.Connection) -> None:
    """Have the columns of tables that are new known, so that they do not seem to be another program's doing."""
    row = con.execute("SELECT value FROM app_meta WHERE key = ?", (journal.COLUMNS_KEY,)).fetchone()
    if row is not None:
        known = json.loads(row[0])
        known |= {name: each.columns for name, each in journal.tracked_tables(con).items() if name not in known}
        con.execute("UPDATE app_meta SET value = ? WHERE key = ?", (json.dumps(known), journal.COLUMNS_KEY))


def migrate(con: sqlite3.Connection, path: Path, version: int, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Take every step beyond ``version``, after a copy; nothing at all when one of them fails.

    The connection is a writer's before its journal is installed. Raises EnvironmentFault when there is no copy; what a
    step raises is raised again.
    """
    due = [migration for migration in migrations if migration.version > version]
    if not due:
        return
    back_up(con, path, due[-1].version)
    con.execute("BEGIN IMMEDIATE")
    try:
        take(con, due)
        _note_new_tables(con)
        # Row images from before have another shape: undo ends here.
        con.execute("INSERT OR REPLACE INTO app_meta (key, value) SELECT 'undo_floor', coalesce(max(id), 0) FROM step")
        con.execute("COMMIT")
    except BaseException:
        if con.in_transaction:
            con.execute("ROLLBACK")
        raise
