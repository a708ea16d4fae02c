"""The shown events as a table for Qt's item views: sorted by any column, in step with the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from db.queries import STATUS_CODES, EventColumns
from viewer.core.alphabet import text_ranks
from viewer.core.commands import Commands
from viewer.core.counts import Rows
from viewer.core.data import ProjectData
from viewer.core.index import EventIndex
from viewer.core.state import State
from viewer.models.quantities import LAST
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


HOW_SORTED: Final = {
    Column.DATE: "Sorts by the best estimate: the middle of what a date may be, the start of what lasts",
    Column.COUNT: "What the visible claims count; sorts by the number",
}
"""What a heading says of itself where it is pointed at."""
AT_ONCE: Final = 20_000
"""So many events are sorted while the user waits; more on a thread, and the lines stay as they are meanwhile."""

Ranking = Callable[[], NDArray[np.int64]]
"""Works out numbers that sort all rows of an index by a column, on whichever thread; ``LAST`` for empty cells that are
last whichever way the others are sorted.
"""


class _Sorted(NamedTuple):
    """All rows of an index in ascending order of a column; the ``blanks`` last ones are empty there."""

    of: tuple[object, ...]
    ids: NDArray[np.int64]
    rows: Rows
    blanks: int


class EventModel(QAbstractTableModel):
    """One line for each shown event. Follows filters and changes of the data by resetting itself.

    Signals:
        working_changed(): something has begun or ended to be worked out on a thread.
    """

    working_changed = Signal()
    BY_BEST = True
    """Whether the order by date is that of the best estimates."""

    def __init__(self, data: ProjectData, state: State, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data, self._state, self._commands = data, state, commands
        self._column, self._order = Column.DATE, Qt.SortOrder.AscendingOrder
        self._count = data.index.shown_count
        self._ordered: tuple[Rows, Rows] | None = None  # rows by line, and lines by row; None: not asked for yet
        self._sorted: _Sorted | None = None
        self._asked: tuple[object, ...] | None = None  # what is being sorted on a thread
        data.changed.connect(self._on_change)
        state.changed.connect(self._on_state)

    # What views of it ask

    @property
    def sorting(self) -> bool:
        """Whether the lines still stand as they did before they were to be sorted otherwise."""
        return self._asked is not None

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
        if orientation is Qt.Orientation.Horizontal and role in (
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleDescriptionRole,
        ):
            return HOW_SORTED.get(Column(section))
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
            was = self._ordered
            self._column, self._order = Column(column), order
            self._reorder(was)

    # Inside

    def _reorder(self, was: tuple[Rows, Rows] | None) -> None:
        """Put the lines, which ``was`` had in order, into another one; what views hold on to goes along."""
        self.layoutAboutToBeChanged.emit()
        held = [] if was is None else [(index, int(was[0][index.row()])) for index in self.persistentIndexList()]
        self._ordered = None
        for index, row in held:
            self.changePersistentIndex(index, self.index(self.line_of(row) or 0, index.column()))
        self.layoutChanged.emit()

    def _order_now(self) -> tuple[Rows, Rows]:
        """The lines in order. A view that nobody sees asks for none."""
        if self._ordered is None:
            every, blanks = self._every_row()
            last = every[len(every) - blanks :]
            rows = every[: len(every) - blanks]
            if self._order is Qt.SortOrder.DescendingOrder:
                rows, last = rows[::-1], last[::-1]
            rows = np.concatenate((self._kept(rows), self._kept(last))) if blanks else self._kept(rows)
            lines = np.full(self._data.index.n, -1, np.intp)
            lines[rows] = np.arange(len(rows))
            self._ordered = rows, lines
        return self._ordered

    def _kept(self, rows: Rows) -> Rows:
        """Those of some rows that have a line."""
        return rows[self._data.index.shown[rows]]

    def _every_row(self) -> tuple[Rows, int]:
        """All rows as the column has them, and how many at the end are empty there. What is not at hand is asked for;
        until it is there, they stand as before or by time.
        """
        index, of = self._data.index, self._sorted_of()
        if self._column is Column.DATE and self.BY_BEST:
            self._stop_sorting()
            return index.by_best, 0
        if self._sorted is None or not _same(self._sorted.of, of):
            if index.n > AT_ONCE and self.BY_BEST:  # headings are made of the order by date
                self._ask(of)
                known = self._sorted
                return (known.rows, known.blanks) if known and known.ids is index.columns.id else (index.by_best, 0)
            self._sorted = _sort(of, index, self._ranking())
        self._stop_sorting()
        return self._sorted.rows, self._sorted.blanks

    def _sorted_of(self) -> tuple[object, ...]:
        """What the order rests on; it is another one where one of these is."""
        return self._data.index, self._column

    def _ask(self, of: tuple[object, ...]) -> None:
        if self._asked is not None and _same(self._asked, of):
            return
        self._asked = of
        index, ranking = self._data.index, self._ranking()

        def done(found: _Sorted) -> None:
            if self._asked is not None and _same(self._asked, found.of):
                self._asked, self._sorted = None, found
                self._reorder(self._ordered)
                self.working_changed.emit()

        topic = f"order of {id(self)}"
        self._data.ask(topic, lambda _connection: _sort(of, index, ranking), done)
        self.working_changed.emit()

    def _stop_sorting(self) -> None:
        if self._asked is not None:
            self._asked = None
            self.working_changed.emit()

    def _ranking(self) -> Ranking:
        """What sorts by the column; it may be called on another thread."""
        columns, loaded, column = self._data.index.columns, self._data.loaded, self._column
        match column:
            case Column.TITLE:
                return partial(text_ranks, loaded.titles, columns.id)
            case Column.KIND:
                return partial(_ranks_by_name, columns.kind, {each.id: each.name for each in loaded.kinds.values()})
            case Column.PLACE:
                return partial(_ranks_by_name, columns.place, {each.id: each.name for each in loaded.places.values()})
            case Column.STATUS:
                words = {code: STATUS_WORDS[status] for code, status in enumerate(STATUS_CODES)}
                return partial(_ranks_by_name, columns.status, words)
            case Column.SOURCES:
                names = {each.id: source_name(each) for each in loaded.sources.values()}
                return partial(_ranks_by_sources, columns, names)
        return lambda: columns.claims.astype(np.int64)

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


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _sort(of: tuple[object, ...], index: EventIndex, ranking: Ranking) -> _Sorted:
    ranks = ranking()[index.by_best]  # by time where they are equal
    order = np.argsort(ranks, kind="stable")
    return _Sorted(of, index.columns.id, index.by_best[order], int(np.count_nonzero(ranks == LAST)))


def _ranks_by_name(values: NDArray[np.integer[Any]], names: Mapping[int, str]) -> NDArray[np.int64]:
    """By the names of what stands in a column, no name first; with no regard to case."""
    each, which = np.unique(values, return_inverse=True)
    texts = [names.get(key, "").casefold() for key in each.tolist()]
    places = {text: place for place, text in enumerate(sorted(set(texts)))}
    numbers: NDArray[np.int64] = np.array([places[text] for text in texts], np.int64)
    return np.asarray(numbers[which.ravel()])


def _ranks_by_sources(columns: EventColumns, names: Mapping[int, str]) -> NDArray[np.int64]:
    """By the names of all sources of each row, one after the other."""
    first = np.diff(columns.source_offsets)
    if (first == 1).all():
        return _ranks_by_name(columns.source_ids, names)
    several = map(tuple, np.split(columns.source_ids, columns.source_offsets[1:-1]))
    numbers: dict[tuple[int, ...], int] = {}
    which = np.array([numbers.setdefault(each, len(numbers)) for each in several], np.int64)
    return _ranks_by_name(which, {at: ", ".join(names[int(key)] for key in each) for each, at in numbers.items()})
