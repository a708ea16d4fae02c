"""Panes over the window: a popover beside what it is about, and a drawer that slides in from a side.

Both are children of the window, not windows: they look alike on every system and are in every picture of the window.
"""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from viewer.look.theme import ThemeManager
from viewer.look.tokens import RADIUS_POPOVER
from viewer.widgets.cards import FloatingCard
from viewer.widgets.sections import PANEL_MS
from viewer.widgets.shadow import SHADOW_MARGIN, paint_shadow

_AWAY = 6


class Popover(FloatingCard):
    """A pane with round corners beside a rectangle of the window. Put content in ``body``.

    Escape and a click elsewhere close it; Tab stays inside. The focus goes back to where it was.

    Signals:
        closed(): it has been closed, however.
    """

    closed = Signal()

    def __init__(
        self, look: ThemeManager, window: QWidget, name: str, *, padding: int = 16, closes_on_click: bool = True
    ) -> None:
        super().__init__(look, window, radius=RADIUS_POPOVER, padding=(padding, padding, padding, padding))
        self._window = window
        self._app = look.app
        self._closes_on_click = closes_on_click
        self._back_to: QWidget | None = None
        self.setAccessibleName(name)
        self.hide()

    def open_at(self, anchor: QRect, focus: QWidget | None = None) -> None:
        """Show it below ``anchor`` (in the window's coordinates), else above it, and focus ``focus``."""
        self._back_to = self._window.focusWidget()
        self.place(anchor)
        self.show()
        self.raise_()
        self._app.installEventFilter(self)
        first = focus or next(iter(self._stops()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self, anchor: QRect) -> None:
        """Move it beside an anchor, all of it inside the window."""
        size = self.pane_hint().boundedTo(self._window.size() - QSize(2 * _AWAY, 2 * _AWAY))
        x = min(max(anchor.center().x() - size.width() // 2, _AWAY), self._window.width() - size.width() - _AWAY)
        below = anchor.bottom() + 1 + _AWAY
        above = anchor.top() - _AWAY - size.height()
        fits_below = below + size.height() <= self._window.height() - _AWAY
        y = below if fits_below or above < _AWAY else above
        y = min(max(y, _AWAY), max(_AWAY, self._window.height() - size.height() - _AWAY))
        self.resize_pane(size)
        self.move_pane(QPoint(x, y))

    def close_popover(self) -> None:
        """Close it and give the focus back."""
        if self.isHidden():
            return
        self._app.removeEventFilter(self)
        had_focus = self._holds(QApplication.focusWidget())
        self.hide()
        if had_focus and self._back_to is not None:
            self._back_to.setFocus(Qt.FocusReason.PopupFocusReason)
        self._back_to = None
        self.closed.emit()

    def _holds(self, widget: QObject | None) -> bool:
        return isinstance(widget, QWidget) and (widget is self or self.isAncestorOf(widget))

    def _stops(self) -> list[QWidget]:
        """What Tab leads to inside, in order."""
        stops: list[QWidget] = []
        each = self.nextInFocusChain()
        while each is not None and each is not self:
            takes_tab = each.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
            if takes_tab and self.isAncestorOf(each) and each.isVisibleTo(self) and each.isEnabled():
                stops.append(each.focusProxy() or each)
            each = each.nextInFocusChain()
        return list(dict.fromkeys(stops))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside."""
        stops = self._stops()
        if not stops:
            return False
        now = QApplication.focusWidget()
        here = stops.index(now) if now in stops else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_popover()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseButtonPress and self._closes_on_click and isinstance(event, QMouseEvent):
            inside = isinstance(watched, QWidget) and (self._holds(watched) or watched.window() is not self._window)
            if not inside and isinstance(watched, QWidget):
                self.close_popover()
        return False


class Drawer(QWidget):
    """A panel that lies over the edge of a widget while there is no room beside it.

    Signals:
        closed(): Escape or a click beside it closed it.
    """

    closed = Signal()

    def __init__(self, look: ThemeManager, parent: QWidget, name: str, *, width: int = 400, right: bool = True) -> None:
        """``width`` in px at scale 1. Put the panel in with ``set_content``."""
        super().__init__(parent)
        self._look = look
        self._owner = parent
        self._wide = width
        self._right = right
        self._motion = QPropertyAnimation(self, b"pos", self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        side = (SHADOW_MARGIN, 0) if right else (0, SHADOW_MARGIN)
        self._row.setContentsMargins(side[0], 0, side[1], 0)
        self.setAccessibleName(name)
        self.hide()
        parent.installEventFilter(self)
        look.changed.connect(self._lay)

    def set_content(self, content: QWidget) -> None:
        """Take a panel in; it becomes a child of the drawer."""
        self._row.addWidget(content)

    def slide_in(self) -> None:
        """Show it, with the motion of panels."""
        self._lay()
        end = self.pos()
        self.show()
        self.raise_()
        away = QPoint(self.width() if self._right else -self.width(), 0)
        self._motion.stop()
        self._motion.setStartValue(end + away)
        self._motion.setEndValue(end)
        self._motion.setDuration(self._look.duration(PANEL_MS))
        self._motion.start()

    def slide_out(self) -> None:
        """Hide it."""
        if not self.isHidden():
            self._motion.stop()
            self.hide()
            self.closed.emit()

    def _lay(self) -> None:
        width = min(self._look.theme.px(self._wide) + SHADOW_MARGIN, self._owner.width())
        self.setGeometry(self._owner.width() - width if self._right else 0, 0, width, self._owner.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.slide_out()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._owner and event.type() is QEvent.Type.Resize and not self.isHidden():
            self._motion.stop()
            self._lay()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        pane = self.rect().adjusted(SHADOW_MARGIN if self._right else 0, 0, 0 if self._right else -SHADOW_MARGIN, 0)
        with QPainter(self) as painter:
            paint_shadow(painter, pane.adjusted(0, -40, 0, 40), 0, theme)
            painter.fillRect(pane, theme.surface)
            painter.fillRect(QRect(pane.left() if self._right else pane.right(), 0, 1, pane.height()), theme.border)
