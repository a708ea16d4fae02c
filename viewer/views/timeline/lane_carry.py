"""A lane carried by its header to where it is to stand."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from viewer.look.tokens import Theme
from viewer.views.timeline.lane_sight import LaneSight

EDGE: Final = 14.0
"""Nearer than this to the upper or lower edge (px) the lanes scroll under what is carried."""


class LaneCarry:
    """Which lane is carried, and before which it would be let go; both by their places, None for none."""

    def __init__(self, sight: LaneSight) -> None:
        self._sight = sight
        self.lane: int | None = None
        self.to: int | None = None

    def begin(self, at: QPointF) -> bool:
        """Take up the lane whose header is under a point of the widget, if it can be moved."""
        lane = self._sight.header_at(at)
        if lane is None or not self._sight.layout_now().lanes[lane].movable:
            return False
        self.lane = self.to = lane
        return True

    def move(self, y: float) -> None:
        """Carry it to a height of the widget."""
        if self.lane is None:
            return
        sight = self._sight
        if y < EDGE or y > sight.size.height() - EDGE:
            sight.scroll_lines(-1 if y < EDGE else 1)
        lanes, place = sight.layout_now().lanes, y + sight.offset
        below = (at for at, lane in enumerate(lanes) if not lane.movable or place < lane.top + lane.height / 2)
        self.to = next(below, len(lanes))

    def drop(self) -> None:
        """Let it go where it is."""
        lane, to = self.lane, self.to
        self.cancel()
        if lane is not None and to is not None and to not in (lane, lane + 1):
            self._sight.move_lane(lane, to)

    def cancel(self) -> None:
        """Leave it where it was."""
        self.lane = self.to = None

    def paint(self, painter: QPainter, theme: Theme, width: int) -> None:
        """A line where it would stand, and a veil over where it stands."""
        lanes = self._sight.layout_now().lanes
        if self.lane is None or self.to is None or self.lane >= len(lanes):
            return
        own, offset = lanes[self.lane], self._sight.offset
        painter.save()
        painter.fillRect(QRectF(0, own.top - offset, width, own.height - 1), theme.color("accent", 0.14))
        below = lanes[self.to].top if self.to < len(lanes) else lanes[-1].top + lanes[-1].height
        y = min(max(below - offset, 2.0), self._sight.size.height() - 2.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(QRectF(3, y - 1.5, width - 6, 3), 1.5, 1.5)
        painter.drawEllipse(QPointF(6, y), 4, 4)
        painter.restore()
