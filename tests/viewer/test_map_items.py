"""What is drawn is what a plain loop over the events would draw: all of it, once, in stacks that do not jump."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.queries import STATUS_CODES, EventColumns
from db.values import MS_DAY, Extent, Status
from tests.helpers.columns import KINDS, random_columns
from tests.helpers.maps import on_screen
from viewer.core.index import EventIndex
from viewer.core.state import Filters
from viewer.views.map.geometry import Viewport, fit_points
from viewer.views.map.items import DRIFT, REACH, Age, EventLayer
from viewer.views.map.levels import MOST_ROWS, Level, level_for
from viewer.views.map.projection import fitted, to_world
from viewer.views.map.stacking import APART, CELL, NEAR, ROUNDS, stack

KIND_UIDS = {kind: f"kind-{kind}" for kind in KINDS}


def make_index(columns: EventColumns) -> EventIndex:
    return EventIndex(columns, KIND_UIDS, {source: source * 20 * MS_DAY for source in range(1, 5)})


def plain_query(columns: EventColumns, row: int, filters: Filters, cursor: int, trail: int) -> Age:
    """The rule in words, for one event (planned ones aside, whose announcement the index tests cover)."""
    if not columns.dated[row] or not np.isfinite(columns.lon[row]):
        return Age.NONE
    if KIND_UIDS[int(columns.kind[row])] in filters.hidden_kinds:
        return Age.NONE
    if STATUS_CODES[columns.status[row]] in filters.hidden_statuses:
        return Age.NONE
    if columns.earliest[row] > cursor:
        return Age.NONE
    return Age.LIT if columns.latest[row] >= cursor - trail else Age.OLDER


@given(
    st.integers(0, 10_000),
    st.integers(-40, 340),
    st.integers(1, 200),
    st.sets(st.sampled_from(sorted(KIND_UIDS.values()))),
    st.sets(st.sampled_from([Status.OCCURRED, Status.CLAIMED, Status.DENIED])),
    st.floats(900, 200_000),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_the_scene_holds_exactly_what_a_plain_query_gives(
    seed: int, day: int, trail: int, kinds: set[str], statuses: set[Status], scale: float, with_older: bool
) -> None:
    columns = random_columns(220, seed)
    filters = Filters(hidden_kinds=frozenset(kinds), hidden_statuses=frozenset(statuses))
    index = make_index(columns)
    index.apply(filters)
    layer = EventLayer(index)
    view = Viewport(*(float(v) for v in to_world(42.0, 34.0)), scale, 900, 520).settle()
    layer.look(view)
    cursor = day * MS_DAY
    scene = layer.scene(index.at(cursor, trail * MS_DAY, with_older=with_older), np.empty(0, np.intp))
    seen: set[int] = set()
    off: set[int] = set()
    for row in range(len(columns)):
        age = plain_query(columns, row, filters, cursor, trail * MS_DAY)
        if age is Age.OLDER and not with_older:
            age = Age.NONE
        if STATUS_CODES[columns.status[row]] in (Status.PLANNED, Status.PREDICTED) and age is Age.NONE:
            continue
        assert scene.age(row) == age
        if age is Age.NONE:
            continue
        px, py = on_screen(view, float(columns.lon[row]), float(columns.lat[row]))
        if -REACH < px < view.width + REACH and -REACH < py < view.height + REACH:
            seen.add(row)
        if not (0 <= px < view.width and 0 <= py < view.height):
            off.add(row)
    drawn = {int(row) for row in scene.rows if scene.age(row) != Age.AHEAD}
    assert drawn == seen
    assert {int(row) for row in scene.off if scene.age(row) != Age.AHEAD} == off
    members = [int(row) for top in scene.stacks.top for row in layer.members(scene, int(top))]
    assert sorted(members) == sorted(scene.rows.tolist())
    assert scene.stacks.count.sum() == len(scene.rows)


@given(st.integers(0, 10_000), st.floats(700, 300_000))
@settings(max_examples=50, deadline=None)
def test_stacks_hold_together_what_lies_together_and_nothing_far(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0.55, 0.65, 150), rng.uniform(0.35, 0.42, 150)
    x[100:120], y[100:120] = x[:20], y[:20]  # the same places again
    mapped = rng.random(150) > 0.05
    groups = stack(x, y, mapped, scale)
    both = mapped[100:120] & mapped[:20]
    assert (groups[100:120][both] == groups[:20][both]).all()
    for group in np.unique(groups[mapped]):
        rows = np.flatnonzero(mapped & (groups == group))
        spread = max(np.ptp(x[rows]), np.ptp(y[rows])) * scale
        assert spread <= 3 * CELL + 2 * NEAR + ROUNDS * 2 * APART


def test_what_nearly_touches_across_a_cells_edge_is_one_stack() -> None:
    scale = 16_000.0
    edge = 600 * CELL / scale
    x, y = np.array([edge - 2 / scale, edge + 2 / scale]), np.array([0.4, 0.4])
    groups = stack(x, y, np.ones(2, bool), scale)
    assert groups[0] == groups[1]


@given(st.integers(0, 10_000), st.sampled_from(["mercator", "equal-earth", "albers"]))
@settings(max_examples=25, deadline=None)
def test_badges_do_not_pile_up_where_the_map_is_far_out(seed: int, name: str) -> None:
    rng, columns = np.random.default_rng(seed), random_columns(600, seed)
    lon, lat = rng.normal(20, 45, 600).clip(-170, 170), rng.normal(15, 20, 600).clip(-60, 75)
    index = make_index(replace(columns, lon=lon, lat=lat))
    layer = EventLayer(index, projection=fitted(name, Extent(-170, -40, 170, 60)))
    view = Viewport(0.5, 0.5, 900.0, 900, 520, layer.projection)
    layer.look(view)
    stacks = layer.scene(index.at(1_000 * MS_DAY, 50 * MS_DAY), np.empty(0, np.intp)).stacks
    assert np.count_nonzero(stacks.count > 1) > 20
    x, y = stacks.x[stacks.count > 1], stacks.y[stacks.count > 1]
    away = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(len(x), 1)]
    assert np.count_nonzero(away < APART - 2 * DRIFT) <= len(x) // 20, "marks with badges lie over each other"


def test_the_mark_of_a_stack_keeps_near_its_middle_but_that_of_a_selected_event_is_exact() -> None:
    columns = random_columns(300, 6)
    index = make_index(columns)
    layer = EventLayer(index)
    layer.look(Viewport(*(float(v) for v in to_world(42.0, 34.0)), 1_500.0, 900, 520).settle())
    moment = index.at(1_000 * MS_DAY, 50 * MS_DAY)
    scene = layer.scene(moment, np.empty(0, np.intp))
    at = int(np.argmax(scene.stacks.count))
    members = layer.members(scene, int(scene.stacks.top[at]))
    assert len(members) > 5
    x, y = layer.screen(members)
    assert abs(scene.stacks.x[at] - x.mean()) < np.ptp(x) / 2
    far = int(members[np.argmax(np.hypot(x - scene.stacks.x[at], y - scene.stacks.y[at]))])
    chosen = layer.scene(moment, np.array([far]))
    assert chosen.stacks.spots()[far] == layer.spot(far) != (scene.stacks.x[at], scene.stacks.y[at])
    alone = scene.stacks.count == 1
    for row, x_at in zip(scene.stacks.top[alone].tolist(), scene.stacks.x[alone].tolist(), strict=True):
        assert x_at == layer.spot(row)[0]


def test_stacks_do_not_change_while_the_map_is_dragged_or_time_runs() -> None:
    columns = random_columns(300, 5)
    index = make_index(columns)
    layer = EventLayer(index)
    view = Viewport(*(float(v) for v in to_world(42.0, 34.0)), 9_000.0, 900, 520).settle()
    layer.look(view)
    one = layer.scene(index.at(100 * MS_DAY, 50 * MS_DAY), np.empty(0, np.intp))
    before = dict(zip(one.rows.tolist(), one.groups.tolist(), strict=True))
    layer.look(view.panned(37.3, -21.9))
    two = layer.scene(index.at(220 * MS_DAY, 9 * MS_DAY), np.empty(0, np.intp))
    after = dict(zip(two.rows.tolist(), two.groups.tolist(), strict=True))
    both = before.keys() & after.keys()
    assert len(both) > 50
    assert all(before[row] == after[row] for row in both)


def test_the_selected_event_is_on_top_of_its_stack_and_drawn_last() -> None:
    columns = random_columns(200, 8)
    index = make_index(columns)
    layer = EventLayer(index)
    layer.look(Viewport(*(float(v) for v in to_world(42.0, 34.0)), 1_000.0, 900, 520).settle())
    moment = index.at(200 * MS_DAY, 30 * MS_DAY)
    for row in (*moment.lit[:4].tolist(), *moment.older[:4].tolist()):
        scene = layer.scene(moment, np.array([row]))
        assert int(scene.stacks.top[-1]) == row
        assert int(layer.members(scene, row)[0]) == row


def test_above_so_many_the_level_changes_and_comes_back_later() -> None:
    assert level_for(100, 90, Level.MARKS) is Level.MARKS
    assert level_for(4_000, 1_600, Level.MARKS) is Level.DOTS
    assert level_for(4_000, 1_400, Level.DOTS) is Level.DOTS
    assert level_for(4_000, 1_200, Level.DOTS) is Level.MARKS
    assert level_for(MOST_ROWS + 1, 0, Level.MARKS) is Level.CELLS
    assert level_for(MOST_ROWS - 100, 0, Level.CELLS) is Level.CELLS
    assert level_for(MOST_ROWS // 2, 0, Level.CELLS) is Level.MARKS


@pytest.mark.parametrize(("n", "level"), [(3_000, Level.DOTS), (9_000, Level.CELLS)])
def test_many_events_are_all_counted_in_the_coarser_levels(n: int, level: Level) -> None:
    rng = np.random.default_rng(4)
    columns = random_columns(n, 4)
    lon, lat = rng.uniform(36, 48, n), rng.uniform(30, 37, n)
    if level is Level.DOTS:  # all so far apart that none is in a stack
        lon, lat = 36 + np.arange(n) % 60 * 0.2, 30 + np.arange(n) // 60 * 0.14
    columns = replace(columns, lon=lon, lat=lat)
    index = make_index(columns)
    layer = EventLayer(index)
    view = fit_points(layer.world_x, layer.world_y, 1600, 1000, [], 20)
    layer.look(view)
    moment = index.at(10_000 * MS_DAY, MS_DAY)
    scene = layer.scene(moment, np.empty(0, np.intp))
    assert scene.level is level
    assert scene.stacks.count.sum() == len(moment.lit) + len(moment.older) + len(moment.ahead)
    assert scene.stacks.lit.sum() == len(moment.lit)


def test_an_empty_project_gives_an_empty_scene() -> None:
    index = make_index(random_columns(0))
    layer = EventLayer(index)
    layer.look(Viewport(0.6, 0.4, 2_000.0, 900, 520))
    scene = layer.scene(index.at(0, MS_DAY), np.empty(0, np.intp))
    assert len(scene.rows) == 0
    assert len(scene.stacks) == len(scene.stacks.top) == 0
