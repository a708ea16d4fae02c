"""Selected events stand out from the lanes, and nothing that can be seen goes elsewhere for it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.viewer.test_timeline_lanes import LENGTHS, lay, project, windows
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
