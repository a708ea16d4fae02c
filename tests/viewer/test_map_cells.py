"""Counting by difference against counting anew, after any sequence of moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.queries import EventColumns
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Status
from tests.helpers.columns import KINDS, random_columns
from tests.helpers.examples import examples
from viewer.core.index import EventIndex
from viewer.core.state import Filters
from viewer.views.map import items, tally
from viewer.views.map.cells import MOST_CELLS, SIDE, Cells, fineness
from viewer.views.map.geometry import Viewport
from viewer.views.map.items import REACH, Age, EventLayer
from viewer.views.map.levels import Level
from viewer.views.map.projection import to_world
from viewer.views.map.tally import Tally

KIND_UIDS = {kind: f"kind-{kind}" for kind in KINDS}
NONE = np.empty(0, np.intp)

instants = st.one_of(
    st.integers(-20, 420).map(lambda day: day * MS_DAY),
    st.integers(-800_020, -799_600).map(lambda day: day * MS_DAY),
    st.sampled_from([OPEN_PAST, OPEN_FUTURE - 1]),
)
trails = st.sampled_from([0, MS_DAY, 30 * MS_DAY, 400 * MS_DAY, 10**15])


def build(n: int, seed: int, *, world: bool = False) -> EventIndex:
    columns: EventColumns = random_columns(n, seed)
    if world:
        rng = np.random.default_rng(seed)
        columns = replace(columns, lon=rng.uniform(-180, 180, n), lat=rng.uniform(-84, 84, n))
    return EventIndex(columns, KIND_UIDS, {source: source * 20 * MS_DAY for source in range(1, 5)})


@pytest.fixture(autouse=True)
def few_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that some hundred rows are enough for jumps, strides and counting in one go."""
    monkeypatch.setattr(tally, "FEW", 20)


@given(st.integers(0, 40), st.integers(1, 9), st.lists(st.tuples(instants, trails), min_size=1, max_size=12))
@settings(max_examples=examples(30), deadline=None)
def test_a_tally_counts_what_counting_anew_gives(seed: int, size: int, moves: list[tuple[int, int]]) -> None:
    index = build(600, seed)
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(index.able & (rng.random(index.n) < rng.choice([0.05, 0.5, 1.0])))
    groups = rng.integers(0, size, len(rows)).astype(np.uint16)
    counted = Tally(index, rows, groups, size)
    columns = index.columns
    for cursor, trail in moves:
        counted.move(index.at(cursor, trail))
        begun = columns.earliest[rows] <= cursor
        lit = begun & (columns.latest[rows] >= cursor - trail)
        assert counted.begun.tolist() == np.bincount(groups[begun], minlength=size).tolist()
        assert counted.lit.tolist() == np.bincount(groups[lit], minlength=size).tolist()


looks = st.tuples(st.floats(0, 1), st.floats(0.05, 0.95), st.floats(10.0, 18.0))
filters = st.builds(
    Filters,
    hidden_kinds=st.frozensets(st.sampled_from(sorted(KIND_UIDS.values())), max_size=2),
    hidden_statuses=st.frozensets(st.sampled_from(list(Status)), max_size=1),
)
steps = st.one_of(st.tuples(instants, trails), looks, filters)


@given(st.integers(0, 20), st.lists(steps, min_size=2, max_size=10), st.booleans())
@settings(max_examples=examples(30), deadline=None)
def test_discs_stand_for_exactly_the_active_events_of_their_cells(
    seed: int, moves: list[object], with_older: bool
) -> None:
    index = build(700, seed, world=True)
    layer = EventLayer(index)
    layer.look(Viewport(0.5, 0.5, 2_000.0, 900, 520).settle())
    cursor, trail = 100 * MS_DAY, 60 * MS_DAY
    for move in moves:
        match move:
            case Filters():
                index.apply(move)
            case (x, y, scale):
                layer.look(Viewport(x, y, 2.0**scale, 900, 520).settle())
            case (cursor, trail):
                pass
        moment = index.at(cursor, trail, with_older=with_older)
        cells = layer.cells()
        seen = cells.seen(layer.view, REACH)
        counts, lit = cells.counts(seen, moment)
        every = np.arange(index.n)
        ages = layer.ages(every, moment, NONE)
        inside = np.zeros(index.n, bool)
        inside[cells.rows] = True
        numbers = np.where(inside, cells.numbers(every), -1)
        for cell, count, fresh in zip(seen.tolist(), counts.tolist(), lit.tolist(), strict=True):
            here = numbers == cell
            assert count == np.count_nonzero(here & (ages > Age.NONE))
            assert fresh == np.count_nonzero(here & (ages == Age.LIT))
        near = layer.near(np.flatnonzero(ages > Age.NONE))
        assert np.isin(numbers[near], seen).all(), "an active event in reach is in no cell that is seen"
        x, y = cells.screen(seen, layer.view)
        px, py = layer.screen(near)
        at = np.searchsorted(seen, numbers[near])
        assert SIDE <= cells.step * layer.view.scale <= SIDE * 2**0.5 + 1e-6
        farthest = cells.farthest * layer.view.scale
        assert (np.abs(px - x[at]) <= farthest + 1e-6).all()
        assert (np.abs(py - y[at]) <= farthest + 1e-6).all()


def test_a_grid_serves_until_the_map_has_left_it_or_its_scale() -> None:
    index = build(300, 3, world=True)
    x, y = to_world(index.columns.lon, index.columns.lat)
    view = Viewport(0.01, 0.4, 9_000.0, 900, 520).settle()  # over the antimeridian
    cells = Cells(index, x, y, view)
    assert cells.size <= MOST_CELLS
    assert cells.serves(index, view.panned(-400, 100), REACH)
    assert not cells.serves(index, view.panned(-900, 0), REACH)
    assert not cells.serves(index, replace(view, scale=view.scale * 2), REACH)
    assert fineness(view.scale * 2) == cells.fineness + 2
    assert cells.passes(index, view)
    assert cells.passes(index, replace(view, scale=view.scale * 2))
    assert not cells.passes(index, replace(view, scale=view.scale * 4))
    assert not cells.passes(index, replace(view, scale=view.scale / 3))
    index.apply(Filters(hidden_kinds=frozenset({"kind-1"})))
    assert cells.serves(index, view, REACH)
    assert cells.passes(index, view)
    assert not cells.serves(build(300, 3, world=True), view, REACH)


@pytest.mark.parametrize("size", [(320, 240), (960, 551), (2400, 300), (300, 2000), (7680, 4320)])
@pytest.mark.parametrize("scale", [1_000.0, 40_000.0, 2.0**21])
def test_a_grid_made_for_a_map_serves_it(size: tuple[int, int], scale: float) -> None:
    """Else it would be made over and over again."""
    index = build(300, 3, world=True)
    x, y = to_world(index.columns.lon, index.columns.lat)
    for middle in ((0.5, 0.5), (0.01, 0.02), (0.99, 0.97)):
        view = Viewport(*middle, scale, *size).settle()
        cells = Cells(index, x, y, view)
        assert cells.serves(index, view, REACH)
        assert cells.passes(index, view)
        assert cells.groups.max(initial=0) < cells.size


def test_a_map_of_very_many_comes_to_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked to be made elsewhere is asked once, and the grid that comes is that of the view."""
    monkeypatch.setattr(items, "MOST_STACKED", 100)
    asked: list[tuple[Callable[[], Cells], Callable[[Cells], None]]] = []
    renewed: list[bool] = []
    index = build(600, 5, world=True)
    layer = EventLayer(index, lambda work, done: asked.append((work, done)), lambda: renewed.append(True))
    view = Viewport(0.5, 0.5, 2_000.0, 900, 300).settle()
    layer.look(view)
    first = layer.cells()
    layer.refine()
    assert not asked
    for zoomed in (1.5, 2.0, 8.0, 8.0):
        layer.look(replace(view, scale=view.scale * zoomed).settle())
        layer.cells()
    layer.refine()
    assert len(asked) == 1
    assert layer.waiting
    assert layer.cells() is first
    work, done = asked.pop()
    done(work())
    assert renewed
    assert not layer.waiting
    layer.refine()
    assert not asked
    assert layer.cells().serves(index, layer.view, REACH)


def test_what_is_drawn_of_many_is_all_of_it_and_the_top_is_the_newest_in_the_trail() -> None:
    n = 9_000
    rng = np.random.default_rng(2)
    index = build(n, 2)
    index = EventIndex(replace(index.columns, lon=rng.uniform(36, 48, n), lat=rng.uniform(30, 37, n)), KIND_UIDS, {})
    layer = EventLayer(index)
    layer.look(Viewport(*(float(v) for v in to_world(42.0, 34.0)), 9_000.0, 900, 520).settle())
    moment = index.at(250 * MS_DAY, 20 * MS_DAY)
    chosen = moment.lit[:1]
    scene = layer.scene(moment, chosen)
    assert scene.level is Level.CELLS
    assert scene.stacks.count.sum() == len(scene.rows)
    assert (scene.ages(scene.rows) > Age.NONE).all()
    members = [layer.members(scene, int(top)) for top in scene.stacks.top]
    assert [len(rows) for rows in members] == scene.stacks.count.tolist()
    for top, rows in zip(scene.stacks.top.tolist(), members, strict=True):
        ages, best = scene.ages(rows), index.columns.best[rows]
        assert scene.age(top) == ages.max()
        assert index.columns.best[top] == best[ages == ages.max()].max()


@given(
    st.integers(0, 5),
    st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1)),
    st.floats(0, 1),
    st.floats(9, 21),
    st.tuples(st.integers(200, 4000), st.integers(150, 2200)),
)
@settings(max_examples=examples(100), deadline=None)
def test_every_row_lies_in_its_cell_wherever_the_map_looks(
    seed: int, x: float, y: float, scale: float, size: tuple[int, int]
) -> None:
    index = build(300, seed, world=True)
    world_x, world_y = to_world(index.columns.lon, index.columns.lat)
    view = Viewport(x, y, 2.0**scale, *size).settle()
    cells = Cells(index, world_x, world_y, view)
    assert cells.serves(index, view, REACH)
    assert cells.passes(index, view)
    assert cells.groups.max(initial=0) < cells.size
    middle_x, middle_y = cells.screen(cells.numbers(cells.rows), view)
    row_x, row_y = view.screen(world_x[cells.rows], world_y[cells.rows])
    across = np.abs((middle_x - row_x + view.scale / 2) % view.scale - view.scale / 2)
    farthest = cells.farthest * view.scale + 1e-6
    assert (across <= farthest).all()
    assert (np.abs(middle_y - row_y) <= farthest).all()


def test_a_disc_stands_in_the_middle_of_its_events_and_a_town_is_one() -> None:
    """Wherever the grid happens to cut it."""
    rng = np.random.default_rng(7)
    towns = rng.uniform((-8, 34), (8, 46), (25, 2))
    n = 40 * len(towns)
    spots = np.repeat(towns, 40, axis=0) + rng.normal(0, 0.004, (n, 2))
    index = build(n, 3)
    index = EventIndex(replace(index.columns, lon=spots[:, 0], lat=spots[:, 1]), KIND_UIDS, {})
    x, y = to_world(index.columns.lon, index.columns.lat)
    for scale in 2.0 ** np.arange(11.0, 14.0, 0.25):
        view = Viewport(*(float(each) for each in to_world(0.0, 40.0)), float(scale), 900, 520).settle()
        cells = Cells(index, x, y, view)
        numbers = cells.numbers(cells.rows)
        disc_x, disc_y = cells.screen(numbers, view)
        row_x, row_y = view.screen(x[cells.rows], y[cells.rows])
        for cell in np.unique(numbers):
            own = numbers == cell
            assert abs(disc_x[own][0] - row_x[own].mean()) < 1e-3
            assert abs(disc_y[own][0] - row_y[own].mean()) < 1e-3
        for town in range(len(towns)):
            own = np.isin(cells.rows, np.arange(40 * town, 40 * town + 40))
            assert len(np.unique(numbers[own])) == 1, "a town is cut into several discs"


class Watched(EventIndex):
    """Something is counted on another thread the moment that there is another mask of what can be shown."""

    watcher: Tally | None = None

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "able" and self.watcher is not None:
            self.watcher.look_at()


@pytest.mark.parametrize("share", [1.0, 0.4])
def test_a_tally_that_counts_while_filters_change_counts_what_counting_anew_gives(share: float) -> None:
    index = Watched(build(600, 3).columns, KIND_UIDS, {})
    rows = np.flatnonzero(np.random.default_rng(1).random(index.n) < share)
    groups = (rows % 5).astype(np.uint16)
    counted = index.watcher = Tally(index, rows, groups, 5)
    moment = index.at(200 * MS_DAY, 90 * MS_DAY)
    for hidden in (set(), {"kind-1"}, {"kind-1", "kind-2"}, set()):
        index.apply(Filters(hidden_kinds=frozenset(hidden)))
        moment = index.at(200 * MS_DAY, 90 * MS_DAY)
        anew = Tally(index, rows, groups, 5)
        counted.move(moment)
        anew.move(moment)
        begun = index.able[rows] & (index.columns.earliest[rows] <= 200 * MS_DAY)
        lit = begun & (index.columns.latest[rows] >= 110 * MS_DAY)
        assert counted.begun.tolist() == anew.begun.tolist() == np.bincount(groups[begun], minlength=5).tolist()
        assert counted.lit.tolist() == anew.lit.tolist() == np.bincount(groups[lit], minlength=5).tolist()


def test_codes_are_those_of_what_is_shown_now() -> None:
    index = build(600, 4, world=True)
    layer = EventLayer(index)
    layer.look(Viewport(0.5, 0.5, 900.0, 900, 900).settle())
    codes = index.columns.kind.astype(np.int32)
    moment = index.at(OPEN_FUTURE - 1, 0)
    every = layer.cells().codes_begun(codes, moment)
    assert len(every) > 2
    index.apply(Filters(hidden_kinds=frozenset({f"kind-{every[0]}"})))
    moment = index.at(OPEN_FUTURE - 1, 0)
    assert layer.cells().codes_begun(codes, moment) == every[1:]


def test_marks_are_stacked_among_what_is_shown_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many events for stacks of all of them, those about the map are stacked."""
    monkeypatch.setattr(items, "MOST_STACKED", 500)
    index = build(600, 6, world=True)
    layer = EventLayer(index)
    layer.look(Viewport(0.5, 0.5, 4_000.0, 900, 520).settle())
    for hidden in ({"kind-1", "kind-2"}, {"kind-3"}, set()):
        index.apply(Filters(hidden_kinds=frozenset(hidden)))
        moment = index.at(OPEN_FUTURE - 1, 10**15)
        anew = EventLayer(index)
        anew.look(layer.view)
        mine, other = (each.scene(moment, NONE) for each in (layer, anew))
        assert mine.level is Level.MARKS
        assert len(mine.rows) > 5
        assert mine.rows.tolist() == other.rows.tolist()
        assert mine.stacks.count.tolist() == other.stacks.count.tolist()
        assert mine.stacks.top.tolist() == other.stacks.top.tolist()
        assert len(layer.cells().rows) == index.able[layer.cells().within(np.arange(index.n))].sum()
