"""Whole copies of a project while it is open."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from db import safety
from db.errors import EnvironmentFault, InputFault


def write_copy(con: sqlite3.Connection, target: Path) -> None:
    """Copy the database behind ``con`` to ``target``, in place of what is there.

    Written under a temporary name, checked, put on disk and then renamed: a copy with its name is whole. Raises OSError
    or sqlite3.Error when it cannot be written, EnvironmentFault when it does not come out sound; then nothing is left.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            con.backup(copy)  # in one go: in pieces it would begin again with every write
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise safety.damaged(target)
        finally:
            copy.close()
        sync(part)
        part.replace(target)
        sync(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Have the system put a file, or the names in a folder, on disk."""
    if path.is_dir() and os.name == "nt":
        return  # a folder cannot be opened there
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def save_copy(con: sqlite3.Connection, path: Path, target: Path) -> None:
    """Write the whole project of ``path``, that ``con`` has open, to another file, in place of what is there.

    Raises InputFault when that is this project's own file, EnvironmentFault when it cannot be written.
    """
    if target.exists() and target.samefile(path):
        raise InputFault("That is the project itself. Choose another name for the copy; nothing was written.")
    try:
        write_copy(con, target)
    except (OSError, sqlite3.Error) as error:
        raise EnvironmentFault(
            f"The copy {target.name} could not be written: {error}. The project is as it was; choose another place."
        ) from error
