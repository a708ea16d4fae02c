"""The steps of a project as they stand in its file: which may be undone, and the number of the last commit."""

from __future__ import annotations

import sqlite3
from typing import Final

from db.creation import STAMP_KEY
from db.history import History, StepHead

FLOOR_KEY: Final = "undo_floor"
"""Where in app_meta the id of the last step stands that cannot be undone."""


def last_stamp(con: sqlite3.Connection) -> int:
    """The ``Change.stamp`` of the last commit by a Store that a connection sees; 0 when there is none."""
    row = con.execute("SELECT value FROM app_meta WHERE key = ?", (STAMP_KEY,)).fetchone()
    return int(row[0]) if row is not None and str(row[0]).isdecimal() else 0


def load_history(con: sqlite3.Connection) -> History:
    """What could be undone and redone, by the headings of the steps."""
    rows = con.execute("SELECT id, label, undoes_id, first_entry, entries FROM step ORDER BY id").fetchall()
    floor = con.execute("SELECT value FROM app_meta WHERE key = ?", (FLOOR_KEY,)).fetchone()
    return History((StepHead(*row) for row in rows), int(floor[0]) if floor else 0)
