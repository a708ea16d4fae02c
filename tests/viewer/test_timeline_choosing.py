"""Selected events stand out from the lanes, and nothing that can be seen goes elsewhere for it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtTest import QTest

from tests.helpers.timeline import CTRL, LEFT, NONE, SHIFT, current_title, desk_of, mark_of
from tests.viewer.test_timeline_lanes import LENGTHS, WIDTH, lay, project, windows
from viewer.views.timeline.bands import count_columns
from viewer.views.timeline.lane_chosen import MOST_APART
from viewer.views.timeline.lanes import Laying

__all__ = ["project"]


@pytest.mark.parametrize("days", LENGTHS)
def test_choosing_moves_nothing_that_is_seen(project, days):
    index = project[0]
    for window in windows(index, days):
        inside = np.flatnonzero((index.columns.best >= window.first) & (index.columns.best <= window.last))
        laying = Laying()
        before = lay(project, window, laying)
        there = {(item.lane, item.row): item for item in before.items}
        for chosen in (inside[:1], inside[::9][:100], inside):
            after = lay(project, window, laying, selected=frozenset(chosen.tolist()))
            assert [(lane.top, lane.height, lane.lines) for lane in after.lanes] == [
                (lane.top, lane.height, lane.lines) for lane in before.lanes
            ]
            found = {(item.lane, item.row): item for item in after.items}
            assert found.keys() >= there.keys()
            assert {row for _lane, row in found.keys() - there.keys()} <= set(chosen.tolist())
            for place, item in there.items():
                now = found[place]
                assert (now.x, now.y, now.line, now.kind, now.look) == (item.x, item.y, item.line, item.kind, item.look)
                if not now.selected:
                    assert now.capsule == item.capsule
                    assert now.label in (None, item.label), "a title may be away, but stands nowhere else"
        again = lay(project, window, laying)
        assert [(i.row, i.x, i.y, i.label) for i in again.items] == [(i.row, i.x, i.y, i.label) for i in before.items]


def test_a_pill_takes_titles_away_and_covers_no_mark(project):
    index = project[0]
    window = windows(index, 90)[1]
    inside = np.flatnonzero((index.columns.best >= window.first) & (index.columns.best <= window.last))
    titled = 0
    for row in inside.tolist():
        layout = lay(project, window, selected=frozenset({row}))
        (item,) = (each for each in layout.items if each.selected)
        beside = [
            each for each in layout.items if (each.lane, each.line) == (item.lane, item.line) and each is not item
        ]
        for other in beside if item.label is not None else ():
            titled += 1
            assert other.mark_right <= item.label or other.mark_left >= item.label + item.width
            assert other.label is None or other.label >= item.right or other.label + other.width <= item.left
    assert titled > 100


def test_a_selected_event_is_drawn_even_in_a_crowd(project):
    index = project[0]
    window = windows(index, 1500)[0]
    row = int(index.stops[len(index.stops) // 2])
    assert lay(project, window).item_of(row) is None
    item = lay(project, window, selected=frozenset({row})).item_of(row)
    assert item is not None
    assert item.label is not None
    assert item.selected


def test_many_selected_events_near_each_other_keep_clear(project):
    index = project[0]
    for days in (45, 200, 1500):
        window = windows(index, days)[1]
        inside = np.flatnonzero((index.columns.best >= window.first) & (index.columns.best <= window.last))
        chosen = frozenset(inside[:: max(len(inside) // 150, 1)].tolist())
        layout = lay(project, window, selected=chosen)
        assert {item.row for item in layout.items if item.selected} >= chosen
        assert sum(item.selected and item.label is not None for item in layout.items) > 10
        lines = {}
        for item in layout.items:
            lines.setdefault((item.lane, item.line), []).append(item)
        for items in lines.values():
            for item in items:
                for other in items:
                    if item.label is not None and other is not item and other.mark_left > -1e8:
                        clear = other.mark_right <= item.label or other.mark_left >= item.label + item.width
                        assert clear, "a mark stands on a label"


@pytest.mark.parametrize("days", [45, 200, 1500])
def test_of_very_many_the_columns_show_the_selected_share(project, days):
    index = project[0]
    window = windows(index, days)[1]
    chosen = np.arange(0, index.n, 3)
    assert len(chosen) > MOST_APART
    layout = lay(project, window, selected=frozenset(chosen.tolist()))
    for lane in layout.lanes:
        stops = project[1].parts.stops(lane.part, index.shown)
        seen = (stops.bests >= layout.scale.at(0.0)) & (stops.bests < layout.scale.at(WIDTH))
        drawn = {item.row for item in layout.items if layout.lanes[item.lane] is lane}
        counted = [row for row in stops.rows[seen].tolist() if row not in drawn]
        if not len(lane.columns):
            assert not len(lane.chosen)
            continue
        column = lane.columns.column
        whole, some = (count_columns(each, WIDTH, column) for each in (lane.columns, lane.chosen))
        assert abs(int(np.minimum(whole, some).sum()) - sum(row % 3 == 0 for row in counted)) <= 3, "but at the edges"
    assert any(len(lane.chosen) for lane in layout.lanes) or not any(len(lane.columns) for lane in layout.lanes)
    few = lay(project, window, selected=frozenset(chosen[:MOST_APART].tolist()))
    assert not any(len(lane.chosen) for lane in few.lanes)


def test_shift_and_a_click_select_a_stretch_of_the_lane(timeline):
    def selected():
        data = desk_of(timeline).data
        return {data.title(row) for row in data.selected_rows()}

    QTest.mouseClick(timeline.lanes, LEFT, NONE, mark_of(timeline, "Siege broken"))
    QTest.mouseClick(timeline.lanes, LEFT, SHIFT, mark_of(timeline, "City retaken"))
    stretch = {"Siege broken", "Refinery retaken", "City retaken"}
    assert selected() == stretch
    assert current_title(timeline) == "City retaken"
    QTest.mouseClick(timeline.lanes, LEFT, SHIFT, mark_of(timeline, "Town falls"))
    assert selected() == {"Town falls", "Siege broken"}, "from the same event, to the other side"
    assert current_title(timeline) == "Town falls"
    QTest.mouseClick(timeline.lanes, LEFT, SHIFT, mark_of(timeline, "Cash store struck"))
    assert selected() == {"Town falls", "Siege broken", "Cash store struck"}, "in another lane it comes to them"
    QTest.mouseClick(timeline.lanes, LEFT, NONE, mark_of(timeline, "City retaken"))
    QTest.mouseClick(timeline.lanes, LEFT, CTRL, mark_of(timeline, "Cash store struck"))
    QTest.mouseClick(timeline.lanes, LEFT, CTRL | SHIFT, mark_of(timeline, "Offensive"))
    assert selected() >= {"City retaken", "Cash store struck", "Offensive"}
    desk_of(timeline).commands.clear_selection()
    QTest.mouseClick(timeline.lanes, LEFT, SHIFT, mark_of(timeline, "Town falls"))
    assert selected() == {"Town falls"}
