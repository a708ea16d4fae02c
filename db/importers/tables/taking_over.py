"""New values of rows that came in before and differ now: whose event nobody has worked on since gives way to the row's.

The row comes in as any other, and its event takes the place of the old one (replaced.py). Told are the events that
somebody has worked on as undo tells those that it leaves: by the journal, and by the kept table for other programs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from db import bulk_undo
from db.importers.tables.codebooks import OWN, OWN_CSV
from db.importers.tables.columns import Field
from db.importers.tables.mapping import TableMapping
from db.importers.tables.replaced import Replaced

_ROWS: Final = (
    "SELECT CAST(substr(row_selector, 5) AS INTEGER), id FROM quote "
    "WHERE document_id = ? AND selector = 'row' ORDER BY 1"
)
_ALONE: Final = (
    "SELECT NOT EXISTS (SELECT 1 FROM event WHERE outcome_of_id = ?1) "
    "AND NOT EXISTS (SELECT 1 FROM claim WHERE (event_id = ?1 OR quote_id = ?1) AND id <> ?1) "
    "AND NOT EXISTS (SELECT 1 FROM quote WHERE same_as_id = ?1) "
    "FROM claim WHERE id = ?1 AND event_id = ?1 AND quote_id = ?1"
)
"""Whether nothing else points at an event, its claim and its quote, also of what came with them."""


def can_be_taken_over(mapping: TableMapping) -> bool:
    """Whether rows of a table have ids by which new values are told, and one claim each; those of our own exports are
    of events.
    """
    has_ids = bool(mapping.columns.get(Field.ID)) and mapping.codebook not in (OWN, OWN_CSV)
    return has_ids and not mapping.columns.get(Field.CLAIMS)


class Standing:
    """Which events of earlier tables are as they came."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con
        self._known: dict[int, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Collection[int] | None]] = {}

    def event(self, document_id: int, row: int) -> tuple[int | None, str]:
        """The number of the event of a row, or why it stays as it is."""
        if document_id not in self._known:
            found = np.array(self._con.execute(_ROWS, (document_id,)).fetchall(), np.int64).reshape(-1, 2)
            self._known[document_id] = found[:, 0], found[:, 1], bulk_undo.worked_on(self._con, document_id)
        rows, numbers, worked_on = self._known[document_id]
        at = int(np.searchsorted(rows, row))
        number = int(numbers[at]) if at < len(rows) and rows[at] == row else 0
        if self._con.execute("SELECT 1 FROM event WHERE id = ?", (number,)).fetchone() is None:
            return None, "its event was deleted since"
        alone = self._con.execute(_ALONE, (number,)).fetchone()
        if worked_on is None or number in worked_on or not (alone and alone[0]):
            return None, "its event was worked on since"
        return number, ""


def with_uids(con: sqlite3.Connection, pairs: Sequence[tuple[int, int]]) -> list[Replaced]:
    """The numbers of new and old events, with the uids of the old ones."""
    sql = "SELECT id, uid FROM event WHERE id IN (SELECT value FROM json_each(?))"
    uids = dict(con.execute(sql, (json.dumps([old for _new, old in pairs]),)).fetchall())
    return [(new, old, uids[old]) for new, old in pairs]
