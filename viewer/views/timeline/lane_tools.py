"""What mouse and wheel do in the lanes; the widget hands its events here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from db.values import Ref, TimeWindow
from viewer.core.commands import MOST_SELECTED
from viewer.views.timeline.geometry import TimeScale
from viewer.views.timeline.lane_carry import LaneCarry
from viewer.views.timeline.lane_focus import LaneFocus
from viewer.views.timeline.lane_model import Item
from viewer.views.timeline.lane_sight import ORIGIN, LaneSight

DRAG_FROM: Final = 4.0
NOTCH: Final = 120
PAN_PER_NOTCH: Final = 90.0
LINES_PER_NOTCH: Final = 2
ZOOM_PER_NOTCH: Final = 1.25


def wheel_zoom(scale: TimeScale, x: float, delta: float) -> TimeWindow:
    """The window after the wheel was turned by ``delta`` (120 a notch, forward is closer) at ``x`` px."""
    return scale.zoomed(ZOOM_PER_NOTCH ** (-delta / NOTCH), x)


class LaneMouse:
    """Click selects, with Ctrl one more, with Shift a stretch of the lane; drag pans, the wheel scrolls, pans or zooms;
    headers hide, collapse and carry their lanes.

    Over the headers the wheel goes from lane to lane. ``hover`` is told where the pointer is without a button,
    ``settle`` that a drag has ended.
    """

    def __init__(
        self,
        sight: LaneSight,
        focus: LaneFocus,
        widget: QWidget,
        hover: Callable[[QPointF], None],
        settle: Callable[[], None],
    ) -> None:
        self._sight, self._focus, self._widget = sight, focus, widget
        self._hover, self._settle = hover, settle
        self._pressed: QPointF | None = None
        self._grabbed: TimeScale | None = None
        self._scroll = 0
        self.carry = LaneCarry(sight)
        self._anchor: Ref | None = None  # the event from which a stretch is selected
        self._turned = 0.0  # of the wheel, in lines not yet scrolled

    def cancel(self) -> bool:
        """Leave a lane that is carried where it was; False when none is."""
        if self.carry.lane is None:
            return False
        self.carry.cancel()
        self._pressed = None
        self._widget.unsetCursor()
        self._widget.update()
        return True

    def press(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def move(self, event: QMouseEvent) -> None:
        sight, at = self._sight, event.position()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(at)
            return
        way = at - self._pressed
        if self._grabbed is None:
            if self.carry.lane is not None:
                self._carried(at)
                return
            if way.manhattanLength() < DRAG_FROM:
                return
            if self._pressed.x() < sight.left:
                if sight.chevron_at(self._pressed) is None and self.carry.begin(self._pressed):
                    self._widget.setCursor(Qt.CursorShape.ClosedHandCursor)
                    self._carried(at)
                return
            self._grabbed, self._scroll = sight.scale(), sight.offset
            sight.panning = True
            self._widget.setCursor(Qt.CursorShape.ClosedHandCursor)
        sight.desk.commands.show_window(self._grabbed.moved(way.x()), ORIGIN)
        sight.scroll_to(self._scroll - round(way.y()))

    def release(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if self.carry.lane is not None:
            self._widget.unsetCursor()
            self.carry.drop()
            self._widget.update()
            return
        if self._grabbed is not None:
            self._grabbed, self._sight.panning = None, False
            self._widget.unsetCursor()
            self._settle()
            return
        if pressed is not None:
            self._click(event)

    def _carried(self, at: QPointF) -> None:
        self.carry.move(at.y())
        self._widget.update()

    def _click(self, event: QMouseEvent) -> None:
        sight, at = self._sight, event.position()
        if at.x() < sight.left:
            lane = sight.header_at(at)
            if lane is None:
                return
            self._focus.put(lane, None)
            if sight.chevron_at(at) is not None:
                sight.fold_lane(lane)
            else:
                sight.switch_lane(lane, solo=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
            return
        item = sight.item_at(at)
        if item is None:
            return
        self._focus.put(item.lane, item.row)
        ref = sight.desk.data.row_ref(item.row)
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._select_to(item, adds=adds)
            return
        self._anchor = ref
        if adds:
            sight.desk.commands.add_to_selection(ref, ORIGIN)
        else:
            sight.desk.commands.select((ref,), ORIGIN)

    def _select_to(self, item: Item, *, adds: bool) -> None:
        """Select what stands in the lane from the event clicked last (else the current one) to ``item``; ``adds`` to
        what is selected. Where that one stands in another lane ``item`` alone comes to it.
        """
        sight, data = self._sight, self._sight.desk.data
        rows = sight.frames.rows_of(sight.layout_now().lanes[item.lane])
        ends = data.row(self._anchor), data.row(sight.desk.state.view.current)
        there = [at for row in ends if row is not None for at in np.flatnonzero(rows == row).tolist()]
        here = np.flatnonzero(rows == item.row).tolist()
        if not there or not here or not sight.desk.state.view.selection:
            self._anchor = data.row_ref(item.row)
            sight.desk.commands.add_to_selection(self._anchor, ORIGIN)
            return
        first, last = there[0], here[0]
        some = rows[first : last + 1] if first <= last else rows[last : first + 1][::-1]  # the one clicked comes last
        refs = [data.row_ref(row) for row in some.tolist()] if len(some) <= MOST_SELECTED else []
        before = sight.desk.state.view.selection.difference(refs) if adds else frozenset()
        if len(some) + len(before) > MOST_SELECTED:
            words = f"{len(some):,} events stand between, and no more than {MOST_SELECTED:,} are selected at once."
            sight.desk.messages.warn(f"{words} Take a shorter stretch, or hide some with the filters.")
            return
        sight.desk.commands.select([*before, *refs], ORIGIN)

    def double_click(self, event: QMouseEvent) -> None:
        sight, at = self._sight, event.position()
        self._pressed = None
        if at.x() < sight.left or event.button() != Qt.MouseButton.LeftButton:
            return
        item = sight.item_at(at)
        if item is not None:
            sight.desk.playback.stop()
            sight.desk.commands.fly_to_event(sight.desk.data.row_ref(item.row))
        else:
            sight.desk.commands.zoom_time(1, sight.scale().at(at.x() - sight.left))

    def wheel(self, event: QWheelEvent) -> None:
        sight = self._sight
        down, aside = event.angleDelta().y(), event.angleDelta().x()
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            x = max(event.position().x() - sight.left, 0.0)
            sight.desk.commands.show_window(wheel_zoom(sight.scale(), x, down), ORIGIN)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            sight.desk.commands.show_window(sight.scale().moved((down or aside) / NOTCH * PAN_PER_NOTCH), ORIGIN)
        elif abs(aside) > abs(down):
            sight.desk.commands.show_window(sight.scale().moved(aside / NOTCH * PAN_PER_NOTCH), ORIGIN)
        else:
            lane = event.position().x() < sight.left
            self._turned += down / NOTCH * (1 if lane else LINES_PER_NOTCH)
            whole = int(self._turned)
            self._turned -= whole
            if whole and lane:
                sight.scroll_lanes(-whole)
            elif whole:
                sight.scroll_lines(-whole)
        event.accept()
