"""What SQLite and the file system complain of, as plain sentences for the user."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import Final

from db.errors import EnvironmentFault, StoreBug

_KEPT: Final = "Nothing was changed; the last finished action is kept."

_SENTENCES: Final = {
    sqlite3.SQLITE_BUSY: "{name} is locked by another program.",
    sqlite3.SQLITE_LOCKED: "{name} is locked by another program.",
    sqlite3.SQLITE_READONLY: "{name} cannot be written: the file or its folder is read-only, or was moved.",
    sqlite3.SQLITE_FULL: "There is no room left on the disk for {name}.",
    sqlite3.SQLITE_IOERR: "{name} could not be read or written: the disk reports an error or was taken away.",
    sqlite3.SQLITE_CANTOPEN: "{name} could not be opened, or its folder cannot be written.",
    sqlite3.SQLITE_CORRUPT: "{name} is damaged.",
    sqlite3.SQLITE_NOTADB: "{name} is not a project file, or its beginning is damaged.",
    sqlite3.SQLITE_AUTH: "{name} asks for something that a project file has no business with.",
    sqlite3.SQLITE_TOOBIG: "Something in {name} is too large.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory to work on {name}.",
}


def translate(error: BaseException, path: Path) -> EnvironmentFault | None:
    """The sentence for an error of SQLite (bare or wrapped by SQLAlchemy) or of the system; None for a bug of ours."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, UnicodeDecodeError) or (isinstance(cause, sqlite3.Error) and "UTF-8" in str(cause)):
        return EnvironmentFault(f"{path.name} is damaged: there is text in it that cannot be read. {_KEPT}")
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        sentence = None if code is None else _SENTENCES.get(code & 0xFF)
        return None if sentence is None else EnvironmentFault(f"{sentence.format(name=path.name)} {_KEPT}")
    if isinstance(cause, OSError):
        if cause.errno == errno.ENOSPC:
            return EnvironmentFault(f"{_SENTENCES[sqlite3.SQLITE_FULL].format(name=path.name)} {_KEPT}")
        return EnvironmentFault(f"{path.name} cannot be used: {cause.strerror or cause}. {_KEPT}")
    return None


def as_fault(error: Exception, path: Path) -> Exception:
    """What to raise in place of an error met while working on the file."""
    if isinstance(error, EnvironmentFault | StoreBug):
        return error
    return translate(error, path) or error
