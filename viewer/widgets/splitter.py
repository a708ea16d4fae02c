"""A splitter whose handles are hairlines, moved by mouse or arrow keys, put back by a double click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle

from viewer.look.theme import ThemeManager

_STEP = 16


class Splitter(QSplitter):
    """Panels side by side (horizontal) or above each other, with a line of one pixel between them.

    Signals:
        reset(int): the handle of that index was double-clicked; the owner restores the designed size.
    """

    reset = Signal(int)

    def __init__(self, orientation: Qt.Orientation, look: ThemeManager) -> None:
        super().__init__(orientation)
        self.look = look
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        look.changed.connect(self.update)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class _Handle(QSplitterHandle):
    """Qt makes the area to grab 5 px wide by itself when the handle is thinner."""

    def __init__(self, orientation: Qt.Orientation, splitter: Splitter) -> None:
        super().__init__(orientation, splitter)
        self._owner = splitter
        self._hot = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("own_focus", True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName("Size of the panels")

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self._hot = event.type() is QEvent.Type.HoverEnter
            self.update()
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._owner.reset.emit(self._owner.indexOf(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        flat = self.orientation() is Qt.Orientation.Horizontal
        less, more = (Qt.Key.Key_Left, Qt.Key.Key_Right) if flat else (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() not in (less, more):
            super().keyPressEvent(event)
            return
        step = self._owner.look.theme.px(_STEP) * (1 if event.key() == more else -1)
        here = self.x() if flat else self.y()
        margin = self.contentsMargins()
        self.moveSplitter(here + (margin.left() if flat else margin.top()) + step)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._owner.look.theme
        with QPainter(self) as painter:
            lit = self._hot or self.hasFocus()
            line = self.contentsRect()
            if lit:
                flat = self.orientation() is Qt.Orientation.Horizontal
                line = line.adjusted(-1, 0, 1, 0) if flat else line.adjusted(0, -1, 0, 1)
            painter.fillRect(line, theme.accent if lit else theme.border)
