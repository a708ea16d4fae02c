"""Opening a project file that may be anything: each way in which it can be wrong is told in a plain sentence."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db import safety
from db.connection import BUSY_MS, connect_reader, connect_writer
from db.errors import EnvironmentFault
from db.faults import as_fault
from db.geopackage import APPLICATION_ID
from db.header import HeaderWatch
from db.migrations import MIGRATIONS, Migration, expected_schema, latest, migrate
from db.schema import APPLICATION

OPEN_BUSY_MS: Final = 2_000
"""How long to wait for another program that has the file locked, while the user waits for it to open."""
CHECK_AT_ONCE: Final = 32 * 1024 * 1024
"""Bytes up to which the pages are looked at on opening; larger files by safety.quick_check, in the background."""


@dataclass(slots=True)
class Opened:
    """A connection that has passed all checks, the writer's or a reader's.

    ``outside`` says that another program has written the file since Dateline did. ``immutable`` readers take no locks,
    which a medium that cannot be written has no room for.
    """

    con: sqlite3.Connection
    watch: HeaderWatch
    meta: dict[str, str]
    read_only: bool
    reason: str | None
    outside: bool
    immutable: bool

    def close(self) -> None:
        self.con.close()
        self.watch.close()


def open_project(path: Path, *, read_only: bool = False, migrations: tuple[Migration, ...] = MIGRATIONS) -> Opened:
    """Open and check a project file. Raises EnvironmentFault when it cannot be opened; then nothing was written."""
    try:
        if path.is_dir():
            raise EnvironmentFault(f"{path.name} is a folder, not a project.")
        if not path.exists():
            raise EnvironmentFault(f"There is no file {path}.")
        watch = HeaderWatch(path)
    except OSError as error:
        raise as_fault(error, path) from error
    try:
        return _Opening(path, watch, read_only, migrations).run()
    except BaseException as error:
        watch.close()
        if isinstance(error, Exception):
            raise as_fault(error, path) from error
        raise


class _Opening:
    """One attempt to open a file: what has been found out so far."""

    def __init__(self, path: Path, watch: HeaderWatch, read_only: bool, migrations: tuple[Migration, ...]) -> None:
        self.path, self.watch, self.migrations = path, watch, migrations
        self.asked, self.reason = read_only, None if read_only else why_not_writable(path)
        self.header = watch.read()

    def run(self) -> Opened:
        safety.check_header(self.header, self.path)
        meta = self._inspect()
        writable = not self.asked and self.reason is None
        if writable:
            con = self._writer(meta)
            if con is not None:
                con.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
                meta = read_meta(con, self.path)
                return Opened(con, self.watch, meta, False, None, self._outside(meta), False)
        con = self._reader()
        con.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        return Opened(con, self.watch, meta, True, self.reason, self._outside(meta), self._immutable())

    def _inspect(self) -> dict[str, str]:
        """Look at everything through a connection that cannot write."""
        self._recover()
        con = self._reader()
        try:
            meta = read_meta(con, self.path)
            version, self.reason = self._version(meta)
            if version <= latest(self.migrations):
                safety.check_schema(safety.schema_of(con), expected_schema(version, self.migrations), self.path)
            if self.header.size <= CHECK_AT_ONCE and con.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise safety.damaged(self.path)
            return meta
        finally:
            con.close()

    def _recover(self) -> None:
        """Have SQLite take back a transaction that a crash cut off, which a reader could not do."""
        left_over = self.path.with_name(self.path.name + "-journal")
        if not left_over.exists() or why_not_writable(self.path) is not None:
            return
        con = connect_writer(self.path, OPEN_BUSY_MS)
        try:
            con.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            con.close()
        self.header = self.watch.read()

    def _version(self, meta: dict[str, str]) -> tuple[int, str | None]:
        """The version of the file, and why it may only be read. Raises EnvironmentFault when it cannot be."""
        name = self.path.name
        try:
            version, reader, writer = (int(meta[key]) for key in ("schema_version", "min_reader", "min_writer"))
        except (KeyError, ValueError) as error:
            raise EnvironmentFault(f"{name} is damaged: it does not say which version it is of.") from error
        if reader > latest(self.migrations):
            raise EnvironmentFault(
                f"{name} was written by a later version of Dateline, which this one cannot read. It was left as it is."
            )
        if writer > latest(self.migrations):
            later = f"{name} was written by a later version of Dateline: it can be looked at here, and not changed."
            return version, later
        return version, self.reason

    def _writer(self, meta: dict[str, str]) -> sqlite3.Connection | None:
        """The writer's connection, the file in rollback-journal mode and up to date; None when it is in use."""
        con = connect_writer(self.path, OPEN_BUSY_MS)
        try:
            if not self._leave_wal(con):
                con.close()
                return None
            version = int(meta["schema_version"])
            if version < latest(self.migrations):
                migrate(con, self.path, version, self.migrations)
                self._stamp(con)
            return con
        except BaseException:
            con.close()
            raise

    def _leave_wal(self, con: sqlite3.Connection) -> bool:
        """Bring a file that another program left in WAL mode back into one file. False when it is still in use."""
        try:
            (mode,) = con.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            mode = "wal"
        if mode != "delete":
            self.reason = (
                f"{self.path.name} is in use by another program: it can be looked at, and not changed until that "
                "program has closed it."
            )
        return bool(mode == "delete")

    def _stamp(self, con: sqlite3.Connection) -> None:
        """Own what was just written, unless another program had written before it."""
        before = self.header.change_counter
        stamp = con.execute("SELECT value FROM app_meta WHERE key = 'change_counter'").fetchone()
        if stamp is not None and stamp[0] == str(before):
            counter = (self.watch.read().change_counter + 1) & 0xFFFF_FFFF
            con.execute("UPDATE app_meta SET value = ? WHERE key = 'change_counter'", (str(counter),))

    def _outside(self, meta: dict[str, str]) -> bool:
        return meta.get("change_counter") != str(self.watch.read().change_counter)

    def _reader(self) -> sqlite3.Connection:
        return connect_reader(self.path, OPEN_BUSY_MS, immutable=self._immutable())

    def _immutable(self) -> bool:
        """A file in WAL mode needs a second file to be read; where none can be made and none is there, do without."""
        log = self.path.with_name(self.path.name + "-wal")
        return self.header.is_wal and why_not_writable(self.path) is not None and not log.exists()


def read_meta(con: sqlite3.Connection, path: Path) -> dict[str, str]:
    """The rows of app_meta, once it is plain that this is a project. Raises EnvironmentFault when it is none."""
    names = {row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    (application_id,) = con.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID or "gpkg_contents" not in names:
        raise EnvironmentFault(f"{path.name} is a database, but not a Dateline project. It was left as it is.")
    meta = dict(con.execute("SELECT key, value FROM app_meta").fetchall()) if "app_meta" in names else {}
    if meta.get("application") != APPLICATION or not meta.get("project_uid"):
        raise EnvironmentFault(
            f"{path.name} is a GeoPackage, but there is no Dateline project in it. It was left as it is."
        )
    return meta


def why_not_writable(path: Path) -> str | None:
    """Why steps would fail, as a sentence; None when nothing is known against them."""
    if not os.access(path, os.W_OK):
        return f"{path.name} is read-only: it can be looked at, and not changed."
    if not os.access(path.parent, os.W_OK):
        return f"The folder of {path.name} is read-only: the project can be looked at, and not changed."
    return None
