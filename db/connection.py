"""Connections to a project file with every guard in place: one writer, any number of readers."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import quote

BUSY_MS: Final = 10_000
_PLENTY: Final = 128 * 1024 * 1024  # bytes of one value or row
_LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: _PLENTY,
    sqlite3.SQLITE_LIMIT_ATTACHED: 1,  # VACUUM needs one
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000_000,
}
_FORBIDDEN_FUNCTIONS: Final = frozenset(("load_extension", "fts3_tokenizer", "edit", "readfile", "writefile"))


def connect_writer(path: Path, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """The connection that may change the file. Autocommit: a step says BEGIN IMMEDIATE itself. Raises sqlite3.Error."""
    con = _connect(path, "rw", busy_ms)
    con.execute("PRAGMA foreign_keys = ON")
    con.execute("PRAGMA recursive_triggers = ON")  # else OR REPLACE escapes the journal
    con.execute("PRAGMA synchronous = FULL")
    con.execute("PRAGMA cache_spill = OFF")  # else a large step locks readers out before it ends
    con.execute("PRAGMA temp_store = MEMORY")
    return con


def connect_reader(path: Path, busy_ms: int = BUSY_MS, *, immutable: bool = False) -> sqlite3.Connection:
    """A connection that cannot change anything, for any one thread at a time. Raises sqlite3.Error.

    ``immutable`` is for a medium that nobody can write: no locks are taken.
    """
    con = _connect(path, "ro&immutable=1" if immutable else "ro", busy_ms)
    con.execute("PRAGMA query_only = ON")
    return con


def _connect(path: Path, mode: str, busy_ms: int) -> sqlite3.Connection:
    con = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=busy_ms / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        for limit, value in _LIMITS.items():
            con.setlimit(limit, value)
        if hasattr(con, "setconfig"):  # Python 3.12
            con.setconfig(vars(sqlite3)["SQLITE_DBCONFIG_DEFENSIVE"], True)
        con.execute("PRAGMA trusted_schema = OFF")
        con.execute("PRAGMA cell_size_check = ON")
        con.execute("PRAGMA cache_size = -65536")
        con.set_authorizer(_authorise)
    except BaseException:
        con.close()
        raise
    return con


def _authorise(action: int, first: str | None, second: str | None, database: str | None, within: str | None) -> int:
    """Deny what no project needs: other files, extensions, and whatever a view or trigger that is not ours asks for."""
    if action == sqlite3.SQLITE_ATTACH and first:  # VACUUM attaches a nameless file
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and second in _FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if within is not None and not within.startswith(("journal_", "touch_")) and within not in _OUR_VIEWS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


_OUR_VIEWS: Final = frozenset(("events",))
