"""The shown events as a table for Qt's item views: sorted by any column, in step with the index."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from db.queries import STATUS_CODES
from viewer.core.commands import Commands
from viewer.core.data import ProjectData
from viewer.core.index import Rows
from viewer.core.state import State
from viewer.models.wording import STATUS_WORDS, source_name

INDEX_ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The row in the index (int) behind any cell."""

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    DATE = 0
    TITLE = 1
    KIND = 2
    PLACE = 3
    STATUS = 4
    SOURCES = 5
    CLAIMS = 6


HEADINGS: Final = ("Date", "Event", "Kind", "Place", "Status", "Sources", "Claims")


class EventModel(QAbstractTableModel):
    """One line for each shown event. Follows filters and changes of the data by resetting itself."""

    def __init__(self, data: ProjectData, state: State, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data, self._state, self._commands = data, state, commands
        self._column, self._order = Column.DATE, Qt.SortOrder.AscendingOrder
        self._rows: Rows = np.empty(0, np.intp)
        self._lines: Rows = np.empty(0, np.intp)
        self._refill()
        data.changed.connect(self._on_change)
        state.changed.connect(self._on_state)

    # What views of it ask

    @property
    def rows(self) -> Rows:
        """The index's row behind each line."""
        return self._rows

    def row_at(self, line: int) -> int:
        """The index's row behind a line."""
        return int(self._rows[line])

    def line_of(self, row: int) -> int | None:
        """The line of an index's row; None when it is not shown."""
        line = int(self._lines[row]) if 0 <= row < len(self._lines) else -1
        return line if line >= 0 else None

    def text(self, row: int, column: Column) -> str:
        """What a cell says."""
        columns, loaded = self._data.index.columns, self._data.loaded
        match column:
            case Column.DATE:
                return self._commands.when(row)
            case Column.TITLE:
                return self._data.title(row)
            case Column.KIND:
                kind = loaded.kinds.get(int(columns.kind[row]))
                return kind.name if kind else ""
            case Column.PLACE:
                place = loaded.places.get(int(columns.place[row]))
                return place.name if place else ""
            case Column.STATUS:
                return STATUS_WORDS[STATUS_CODES[columns.status[row]]]
            case Column.SOURCES:
                return ", ".join(source_name(loaded.sources[int(each)]) for each in columns.sources_of(row))
            case Column.CLAIMS:
                return f"{columns.claims[row]}" + (" disagree" if columns.disagrees[row] else "")

    # Qt's calls

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.row_at(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(row, Column(index.column()))
        if role == INDEX_ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (self.text(row, column) for column in Column)))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal cells by date."""
        if 0 <= column < len(Column):
            self.layoutAboutToBeChanged.emit()
            old = self.persistentIndexList()
            rows = [self.row_at(index.row()) for index in old]
            self._column, self._order = Column(column), order
            self._refill()
            for index, row in zip(old, rows, strict=True):
                self.changePersistentIndex(index, self.index(int(self._lines[row]), index.column()))
            self.layoutChanged.emit()

    # Inside

    def _refill(self) -> None:
        index = self._data.index
        rows = np.flatnonzero(index.shown)
        keys = self.time_keys(rows)
        self._rows = rows[np.lexsort(keys if self._column is Column.DATE else (*keys, self._ranks(rows)))]
        if self._order is Qt.SortOrder.DescendingOrder:
            self._rows = self._rows[::-1]
        self._lines = np.full(index.n, -1, np.intp)
        self._lines[self._rows] = np.arange(len(self._rows))

    def time_keys(self, rows: Rows) -> tuple[NDArray[Any], ...]:
        """What rows are sorted by in order of time, the last key first: their best estimates."""
        return rows, self._data.index.columns.best[rows]

    def _ranks(self, rows: Rows) -> NDArray[np.int64]:
        """Numbers that sort rows as the texts of their cells do; each text is made once."""
        columns = self._data.index.columns
        match self._column:
            case Column.CLAIMS:
                return columns.claims[rows].astype(np.int64)
            case Column.KIND | Column.PLACE | Column.STATUS:
                by_column: dict[Column, NDArray[np.integer[Any]]] = {
                    Column.KIND: columns.kind,
                    Column.PLACE: columns.place,
                    Column.STATUS: columns.status,
                }
                _each, first, inverse = np.unique(by_column[self._column][rows], return_index=True, return_inverse=True)
            case _:
                first, inverse = np.arange(len(rows)), np.arange(len(rows))
        texts = [self.text(row, self._column).casefold() for row in rows[first].tolist()]
        ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
        found: NDArray[np.int64] = np.array([ranks[text] for text in texts], np.int64)[inverse]
        return found

    def _reset(self) -> None:
        self.beginResetModel()
        self._refill()
        self.endResetModel()

    def _on_change(self, _change: object) -> None:
        self._reset()

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "filters" in names:
            self._reset()
