"""Events in order of time under headings of what is known of it, a month or a year: to read down, to jump."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from db import timewords
from db.queries import EventColumns
from db.values import OPEN_FUTURE, OPEN_PAST, Precision
from viewer.core.counts import Rows
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.models.event_marks import row_mark
from viewer.models.events import Column, EventModel, Index, Ranking
from viewer.models.selection import LinkedSelection

ORIGIN: Final = "outline"
LINE: Final = 44
HEADING: Final = 30
MARGIN: Final = 14


UNITS: Final = {0: Precision.MONTH, 1: Precision.YEAR, 10: Precision.DECADE, 100: Precision.CENTURY}
UNDATED: Final = np.iinfo(np.int64).min
_STEP: Final = 128  # more than the years of a heading


class OutlineModel(EventModel):
    """Within a year first what is known to no month of it, then the months."""

    BY_BEST = False

    def groups(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The month (from 1970) that each row's heading begins with, and the years that it covers: 0 for one month.

        A month stands only over what lies within it from its first to its last instant.
        """
        return _groups(self._data.index.columns, rows)

    def _ranking(self) -> Ranking:
        """By headings: what lies in no one month of a stretch stands before its months."""
        columns = self._data.index.columns

        def ranks() -> NDArray[np.int64]:
            start, size = _groups(columns, slice(None))
            return np.where(start == UNDATED, UNDATED, start * _STEP - size)

        return ranks


def _groups(columns: EventColumns, rows: Rows | slice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    best, precision = columns.best[rows], columns.precision[rows]
    month = _months(best)
    year = 1970 + month // 12
    size = np.where(precision == Precision.CENTURY, 100, np.where(precision == Precision.DECADE, 10, 1))
    first = np.where(year > 0, year // size * size, 1 - size - (-year // size * size))  # as timewords has them
    within = _months(columns.earliest[rows]) == _months(columns.latest[rows])
    undated = (best <= OPEN_PAST) | (best >= OPEN_FUTURE)
    start = np.where(undated, UNDATED, np.where(within, month, (first - 1970) * 12))
    return start, np.where(within | undated, 0, size)


def _months(instants: NDArray[np.int64]) -> NDArray[np.int64]:
    return instants.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)


class OutlineView(QTableView):
    """A list linked to the selection; Enter or a double click flies to the event.

    A table of one column, as a list asks each of a million lines for its height while this one knows which are higher.
    """

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.events = OutlineModel(desk.data, desk.state, desk.commands, self)
        self.setModel(self.events)
        for column in Column:
            self.setColumnHidden(column, column is not Column.TITLE)
        self.horizontalHeader().setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self._shared = False
        self._lines = _Line(desk, look, self.events, self)
        self.setItemDelegate(self._lines)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName("Outline of events")
        self._linked = LinkedSelection(self, self.events, desk.data, desk.state, desk.commands, ORIGIN)
        self.activated.connect(self._on_activated)
        self.events.modelReset.connect(self._share_height)
        self.events.layoutChanged.connect(self._share_height)
        look.changed.connect(self._share_height)
        self._share_height()

    def _share_height(self) -> None:
        """Give every line its height, once somebody sees them; those under a heading have room for it."""
        theme, header = self._look.theme, self.verticalHeader()
        self._shared = self.isVisible()
        if not self._shared:
            return
        header.setMinimumSectionSize(theme.px(LINE))
        header.setDefaultSectionSize(theme.px(LINE))
        header.blockSignals(True)  # else the table is laid out anew for each
        for line in self._lines.begins.tolist():
            header.resizeSection(line, theme.px(LINE + HEADING))
        header.blockSignals(False)
        self.updateGeometries()
        self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shared:
            self._share_height()
            self._linked.show_state()  # scrolls anew, as lines are elsewhere now

    def _on_activated(self, index: QModelIndex) -> None:
        self._desk.commands.fly_to_event(self._desk.data.row_ref(self.events.row_at(index.row())))


class _Line(QStyledItemDelegate):
    """Mark, title, date and place; a heading above the first event of each month or year."""

    def __init__(self, desk: Desk, look: ThemeManager, events: OutlineModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look, self._events = desk, look, events
        self._begins: NDArray[np.intp] | None = None
        events.modelReset.connect(self._on_reset)
        events.layoutChanged.connect(self._on_reset)

    @property
    def begins(self) -> NDArray[np.intp]:
        """The lines that stand under another heading than the line before, ascending."""
        if self._begins is None:
            start, size = self._events.groups(self._events.rows)
            other = (start[1:] != start[:-1]) | (size[1:] != size[:-1])
            self._begins = np.flatnonzero(np.concatenate((np.ones(min(len(start), 1), bool), other)))
        return self._begins

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, row = self._look.theme, self._events.row_at(index.row())
        area = QRect(option.rect)
        painter.save()
        heading = self._heading(index.row())
        if heading:
            band = QRect(area.left(), area.top(), area.width(), theme.px(HEADING))
            painter.setFont(theme.font("meta_strong"))
            painter.setPen(theme.text3)
            painter.drawText(band.adjusted(theme.px(MARGIN), theme.px(8), 0, 0), Qt.AlignmentFlag.AlignVCenter, heading)
            area.setTop(band.bottom() + 1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.accent_soft if selected else theme.hover)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), theme.accent)
        mark = row_mark(self._desk.data, row)(self._look)
        left = area.left() + theme.px(MARGIN)
        self._look.marks.draw(painter, QPointF(left + theme.px(6), area.top() + theme.px(15)), mark)
        left += theme.px(20)
        width = area.right() - left - theme.px(8)
        place = self._events.text(row, Column.PLACE)
        when = self._events.text(row, Column.DATE)
        lines = (
            ("body_medium", theme.text, self._desk.data.title(row), 4),
            ("meta", theme.text3, f"{when} · {place}" if place else when, 22),
        )
        for role, color, text, top in lines:
            font = theme.font(role)
            painter.setFont(font)
            painter.setPen(color)
            space = QRect(left, area.top() + theme.px(top), width, theme.px(20))
            elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()

    def _heading(self, line: int) -> str:
        """The month or year that begins with this line; empty when it goes on."""
        at = int(np.searchsorted(self.begins, line))
        if at == len(self.begins) or self.begins[at] != line:
            return ""
        row = self._events.row_at(line)
        (start,), (size,) = self._events.groups(np.array([row], np.intp))
        if start == UNDATED:
            return "No date"
        return timewords.show_instant(int(self._desk.data.index.columns.best[row]), UNITS[int(size)])

    def _on_reset(self) -> None:
        self._begins = None
