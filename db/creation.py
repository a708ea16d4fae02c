"""Making a new project file: complete under another name, then moved to its place."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from db import journal, migrations, outside
from db.backup import sync
from db.connection import connect_writer
from db.errors import InputFault
from db.faults import as_fault
from db.schema import create_identity, create_schema

STAMP_KEY: Final = "change_counter"
"""Where in app_meta the number of the last commit stands."""


def make_file(path: Path, title: str) -> None:
    """Make a project file. It is made under another name beside ``path`` and moved there when it is complete.

    Raises InputFault when there is something at ``path`` already or no folder for it, EnvironmentFault when it cannot
    be written.
    """
    if path.exists():
        raise InputFault(f"There is already a file {path.name} here. It was left as it is.")
    if not path.parent.is_dir():
        raise InputFault(f"There is no folder {path.parent} to keep {path.name} in. Nothing was written.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch()
        with closing(connect_writer(part)) as con:
            con.execute("BEGIN IMMEDIATE")
            create_schema(con)
            create_identity(con, title)
            migrations.take(con)
            tracked = journal.tracked_tables(con)
            outside.put_columns(con, tracked.values())
            outside.baseline(con, 0, tracked["project"])
            con.execute("INSERT INTO app_meta (key, value) VALUES (?, '1')", (STAMP_KEY,))
            con.execute("COMMIT")
        part.rename(path)
        sync(path.parent)
    except Exception as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise as_fault(error, path) from error
