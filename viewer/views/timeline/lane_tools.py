"""What mouse and wheel do in the lanes; the widget hands its events here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from db.values import TimeWindow
from viewer.views.timeline.geometry import TimeScale

if TYPE_CHECKING:
    from viewer.views.timeline.lane_view import LaneView

ORIGIN: Final = "timeline"
DRAG_FROM: Final = 4.0
NOTCH: Final = 120
PAN_PER_NOTCH: Final = 90.0
ZOOM_PER_NOTCH: Final = 1.25


def wheel_zoom(scale: TimeScale, x: float, delta: float) -> TimeWindow:
    """The window after the wheel was turned by ``delta`` (120 a notch, forward is closer) at ``x`` px."""
    return scale.zoomed(ZOOM_PER_NOTCH ** (-delta / NOTCH), x)


class LaneMouse:
    """Click selects, drag pans, the wheel scrolls, pans or zooms; headers hide and show their lanes."""

    def __init__(self, view: LaneView) -> None:
        self._view = view
        self._pressed: QPointF | None = None
        self._grabbed: TimeScale | None = None
        self._scroll = 0

    @property
    def panning(self) -> bool:
        return self._grabbed is not None

    def press(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def move(self, event: QMouseEvent) -> None:
        view, at = self._view, event.position()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            view.hover(at)
            return
        way = at - self._pressed
        if self._grabbed is None:
            if way.manhattanLength() < DRAG_FROM or self._pressed.x() < view.left:
                return
            self._grabbed, self._scroll = view.scale(), view.offset
            view.setCursor(Qt.CursorShape.ClosedHandCursor)
        view.desk.commands.show_window(self._grabbed.moved(way.x()), ORIGIN)
        view.scroll_to(self._scroll - round(way.y()))

    def release(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if self.panning:
            self._grabbed = None
            self._view.unsetCursor()
            self._view.relay()
            return
        if pressed is not None:
            self._click(event)

    def _click(self, event: QMouseEvent) -> None:
        view, at = self._view, event.position()
        if at.x() < view.left:
            lane = view.layout_now().lane_at(at.y() + view.offset)
            if lane is not None:
                view.switch_lane(lane, solo=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
            return
        item = view.item_at(at)
        if item is None:
            return
        view.focus.put(item.lane, item.row)
        ref = view.desk.data.row_ref(item.row)
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            view.desk.commands.add_to_selection(ref, ORIGIN)
        else:
            view.desk.commands.select((ref,), ORIGIN)

    def double_click(self, event: QMouseEvent) -> None:
        view, at = self._view, event.position()
        self._pressed = None
        if at.x() < view.left or event.button() != Qt.MouseButton.LeftButton:
            return
        item = view.item_at(at)
        if item is not None:
            view.desk.playback.stop()
            view.desk.commands.fly_to_event(view.desk.data.row_ref(item.row))
        else:
            view.desk.commands.zoom_time(1, view.scale().at(at.x() - view.left))

    def wheel(self, event: QWheelEvent) -> None:
        view = self._view
        down, aside = event.angleDelta().y(), event.angleDelta().x()
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            x = max(event.position().x() - view.left, 0.0)
            view.desk.commands.show_window(wheel_zoom(view.scale(), x, down), ORIGIN)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            view.desk.commands.show_window(view.scale().moved((down or aside) / NOTCH * PAN_PER_NOTCH), ORIGIN)
        elif abs(aside) > abs(down):
            view.desk.commands.show_window(view.scale().moved(aside / NOTCH * PAN_PER_NOTCH), ORIGIN)
        else:
            view.scroll_to(view.offset - round(down / NOTCH * 2 * view.metrics.row))
        event.accept()
