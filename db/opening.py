"""Opening a project file that may be anything: each way in which it can be wrong is told in a plain sentence."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from db.connection import connect_reader, connect_writer
from db.errors import EnvironmentFault
from db.faults import as_fault
from db.geopackage import APPLICATION_ID
from db.header import Header, HeaderWatch
from db.schema import APPLICATION, SCHEMA_VERSION


@dataclass(slots=True)
class Opened:
    """A connection that has passed all checks, the writer's or a reader's."""

    con: sqlite3.Connection
    watch: HeaderWatch
    meta: dict[str, str]
    read_only: bool
    reason: str | None

    def close(self) -> None:
        self.con.close()
        self.watch.close()


def open_project(path: Path, *, read_only: bool = False) -> Opened:
    """Open and check a project file. Raises EnvironmentFault when it cannot be opened; then nothing was written."""
    try:
        if not path.is_file():
            raise EnvironmentFault(f"There is no file {path}.")
        watch = HeaderWatch(path)
    except OSError as error:
        raise as_fault(error, path) from error
    try:
        check_header(watch.read(), path)
        reason = None if read_only else _why_not_writable(path)
        con = connect_reader(path) if read_only or reason else connect_writer(path)
        try:
            meta = read_meta(con, path)
            newer = check_version(meta, path)
        except BaseException:
            con.close()
            raise
        if newer and not (read_only or reason):
            con.close()
            con, reason = connect_reader(path), newer
        return Opened(con, watch, meta, bool(read_only or reason), reason)
    except Exception as error:
        watch.close()
        raise as_fault(error, path) from error


def check_header(header: Header, path: Path) -> None:
    """Whether the first bytes can be a project's at all."""
    if header.size == 0:
        raise EnvironmentFault(f"{path.name} is empty: there is no project in it.")
    if not header.is_sqlite:
        raise EnvironmentFault(f"{path.name} is not a Dateline project. It was left as it is.")
    if header.is_cut_short:
        raise EnvironmentFault(
            f"{path.name} is damaged: its end is missing. It was left as it is; open a backup or another copy."
        )


def read_meta(con: sqlite3.Connection, path: Path) -> dict[str, str]:
    """The rows of app_meta, once it is plain that this is a project."""
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


def check_version(meta: dict[str, str], path: Path) -> str | None:
    """Why the file may only be read, for one from a later version; None for one of ours."""
    try:
        _version, reader, writer = (int(meta[key]) for key in ("schema_version", "min_reader", "min_writer"))
    except (KeyError, ValueError) as error:
        raise EnvironmentFault(f"{path.name} is damaged: it does not say which version it is of.") from error
    if reader > SCHEMA_VERSION:
        raise EnvironmentFault(
            f"{path.name} was written by a later version of Dateline, which this one cannot read. It was left as it is."
        )
    if writer > SCHEMA_VERSION:
        return f"{path.name} was written by a later version of Dateline: it can be looked at here, and not changed."
    return None


def _why_not_writable(path: Path) -> str | None:
    if not os.access(path, os.W_OK):
        return f"{path.name} is read-only: it can be looked at, and not changed."
    if not os.access(path.parent, os.W_OK):
        return f"The folder of {path.name} is read-only: the project can be looked at, and not changed."
    return None
