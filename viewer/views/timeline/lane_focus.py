"""The keyboard in the lanes: which lane and event it is on, and what the keys do there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from viewer.core.counts import Rows
from viewer.views.timeline.lane_model import Item
from viewer.views.timeline.lane_sight import ORIGIN, LaneSight


class LaneFocus:
    """Where the keyboard is: ``lane`` by its place, ``row`` of the index or None on the lane's header.

    ``moved`` is called when it is elsewhere.
    """

    def __init__(self, sight: LaneSight, moved: Callable[[], None]) -> None:
        self._sight, self._moved = sight, moved
        self.lane = 0
        self.row: int | None = None
        self.pointed = False
        """Whether the pointer was pressed over the plot since it was last moved: Space and Enter are not for a header
        then that nobody has gone to.
        """

    def put(self, lane: int, row: int | None) -> None:
        """Stand on an event of a lane, or on the lane's header."""
        self.lane, self.row, self.pointed = lane, row, False
        self._moved()

    def item(self) -> Item | None:
        """What it is on, where that is drawn by itself."""
        return self._sight.layout_now().item_of(self.row, self.lane) if self.row is not None else None

    def step_lane(self, direction: int) -> None:
        """Go to the lane above or below, to the event there that is nearest in time."""
        lanes = self._sight.layout_now().lanes
        at = min(max(self.lane + direction, 0), len(lanes) - 1)
        if not lanes or at == self.lane:
            return
        row = None
        index = self._sight.desk.data.index
        if self.row is not None and self.row < index.n:
            mine = self._rows_of_lane(at)
            if len(mine):
                best = index.columns.best
                row = int(mine[np.argmin(np.abs(best[mine] - best[self.row]))])
        self.put(at, row)
        self._reveal()

    def step_item(self, direction: int) -> None:
        """Go to the next or previous event of the lane; before the first one is the header."""
        mine = self._rows_of_lane(self.lane)
        if not len(mine):
            return
        here = np.flatnonzero(mine == (-1 if self.row is None else self.row))
        row: int | None
        if self.row is None:
            row = self._first_from_header(mine) if direction > 0 else None
        elif not len(here):
            row = int(mine[0])
        else:
            at = min(int(here[0]) + direction, len(mine) - 1)
            row = int(mine[at]) if at >= 0 else None
        self.put(self.lane, row)
        self._reveal()

    def fold(self, *, collapse: bool) -> bool:
        """On a header: collapse the lane or expand it; False where there is nothing to do."""
        lanes = self._sight.layout_now().lanes
        if self.row is not None or self.lane >= len(lanes):
            return False
        lane = lanes[self.lane]
        if lane.hidden or lane.collapsed is collapse:
            return False
        self._sight.fold_lane(self.lane, collapse=collapse)
        self._moved()
        return True

    def carry(self, direction: int) -> bool:
        """On a header: move the lane up (-1) or down (1), and go with it; False where it cannot go."""
        if self.row is not None or not self.can_carry(direction):
            return False
        to = self.lane + direction
        key = self._sight.layout_now().lanes[self.lane].key
        self._sight.move_lane(self.lane, to if direction < 0 else to + 1)
        after = [lane.key for lane in self._sight.layout_now().lanes]
        self.put(after.index(key), None)
        self._reveal()
        return True

    def can_carry(self, direction: int) -> bool:
        """Whether the lane can go up (-1) or down (1)."""
        lanes, to = self._sight.layout_now().lanes, self.lane + direction
        return 0 <= to < len(lanes) and lanes[self.lane].movable and lanes[to].movable

    def activate(self, *, solo: bool) -> None:
        """Select the event, or switch the lane whose header it is on."""
        desk = self._sight.desk
        if self.row is None:
            self._sight.switch_lane(self.lane, solo=solo)
        elif self.row < desk.data.index.n:
            desk.commands.select((desk.data.row_ref(self.row),), ORIGIN)

    def _rows_of_lane(self, lane: int) -> Rows:
        """Rows of a lane's shown events by best estimate."""
        lanes = self._sight.layout_now().lanes
        return self._sight.frames.rows_of(lanes[lane]) if lane < len(lanes) else np.empty(0, np.intp)

    def _first_from_header(self, mine: Rows) -> int:
        """From the header into the lane: its first event in the window, else the nearest."""
        desk = self._sight.desk
        at = int(np.searchsorted(desk.data.index.columns.best[mine], desk.state.view.time_window.first))
        return int(mine[min(at, len(mine) - 1)])

    def _reveal(self) -> None:
        if self.row is not None:
            self._sight.reveal(self.row, self.lane)
        else:
            lane = self._sight.layout_now().lanes[self.lane]
            self._sight.scroll_into_view(lane.top, lane.top + min(lane.height, 2 * self._sight.metrics.row))


class LaneKeys:
    """Up and Down go between lanes, Left and Right through a lane's events, Enter chooses.

    Left of a lane's first event stands its header: there Enter or Space hides and shows the lane, Alt+Enter leaves
    it alone on the screen, Alt+Up and Alt+Down move it. On the header Left collapses the lane and Right expands it.
    """

    def __init__(self, sight: LaneSight, focus: LaneFocus) -> None:
        self._sight, self._focus = sight, focus

    def press(self, event: QKeyEvent) -> bool:
        """Do what the key says; False when it is none of the lanes' keys."""
        sight, focus = self._sight, self._focus
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if focus.row is None and focus.pointed:
                return False
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                focus.activate(solo=alt)
            case Qt.Key.Key_Space if focus.row is None and not alt:
                focus.activate(solo=False)
            case Qt.Key.Key_Up | Qt.Key.Key_Down if alt:
                return focus.carry(-1 if event.key() == Qt.Key.Key_Up else 1)
            case _ if alt:
                return False
            case Qt.Key.Key_Left if focus.row is None:
                if not event.isAutoRepeat():  # a key held down to come to the header does no more
                    focus.fold(collapse=True)
            case Qt.Key.Key_Right if focus.fold(collapse=False):
                pass
            case Qt.Key.Key_Up:
                focus.step_lane(-1)
            case Qt.Key.Key_Down:
                focus.step_lane(1)
            case Qt.Key.Key_Left:
                focus.step_item(-1)
            case Qt.Key.Key_Right:
                focus.step_item(1)
            case Qt.Key.Key_PageUp:
                sight.scroll_to(sight.offset - sight.size.height())
            case Qt.Key.Key_PageDown:
                sight.scroll_to(sight.offset + sight.size.height())
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                sight.desk.commands.zoom_time(1)
            case Qt.Key.Key_Minus:
                sight.desk.commands.zoom_time(-1)
            case _:
                return False
        return True
