"""The overview: all events of the project over time, and the window as a frame to drag, resize or draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from db.timewords import spoken_instant
from db.values import MS_DAY, TimeWindow
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.views.timeline.geometry import TimeScale, bin_edges, hull, whole
from viewer.views.timeline.headers import LEFT_WIDTH
from viewer.views.timeline.lane_sight import ORIGIN
from viewer.views.timeline.lane_tools import NOTCH, wheel_zoom
from viewer.views.timeline.overview_paint import CURSOR_REACH, Bars, OverviewPainter, bars_of
from viewer.widgets.accessible import PaintedChild, Scale, child_focused, expose
from viewer.widgets.kept import KeptDrawing

HEIGHT: Final = 50
GRIP: Final = 8.0
"""How far from its line a handle can be caught, px."""
LEAST_DRAWN: Final = 5.0
"""A drag in the empty part that is shorter than this (px) moves the window there instead of drawing one."""


ROOMY: Final = 1.3
"""It is drawn anew only when it has become this many times too long: no jumps after each move of the window."""


class Part(IntEnum):
    """What of the frame is dragged or moved by keys."""

    FIRST = 0
    MIDDLE = 1
    LAST = 2
    DRAWN = 3


class Overview(QWidget):
    """Bars and frame. Tab reaches the handles and the frame; arrows move what has the keyboard, + and - zoom."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._painter = OverviewPainter(look)
        self._bars: Bars = []
        self._words = ("", "")
        self._pictures: dict[tuple[bool, bool], QImage] = {}
        self._pictures_of: tuple[TimeScale, float] | None = None
        self._frame = KeptDrawing()
        self._span: TimeWindow | None = None
        self._held: Part | None = None
        self._stop = Part.MIDDLE
        self._grabbed = 0.0
        self._before = desk.state.view.time_window
        self._shown = TimeWindow(0, 1)
        self._stood: tuple[TimeScale, float] | None = None
        """Where the cursor was drawn last, px of a scale."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setProperty("own_focus", True)
        self.setProperty("arrows", "move the stretch of time")
        self.setAccessibleName("Overview")
        self.rescale()
        expose(self)

    @property
    def left(self) -> int:
        """Where the plot begins, px."""
        return self._look.theme.px(LEFT_WIDTH)

    def scale(self) -> TimeScale:
        """The project's time across the plot; wider where the window reaches out of it, but not during a drag."""
        if self._span is None:
            self._span = whole(self._best(), self._desk.state.view.time_cursor)
        if self._held is None:
            span, window = self._span, self._desk.state.view.time_window
            room = window.length // 80  # for the handles
            needed = hull(span, TimeWindow(window.first - room, window.last + room))
            if self._shown.length > ROOMY * needed.length:
                self._shown = needed
            elif hull(needed, self._shown) != self._shown:
                spare = window.length // 8  # so that a window on its way out does not have it drawn at each step
                first = span.first if needed.first == span.first else needed.first - spare
                last = span.last if needed.last == span.last else needed.last + spare
                self._shown = TimeWindow(first, last)
        return TimeScale.of(self._shown, self.width() - self.left)

    def _best(self) -> NDArray[np.int64]:
        """Best estimates of all events, filtered or not, ascending."""
        return self._desk.data.index.all_bests

    def words(self) -> tuple[str, str]:
        """What it shows: title and explanation."""
        scale, best = self.scale(), self._best()
        if not self._desk.data.has_dates:
            return "No dates yet", "Events per month, once there are some"
        if not len(best):
            return "No dates shown", "Those of hidden sources are left out"
        before = int(np.searchsorted(best, scale.first))
        after = len(best) - int(np.searchsorted(best, scale.last, "right"))
        about = f"Events per {bin_edges(scale)[0]}"
        if not before and not after:
            return "Whole project", about
        parts = [f"{count} {word}" for count, word in ((before, "earlier"), (after, "later")) if count]
        return "Most of the project", f"{about}; {', '.join(parts)}"

    def frame(self) -> tuple[float, float]:
        """The two ends of the window, px from the left of the plot, held within it."""
        scale, window = self.scale(), self._desk.state.view.time_window
        return min(max(scale.x(window.first), 0.0), scale.width), min(max(scale.x(window.last), 0.0), scale.width)

    def rescale(self) -> None:
        """The interface has another size or other colours."""
        self.setFixedHeight(self._look.theme.px(HEIGHT))
        self.renew()

    def renew(self) -> None:
        """Other data or filters."""
        self._span = self._pictures_of = None
        self.update()

    def cursor_moved(self) -> None:
        """The playhead is elsewhere: paint anew what it passed."""
        stood, self._stood = self._stood, self._stand()
        # A strip that ends between device pixels would leave a seam.
        if stood is None or stood[0] != self._stood[0] or not self.devicePixelRatioF().is_integer():
            self.update()
            return
        left, right = sorted((stood[1], self._stood[1]))
        reach = CURSOR_REACH
        first = self.left + math.floor(left) - reach
        self.update(first, 0, self.left + math.ceil(right) + reach - first, self.height())

    def _stand(self) -> tuple[TimeScale, float]:
        """The scale, and px at which the cursor is in it, or at whose edge it would be."""
        scale = self.scale()
        return scale, min(max(scale.x(self._desk.state.view.time_cursor), -CURSOR_REACH), scale.width + CURSOR_REACH)

    def painted_children(self) -> Sequence[PaintedChild]:
        """The handles as sliders."""
        scale, window = self.scale(), self._desk.state.view.time_window
        children = []
        for part, name, at in ((Part.FIRST, "Window start", window.first), (Part.LAST, "Window end", window.last)):
            x = self.left + scale.x(at)
            children.append(
                PaintedChild(
                    name,
                    QRectF(x - GRIP, 0, 2 * GRIP, self.height()).toRect(),
                    role=QAccessible.Role.Slider,
                    value=spoken_instant(at),
                    focused=self._stop is part,
                    scale=Scale(
                        at / MS_DAY,
                        scale.first / MS_DAY,
                        scale.last / MS_DAY,
                        1.0,
                        lambda days, part=part: self._move_end(part, round(days * MS_DAY)),  # type: ignore[misc]
                    ),
                )
            )
        return children

    # Moves

    def _show(self, one: int, other: int) -> None:
        self._desk.commands.show_window(TimeWindow(min(one, other), max(one, other)), ORIGIN)

    def _move_end(self, part: Part, at: int) -> None:
        window = self._desk.state.view.time_window
        self._show(at, window.last if part is Part.FIRST else window.first)

    def _part_at(self, x: float) -> Part:
        first, last = self.frame()
        near_first, near_last = abs(x - first), abs(x - last)
        if min(near_first, near_last) <= GRIP:
            return Part.FIRST if near_first < near_last or (near_first == near_last and x < first) else Part.LAST
        return Part.MIDDLE if first < x < last else Part.DRAWN

    def _drag(self, x: float) -> None:
        scale, before = self.scale(), self._before
        at = scale.at(min(max(x, 0.0), scale.width))
        match self._held:
            case Part.FIRST:
                self._show(at, before.last)
            case Part.LAST:
                self._show(before.first, at)
            case Part.MIDDLE:
                shift = scale.at(x) - scale.at(self._grabbed)
                self._show(before.first + shift, before.last + shift)
            case Part.DRAWN if abs(x - self._grabbed) >= LEAST_DRAWN:
                self._show(scale.at(min(max(self._grabbed, 0.0), scale.width)), at)

    # Qt's calls

    def paintEvent(self, event: QPaintEvent) -> None:
        self._stood = self._stand()
        (scale, cursor), window = self._stood, self.frame()
        ratio = self.devicePixelRatioF()
        split = self.left + round(min(max(cursor, 0.0), scale.width))
        first, last = (self.left + round(x) for x in window)
        edges = sorted((0, min(first, split), first, split, last, max(last, split), self.width()))
        fresh = self._renew_bars(scale)
        with QPainter(self) as painter:
            for left, right in pairwise(edges):
                source = QRectF(left * ratio, 0, (right - left) * ratio, self.height() * ratio)
                if source.isEmpty():  # Qt takes an empty part for the whole
                    continue
                inside, after = first <= left < last, left >= split
                # Straight at first: perhaps it is another again before anything could be copied.
                if fresh and ratio.is_integer():
                    painter.save()
                    painter.setClipRect(left, 0, right - left, self.height())
                    self._draw(painter, scale, (left, right), inside=inside, after=after)
                    painter.restore()
                else:
                    picture = self._picture(scale, inside=inside, after=after)
                    painter.drawImage(QRectF(left, 0, right - left, self.height()), picture, source)
            painter.translate(self.left, 0)
            painter.setClipRect(QRectF(-6, 0, scale.width + 6, self.height()))
            if 0 <= cursor <= scale.width and self._desk.data.has_dates:
                self._painter.paint_cursor(painter, self.height(), cursor)
            first_key, middle_key, last_key = (
                self.hasFocus() and self._stop is part for part in (Part.FIRST, Part.MIDDLE, Part.LAST)
            )
            keys, theme = (first_key, middle_key, last_key), self._look.theme
            painter.translate(-self.left, 0)
            frame = partial(self._draw_frame, window=window, keys=keys)
            self._frame.paint(painter, QSizeF(self.size()), ratio, (window, keys, theme.name, theme.scale), frame)

    def _draw_frame(self, painter: QPainter, *, window: tuple[float, float], keys: tuple[bool, bool, bool]) -> None:
        painter.translate(self.left, 0)
        self._painter.paint_frame(painter, self.height(), window, keys)

    def _renew_bars(self, scale: TimeScale) -> bool:
        """Whether what is to be shown is another than last time."""
        key = scale, self.devicePixelRatioF()
        if self._pictures_of == key:
            return False
        self._pictures_of = key
        self._pictures.clear()
        self._bars, self._words = bars_of(self._desk.data.index, scale), self.words()
        return True

    def _picture(self, scale: TimeScale, *, inside: bool, after: bool) -> QImage:
        """All but the cursor and the frame, as it is inside the window and after the cursor: what moves only copies."""
        if (inside, after) not in self._pictures:
            ratio = self.devicePixelRatioF()
            image = QImage((self.size().toSizeF() * ratio).toSize(), QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(ratio)
            with QPainter(image) as painter:
                self._draw(painter, scale, (0, self.width()), inside=inside, after=after)
            self._pictures[inside, after] = image
        return self._pictures[inside, after]

    def _draw(self, painter: QPainter, scale: TimeScale, part: tuple[int, int], *, inside: bool, after: bool) -> None:
        """The same from one px of the widget to another; what reaches over is to be cut off."""
        painter.fillRect(self.rect(), self._look.theme.surface2)
        if part[0] < self.left:
            self._painter.paint_head(painter, self.left, self.height(), *self._words)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._look.theme.border)
        painter.translate(self.left, 0)
        painter.setClipRect(QRectF(-6, 0, scale.width + 6, self.height()), Qt.ClipOperation.IntersectClip)
        span = part[0] - self.left, part[1] - self.left
        bars = [bar for bar in self._bars if bar[0] < span[1] and max(bar[1], bar[0] + 2) >= span[0]]
        self._painter.paint_parts(painter, scale, self.height(), bars, inside=inside, after=after)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x() - self.left
        if event.button() != Qt.MouseButton.LeftButton or x < -GRIP:
            return
        self._held, self._grabbed, self._before = self._part_at(x), x, self._desk.state.view.time_window
        if self._held is not Part.DRAWN:
            self._stop = self._held

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x() - self.left
        if self._held is not None:
            self._drag(x)
            return
        shapes = {Part.MIDDLE: Qt.CursorShape.OpenHandCursor, Part.DRAWN: Qt.CursorShape.CrossCursor}
        shape = shapes.get(self._part_at(x), Qt.CursorShape.SizeHorCursor)
        self.setCursor(shape if x >= -GRIP else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        x = event.position().x() - self.left
        if self._held is Part.DRAWN and abs(x - self._grabbed) < LEAST_DRAWN:
            length, at = self._before.length, self.scale().at(x)
            self._show(at - length // 2, at - length // 2 + length)
        self._held = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self.left:
            self._desk.commands.fit_time()

    def wheelEvent(self, event: QWheelEvent) -> None:
        view = self._desk.state.view
        delta = event.angleDelta().y() or event.angleDelta().x()
        window = TimeScale.of(view.time_window, self.width() - self.left)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            at = self.scale().at(event.position().x() - self.left)
            self._desk.commands.show_window(wheel_zoom(window, min(max(window.x(at), 0), window.width), delta), ORIGIN)
        else:
            self._desk.commands.show_window(window.moved(delta / NOTCH * window.width / 8), ORIGIN)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, window = event.key(), self._desk.state.view.time_window
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            share = 4 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 20
            step = max(window.length // share, MS_DAY // 24) * (1 if key == Qt.Key.Key_Right else -1)
            first = window.first + (step if self._stop is not Part.LAST else 0)
            last = window.last + (step if self._stop is not Part.FIRST else 0)
            if first < last:
                self._show(first, last)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._desk.commands.zoom_time(-1 if key == Qt.Key.Key_Minus else 1)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, on: bool) -> bool:
        """Tab goes through the first handle, the frame and the last handle, then on."""
        stop = self._stop + (1 if on else -1)
        if not self.hasFocus() or not Part.FIRST <= stop <= Part.LAST:
            return super().focusNextPrevChild(on)
        self._stop = Part(stop)
        if self._stop is not Part.MIDDLE:
            child_focused(self, 0 if self._stop is Part.FIRST else 1)
        self.update()
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self._stop = Part.FIRST
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._stop = Part.LAST
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
