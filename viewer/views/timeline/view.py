"""The bottom of the window: transport, overview, ruler and lanes over one window of time."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.store import Change
from db.values import TimeWindow
from viewer.core.desk import Desk
from viewer.core.history import ORIGIN as HISTORY
from viewer.core.playback import ORIGIN as PLAYBACK
from viewer.look.theme import ThemeManager
from viewer.views.timeline import overview, ruler, transport
from viewer.views.timeline.lane_head import LaneHead
from viewer.views.timeline.lane_sight import ORIGIN
from viewer.views.timeline.lane_view import LaneView
from viewer.views.timeline.overview import Overview
from viewer.views.timeline.ruler import Ruler
from viewer.views.timeline.transport import TransportBar

LINES: Final = 14
"""Lines of events shown before the lanes scroll."""
_STILL: Final = frozenset({ORIGIN, HISTORY})
"""Selections from here and steps back leave the window where it is."""
_CHOICE: Final = frozenset({"selection", "current"})


class TimelineView(QWidget):
    """Everything about time. Writes to State through commands; scrubbing repaints the playhead only."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.setAccessibleName("Timeline")
        self.transport = TransportBar(desk, look)
        self.overview = Overview(desk, look)
        self.ruler = Ruler(desk, look)
        self.lanes = LaneView(desk, look)
        self.head = LaneHead(desk, look, self.ruler)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.transport, self.overview, self.ruler, self.lanes):
            column.addWidget(part, 1 if part is self.lanes else 0)
        order = (self.overview, self.head.choose, self.head.show_all, self.lanes)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        self.setFocusProxy(self.lanes)
        self.ruler.hovered.connect(self._on_hovered)
        self.lanes.sorted_anew.connect(self.head.refresh)
        self.lanes.hovered.connect(self._on_hovered)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        self._scale = look.theme.scale
        self._show_current_soon = QTimer(self, singleShot=True, interval=0)  # when the lanes have their new height
        self._show_current_soon.timeout.connect(self._show_current)
        look.changed.connect(self._on_look)
        self._on_look()

    def edit_date(self) -> None:
        """Let a date be typed."""
        self.transport.date.edit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_current()

    def _show_current(self) -> None:
        row = self._desk.data.row(self._desk.state.view.current)
        self.lanes.sight.scroll_to_event(row)

    def is_settled(self) -> bool:
        """Whether all lanes are placed."""
        return self.lanes.is_settled()

    def sizeHint(self) -> QSize:
        px = self._look.theme.px
        most = px(LINES * 17 + 6 * 6)
        lanes = min(max(self.lanes.sight.content_height(), px(110)), most)
        return QSize(px(960), px(transport.HEIGHT + overview.HEIGHT + ruler.HEIGHT) + lanes)

    def _on_hovered(self, at: int | None) -> None:
        self.ruler.show_ghost(at)
        self.lanes.show_ghost(at)

    def _on_state(self, names: frozenset[str], origin: str) -> None:
        if "filters" in names:
            self._renew()
        elif "lanes" in names:
            self.lanes.relay()
            self.head.refresh()
        elif "time_window" in names:
            self.lanes.relay(moved=True)
        elif names & _CHOICE:
            self.lanes.choose()
        if "time_window" in names or "time_range" in names:
            self.overview.update()
            self.ruler.update()
        if "time_cursor" in names:
            self._on_hovered(None)  # it tells of where the pointer was, not of where the time is now
            self._follow(origin)
            self.transport.date.show_cursor()
            self.overview.cursor_moved()
            self.ruler.cursor_moved()
            self.lanes.move_playhead()
        if "current" in names and origin not in _STILL:
            row = self._desk.data.row(self._desk.state.view.current)
            if row is not None:
                self.lanes.sight.reveal(row)
        if names & {"trail", "with_older"}:
            self.transport.trail_changed()

    def _follow(self, origin: str) -> None:
        """While playing, turn the page when the playhead leaves the window."""
        view = self._desk.state.view
        window, cursor = view.time_window, view.time_cursor
        if origin != PLAYBACK or window.contains(cursor):
            return
        aside = round(window.length * (0.06 if cursor > window.last else 0.94))
        self._desk.commands.show_window(TimeWindow(cursor - aside, cursor - aside + window.length), ORIGIN)

    def _on_change(self, _change: Change) -> None:
        self._renew()

    def _renew(self) -> None:
        self.overview.renew()
        self.ruler.update()
        self.lanes.reread()
        self.transport.data_changed()
        self.head.refresh()

    def _on_look(self) -> None:
        px = self._look.theme.px
        self.overview.rescale()
        self.ruler.rescale()
        self.head.setGeometry(0, 0, self.ruler.left - 1, self.ruler.height() - 1)
        self.lanes.renew()
        if self._scale != self._look.theme.scale:
            self._scale = self._look.theme.scale
            self._show_current_soon.start()
        self.lanes.setMinimumHeight(px(60))
        self.updateGeometry()
