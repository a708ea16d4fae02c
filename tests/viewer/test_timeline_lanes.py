"""Layouts of the lanes over many generated events, at every zoom."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import edits
from db.edtf import parse
from db.store import Store
from db.values import MS_DAY, TimeWindow
from tests.helpers.columns import random_columns
from tests.helpers.generate import generate
from tests.helpers.project import small_project
from viewer.core.grouping import Grouping
from viewer.core.groups import Group, Groups, Label
from viewer.core.index import EventIndex
from viewer.core.loading import load, prepare
from viewer.core.parts import Parts
from viewer.core.state import Filters, Lanes
from viewer.views.timeline import lane_work
from viewer.views.timeline.geometry import COLUMN, TimeScale
from viewer.views.timeline.lane_chosen import Chosen, stand_out
from viewer.views.timeline.lane_model import Metrics
from viewer.views.timeline.lane_work import MOST_ROWS, SPARE, STACK
from viewer.views.timeline.lanes import AFTER, AWAY, BEFORE, MOST_HIDDEN, Laying, make_lanes

WIDTH = 960
METRICS = Metrics()
PLAIN, NO_FILTERS = Lanes(), Filters()
LENGTHS = (1, 5, 20, 45, 90, 200, 500, 1500)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    store = Store.open(generate(tmp_path_factory.mktemp("many") / "many.gpkg", 2500), read_only=True)
    connection = store.reader()
    fresh = prepare(load(connection))
    connection.close()
    store.close()
    return fresh.index, fresh.groups[Grouping.KIND], fresh.loaded


def width_of(row, _strong):
    return 40.0 + row % 7 * 25


def lay(
    project,
    window,
    laying=None,
    selected=frozenset(),
    settle=True,
    width_of=width_of,
    wanted=PLAIN,
    filters=NO_FILTERS,
    seen=None,
):
    index, groups, loaded = project
    lanes = make_lanes(groups, loaded, wanted, filters, index.shown)
    scale = TimeScale.of(window, WIDTH)
    laying = laying or Laying()
    layout = laying.lay(index, groups.parts, lanes, scale, METRICS, width_of, settle=settle, seen=seen)
    return stand_out(layout, Chosen(selected, index, groups.parts), index, groups.parts, METRICS, width_of)


def windows(index, days):
    span = index.span()
    starts = np.linspace(span.first, span.last - days * MS_DAY, 4)
    return [TimeWindow(int(start), int(start) + days * MS_DAY) for start in starts]


@pytest.mark.parametrize("days", LENGTHS)
def test_nothing_in_a_line_covers_anything_else(project, days):
    for window in windows(project[0], days):
        layout = lay(project, window)
        lines = {}
        for item in layout.items:
            lines.setdefault((item.lane, item.line), []).append(item)
            assert 0 <= item.line < layout.lanes[item.lane].lines <= max(STACK, MOST_ROWS + SPARE) + SPARE
        for items in lines.values():
            for one, other in pairwise(sorted(items, key=lambda item: item.left)):
                if one.left > -1e8:
                    assert one.right <= other.left + 1e-6 or one.label is None, "something stands on a label"
            labelled = [item for item in items if item.label is not None]
            for one in labelled:
                for other in items:
                    if other is not one and other.mark_left > -1e8:
                        clear = other.mark_right <= one.label or other.mark_left >= one.label + one.width
                        assert clear, "a mark stands on a label"


@pytest.mark.parametrize("days", LENGTHS)
@pytest.mark.parametrize("exact", [lane_work.MOST_EXACT, 20])
def test_columns_cross_no_mark_and_no_label(project, days, exact, monkeypatch):
    monkeypatch.setattr(lane_work, "MOST_EXACT", exact)
    for window in windows(project[0], days):
        layout = lay(project, window)
        for item in layout.items:
            columns = layout.lanes[item.lane].columns
            if item.mark_left > -1e8:
                assert not columns.between(item.x - METRICS.mark - COLUMN / 2, item.x + METRICS.mark + COLUMN / 2)
            if item.label is not None:
                assert not columns.between(item.label, item.label + item.width), "a column crosses a label"


@pytest.mark.parametrize("days", LENGTHS)
def test_every_event_in_the_window_is_drawn_or_counted(project, days):
    index = project[0]
    for window in windows(index, days):
        layout = lay(project, window)
        best = index.columns.best
        wanted = int(np.count_nonzero((best >= window.first) & (best <= window.last)))
        drawn = sum(-1e-6 <= item.x <= WIDTH + 1e-6 for item in layout.items)
        counted = sum(lane.columns.between(-1e-6, WIDTH + 1e-6) for lane in layout.lanes)
        assert drawn + counted == wanted


@pytest.mark.parametrize("days", LENGTHS)
def test_very_many_are_counted_by_column_as_those_that_are_looked_at(project, days, monkeypatch):
    """Every event is drawn or counted, the counts stand where the events are, and the selected one stands apart."""
    index = project[0]
    best = index.columns.best
    for window in windows(index, days):
        exact = lay(project, window)
        monkeypatch.setattr(lane_work, "MOST_EXACT", 20)
        scale = TimeScale.of(window, WIDTH)
        near = (best >= scale.at(-BEFORE)) & (best < scale.at(WIDTH + AFTER))
        chosen = int(np.flatnonzero(near)[np.count_nonzero(near) // 2])
        layout = lay(project, window, selected=frozenset({chosen}))
        monkeypatch.undo()
        kind_ids = {row.uid: row.id for row in project[2].kinds.values()}
        assert any(item.row == chosen for item in layout.items)
        drawn = [item.row for item in layout.items if near[item.row]]
        assert len(drawn) == len(set(drawn))
        counted = sum(int(lane.columns.counts.sum()) for lane in layout.lanes)
        assert abs(len(drawn) + counted - int(np.count_nonzero(near))) <= len(layout.lanes)  # those on the very edge
        for lane, other in zip(layout.lanes, exact.lanes, strict=True):
            kinds = index.columns.kind == kind_ids[lane.key]
            for x, count in zip(lane.columns.xs.tolist(), lane.columns.counts.tolist(), strict=True):
                first, last = scale.at(x - COLUMN / 2), scale.at(x + COLUMN / 2)
                here = np.count_nonzero(kinds & (best >= first) & (best < last))
                assert here - 1 <= count <= here
            # what stands apart for a look at each may be counted where columns are looked at, never the other way
            assert int(lane.columns.counts.sum()) + 1 >= int(other.columns.counts.sum())


@given(st.integers(0, 20), st.integers(-30, 330), st.integers(1, 200), st.integers(0, 120))
@settings(max_examples=80, deadline=None)
def test_what_reaches_into_a_window_is_all_found(seed, day, days, least):
    columns = random_columns(300, seed)
    index = EventIndex(columns, {1: "one", 2: "two", 3: "three"}, {})
    index.apply(Filters(hidden_kinds=frozenset({"two"})))
    window = TimeWindow(day * MS_DAY, (day + days) * MS_DAY)
    found = index.reaching(window, least * MS_DAY).tolist()
    assert len(found) == len(set(found))
    touching = set(index.in_window(window).tolist())
    spans = columns.latest - columns.earliest
    assert set(found) <= touching
    assert {row for row in touching if spans[row] >= least * MS_DAY} <= set(found)


def test_lanes_follow_each_other_without_gaps(project):
    layout = lay(project, windows(project[0], 60)[1])
    for one, other in pairwise(layout.lanes):
        assert other.top == one.top + one.height
    assert layout.height == layout.lanes[-1].top + layout.lanes[-1].height
    for item in layout.items:
        lane = layout.lanes[item.lane]
        assert lane.top < item.y < lane.top + lane.height


@pytest.mark.parametrize("days", [20, 90, 500])
def test_what_is_in_sight_is_placed_as_ever_and_the_rest_waits(project, days):
    laying, start = Laying(), windows(project[0], 200)[1]
    before = lay(project, start, laying, seen=(0, 1))
    assert before.whole, "without knowing their heights nobody can tell which lanes are in sight"
    window = windows(project[0], days)[1]
    every = lay(project, window)
    bottom = every.lanes[2].top + 1
    layout = lay(project, window, laying, seen=(0, bottom))
    assert not layout.whole
    for at in range(3):
        assert layout.lanes[at].header == every.lanes[at].header
        assert layout.lanes[at].columns.counts.tolist() == every.lanes[at].columns.counts.tolist()
        mine, those = ([(i.row, i.x, i.y) for i in each.items if i.lane == at] for each in (layout, every))
        assert mine == those
    for lane, other in zip(layout.lanes[3:], before.lanes[3:], strict=True):
        assert lane.height == other.height
        assert not len(lane.columns)
    assert max(item.lane for item in layout.items) == 2
    below = lay(project, window, laying, seen=(layout.lanes[3].top, layout.height))
    assert {item.lane for item in below.items}.isdisjoint({0, 1, 2})
    assert [lane.height for lane in below.lanes] == [lane.height for lane in every.lanes]
    whole = lay(project, window, laying)
    assert whole.whole
    assert [(i.row, i.y) for i in whole.items] == [(i.row, i.y) for i in every.items]


def test_lines_hold_while_the_window_is_dragged(project):
    laying, start = Laying(), windows(project[0], 30)[1]
    before = lay(project, start, laying)
    known = {item.row: item.line for item in before.items}
    for step in range(1, 6):
        shift = step * start.length // 40
        layout = lay(project, TimeWindow(start.first + shift, start.last + shift), laying, settle=False)
        moved = [item for item in layout.items if item.row in known and item.line != known[item.row]]
        assert len(moved) <= len(layout.items) // 50
        for lane, other in zip(layout.lanes, before.lanes, strict=True):
            assert lane.height >= other.height


def test_some_dates_with_many_events_are_no_crowd_among_few(tmp_path):
    """Ten events a month stand above each other; a crowd begins where there are too many for that."""
    store = small_project(tmp_path / "piles.gpkg")
    with store.step("Piles") as session:
        for number in range(80):
            when = parse(f"2016-{number // 10 + 1:02d}")
            edits.add_event(session, f"Event {number}", when=when, kind_id=1)
    connection = store.reader()
    fresh = prepare(load(connection))
    connection.close()
    store.close()
    layout = lay((fresh.index, fresh.groups[Grouping.KIND], fresh.loaded), fresh.index.span())
    assert not any(len(lane.columns) for lane in layout.lanes)
    assert len(layout.items) >= 80
    places = {(item.lane, item.line, item.x) for item in layout.items}
    assert len(places) == len(layout.items), "each has a place of its own"


def test_hidden_lanes_are_thin_and_empty(project):
    index, _groups, loaded = project
    first = min(loaded.kinds.values(), key=lambda row: row.position)
    filters = Filters(hidden_kinds=frozenset({first.uid}))
    index.apply(filters)
    try:
        layout = lay(project, windows(index, 30)[1], filters=filters)
        assert layout.lanes[0].height == METRICS.thin
        assert (layout.lanes[0].shown, layout.lanes[0].hidden) == (0, True)
        assert not [item for item in layout.items if item.lane == 0]
    finally:
        index.apply(Filters())


def test_what_is_under_a_point(project):
    layout = lay(project, windows(project[0], 12)[2])
    item = next(item for item in layout.items if item.label is not None and 0 < item.x < WIDTH)
    assert layout.item_at(item.label + item.width / 2, item.y) is item
    assert layout.item_at(item.x, item.y).line == item.line
    assert layout.item_at(item.x, -50) is None
    assert layout.lane_at(item.y) == item.lane
    assert layout.lane_at(layout.height + 1) is None


@pytest.mark.parametrize("days", LENGTHS)
def test_no_label_is_cut_by_the_right_edge(project, days):
    turned = 0
    for window in windows(project[0], days):
        for item in lay(project, window).items:
            if item.capsule is None and item.label is not None and 0 <= item.x <= WIDTH:
                assert item.label + item.width <= WIDTH, item
                turned += item.label < item.x
    assert turned or days > 90


def test_a_title_too_long_for_the_left_is_cut_at_the_right(project):
    cut = 0
    for window in windows(project[0], 1):
        for item in lay(project, window, width_of=lambda _row, _strong: 700.0).items:
            if item.capsule is None and item.label is not None and 260 <= item.x <= 700:
                assert item.label + item.width <= WIDTH
                assert item.width < 700
                assert item.label > item.x
                cut += 1
    assert cut


def test_the_lanes_can_stand_at_the_beginning_of_each_line(project):
    layout = lay(project, windows(project[0], 200)[1])
    assert layout.stops == sorted(set(layout.stops))
    assert {round(lane.top) for lane in layout.lanes} <= set(layout.stops)
    assert all(any(0 < item.y - stop <= METRICS.row for stop in layout.stops) for item in layout.items)


def by_source(project):
    """The same project with lanes by source; every third event is of two sources."""
    index, _groups, loaded = project
    rows = np.arange(index.n)
    offsets = np.concatenate(([0], np.cumsum(np.where(rows % 3, 1, 2)))).astype(np.int64)
    values = np.concatenate([[0, 1] if row % 3 == 0 else [1] for row in rows])
    parts = Parts(index.columns, index.by_best, 2, values, offsets)
    labels = Label("one", "One"), Label("two", "Two")
    made = tuple(Group(label, part, int(parts.totals[part])) for part, label in enumerate(labels))
    return index, Groups(Grouping.SOURCE, made, parts), loaded


@pytest.mark.parametrize("days", [5, 90, 1500])
def test_an_event_stands_in_each_of_its_lanes(project, days):
    twice = by_source(project)
    index = twice[0]
    for window in windows(index, days):
        layout = lay(twice, window)
        best = index.columns.best
        inside = (best >= window.first) & (best <= window.last)
        wanted = [int(np.count_nonzero(inside[::3])), int(np.count_nonzero(inside))]
        for at, lane in enumerate(layout.lanes):
            drawn = sum(item.lane == at and -1e-6 <= item.x <= WIDTH + 1e-6 for item in layout.items)
            assert drawn + lane.columns.between(-1e-6, WIDTH + 1e-6) == wanted[at]
        for item in layout.items:
            assert layout.item_of(item.row, item.lane) is item
            assert item.kind == index.columns.kind[item.row]
            if item.lane == 0:
                assert item.row % 3 == 0


def test_a_collapsed_lane_is_thin_and_counts_all_it_has(project):
    index = project[0]
    window = windows(index, 500)[1]
    key = project[1].groups[0].key
    open_lane = lay(project, window).lanes[0]
    rows = project[1].parts.stops(project[1].groups[0].part, index.shown).rows
    best = index.columns.best[rows]
    row = int(rows[np.searchsorted(best, (window.first + window.last) // 2)])
    layout = lay(project, window, selected=frozenset({row}), wanted=Lanes(collapsed=frozenset({key})))
    lane = layout.lanes[0]
    assert lane.height == METRICS.thin < open_lane.height
    assert lane.shown == open_lane.shown
    alone = [item for item in layout.items if item.lane == 0]
    assert [(item.row, item.label, item.selected) for item in alone] == [(row, None, True)]
    assert lane.top < alone[0].y < lane.top + lane.height
    scale = TimeScale.of(window, WIDTH)
    near = np.count_nonzero((best >= scale.at(-BEFORE)) & (best < scale.at(WIDTH + AFTER)))
    assert abs(int(lane.columns.counts.sum()) + 1 - near) <= 1  # one on the very edge
    assert lay(project, window).lanes[0].height == open_lane.height


def test_many_hidden_lanes_are_one_that_brings_them_back(project):
    index, _groups, loaded = project
    parts = Parts(index.columns, index.by_best, 12, np.arange(index.n) % 12)
    made = tuple(Group(Label(f"#{n}", f"Tag {n}"), n, int(parts.totals[n])) for n in range(12))
    tagged = index, Groups(Grouping.TAG, made, parts), loaded
    few = Lanes(Grouping.TAG, hidden=frozenset(f"#{n}" for n in range(MOST_HIDDEN)))
    layout = lay(tagged, windows(index, 30)[0], wanted=few)
    assert [lane.hidden for lane in layout.lanes] == [True] * MOST_HIDDEN + [False] * 4
    many = Lanes(Grouping.TAG, hidden=frozenset(f"#{n}" for n in range(1, 12)))
    layout = lay(tagged, windows(index, 30)[0], wanted=many)
    assert [(lane.key, lane.name, lane.hidden) for lane in layout.lanes] == [
        ("#0", "Tag 0", False),
        (AWAY, "11 hidden lanes", True),
    ]
    assert {item.lane for item in layout.items} <= {0}
