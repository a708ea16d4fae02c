"""The events of a small stack spread about it, each with its own mark and a leg to where it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from viewer.look.marks import MarkLook
from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect

MOST: Final = 16
"""More than can be told apart in a ring."""
APART: Final = 25
"""From mark to mark along the ring, px."""
LEAST_RADIUS: Final = 34
_MARGIN: Final = 14
_HIT: Final = 12


class Fan(QWidget):
    """Lies over the map about a stack. What is pressed beside the marks is the map's.

    Signals:
        pointed(int): the pointer is at the mark of a row.
        chosen(int): the mark of a row was clicked.
    """

    pointed = Signal(int)
    chosen = Signal(int)

    def __init__(self, look: ThemeManager, mark: Callable[[int], MarkLook], parent: QWidget, keyboard: QWidget) -> None:
        """``mark`` gives the look of a row's mark. A press leaves the focus with ``keyboard``."""
        super().__init__(parent)
        self._look, self._mark = look, mark
        self._rows: tuple[int, ...] = ()
        self._spots: tuple[QPointF, ...] = ()
        self._stack = self._middle = QPointF()
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(keyboard)
        self.setMouseTracking(True)
        look.changed.connect(self.update)
        self.hide()

    @property
    def spots(self) -> dict[int, QPointF]:
        """Where the mark of each row stands, px of the parent."""
        corner = QPointF(self.pos())
        return {row: corner + spot for row, spot in self._placed()}

    def _placed(self) -> Iterator[tuple[int, QPointF]]:
        return zip(self._rows, self._spots, strict=True)

    def reach(self, count: int) -> float:
        """How far so many marks reach from their middle, px."""
        px = self._look.theme.px
        return max(px(LEAST_RADIUS), count * px(APART) / math.tau) + px(_MARGIN)

    def spread(self, rows: Sequence[int], x: float, y: float, room: Rect) -> None:
        """Show ``rows`` about a stack at (x, y) of the parent, all of them inside ``room``."""
        reach = self.reach(len(rows))
        middle_x = min(max(x, room.x + reach), max(room.right - reach, room.x + reach))
        middle_y = min(max(y, room.y + reach), max(room.bottom - reach, room.y + reach))
        left, top, side = math.floor(middle_x - reach), math.floor(middle_y - reach), math.ceil(2 * reach) + 1
        self.setGeometry(left, top, side, side)
        radius, middle = reach - self._look.theme.px(_MARGIN), QPointF(middle_x - left, middle_y - top)
        turns = [math.tau * at / len(rows) - math.pi / 2 for at in range(len(rows))]
        self._rows, self._current = tuple(rows), None
        self._middle, self._stack = middle, QPointF(x - left, y - top)
        self._spots = tuple(middle + QPointF(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns)
        self.show()
        self.raise_()

    def set_current(self, row: int) -> None:
        """Show which one the keyboard is at."""
        if row != self._current:
            self._current = row
            self.update()

    def _row_at(self, at: QPointF) -> int | None:
        hit = self._look.theme.px(_HIT)
        near = ((math.dist(at.toTuple(), spot.toTuple()), row) for row, spot in self._placed())
        away, row = min(near, default=(math.inf, 0))
        return row if away <= hit else None

    # Qt's calls

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.border2, 1))
            painter.setBrush(theme.color("surface", 0.82))  # what lies about the stack is not to be taken for its own
            painter.drawEllipse(self._middle, self.width() / 2 - 1.5, self.height() / 2 - 1.5)
            for color, width in ((theme.color("halo", 0.9), 3.5), (theme.text2, 1.2)):
                painter.setPen(QPen(color, width))
                for spot in self._spots:
                    painter.drawLine(self._stack, spot)
            for row, spot in self._placed():
                if row == self._current:
                    painter.setPen(QPen(theme.accent, 2))
                    painter.setBrush(theme.raised)
                    painter.drawEllipse(spot, theme.px(_HIT), theme.px(_HIT))
                self._look.marks.draw(painter, spot, self._mark(row))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.pointed.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._row_at(event.position()) is None:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(row)

    def leaveEvent(self, event: QEvent) -> None:
        self.unsetCursor()
        super().leaveEvent(event)
