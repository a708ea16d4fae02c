"""The shown events as a table for Qt's item views: sorted by any column, in step with the index."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from db.queries import STATUS_CODES
from viewer.core.commands import Commands
from viewer.core.counts import Rows
from viewer.core.data import ProjectData
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
    ACTORS = 4
    STATUS = 5
    TAGS = 6
    COUNT = 7
    SOURCES = 8
    CLAIMS = 9


HEADINGS: Final = ("Date", "Event", "Kind", "Place", "Actors", "Status", "Tags", "Count", "Sources", "Claims")


class EventModel(QAbstractTableModel):
    """One line for each shown event. Follows filters and changes of the data by resetting itself."""

    def __init__(self, data: ProjectData, state: State, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data, self._state, self._commands = data, state, commands
        self._column, self._order = Column.DATE, Qt.SortOrder.AscendingOrder
        self._count = data.index.shown_count
        self._ordered: tuple[Rows, Rows] | None = None  # rows by line, and lines by row; None: not asked for yet
        data.changed.connect(self._on_change)
        state.changed.connect(self._on_state)

    # What views of it ask

    @property
    def rows(self) -> Rows:
        """The index's row behind each line."""
        return self._order_now()[0]

    def row_at(self, line: int) -> int:
        """The index's row behind a line."""
        return int(self.rows[line])

    def line_of(self, row: int) -> int | None:
        """The line of an index's row; None when it is not shown."""
        _rows, lines = self._order_now()
        line = int(lines[row]) if 0 <= row < len(lines) else -1
        return line if line >= 0 else None

    def text(self, row: int, column: Column) -> str:
        """What a cell says; of actors, tags and counts only models that keep them know."""
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
            case Column.ACTORS | Column.TAGS | Column.COUNT:
                return ""

    def words(self, row: int, column: Column) -> str:
        """What a cell says where there is more room, or no heading over it."""
        return self.text(row, column)

    # Qt's calls

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._count

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
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.words(row, Column(index.column()))
        if role == INDEX_ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (self.words(row, column) for column in Column)))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal cells by date."""
        if 0 <= column < len(Column):
            self.layoutAboutToBeChanged.emit()
            old = self.persistentIndexList()
            rows = [self.row_at(index.row()) for index in old]
            self._column, self._order = Column(column), order
            self._ordered = None
            for index, row in zip(old, rows, strict=True):
                self.changePersistentIndex(index, self.index(self.line_of(row) or 0, index.column()))
            self.layoutChanged.emit()

    # Inside

    def _order_now(self) -> tuple[Rows, Rows]:
        """The lines in order. A view that nobody sees asks for none, and sorting a million takes its time."""
        if self._ordered is None:
            index = self._data.index
            rows = self.by_time()
            if self._column is not Column.DATE:
                rows = rows[np.argsort(self._ranks(rows), kind="stable")]
            if self._order is Qt.SortOrder.DescendingOrder:
                rows = rows[::-1]
            lines = np.full(index.n, -1, np.intp)
            lines[rows] = np.arange(len(rows))
            self._ordered = rows, lines
        return self._ordered

    def by_time(self) -> Rows:
        """The shown rows in order of their best estimates."""
        index = self._data.index
        return index.by_best[index.shown[index.by_best]]

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
        self._ordered = None
        self._count = self._data.index.shown_count
        self.endResetModel()

    def _on_change(self, _change: object) -> None:
        self._reset()

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "filters" in names:
            self._reset()
