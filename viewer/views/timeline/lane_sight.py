"""What of the lanes is in sight, and where it is in the widget. Scrolls by whole lines; paints nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from db.values import OPEN_FUTURE, OPEN_PAST, TimeWindow
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.views.timeline.geometry import TimeScale
from viewer.views.timeline.headers import CHEVRON_TO, LEFT_WIDTH, has_chevron, header_middle, pinned
from viewer.views.timeline.lane_frames import LaneFrames
from viewer.views.timeline.lane_model import Item, Lane, Layout, Metrics
from viewer.views.timeline.lanes import AWAY
from viewer.views.timeline.pictures import shows_line

ORIGIN: Final = "timeline"


class LaneSight:
    """The layout of the present window, scrolled to ``offset`` px, in a widget of ``size``; ``scrolled`` is called.

    So is ``sorted_anew`` when the lanes stand for what was wanted of them.
    """

    def __init__(
        self, desk: Desk, look: ThemeManager, scrolled: Callable[[], None], sorted_anew: Callable[[], None]
    ) -> None:
        self.desk, self._look, self._scrolled = desk, look, scrolled
        self.frames = LaneFrames(desk, look, sorted_anew)
        self.offset = 0
        self.size = QSize()
        self.panning = False
        """The user drags: lanes keep their heights until it ends."""

    # Places

    @property
    def left(self) -> int:
        """Where the plot begins, in px from the widget's left."""
        return self._look.theme.px(LEFT_WIDTH)

    @property
    def metrics(self) -> Metrics:
        """The lengths of the lanes in force."""
        return self.frames.metrics

    def scale(self) -> TimeScale:
        """The present window across the plot."""
        return TimeScale.of(self.desk.state.view.time_window, self.size.width() - self.left)

    def layout_now(self) -> Layout:
        """Where everything is at this moment."""
        seen = (self.offset, self.offset + self.size.height())
        return self.frames.layout(self.scale(), self.size.height(), seen, settle=not self.panning)

    def complete(self) -> Layout:
        """Place also the lanes that are out of sight; the one at the top stays there."""
        layout = self.layout_now()
        if not layout.whole:
            top = next((lane for lane in layout.lanes if lane.top + lane.height > self.offset), None)
            key, within = (top.key, self.offset - top.top) if top is not None else ("", 0.0)
            self.frames.relay()
            layout = self.layout_now()
            for lane in layout.lanes:
                if lane.key == key:
                    self.scroll_to(round(lane.top + min(within, lane.height)))
            self._scrolled()
        return layout

    def content_height(self) -> int:
        """The height of all lanes (px)."""
        return round(self.layout_now().height)

    def item_at(self, at: QPointF) -> Item | None:
        """The event under a point of the widget."""
        if at.x() < self.left:
            return None
        item = self.layout_now().item_at(at.x() - self.left, at.y() + self.offset)
        seen = item is not None and shows_line(item.y - self.offset, self.metrics.row, self.size.height())
        return item if seen else None

    def item_rect(self, item: Item) -> QRect:
        """What an event covers, in the widget."""
        left, right = max(item.left, -4.0), min(item.right, self.size.width() - self.left + 4.0)
        high = self.metrics.row + 4
        return QRectF(self.left + left, item.y - self.offset - high / 2, right - left, high).toAlignedRect()

    def header_rect(self, lane: int) -> QRect:
        """The header of a lane, in the widget."""
        row = self.layout_now().lanes[lane]
        return QRectF(0, row.top - self.offset, self.left - 1, row.height - 1).toRect()

    def name_rect(self, lane: int) -> QRect:
        """The line of a lane's header with its name, in the widget: in sight as long as its lane is."""
        row = self.layout_now().lanes[lane]
        high = 2 * header_middle(row, self.metrics)
        return QRectF(0, pinned(row, self.offset, high), self.left - 1, min(high, row.height - 1)).toRect()

    def chevron_rect(self, lane: int) -> QRect:
        """What collapses a lane or expands it, in the widget."""
        rect = self.name_rect(lane)
        rect.setWidth(self._look.theme.px(CHEVRON_TO))
        return rect

    def header_at(self, at: QPointF) -> int | None:
        """The lane whose header is under a point of the widget."""
        return self.layout_now().lane_at(at.y() + self.offset) if 0 <= at.x() < self.left else None

    def chevron_at(self, at: QPointF) -> int | None:
        """The lane whose chevron is under a point of the widget."""
        lane = self.header_at(at) if at.x() < self._look.theme.px(CHEVRON_TO) else None
        return lane if lane is not None and has_chevron(self.layout_now().lanes[lane]) else None

    # Scrolling

    def most(self) -> int:
        """The offset that shows the end."""
        over = self.content_height() - self.size.height()
        return 0 if over <= 0 else next((stop for stop in self.layout_now().stops if stop >= over), over)

    def scroll_to(self, scroll: int) -> None:
        """Show the lanes from the line that begins nearest to ``scroll`` px, held within what there is."""
        held = min(max(scroll, 0), self.most())
        held = min(self.layout_now().stops, key=lambda stop: abs(stop - held), default=0)
        if held != self.offset:
            self.offset = held
            if not self.layout_now().whole:  # others are in sight now
                self.frames.relay(moved=True)
            self._scrolled()

    def scroll_lines(self, lines: int) -> None:
        """Scroll on by so many lines."""
        stops = self.layout_now().stops
        if stops:
            here = min(range(len(stops)), key=lambda at: abs(stops[at] - self.offset))
            self.scroll_to(stops[min(max(here + lines, 0), len(stops) - 1)])

    def scroll_lanes(self, lanes: int) -> None:
        """Show the lanes from the top of one so many lanes on (or back, where negative)."""
        tops = [round(lane.top) for lane in self.layout_now().lanes]
        if lanes > 0:
            below = [top for top in tops if top > self.offset]
            self.scroll_to(below[lanes - 1] if lanes <= len(below) else self.most())
        elif lanes < 0:
            above = [top for top in tops if top < self.offset]
            self.scroll_to(above[lanes] if -lanes <= len(above) else 0)

    def scroll_into_view(self, top: float, bottom: float) -> None:
        """Scroll as little as needed to show a stretch of the lanes (px)."""
        stops, over = self.layout_now().stops, bottom - self.size.height()
        if top < self.offset:
            self.scroll_to(next((stop for stop in reversed(stops) if stop <= top), 0))
        elif over > self.offset:
            self.scroll_to(next((stop for stop in stops if stop >= over), self.most()))

    def reveal(self, row: int, lane: int | None = None) -> None:
        """Bring an event, in a certain lane or any, into the window and into the part that is scrolled to."""
        window = self.desk.state.view.time_window
        best = int(self.desk.data.index.columns.best[row])
        if not window.contains(best) and OPEN_PAST < best < OPEN_FUTURE:
            first = best - window.length // 2
            self.desk.commands.show_window(TimeWindow(first, first + window.length), ORIGIN)
        self.scroll_to_event(row, lane)

    def scroll_to_event(self, row: int | None, lane: int | None = None) -> None:
        """Bring the line of an event, in a certain lane or any, into view where it has one and none of them is."""
        found = [item for item in self.complete().items if item.row == row and lane in (None, item.lane)]
        seen = (shows_line(item.y - self.offset, self.metrics.row, self.size.height()) for item in found)
        if found and not any(seen):
            item = found[0]
            self.scroll_into_view(item.y - self.metrics.row, item.y + self.metrics.row)

    # What is done there

    def switch_lane(self, lane: int, *, solo: bool) -> None:
        """Hide a lane or show it again; ``solo`` hides all others."""
        row, moves = self._lane(lane), self.desk.commands.lanes
        if row is None:
            return
        if row.key == AWAY:
            moves.show_all()
        elif row.switchable:
            (moves.solo if solo else moves.toggle)(row.key)

    def fold_lane(self, lane: int, *, collapse: bool | None = None) -> None:
        """Collapse a lane or expand it; by default what it is not."""
        row, moves = self._lane(lane), self.desk.commands.lanes
        if row is not None and has_chevron(row):
            wanted = not row.collapsed if collapse is None else collapse
            (moves.collapse if wanted else moves.expand)((row.key,))

    def move_lane(self, lane: int, to: int) -> None:
        """Put a lane before the one that is number ``to`` now."""
        row, lanes = self._lane(lane), self.layout_now().lanes
        if row is not None and row.movable:
            follower = lanes[to].key if to < len(lanes) and lanes[to].movable else None
            self.desk.commands.lanes.place(row.key, follower)

    def _lane(self, lane: int) -> Lane | None:
        """A lane by its place; none while the lanes on the screen are not those that are wanted."""
        lanes = self.layout_now().lanes
        return lanes[lane] if lane < len(lanes) and not self.frames.sorting else None
