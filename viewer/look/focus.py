"""The focus ring: 2 px of accent, 2 px away from whatever control has the keyboard.

Style sheets cannot draw outside a control, so one see-through widget for each window follows the focus. Text fields
show focus by their own border, and what paints its own focus (a map, a list) sets the property ``own_focus``.
"""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QApplication, QLineEdit, QMenu, QWidget

from viewer.look.tokens import FOCUS_GAP, FOCUS_WIDTH, RADIUS_INPUT, Theme

_REACH = FOCUS_GAP + FOCUS_WIDTH
_FOLLOWED = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.ZOrderChange,
}


class FocusRing(QObject):
    """Shows where the keyboard is, in every window of the application, from now until it is deleted.

    A control may set the property ``focus_radius`` (px at scale 1) when its corners are not those of an input.
    """

    def __init__(self, app: QApplication, theme: Callable[[], Theme], parent: QObject) -> None:
        """``theme`` answers with the present theme; call ``place`` when it is another."""
        super().__init__(parent)
        self._theme = theme
        self._ring: _Ring | None = None
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        app.focusChanged.connect(self._on_focus)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._forget()
        if new is None or not _wants_ring(new):
            return
        self._target = new
        each: QWidget | None = new
        while each is not None:
            each.installEventFilter(self)
            self._watched.append(each)
            each = None if each.isWindow() else each.parentWidget()
        self.place()

    def _forget(self) -> None:
        for each in self._watched:
            if shiboken6.isValid(each):
                each.removeEventFilter(self)
        self._watched.clear()
        self._target = None
        if self._ring is not None and shiboken6.isValid(self._ring):
            self._ring.hide()

    def place(self) -> None:
        """Lie around the control that has the focus, as it is now."""
        target = self._target
        if target is None or not shiboken6.isValid(target):
            return
        window = target.window()
        if self._ring is None or not shiboken6.isValid(self._ring) or self._ring.parentWidget() is not window:
            if self._ring is not None and shiboken6.isValid(self._ring):
                self._ring.hide()
            # Each window keeps its ring and takes it along when it goes: deleting one while the focus moves between
            # two windows ended in Qt calling what was half gone.
            own = (child for child in window.children() if isinstance(child, _Ring))
            self._ring = next(own, None) or _Ring(self._theme, window)
        self._ring.surround(target)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED:
            self.place()
        return False


def _wants_ring(widget: QWidget) -> bool:
    if widget.property("own_focus"):
        return False
    return not isinstance(widget, QLineEdit | QAbstractSpinBox | QAbstractScrollArea | QMenu)


class _Ring(QWidget):
    """The ring itself: a child of the window that lets every event through."""

    def __init__(self, theme: Callable[[], Theme], window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._radius = float(RADIUS_INPUT)
        self._clip = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def surround(self, target: QWidget) -> None:
        """Lie around ``target`` (of the same window), cut off where the scroll areas it is in end."""
        window = self._window
        if not target.isVisible() or target is window:
            self.hide()
            return
        theme = self._theme()
        radius = target.property("focus_radius")
        self._radius = theme.px(float(radius) if radius is not None else RADIUS_INPUT)
        rect = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        self.setGeometry(rect.adjusted(-_REACH, -_REACH, _REACH, _REACH))
        self._clip = self._seen(target, window).translated(-self.pos())
        self.raise_()
        self.show()
        self.update()

    def _seen(self, target: QWidget, window: QWidget) -> QRect:
        seen = window.rect()
        parent = target.parentWidget()
        while parent is not None and parent is not window:
            area = parent.parentWidget()
            if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
                seen = seen.intersected(QRect(parent.mapTo(window, QPoint(0, 0)), parent.size()))
            parent = area
        return seen

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(self._clip)
            painter.setPen(QPen(self._theme().accent, FOCUS_WIDTH))
            half = FOCUS_WIDTH / 2
            radius = self._radius + FOCUS_GAP + half
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
