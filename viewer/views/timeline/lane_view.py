"""The lanes as a widget: headers at the left, the events of each lane, the playhead across them.

Painted once for each window, filter, selection or theme; scrubbing copies those pictures (see playhead.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollBar, QToolTip, QWidget
from shiboken6 import isValid

from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.views.timeline.geometry import TimeScale
from viewer.views.timeline.headers import NAME_AT
from viewer.views.timeline.lane_children import lane_children, tip_at
from viewer.views.timeline.lane_focus import LaneFocus, LaneKeys
from viewer.views.timeline.lane_menu import open_lane_menu
from viewer.views.timeline.lane_sight import ORIGIN, LaneSight
from viewer.views.timeline.lane_tools import LaneMouse
from viewer.views.timeline.pictures import Viewport
from viewer.views.timeline.playhead import moved_region, paint_frame, paint_ghost
from viewer.widgets.accessible import PaintedChild, child_focused, children_changed, expose
from viewer.widgets.buttons import Menu

REST_MS: Final = 150
"""So long after the last move the window has come to rest."""


class LaneView(QWidget):
    """Lanes by kind, actor, source, place, status, tag or attribution.

    Signals:
        hovered(int | None): the instant (ms) under the pointer in the plot, None when it has left.
        sorted_anew(): the lanes stand for what was wanted of them.
    """

    hovered = Signal(object)
    sorted_anew = Signal()

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.sight = LaneSight(desk, look, self._on_scrolled, self._on_sorted)
        self.sight.size = self.size()
        self._frames = self.sight.frames
        self._children: list[PaintedChild] | None = None
        self.focus = LaneFocus(self.sight, self._on_focus_moved)
        self._hovered_lane: int | None = None
        self._grouping = self._frames.grouping
        self._ghost: float | None = None
        self._stood: tuple[int, float] | None = None
        """Where the playhead was drawn last, ms and px."""
        self.menu: Menu | None = None
        self._mouse = LaneMouse(self.sight, self.focus, self, self._on_hover, self.relay)
        self._keys = LaneKeys(self.sight, self.focus)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.valueChanged.connect(self._on_bar)
        self._bar.hide()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setProperty("own_focus", True)
        self.setProperty("arrows", "go to events and lanes")
        self.setAccessibleName("Lanes")
        expose(self)

    # What others ask

    @property
    def left(self) -> int:
        """Where the plot begins, in px from the widget's left."""
        return self.sight.left

    def scale(self) -> TimeScale:
        """The present window across the plot."""
        return self.sight.scale()

    # What others tell

    def relay(self, *, moved: bool = False) -> None:
        """The window or the size is another: place and paint anew at the next frame. Where only the window has
        ``moved``, what is out of sight follows when it has come to rest.
        """
        self._frames.relay(moved=moved)
        if moved:
            self._rest.start()
        else:
            self._rest.stop()
        self._repaint()

    def choose(self) -> None:
        """The selection is another: paint anew at the next frame."""
        self._frames.choose()
        self._repaint()

    def is_settled(self) -> bool:
        """Whether all lanes are placed."""
        return not self._rest.isActive()

    def renew(self) -> None:
        """Other colours or sizes: nothing that was remembered holds."""
        self._frames.renew(self.devicePixelRatioF())
        self._repaint()

    def reread(self) -> None:
        """Other data or filters."""
        self._frames.reread()
        self._repaint()

    def move_playhead(self) -> None:
        """The cursor is elsewhere: paint anew what that changes."""
        pictures, stood = self._frames.pictures, self._stood
        self._stood = self._stand()
        if pictures is None or stood is None or not self.devicePixelRatioF().is_integer():
            self.update()
        else:
            self.update(moved_region(pictures, stood, self._stood, self.sight.metrics.row).translated(self.left, 0))

    def _stand(self) -> tuple[int, float]:
        cursor = self._desk.state.view.time_cursor
        return cursor, self.scale().x(cursor)

    def show_ghost(self, at: int | None) -> None:
        """Draw the thin line of the pointer at an instant (ms), or none."""
        ghost = None if at is None else round(self.scale().x(at))
        if ghost != self._ghost:
            self._ghost = ghost
            self.update()

    def _on_sorted(self) -> None:
        self.reread()
        if self._frames.grouping is self._grouping:  # as the project was left: what was seen before only stood in
            self.sight.scroll_to_event(self._desk.data.row(self._desk.state.view.current))
        self.sorted_anew.emit()

    def _on_focus_moved(self) -> None:
        self._children = None
        self.update()
        for at, child in enumerate(self.painted_children()):
            if child.focused:
                child_focused(self, at)

    def _on_scrolled(self) -> None:
        self._repaint()
        self._place_bar()

    def _on_rest(self) -> None:
        self.sight.complete()

    def _on_bar(self, value: int) -> None:
        self.sight.scroll_to(value)
        self._place_bar()  # at the line that it has come to, if it is the one from before

    def _on_hover(self, at: QPointF) -> None:
        lane = self.sight.layout_now().lane_at(at.y() + self.sight.offset) if at.x() < self.left else None
        if lane != self._hovered_lane:
            self._hovered_lane = lane
            self.update()
        chevron = self.sight.chevron_at(at) is not None
        switch = chevron or (lane is not None and self.sight.layout_now().lanes[lane].switchable)
        over = switch or self.sight.item_at(at) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def painted_children(self) -> Sequence[PaintedChild]:
        """The headers, each followed by the events of its lane that can be told apart."""
        if self._children is None:
            self._children = lane_children(self.sight, self.focus)
        return self._children

    # Painting

    def _repaint(self) -> None:
        self._frames.repaint()
        self._children = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if ratio != self._frames.labels.ratio:
            self.renew()
        self.sight.layout_now()  # by which the lanes may come to stand for something else
        fresh = self._frames.pictures is None
        if fresh:
            self._start_over_if_regrouped()
            self.sight.scroll_to(self.sight.offset)
            self._place_bar()
        layout = self.sight.layout_now()
        port = Viewport(max(self.width() - self.left, 1), max(self.height(), 1), self.sight.offset, ratio)
        pictures, headers = self._frames.paint(layout, port, self.left, self._hovered_lane)
        if fresh:
            children_changed(self)
        theme, self._stood = self._look.theme, self._stand()
        with QPainter(self) as painter:
            painter.drawImage(0, 0, headers)
            painter.translate(self.left, 0)
            if self._desk.data.has_dates:
                paint_frame(painter, pictures, theme, *self._stood, self.sight.metrics.row)
            else:  # nothing before or after anything
                painter.drawImage(0, 0, pictures.base)
                painter.drawImage(0, 0, pictures.top)
            if self._ghost is not None and self._ghost >= 0:
                paint_ghost(painter, pictures, theme, self._ghost, self.sight.metrics.row)
            painter.resetTransform()
            self._mouse.carry.paint(painter, theme, self.width())
            if self.hasFocus():
                self._paint_focus(painter)

    def _start_over_if_regrouped(self) -> None:
        """Lanes that stand for something else are seen from the first one on."""
        if self._frames.grouping is not self._grouping and not self._frames.sorting:
            self._grouping = self._frames.grouping
            self.sight.offset = 0
            self.focus.lane, self.focus.row = 0, None

    def _paint_focus(self, painter: QPainter) -> None:
        if self.focus.lane >= len(self.sight.layout_now().lanes):
            return
        item = self.focus.item()
        if item is None and self.focus.pointed:
            return
        if item is not None and (item.right < 0 or item.left > self.width() - self.left):
            return
        rect = QRectF(self.sight.item_rect(item) if item is not None else self.sight.name_rect(self.focus.lane))
        if item is None:
            rect.adjust(1, 1, -3, 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.theme.accent, 2))
        painter.drawRoundedRect(rect, 6, 6)

    def _place_bar(self) -> None:
        over = self.sight.most()
        self._bar.setVisible(over > 0)
        if over > 0:
            wide = self._bar.sizeHint().width()
            self._bar.setGeometry(self.width() - wide, 0, wide, self.height())
            blocked = self._bar.blockSignals(True)
            self._bar.setRange(0, over)
            self._bar.setPageStep(self.height())
            self._bar.setSingleStep(round(self.sight.metrics.row))
            self._bar.setValue(self.sight.offset)
            self._bar.blockSignals(blocked)

    # Qt's calls

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sight.size = event.size()
        self.relay()
        self._place_bar()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.focus.pointed = event.position().x() >= self.left
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)
        x = event.position().x() - self.left
        self.hovered.emit(self.scale().at(x) if x >= 0 and not self.sight.panning else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._mouse.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._mouse.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._mouse.cancel():
            return
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Menu or (shift and event.key() == Qt.Key.Key_F10):
            self._open_menu(self.focus.lane)  # not every platform makes a context menu of these keys
        elif not self._keys.press(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._open_menu(self.focus.lane)
            return
        lane = self.sight.header_at(QPointF(event.pos()))
        if lane is not None:
            self._open_menu(lane, event.globalPos())

    def _open_menu(self, lane: int, at: QPoint | None = None) -> None:
        """Drop down the menu of a lane, below its header unless a point of the screen is given."""
        is_open = self.menu is not None and isValid(self.menu) and self.menu.isVisible()
        lanes = self.sight.layout_now().lanes
        if lanes and not is_open:
            lane = min(lane, len(lanes) - 1)
            below = self.sight.name_rect(lane).bottomLeft() + QPoint(self._look.theme.px(NAME_AT), 0)
            self.menu = open_lane_menu(self.sight, self.focus, lane, at or self.mapToGlobal(below), self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.focus.pointed = False
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)
        if self._hovered_lane is not None:
            self._hovered_lane = None
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = tip_at(self.sight, event.pos())
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
            and event.value() > -1
        ):
            x = max(event.position().x() - self.left, 0.0)
            self._desk.commands.show_window(self.scale().zoomed(1 / (1 + event.value()), x), ORIGIN)
            return True
        return super().event(event)
