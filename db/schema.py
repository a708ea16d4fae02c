"""The first schema of a project file, made in one go, and what identifies it. What came later is in migrations.py."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from db import geopackage, search
from db.layers.table import Layer
from db.uid import new_uid

SCHEMA_VERSION: Final = 1
APPLICATION: Final = "dateline"


def now_text() -> str:
    """The present instant, UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def table_statements(version: int = SCHEMA_VERSION) -> list[str]:
    """CREATE statements of the tables and indexes that came with a version, each before those that refer to it."""
    statements = []
    for table in Layer.metadata.sorted_tables:
        if table.info.get("since", SCHEMA_VERSION) != version:
            continue
        statements.append(str(CreateTable(table).compile(dialect=dialect())).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect())) for index in indexes]
    return statements


def create_schema(con: sqlite3.Connection) -> None:
    """Make every table, index, view and registration of the first version, with no row of a project. To be run within
    a transaction.
    """
    geopackage.create_system_tables(con)
    for statement in table_statements():
        con.execute(statement)
    con.execute(search.CREATE_INDEX)
    geopackage.register_layers(con)


def create_identity(con: sqlite3.Connection, title: str) -> str:
    """Write who this file is and its one ``project`` row; answers the project's uid."""
    uid = new_uid()
    meta = {
        "application": APPLICATION,
        "project_uid": uid,
        "schema_version": str(SCHEMA_VERSION),
        "min_reader": str(SCHEMA_VERSION),
        "min_writer": str(SCHEMA_VERSION),
        "created_at": now_text(),
    }
    con.executemany("INSERT INTO app_meta (key, value) VALUES (?, ?)", meta.items())
    con.execute(
        "INSERT INTO migration (version, name, at) VALUES (?, 'created', ?)", (SCHEMA_VERSION, meta["created_at"])
    )
    con.execute("INSERT INTO project (uid, title) VALUES (?, ?)", (uid, title))
    return uid
