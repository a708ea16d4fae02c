"""The index against plain loops over the same events, for random cursors, windows and filters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.queries import STATUS_CODES, EventColumns
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Status, TimeWindow
from tests.helpers.columns import KINDS, SOURCES, random_columns
from viewer.core.index import EventIndex
from viewer.core.state import CHECKS, Filters

SOURCE_UIDS = {source: f"source-{source}" for source in SOURCES}
KIND_UIDS = {kind: f"kind-{kind}" for kind in KINDS}
PUBLISHED = {1: 50 * MS_DAY, 2: 100 * MS_DAY, 3: -900_000 * MS_DAY, 4: 400 * MS_DAY}

instants = st.one_of(
    st.integers(-20, 420).map(lambda day: day * MS_DAY),
    st.integers(-800_020, -799_600).map(lambda day: day * MS_DAY),
    st.sampled_from([OPEN_PAST + 1, OPEN_FUTURE - 1, -(10**15), 10**15]),
)
filters = st.builds(
    Filters,
    hidden_kinds=st.frozensets(st.sampled_from(sorted(KIND_UIDS.values()))),
    hidden_statuses=st.frozensets(st.sampled_from(list(Status))),
    hidden_sources=st.frozensets(st.sampled_from(sorted(SOURCE_UIDS.values()))),
    only=st.frozensets(st.sampled_from(CHECKS)),
)
seeds = st.integers(0, 30)


def build(seed: int, n: int = 120) -> EventIndex:
    columns = random_columns(n, seed)
    return EventIndex(as_table(columns) if seed % 2 else columns, KIND_UIDS, PUBLISHED, source_uids=SOURCE_UIDS)


def as_table(columns: EventColumns) -> EventColumns:
    """With a source each, and now and then a second claim of it."""
    n = len(columns.id)
    ids = (np.arange(n, dtype=columns.source_ids.dtype) % 3) + 1
    return replace(columns, source_offsets=np.arange(n + 1), source_ids=ids, claims=1 + (columns.id % 5 == 0))


def is_shown(index: EventIndex, row: int, chosen: Filters) -> bool:
    columns = index.columns
    if KIND_UIDS[int(columns.kind[row])] in chosen.hidden_kinds:
        return False
    if STATUS_CODES[columns.status[row]] in chosen.hidden_statuses:
        return False
    told = columns.source_ids[columns.source_offsets[row] : columns.source_offsets[row + 1]].tolist()
    heard = [source for source in told if SOURCE_UIDS[source] not in chosen.hidden_sources]
    if told and not heard and columns.claims[row] == len(told):
        return False
    vague = (
        columns.dated[row] and not columns.lasting[row] and columns.latest[row] - columns.earliest[row] >= 30 * MS_DAY
    )
    region = not np.isnan(columns.lon[row]) and columns.radius_m[row] >= 25_000
    facts = {"disagreeing": columns.disagrees[row], "vague_date": vague, "region_only": region}
    return all(facts[check] for check in chosen.only)


@settings(max_examples=60, deadline=None)
@given(seeds, filters, instants, st.integers(0, 200).map(lambda days: days * MS_DAY))
def test_what_the_map_shows_is_a_plain_question(seed: int, chosen: Filters, cursor: int, trail: int) -> None:
    index = build(seed)
    index.apply(chosen)
    lit, older, ahead, nowhere = [], [], [], 0
    columns = index.columns
    for row in range(index.n):
        if not (is_shown(index, row, chosen) and columns.dated[row]):
            continue
        if not np.isfinite(columns.lon[row]):
            nowhere += columns.earliest[row] <= cursor and columns.latest[row] >= cursor - trail
            continue
        if columns.earliest[row] <= cursor:
            (lit if columns.latest[row] >= cursor - trail else older).append(row)
        elif STATUS_CODES[columns.status[row]] in (Status.PLANNED, Status.PREDICTED):
            told = [PUBLISHED[int(source)] for source in columns.sources_of(row)]
            if min(told, default=OPEN_PAST) <= cursor:
                ahead.append(row)
    moment = index.at(cursor, trail)
    assert (moment.lit_count, moment.older_count) == (len(lit), len(older))
    assert moment.lit.tolist() == lit
    assert moment.older.tolist() == older
    assert moment.ahead.tolist() == ahead
    assert index.nowhere_at(cursor, trail) == nowhere
    alone = index.at(cursor, trail, with_older=False)
    assert alone.lit.tolist() == lit
    assert alone.older.tolist() == []
    assert alone.older_count == len(older)  # known, though they are not on the map
    assert alone.empty == (not lit and not ahead)
    every = np.flatnonzero(index.able)
    assert alone.active(every).tolist() == sorted((*lit, *ahead))
    assert moment.active(every).tolist() == sorted((*lit, *older, *ahead))


@settings(max_examples=60, deadline=None)
@given(seeds, filters, instants, instants)
def test_windows_count_what_touches_them(seed: int, chosen: Filters, one: int, two: int) -> None:
    index = build(seed)
    index.apply(chosen)
    window = TimeWindow(min(one, two), max(one, two))
    columns = index.columns
    able = [row for row in range(index.n) if is_shown(index, row, chosen) and columns.dated[row]]
    inside = [r for r in able if columns.earliest[r] <= window.last and columns.latest[r] >= window.first]
    assert index.in_window(window).tolist() == inside
    assert index.count_in(window) == len(inside)
    before, after = index.outside(window)
    assert before == sum(columns.latest[r] < window.first for r in able)
    assert after == sum(columns.earliest[r] > window.last for r in able)
    assert before + len(inside) + after == len(able)


@settings(max_examples=40, deadline=None)
@given(seeds, filters)
def test_stepping_visits_every_shown_event_once_each_way(seed: int, chosen: Filters) -> None:
    index = build(seed)
    index.apply(chosen)
    expected = {r for r in range(index.n) if is_shown(index, r, chosen) and index.columns.dated[r]}
    for direction, start in ((1, OPEN_PAST - 1), (-1, OPEN_FUTURE + 1)):
        seen: list[int] = []
        cursor, current = start, None
        while (row := index.step(cursor, direction, current)) is not None:
            seen.append(row)
            cursor, current = int(index.columns.best[row]), row
            assert len(seen) <= index.n
        assert len(seen) == len(set(seen))
        assert set(seen) == expected
        best = index.columns.best[seen]
        assert (np.diff(best) * direction >= 0).all()


@settings(max_examples=60, deadline=None)
@given(seeds, filters)
def test_kinds_are_counted_of_what_is_shown(seed: int, chosen: Filters) -> None:
    index = build(seed)
    index.apply(chosen)
    shown = [row for row in range(index.n) if is_shown(index, row, chosen)]
    for kind, (some, every) in index.shown_by_kind().items():
        assert some == sum(index.columns.kind[row] == kind for row in shown)
        assert every == np.count_nonzero(index.columns.kind == kind)
    finite = [row for row in shown if index.columns.dated[row] and OPEN_PAST < index.columns.best[row] < OPEN_FUTURE]
    assert index.histogram(np.array([OPEN_PAST, 0, OPEN_FUTURE])).sum() == len(finite)


@settings(max_examples=40, deadline=None)
@given(seeds, filters)
def test_hidden_reasons_add_up(seed: int, chosen: Filters) -> None:
    chosen = replace(chosen, hidden_sources=frozenset())  # they are told by name
    index = build(seed)
    index.apply(chosen)
    shown = [row for row in range(index.n) if is_shown(index, row, chosen)]
    assert index.shown_count == len(shown)
    reasons = index.hidden_reasons(chosen)
    assert all(reason.count > 0 for reason in reasons)
    assert sum(reason.count for reason in reasons) >= index.n - len(shown)
    by_kind = index.shown_by_kind()
    assert sum(some for some, _all in by_kind.values()) == len(shown)
    assert sum(total for _some, total in by_kind.values()) == index.n


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("hidden", [set(), {2}, {1, 3}, {1, 2, 3}, {99}])
def test_what_sources_tell_of_is_counted_event_by_event(alone: bool, hidden: set[int]) -> None:
    columns = random_columns(200, 8)
    if alone:
        columns = as_table(columns)
    told, only = EventIndex(columns, KIND_UIDS, PUBLISHED).told_by(hidden)
    assert told.any() == bool(hidden & set(columns.source_ids.tolist()))
    for row in range(200):
        own = columns.source_ids[columns.source_offsets[row] : columns.source_offsets[row + 1]].tolist()
        assert told[row] == any(source in hidden for source in own)
        assert only[row] == (bool(own) and hidden.issuperset(own) and columns.claims[row] == len(own))


def test_rows_and_ids_are_found_both_ways() -> None:
    index = build(3)
    for row in range(index.n):
        assert index.row_of(int(index.columns.id[row])) == row
    assert index.row_of(10_000) is None


def test_histogram_counts_each_best_estimate_once() -> None:
    index = build(4)
    edges = np.arange(-10, 420, 7, dtype=np.int64) * MS_DAY
    counts = index.histogram(edges)
    best = index.columns.best[index.stops]
    assert counts.sum() == np.count_nonzero((best >= edges[0]) & (best < edges[-1]))
    assert counts.sum() > 0


def test_an_empty_project_answers_everything() -> None:
    index = build(0, 0)
    moment = index.at(0, MS_DAY)
    assert moment.empty
    assert len(moment.lit) == len(moment.older) == len(moment.ahead) == 0
    assert index.span() is None
    assert index.step(0, 1) is None
    assert index.nearest_stop(0) is None
    assert index.outside(TimeWindow(0, 1)) == (0, 0)


def test_sources_constant_matches_the_published_table() -> None:
    assert set(PUBLISHED) == set(SOURCES)
