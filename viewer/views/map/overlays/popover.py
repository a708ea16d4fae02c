"""The events of one stack as a list to choose from, with the mouse or the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from viewer.core.desk import Desk
from viewer.core.sentences import event_sentence
from viewer.look.marks import MarkLook
from viewer.look.sizes import margins
from viewer.look.theme import RADIUS_POPOVER, ThemeManager
from viewer.views.map.geometry import Rect
from viewer.views.map.overlays.card import SHADOW, Card
from viewer.views.map.overlays.fan import MOST as MOST_FANNED
from viewer.views.map.overlays.fan import Fan
from viewer.widgets.text import label

WIDTH: Final = 300
LINE: Final = 42
MOST_LINES: Final = 6
_HEAD: Final = 34

Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    """Rows of the event index, one a line."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: tuple[int, ...] = ()

    def fill(self, rows: Sequence[int]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._desk.data.title(row)
        return event_sentence(self._desk, row) if role == Qt.ItemDataRole.AccessibleTextRole else None


class _Line(QStyledItemDelegate):
    """Mark, title, and below it the date."""

    def __init__(self, desk: Desk, look: ThemeManager, rows: _Rows, mark: Callable[[int], MarkLook]) -> None:
        super().__init__(rows)
        self._desk, self._look, self._rows, self._mark = desk, look, rows, mark

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._look.theme.px(120), self._look.theme.px(LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, row = self._look.theme, self._rows.rows[index.row()]
        area = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        if current or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.accent_soft if current else theme.hover)
            painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 6, 6)
        self._look.marks.draw(painter, QPointF(area.left() + theme.px(20), area.center().y() + 0.5), self._mark(row))
        left = area.left() + theme.px(38)
        width = area.right() - left - theme.px(10)
        lines = (
            ("body_medium", theme.text, self._desk.data.title(row), 3),
            ("meta", theme.text3, self._desk.commands.when(row), 20),
        )
        for role, color, text, top in lines:
            font = theme.font(role)
            painter.setFont(font)
            painter.setPen(color)
            elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            space = QRect(left, area.top() + theme.px(top), width, theme.px(19))
            painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()


class _List(QListView):
    """Enter chooses, Esc closes; losing the keyboard closes as well."""

    left = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class StackPopover(Card):
    """Lists rows beside a point of the map; few are spread about it, too.

    Signals:
        chosen(int): a row was clicked or entered.
        closed(): it is gone; the keyboard, if it was here, is back with the map.
    """

    chosen = Signal(int)
    closed = Signal()

    def __init__(self, desk: Desk, look: ThemeManager, mark: Callable[[int], MarkLook], parent: QWidget) -> None:
        """``mark`` gives the look of a row's mark."""
        super().__init__(look, parent, RADIUS_POPOVER)
        self._closing = False
        self._rows = _Rows(desk, self)
        self._head = label("", "meta_strong", "text2")
        self.list = _List(self)
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_Line(desk, look, self._rows, mark))
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.viewport().setAutoFillBackground(False)
        self.list.clicked.connect(self._on_clicked)
        self.list.given_up.connect(self.close_list)
        self.list.left.connect(self.close_list)
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 1, SHADOW + 1, SHADOW + 1, SHADOW + 6)
        column.setSpacing(0)
        margins(self._head, 13, 0, 13, 0)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self.fan = Fan(look, mark, parent, self.list)
        self.fan.chosen.connect(self._choose)
        self.fan.pointed.connect(lambda row: self.list.setCurrentIndex(self._rows.index(self.rows.index(row))))
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.hide()

    @property
    def rows(self) -> tuple[int, ...]:
        """What is listed."""
        return self._rows.rows

    def open_list(self, title: str, rows: Sequence[int], x: float, y: float, room: Rect) -> None:
        """List ``rows`` beside the point (x, y) of the map, inside ``room``, and take the keyboard."""
        px = self.look.theme.px
        self._rows.fill(rows)
        self._head.setText(title)
        self._head.setFixedHeight(px(_HEAD))
        self.list.setAccessibleName(title)
        width = min(px(WIDTH), int(room.w))
        height = min(px(_HEAD) + px(LINE) * min(len(rows), MOST_LINES) + 8, int(room.h))
        reach = self.fan.reach(len(rows))
        fans = len(rows) <= MOST_FANNED and 2 * reach + width + px(8) <= room.w and 2 * reach <= room.h
        away = reach + px(4) if fans else px(16)
        middle = min(max(x, room.x + reach), room.right - reach) if fans else x
        right = middle + away + width <= room.right
        left = middle + away if right else max(middle - away - width, room.x)
        top = min(max(y - height / 3, room.y), room.bottom - height)
        self.place(left, top, width, height)
        if fans:
            self.fan.spread(rows, x, y, room)
        self.list.setCurrentIndex(self._rows.index(0))
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_list(self) -> None:
        """Hide it; the keyboard goes to the map unless it is somewhere else already."""
        if self.isHidden() or self._closing:
            return
        self._closing = True
        parent = self.parentWidget()
        if self.list.hasFocus() and parent is not None:  # else Qt would look for the next in line
            parent.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        self.fan.hide()
        self._closing = False
        self.closed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """At the end of the list the map does not begin to zoom."""
        event.accept()

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self._choose(self.rows[index.row()])

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.fan.set_current(self.rows[index.row()])

    def _choose(self, row: int) -> None:
        self.close_list()
        self.chosen.emit(row)
