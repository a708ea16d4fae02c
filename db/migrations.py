"""Numbered steps forward from the first schema, each recorded in the file that took it; never backwards.

Before the first step a copy of the file is put beside it. All steps that a file lacks run in one transaction, tables
and all: they happen together or not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from db import safety
from db.backup import write_copy
from db.errors import EnvironmentFault
from db.schema import SCHEMA_VERSION, create_schema, now_text


@dataclass(frozen=True, slots=True)
class Migration:
    """A step to ``version``; read by programs from ``min_reader`` on, written from ``min_writer`` on."""

    version: int
    name: str
    run: Callable[[sqlite3.Connection], None]
    min_reader: int
    min_writer: int


MIGRATIONS: Final[tuple[Migration, ...]] = ()


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
        for migration in due:
            migration.run(con)
            con.execute(
                "INSERT INTO migration (version, name, at) VALUES (?, ?, ?)",
                (migration.version, migration.name, now_text()),
            )
        last = due[-1]
        meta = {
            "schema_version": last.version,
            "min_reader": max(migration.min_reader for migration in due),
            "min_writer": max(migration.min_writer for migration in due),
        }
        con.executemany("UPDATE app_meta SET value = ? WHERE key = ?", [(str(v), key) for key, v in meta.items()])
        # Row images from before have another shape: undo ends here.
        con.execute("INSERT OR REPLACE INTO app_meta (key, value) SELECT 'undo_floor', coalesce(max(id), 0) FROM step")
        con.execute("COMMIT")
    except BaseException:
        if con.in_transaction:
            con.execute("ROLLBACK")
        raise
