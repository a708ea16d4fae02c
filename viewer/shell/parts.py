"""The parts of a project's window, which are made one after another: each takes its time."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, fields

from PySide6.QtWidgets import QWidget

from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.shell.left_panel import LeftPanel
from viewer.shell.right_panel import RightPanel
from viewer.shell.status_bar import StatusBar
from viewer.views.map.view import MapView
from viewer.views.table.view import TableView
from viewer.views.timeline.view import TimelineView
from viewer.widgets.buttons import IconButton


@dataclass(frozen=True, slots=True)
class Parts:
    """All that stands in the window; ``hide_left`` is a button in the left panel."""

    status_bar: StatusBar
    map_view: MapView
    timeline_view: TimelineView
    table_view: TableView
    right_panel: RightPanel
    left_panel: LeftPanel
    hide_left: IconButton

    def throw_away(self) -> None:
        """They come into no window."""
        throw_away(getattr(self, field.name) for field in fields(self))


def make_parts(desk: Desk, look: ThemeManager) -> Generator[int, None, Parts]:
    """Make them; yields 0 between one and the next. Nothing goes on when it is closed or fails before the end."""
    status_bar = StatusBar(desk, look)  # tells of what the others begin
    made: list[QWidget] = [status_bar]
    desk.jobs.long_began.connect(status_bar.busy.begin)
    desk.jobs.progressed.connect(status_bar.busy.report)
    desk.jobs.long_ended.connect(status_bar.busy.end)
    try:
        made.append(map_view := MapView(desk, look))
        yield 0
        made.append(timeline_view := TimelineView(desk, look))
        made.append(table_view := TableView(desk, look))
        yield 0
        made.append(right_panel := RightPanel(desk, look))
        yield 0
        made.append(hide_left := IconButton(look, "panel-left-close", "Hide the left panel"))
        desk.keymap.bind("left", hide_left.set_keys)
        made.append(left_panel := LeftPanel(desk, look, hide_left))
        yield 0
    except BaseException:
        throw_away(made)
        raise
    return Parts(status_bar, map_view, timeline_view, table_view, right_panel, left_panel, hide_left)


def throw_away(made: Iterable[QWidget]) -> None:
    """Let go of widgets that come into no window: closed, so that the map's threads end, and freed."""
    for each in made:
        each.close()
        each.deleteLater()
