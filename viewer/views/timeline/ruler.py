"""The ruler: dates along the window, the playhead's flag to drag, and what lies outside the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from db.timewords import show_instant, show_weekday, spoken_instant
from db.values import MS_DAY, MS_HOUR, Precision, TimeWindow
from viewer.core.desk import Desk
from viewer.core.settings import SNAP
from viewer.theme import ThemeManager
from viewer.tokens import mix
from viewer.views.timeline.geometry import TimeScale, day_of, place_labels, ticks
from viewer.views.timeline.headers import LEFT_MARGIN, LEFT_WIDTH, RIGHT_MARGIN
from viewer.views.timeline.lane_tools import NOTCH, ORIGIN, PAN_PER_NOTCH, wheel_zoom
from viewer.widgets.accessible import PaintedChild, Scale, expose, value_changed

HEIGHT: Final = 26
SNAP_WITHIN: Final = 6.0
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
        self._chips: list[tuple[QRectF, str, int]] = []
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName("Ruler")
        self.rescale()
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

    def show_ghost(self, at: int | None) -> None:
        """Show the date of an instant (ms) under the pointer, or none."""
        if at != self._ghost:
            self._ghost = at
            self.update()

    def cursor_moved(self) -> None:
        """The playhead is elsewhere."""
        self.update()
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
        """The date on the flag, with the time of day in a short window."""
        view = self._desk.state.view
        text = show_weekday(view.time_cursor)
        if view.time_window.length < TIME_BELOW:
            text += show_instant(view.time_cursor, Precision.MINUTE).removeprefix(show_instant(view.time_cursor))
        return text

    def count_on(self, at: int) -> int:
        """How many shown events may have been under way on the day of an instant."""
        return len(self._desk.data.index.in_window(day_of(at)))

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
            value=f"{spoken_instant(view.time_cursor)}, {_events(count)}",
            scale=Scale(
                view.time_cursor / MS_DAY,
                scale.first / MS_DAY,
                scale.last / MS_DAY,
                1.0,
                lambda days: self._desk.commands.go_to(round(days * MS_DAY), ORIGIN),
            ),
        )
        chips = [
            PaintedChild(text, rect.toRect(), partial(self.go_outside, way), QAccessible.Role.Button)
            for rect, text, way in self._chips
        ]
        return [slider, *chips]

    # Moves

    def go_outside(self, way: int) -> None:
        """Move the window to the nearest events before (-1) or after (+1) it."""
        window = self._desk.state.view.time_window
        index = self._desk.data.index
        best = index.columns.best[index.stops]
        if way < 0:
            at = int(np.searchsorted(best, window.first)) - 1
            first = int(best[at]) - round(window.length * 0.75) if at >= 0 else window.first
        else:
            at = int(np.searchsorted(best, window.last, "right"))
            first = int(best[at]) - round(window.length * 0.25) if at < len(best) else window.first
        self._desk.commands.show_window(TimeWindow(first, first + window.length), ORIGIN)

    def _scrub(self, event: QMouseEvent) -> None:
        at = self.snapped(event.position().x() - self.left, event.modifiers())
        self._desk.commands.go_to(at, ORIGIN)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.surface)
            self._paint_head(painter)
            painter.setClipRect(self.left, 0, self.width() - self.left, self.height())
            painter.translate(self.left, 0)
            scale = self.scale()
            self._paint_range(painter, scale)
            flag = self._flag_rect(scale)
            self._chips = self._chip_rects(scale)
            self._paint_ticks(painter, scale, flag)
            for rect, text, way in self._chips:
                self._paint_chip(painter, rect.translated(-self.left, 0), text, way)
            self._paint_ghost(painter, scale, flag)
            self._paint_flag(painter, scale, flag)

    def _paint_head(self, painter: QPainter) -> None:
        theme = self._look.theme
        painter.setFont(theme.font("note"))
        painter.setPen(theme.text2)
        rect = QRectF(theme.px(LEFT_MARGIN), 0, self.left - theme.px(LEFT_MARGIN + RIGHT_MARGIN), self.height() - 1)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, "Lanes")
        painter.setPen(theme.text3)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "shown / all")
        painter.fillRect(self.left - 1, 0, 1, self.height(), theme.border)
        painter.fillRect(0, self.height() - 1, self.width(), 1, mix(theme.surface, theme.border, 0.62))

    def _paint_range(self, painter: QPainter, scale: TimeScale) -> None:
        """The stretch that playback stays in, between its two brackets."""
        span = self._desk.state.view.time_range
        if span is None:
            return
        theme = self._look.theme
        left, right = scale.x(span.first), scale.x(span.last)
        low, high = max(left, -4.0), min(right, scale.width + 4.0)
        if high <= low:
            return
        painter.fillRect(QRectF(low, 0, high - low, self.height() - 1), theme.accent_soft)
        for x, inward in ((left, 5), (right, -5)):
            painter.fillRect(QRectF(round(x) - 1, 3, 2, self.height() - 5), theme.accent)
            for y in (3, self.height() - 4):
                painter.fillRect(QRectF(min(x, x + inward), y, abs(inward), 2), theme.accent)

    def _paint_ticks(self, painter: QPainter, scale: TimeScale, flag: QRectF) -> None:
        theme, px = self._look.theme, self._look.theme.px
        plain, bold = theme.font("note"), theme.font("label", weight=700)
        widths = {False: QFontMetricsF(plain), True: QFontMetricsF(bold)}
        minor, major = mix(theme.surface, theme.border, 0.7), mix(theme.surface, theme.border2, 0.75)
        marks = ticks(scale)
        places = []
        for tick in marks:
            x = round(scale.x(tick.at))
            top = px(5) if tick.major else self.height() - px(8 if tick.label else 5)
            painter.fillRect(x, top, 1, self.height() - top, major if tick.major else minor)
            start = x + px(5)
            places.append((start, start + widths[tick.major].horizontalAdvance(tick.label), tick.major))
        taken = [(flag.left() - 4, flag.right() + 4)]
        taken += [(rect.left() - self.left, rect.right() - self.left) for rect, _text, _way in self._chips]
        named = [at for at, tick in enumerate(marks) if tick.label]
        marks, places = [marks[at] for at in named], [places[at] for at in named]
        shown = place_labels(places, px(6), taken)
        for tick, (start, end, _major), wanted in zip(marks, places, shown, strict=True):
            if wanted:
                painter.setFont(bold if tick.major else plain)
                painter.setPen(theme.text if tick.major else theme.text3)
                rect = QRectF(start, 0, end - start + 2, self.height() - 1)
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, tick.label)

    def _flag_rect(self, scale: TimeScale) -> QRectF:
        """Where the flag is, in the plot; kept inside as long as the playhead is."""
        theme = self._look.theme
        x = scale.x(self._desk.state.view.time_cursor)
        wide = QFontMetricsF(theme.font("label_strong")).horizontalAdvance(self.flag_text()) + theme.px(18)
        left = x - wide / 2
        if 0 <= x <= scale.width:
            left = min(max(left, 2.0), scale.width - wide - 2.0)
        return QRectF(round(left), 2, wide, theme.px(20))

    def _paint_flag(self, painter: QPainter, scale: TimeScale, flag: QRectF) -> None:
        theme = self._look.theme
        x = round(scale.x(self._desk.state.view.time_cursor))
        if not -flag.width() <= x <= scale.width + flag.width():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(flag, 6, 6)
        low = flag.bottom() - 0.5
        painter.drawPolygon(QPolygonF([QPointF(x - 5, low), QPointF(x + 5, low), QPointF(x, low + 5)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(theme.font("label_strong"))
        painter.setPen(theme.accent_text)
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, self.flag_text())

    def _paint_ghost(self, painter: QPainter, scale: TimeScale, flag: QRectF) -> None:
        """The date under the pointer and how many events there are."""
        if self._ghost is None or self._dragging:
            return
        theme, x = self._look.theme, round(scale.x(self._ghost))
        precision = Precision.MINUTE if scale.ms_per_px * 40 < MS_HOUR else Precision.DAY
        text = f"{show_instant(self._ghost, precision)} · {_events(self.count_on(self._ghost))}"
        font = theme.font("meta_medium")
        wide = QFontMetricsF(font).horizontalAdvance(text) + theme.px(14)
        left = x + 6 if x + 6 + wide <= scale.width else x - 6 - wide
        rect = QRectF(left, 3, wide, theme.px(19))
        if rect.intersects(flag):
            left = flag.right() + 4 if x >= flag.center().x() else flag.left() - 4 - wide
            left = left if 0 <= left <= scale.width - wide else flag.left() - 4 - wide if left > 0 else flag.right() + 4
            rect.moveLeft(left)
        painter.fillRect(x, 0, 1, self.height(), theme.color("text2", 0.55))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.border2, 1))
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(font)
        painter.setPen(theme.text2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _chip_rects(self, scale: TimeScale) -> list[tuple[QRectF, str, int]]:
        """The chips for events before and after the window, in the widget."""
        theme = self._look.theme
        earlier, later = self._desk.data.index.outside(self._desk.state.view.time_window)
        metrics = QFontMetricsF(theme.font("meta_medium"))
        found = []
        for count, way, word in ((earlier, -1, "earlier"), (later, 1, "later")):
            if count:
                text = f"{count:,} {word}"
                wide = metrics.horizontalAdvance(text) + theme.px(27)
                left = self.left + 5 if way < 0 else self.left + scale.width - wide - 5
                found.append((QRectF(left, 3, wide, theme.px(19)), text, way))
        return found

    def _paint_chip(self, painter: QPainter, rect: QRectF, text: str, way: int) -> None:
        theme = self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.ctl, 1))
        painter.setBrush(QColor(theme.raised))
        radius = rect.height() / 2
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        icon = self._look.pixmap("arrow-left" if way < 0 else "arrow-right", "text2", 12, self)
        side = icon.width() / icon.devicePixelRatio()
        x = rect.left() + 6 if way < 0 else rect.right() - 6 - side
        painter.drawPixmap(QPointF(round(x), round(rect.center().y() - side / 2)), icon)
        painter.setFont(theme.font("meta_medium"))
        painter.setPen(theme.text2)
        words = rect.adjusted(side + 9, 0, -8, 0) if way < 0 else rect.adjusted(8, 0, -side - 9, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)

    # Qt's calls

    def _chip_at(self, at: QPointF) -> int:
        return next((way for rect, _text, way in self._chips if rect.contains(at)), 0)

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
            self._desk.messages.announced.emit(f"{spoken_instant(self._desk.state.view.time_cursor)}, {_events(count)}")
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


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
