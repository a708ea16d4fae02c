"""The ruler: dates along the window, the playhead's flag to drag, and what lies outside the window."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from db.timewords import show_instant, show_weekday, spoken_instant
from db.values import MS_DAY, MS_HOUR, Precision, TimeWindow
from viewer.core.desk import Desk
from viewer.core.settings import SNAP
from viewer.look.theme import ThemeManager
from viewer.views.timeline.geometry import TimeScale, day_of
from viewer.views.timeline.headers import LEFT_WIDTH
from viewer.views.timeline.lane_sight import ORIGIN
from viewer.views.timeline.lane_tools import NOTCH, PAN_PER_NOTCH, wheel_zoom
from viewer.views.timeline.ruler_paint import Chip, Label, RulerPainter, beside
from viewer.widgets.accessible import PaintedChild, Scale, expose, value_changed
from viewer.widgets.kept import KeptDrawing

HEIGHT: Final = 26
SNAP_WITHIN: Final = 6.0
FLAG_REACH: Final = 6.0
"""How far the flag's tip may stand out of it, px."""
TIME_BELOW: Final = 4 * MS_DAY
"""Windows shorter than this show the time of day beside the date."""


class Ruler(QWidget):
    """Dates and the playhead's flag.

    Signals:
        hovered(int | None): the instant (ms) under the pointer, None when it has left.
    """

    hovered = Signal(object)

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._dragging = False
        self._ghost: int | None = None
        self._painter = RulerPainter(look)
        self._kept = KeptDrawing()
        self._chips: list[Chip] = []
        self._flag = QRectF()
        self._labels: list[Label] = []
        self._arranged: tuple[object, ...] = ()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName("Ruler")
        self.rescale()
        desk.playback.changed.connect(self.cursor_moved)
        expose(self)

    @property
    def left(self) -> int:
        return self._look.theme.px(LEFT_WIDTH)

    def scale(self) -> TimeScale:
        """The present window across the plot."""
        return TimeScale.of(self._desk.state.view.time_window, self.width() - self.left)

    def rescale(self) -> None:
        """The interface has another size."""
        self.setFixedHeight(self._look.theme.px(HEIGHT))
        self.update()

    def _strip(self, left: float, right: float) -> QRect:
        """From top to bottom of the widget, at least from ``left`` to ``right`` px of the plot."""
        start, size = self.left, self.size()
        first = start + math.floor(min(max(left, -FLAG_REACH), size.width()))
        return QRect(first, 0, start + math.ceil(min(max(right, 0.0), size.width())) + 1 - first, size.height())

    def show_ghost(self, at: int | None) -> None:
        """Show the date of an instant (ms) under the pointer, or none."""
        if at != self._ghost:
            self._ghost = at
            self.update()

    def cursor_moved(self) -> None:
        """The playhead is elsewhere: paint anew its flag and the labels that give way to it."""
        flag, labels = self._flag, self._labels
        self._arrange()
        if not self.devicePixelRatioF().is_integer():  # a seam would be left, as in the overview
            self.update()
        for rect in (flag, self._flag):
            self.update(self._strip(rect.left() - FLAG_REACH, rect.right() + FLAG_REACH))
        for label in set(labels).symmetric_difference(self._labels):
            self.update(self._strip(label.left, label.right))
        value_changed(self, 0)

    def snapped(self, x: float, modifiers: Qt.KeyboardModifier) -> int:
        """The instant at ``x`` px, or that of the nearest event within SNAP_WITHIN px; Alt turns snapping round."""
        scale = self.scale()
        at = scale.at(min(max(x, 0.0), scale.width))
        if self._desk.settings.get(SNAP) is bool(modifiers & Qt.KeyboardModifier.AltModifier):
            return at
        stop = self._desk.data.index.nearest_stop(at)
        return stop if stop is not None and abs(scale.x(stop) - x) <= SNAP_WITHIN else at

    # In words

    def flag_text(self) -> str:
        """The date on the flag, with the time of day in a short window and where time passes by the hour."""
        view = self._desk.state.view
        text = show_weekday(view.time_cursor)
        if view.time_window.length < TIME_BELOW or self._desk.playback.by_hours:
            text += show_instant(view.time_cursor, Precision.MINUTE).removeprefix(show_instant(view.time_cursor))
        return text

    def _ghost_text(self, scale: TimeScale) -> str:
        """The date under the pointer and how many events there are on that day."""
        if self._ghost is None:
            return ""
        precision = Precision.MINUTE if scale.ms_per_px * 40 < MS_HOUR else Precision.DAY
        return f"{show_instant(self._ghost, precision)} · {_on_day(self.count_on(self._ghost))}"

    def count_on(self, at: int) -> int:
        """How many shown events may have been under way on the day of an instant."""
        return self._desk.data.index.count_in(day_of(at))

    def painted_children(self) -> Sequence[PaintedChild]:
        """The playhead as a slider, and the chips."""
        view = self._desk.state.view
        scale = self.scale()
        x = self.left + scale.x(view.time_cursor)
        count = self.count_on(view.time_cursor)
        slider = PaintedChild(
            "Playhead",
            QRectF(x - 8, 0, 16, self.height()).toRect(),
            role=QAccessible.Role.Slider,
            value=f"{spoken_instant(view.time_cursor)}, {_on_day(count)}",
            scale=Scale(
                view.time_cursor / MS_DAY,
                scale.first / MS_DAY,
                scale.last / MS_DAY,
                1.0,
                lambda days: self._desk.commands.go_to(round(days * MS_DAY), ORIGIN),
            ),
        )
        chips = [
            PaintedChild(
                chip.text,
                chip.rect.translated(self.left, 0).toRect(),
                partial(self.go_outside, chip.way),
                QAccessible.Role.Button,
            )
            for chip in self._chips
        ]
        return [slider, *chips]

    # Moves

    def go_outside(self, way: int) -> None:
        """Move the window to the nearest events before (-1) or after (+1) it."""
        window = self._desk.state.view.time_window
        index = self._desk.data.index
        c = index.columns
        able = index.shown & c.dated
        if way < 0:
            ends = c.latest[able & (c.latest < window.first)]
            first = int(ends.max()) - round(window.length * 0.75) if len(ends) else window.first
        else:
            starts = c.earliest[able & (c.earliest > window.last)]
            first = int(starts.min()) - round(window.length * 0.25) if len(starts) else window.first
        self._desk.commands.show_window(TimeWindow(first, first + window.length), ORIGIN)

    def _scrub(self, event: QMouseEvent) -> None:
        at = self.snapped(event.position().x() - self.left, event.modifiers())
        self._desk.commands.go_to(at, ORIGIN)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        self._arrange()
        scale, view, height = self.scale(), self._desk.state.view, self.height()
        theme, span, chips = self._look.theme, view.time_range, tuple(chip.text for chip in self._chips)
        with QPainter(self) as painter:
            key = (scale, chips, span, theme.name, theme.scale)
            still = partial(self._paint_still, scale=scale)
            self._kept.paint(painter, QSizeF(self.size()), self.devicePixelRatioF(), key, still)
            painter.setClipRect(self.left, 0, self.width() - self.left, height)
            painter.translate(self.left, 0)
            region = event.region()
            wanted = [each for each in self._labels if region.intersects(self._strip(each.left, each.right))]
            if self._ghost is None or self._dragging:
                self._painter.paint_labels(painter, height, wanted)
            else:
                x, words = round(scale.x(self._ghost)), self._ghost_text(scale)
                rect = self._painter.ghost_rect(x, scale.width, words, self._flag, self._chips)
                self._painter.paint_labels(painter, height, beside(wanted, rect))
                self._painter.paint_ghost(painter, x, height, words, rect)
            if self._desk.data.has_dates:
                self._painter.paint_flag(painter, scale, self._flag, view.time_cursor, self.flag_text())

    def _arrange(self) -> None:
        """Find the places of the flag, the chips and the labels that have room beside them."""
        scale, view, theme = self.scale(), self._desk.state.view, self._look.theme
        dated = self._desk.data.has_dates  # without a date there is nowhere to stand
        outside = self._desk.data.index.outside(view.time_window)
        words = self.flag_text()
        wanted = scale, view.time_cursor, words, dated, outside, theme.name, theme.scale
        if wanted == self._arranged:
            return
        self._arranged = wanted
        self._flag = self._painter.flag_rect(scale, view.time_cursor, words) if dated else QRectF()
        self._chips = self._painter.chip_rects(scale.width, outside)
        taken = [(self._flag.left() - 4, self._flag.right() + 4)] if dated else []
        taken += [(chip.rect.left(), chip.rect.right()) for chip in self._chips]
        self._labels = self._painter.place_labels(scale, taken)

    def _paint_still(self, painter: QPainter, *, scale: TimeScale) -> None:
        """All that stays as it is while the cursor moves."""
        height, span = self.height(), self._desk.state.view.time_range
        painter.fillRect(self.rect(), self._look.theme.surface)
        self._painter.paint_head(painter, self.left, self.width(), height)
        painter.setClipRect(self.left, 0, self.width() - self.left, height)
        painter.translate(self.left, 0)
        if span is not None:
            self._painter.paint_range(painter, scale, height, span)
        self._painter.paint_ticks(painter, scale, height)
        for chip in self._chips:
            self._painter.paint_chip(painter, chip)

    # Qt's calls

    def _chip_at(self, at: QPointF) -> int:
        """The way of the chip under a point of the widget; 0 for none, or where the flag lies over it."""
        x = at.x() - self.left
        if self._flag.left() <= x <= self._flag.right():
            return 0
        return next((chip.way for chip in self._chips if chip.rect.left() <= x <= chip.rect.right()), 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or event.position().x() < self.left:
            return
        way = self._chip_at(event.position())
        if way:
            self.go_outside(way)
            return
        self._dragging = True
        self._desk.playback.stop()
        self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._scrub(event)
            return
        x = event.position().x() - self.left
        way = self._chip_at(event.position())
        shape = Qt.CursorShape.PointingHandCursor if way else Qt.CursorShape.SizeHorCursor
        self.setCursor(shape if x >= 0 else Qt.CursorShape.ArrowCursor)
        self.hovered.emit(self.scale().at(x) if x >= 0 and not way else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            count = self.count_on(self._desk.state.view.time_cursor)
            self._desk.messages.announced.emit(f"{spoken_instant(self._desk.state.view.time_cursor)}, {_on_day(count)}")
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().x() < self.left or self._chip_at(event.position()):
            return
        scale, x = self.scale(), event.position().x() - self.left
        at = self.snapped(x, event.modifiers())
        window = scale.zoomed(1 / 1.6, x)
        first = at - window.length // 2
        with self._desk.state.batch(ORIGIN):
            self._desk.commands.show_window(TimeWindow(first, first + window.length), ORIGIN)
            self._desk.commands.go_to(at, ORIGIN)

    def wheelEvent(self, event: QWheelEvent) -> None:
        x = event.position().x() - self.left
        delta = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            window = wheel_zoom(self.scale(), max(x, 0.0), delta)
        else:
            window = self.scale().moved(delta / NOTCH * PAN_PER_NOTCH)
        self._desk.commands.show_window(window, ORIGIN)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)


def _on_day(count: int) -> str:
    """A number of events with what it counts, as the card on the map counts those of the whole trail."""
    return f"{count:,} on this day" if count else "none on this day"
