"""The ids that rows of tables have with their publishers, as exports name them: of the rows that events rest on.

They stand in the tables that the project keeps, not with the events; so those tables are gone through before the first
event, where there are more events than a few. Nothing of it is read in a project without such tables.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from db.errors import EnvironmentFault, InputFault
from db.importers.tables.columns import Field
from db.importers.tables.known import recognise
from db.importers.tables.mapping import from_json
from db.kept.dialect import plain
from db.kept.tables import Layout, find_row, kept_rows, layout_of, piece_of
from db.values import DocumentRole

FEW: Final = 200
"""Of so many events each row is looked up by itself, some milliseconds each."""
_TOLD: Final = 5_000
_SQL: Final = (
    "SELECT c.event_id, c.source_id, q.document_id, CAST(substr(q.row_selector, 5) AS INTEGER) FROM claim AS c "
    "JOIN quote AS q ON q.id = c.quote_id WHERE c.event_id IN ({}) AND +q.document_id IN ({}) AND +q.selector = 'row' "
    "ORDER BY c.id"
)


@dataclass(slots=True)
class _Table:
    """Its ids stand in the column ``at``; ``ids`` are those of all rows, once they have been read."""

    layout: Layout
    at: int
    ids: _Ids | None = None


class _Ids:
    """Texts by the numbers of rows from 1 on, in one block of memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._block = "".join(f"{each}\0" for each in texts).encode("utf-8", "replace")
        ends: npt.NDArray[np.int64] = np.flatnonzero(np.frombuffer(self._block, np.uint8) == 0)
        self._ends = ends.data  # seen so, its elements are Python's numbers at once

    def of(self, row: int) -> str:
        """Empty for a row that there is not."""
        if not 1 <= row <= len(self._ends):
            return ""
        first = self._ends[row - 2] + 1 if row > 1 else 0
        return self._block[first : self._ends[row - 1]].decode()


class RowIds:
    """Of the tables of one project."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con
        self._tables: dict[int, _Table] = {}
        for document_id, sha256 in con.execute(
            "SELECT id, text_sha256 FROM document WHERE role = ? AND text_sha256 IS NOT NULL",
            (DocumentRole.TABLE.value,),
        ).fetchall():
            try:
                layout = layout_of(piece_of(con, sha256))
                at = _id_column(layout)
            except (EnvironmentFault, InputFault):
                continue  # checking the project names it
            if at is not None:
                self._tables[document_id] = _Table(layout, at)

    def read(self, events: int, report: Callable[[], None]) -> None:
        """Read the ids of all rows, where many ``events`` go out. ``report`` is heard of now and then; what it raises
        ends the reading.
        """
        for table in self._tables.values() if events > FEW else ():
            texts: list[str] = []
            try:
                for row, cells in kept_rows(self._con, table.layout):
                    texts.append(cells[table.at].replace("\0", "") if table.at < len(cells) else "")
                    if row % _TOLD == 0:
                        report()
            except EnvironmentFault:
                pass  # those before what is damaged
            table.ids = _Ids(texts)

    def of(self, marks: str, without: frozenset[int]) -> dict[int, list[str]]:
        """The ids by event, of events whose numbers stand in ``marks``, in the order of their claims; nothing that only
        claims of the sources ``without`` rest on.
        """
        found: dict[int, list[str]] = defaultdict(list)
        if self._tables:
            documents = ",".join(map(str, self._tables))
            for event_id, source_id, document_id, row in self._con.execute(_SQL.format(marks, documents)).fetchall():
                if source_id not in without and (text := self._id(self._tables[document_id], row).strip()):
                    found[event_id].append(text)
        return found

    def _id(self, table: _Table, row: int) -> str:
        if table.ids is not None:
            return table.ids.of(row)
        try:
            cells = find_row(self._con, table.layout, row) or []
        except EnvironmentFault:
            cells = []
        return cells[table.at] if table.at < len(cells) else ""


def _id_column(layout: Layout) -> int | None:
    """Where the ids of its rows stand. Raises InputFault for a mapping that is none."""
    names = [plain(each) for each in layout.dialect.names]
    column = from_json(layout.mapping).columns.get(Field.ID)
    if column is None:  # it came in before ids were known
        known = recognise(layout.dialect.names)
        column = None if known is None else known.columns.get(Field.ID)
    return names.index(plain(column[0])) if column and plain(column[0]) in names else None
