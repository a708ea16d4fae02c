"""Whether a file can be trusted: its pages, and its schema against the list of what a project may hold.

Nothing of a file is run before its schema has passed: no trigger, no view but ours, no computed column, no virtual
table but our search index and other programs' spatial indexes. Other programs' plain tables and columns are kept.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.connection import connect_reader
from db.errors import EnvironmentFault
from db.faults import as_fault
from db.header import Header, read_header

_TICK: Final = 100_000  # virtual machine steps between two looks at ``cancelled``
_IDENTIFIER: Final = r'(?:"[^"]+"|\w+)'
_ADDED_COLUMN: Final = (
    rf"{_IDENTIFIER} [A-Za-z][A-Za-z0-9_]*(?:\(\d+(?:, ?\d+)?\))?"
    r"(?: DEFAULT (?:'[^']*'|-?[0-9.]+|NULL))?(?: NOT NULL)?(?: DEFAULT (?:'[^']*'|-?[0-9.]+|NULL))?"
)
_ADDED_COLUMNS: Final = re.compile(rf"(?:, ?{_ADDED_COLUMN})+|(?:{_ADDED_COLUMN}, ?)+")
_PLAIN_INDEX: Final = re.compile(
    rf"CREATE INDEX {_IDENTIFIER} ON {_IDENTIFIER} \({_IDENTIFIER}(?:, ?{_IDENTIFIER})*\)", re.IGNORECASE
)
_COMPUTED: Final = re.compile(r"\bGENERATED\b|\bAS\s*\(", re.IGNORECASE)
_RTREE: Final = re.compile(r'CREATE VIRTUAL TABLE "?rtree_\w+"? USING rtree\([\w", ]+\)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Master:
    """A row of sqlite_master, white space in its SQL made single."""

    type: str
    name: str
    table: str
    sql: str


def quick_check(path: Path, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Look for damage in the pages of a file; about 2 s per GB, so not for the GUI thread.

    Raises EnvironmentFault when the file is damaged, or cannot be read. Ends silently, soon, once ``cancelled()``.
    """
    try:
        check_header(read_header(path), path)
        con = connect_reader(path)
        try:
            con.set_progress_handler(cancelled, _TICK)
            found = [row[0] for row in con.execute("PRAGMA quick_check(3)").fetchall()]
        finally:
            con.close()
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.OperationalError) and cancelled():
            return
        raise as_fault(error, path) from error
    if found != ["ok"]:
        raise damaged(path)


def damaged(path: Path) -> EnvironmentFault:
    return EnvironmentFault(
        f"{path.name} is damaged: some of its pages cannot be read as they were written. It was left as it is; "
        "open a backup or another copy."
    )


def check_header(header: Header, path: Path) -> None:
    """Whether the first bytes can be a project's at all. Raises EnvironmentFault."""
    if header.size == 0:
        raise EnvironmentFault(f"{path.name} is empty: there is no project in it.")
    if not header.is_sqlite:
        raise EnvironmentFault(f"{path.name} is not a Dateline project. It was left as it is.")
    if header.is_cut_short:
        raise EnvironmentFault(
            f"{path.name} is damaged: its end is missing. It was left as it is; open a backup or another copy."
        )


def schema_of(con: sqlite3.Connection) -> list[Master]:
    """What the file holds. Nothing of it is run."""
    rows = con.execute("SELECT type, name, tbl_name, sql FROM main.sqlite_master").fetchall()
    return [Master(row[0], row[1], row[2], " ".join((row[3] or "").split())) for row in rows]


def check_schema(found: Sequence[Master], expected: Sequence[Master], path: Path) -> None:
    """Compare a file's schema with ours. Raises EnvironmentFault for anything that could run or mislead."""
    ours = {(each.type, each.name): each for each in expected}
    names = {each.name for each in expected if each.type == "table"}
    missing = [each.name for each in expected if each.type == "table"]
    for each in found:
        known = ours.get((each.type, each.name))
        if each.type == "table" and each.name in missing:
            missing.remove(each.name)
        if known is None:
            _check_foreign(each, names, path)
        elif each.sql != known.sql and not _only_columns_added(each, known):
            raise _refused(path, f"its {each.type} {each.name} is not as Dateline makes it")
    if missing:
        raise EnvironmentFault(f"{path.name} is damaged: its table {missing[0]} is missing. It was left as it is.")


def is_known_trigger(name: str, table: str) -> bool:
    """Whether a trigger has the name of those that GDAL and QGIS make to index a table or to count its rows.

    On our tables they are dropped before anything can fire them; on others nothing of ours ever does, and the
    authorizer denies them if a foreign key should.
    """
    own = re.escape(table)
    known = rf"rtree_{own}_\w+_(?:insert|update\d?|delete)|trigger_(?:insert|delete)_feature_count_{own}"
    return re.fullmatch(known, name) is not None


def _check_foreign(each: Master, ours: set[str], path: Path) -> None:
    """Whether something that is not ours may stay in the file."""
    if each.type == "trigger":
        if not is_known_trigger(each.name, each.table):
            raise _refused(path, f"it holds a trigger, {each.name}, that would run by itself")
    elif each.type == "view":
        raise _refused(path, f"it holds a view, {each.name}, that Dateline did not make")
    elif each.type == "index":
        if each.sql and _PLAIN_INDEX.fullmatch(each.sql) is None:
            raise _refused(path, f"it holds an index, {each.name}, that would run by itself")
    elif each.name.lower() in {name.lower() for name in ours}:
        raise _refused(path, f"its table {each.name} is not as Dateline makes it")
    elif each.sql.upper().startswith("CREATE VIRTUAL"):
        if _RTREE.fullmatch(each.sql) is None:
            raise _refused(path, f"it holds a table, {each.name}, that would run by itself")
    elif _COMPUTED.search(each.sql) and not each.name.startswith("rtree_"):
        raise _refused(path, f"it holds a table, {each.name}, with computed columns")


def _only_columns_added(found: Master, known: Master) -> bool:
    """Whether a table is ours with plain columns added at its end, as other programs add them."""
    if found.type != "table" or not known.sql.startswith("CREATE TABLE"):
        return False
    extra = len(found.sql) - len(known.sql)
    for at in range(len(known.sql)):
        if found.sql[:at] != known.sql[:at]:
            break
        added = found.sql[at : at + extra]
        if found.sql[at + extra :] == known.sql[at:] and _ADDED_COLUMNS.fullmatch(added.strip()):
            return True
    return False


def _refused(path: Path, why: str) -> EnvironmentFault:
    return EnvironmentFault(f"{path.name} was not opened: {why}. It was left as it is.")
