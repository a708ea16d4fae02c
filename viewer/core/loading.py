"""Reads a project for the views, on whichever thread has the time: whole, after a change, and past some sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from db import queries
from db.displayed import Rest
from db.queries import EventColumns, KindRow, Movement, PlaceRow, SourceRow, Texts
from db.store import Change, last_stamp
from db.values import OPEN_PAST
from viewer.core.counts import Orders
from viewer.core.grouping import Grouping
from viewer.core.groups import Groups, by_kind
from viewer.core.index import EventIndex
from viewer.core.loaded import Areas, Loaded
from viewer.core.merging import merged, nothing

LENS: Final = "lens"
"""Origin of a Change that is none of the file's: other sources are looked through."""
MOST_PATCHED: Final = 20_000
"""Where more events have changed, everything is read again."""
_COUNTED_TABLES: Final = frozenset({"source", "document", "quote", "claim", "place"})
"""Tables whose rows are, or are counted in, the rows of sources and places."""
_WAY_TABLES: Final = frozenset({"claim", "claim_place", "place"})
"""Tables of which the movements are made."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Read and made ready for use. ``whole``: the same with nothing hidden, where something is."""

    loaded: Loaded
    index: EventIndex
    groups: Mapping[Grouping, Groups]  # by kind always, else what the lanes stood for
    whole: Fresh | None = None


@queries.at_one_instant
def load(connection: sqlite3.Connection) -> Loaded:
    """Read all that the views keep in memory, with nothing hidden."""
    sources = {row.id: row for row in queries.sources(connection)}
    titles, uids = queries.event_titles(connection), queries.event_uids(connection)
    return with_small_tables(connection, sources, queries.event_columns(connection), titles, uids)


@queries.at_one_instant
def reload(
    connection: sqlite3.Connection, hidden_sources: frozenset[str], before: Fresh, changes: Sequence[Change]
) -> Fresh:
    """What the file holds now, as if sources (by uid) were not there.

    It takes a fraction of the time of reading everything where ``changes`` are all that has happened since ``before``,
    and are of few events.
    """
    whole = before.whole or before
    stored = [change for change in changes if change.origin != LENS]
    if stored or last_stamp(connection) != whole.loaded.stamp:
        whole = _changed(connection, whole, stored)
    return look_through(connection, whole, hidden_sources) if hidden_sources else whole


def _changed(connection: sqlite3.Connection, before: Fresh, changes: Sequence[Change]) -> Fresh:
    """What the file holds after changes, with nothing hidden."""
    old = before.loaded
    ids = frozenset[int]().union(*(change.rows.get("event", frozenset()) for change in changes))
    tables = frozenset[str]().union(*(change.rows for change in changes))
    stamps = [change.stamp for change in changes]
    known = stamps == list(range(old.stamp + 1, last_stamp(connection) + 1))
    if not known or len(ids) > MOST_PATCHED:
        return prepare(load(connection))
    sources = old.sources
    if tables & _COUNTED_TABLES:
        sources = {row.id: row for row in queries.sources(connection)}
    gone = np.isin(old.columns.id, np.fromiter(ids, np.int64))
    new = queries.event_columns(connection, ids=ids)
    columns, orders = merged(old.columns, before.index.orders, gone, new)
    if "place" in tables:
        columns = replace(columns, **queries.positions(connection, columns.place))
    titles = old.titles.replaced(queries.event_titles(connection, ids), ids)
    uids = old.uids.replaced(queries.event_uids(connection, ids), ids)
    if tables & _COUNTED_TABLES:
        places = None
    elif columns.place is old.columns.place:
        places = old.places
    else:
        places = _counted_again(old.places, columns)
    areas = None if "place" in tables else old.areas
    movements = old.movements
    if tables & _WAY_TABLES:
        movements = queries.movements(connection)
    loaded = with_small_tables(connection, sources, columns, titles, uids, places, areas, movements)
    return prepare(loaded, orders, before.index)


@queries.at_one_instant
def look_through(connection: sqlite3.Connection, whole: Fresh, hidden_sources: frozenset[str]) -> Fresh:
    """The same project as if sources (by uid) were not there.

    Events of which only they speak vanish. Those of which others speak as well are derived anew.
    """
    base = whole.loaded
    hidden = frozenset(row.id for row in base.sources.values() if row.uid in hidden_sources)
    columns = base.columns
    told, vanishing = whole.index.told_by(hidden)
    mixed = columns.id[told & ~vanishing].tolist()
    rest = Rest(frozenset(mixed), queries.displayed_events(connection, mixed, hidden))
    new = queries.event_columns(connection, hidden, mixed, rest) if mixed else nothing(columns)
    columns, orders = merged(columns, whole.index.orders, told, new)
    shown = {event_id: event.title for event_id, event in rest.shown.items()}
    loaded = replace(
        base,
        columns=columns,
        titles=base.titles.replaced(shown, mixed),
        movements=tuple(each for each in base.movements if each.source_id not in hidden),
        places=_counted_again(base.places, columns, queries.claims_at_places(connection, hidden)),
        hidden_sources=hidden_sources,
    )
    return replace(prepare(loaded, orders, whole.index), whole=whole)


def _counted_again(
    places: Mapping[int, PlaceRow], columns: EventColumns, fewer: Mapping[int, int] = MappingProxyType({})
) -> dict[int, PlaceRow]:
    """The places with the events that are displayed there now; ``fewer``: so many claims do not count any more."""
    ids, counts = np.unique(columns.place, return_counts=True)
    events = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    return {
        key: row
        if row.events == events.get(key, 0) and key not in fewer
        else row.counted(events.get(key, 0), row.claims - fewer.get(key, 0))
        for key, row in places.items()
    }


def with_small_tables(
    connection: sqlite3.Connection,
    sources: Mapping[int, SourceRow],
    columns: EventColumns,
    titles: Texts,
    uids: Texts,
    places: Mapping[int, PlaceRow] | None = None,
    areas: Areas | None = None,
    movements: tuple[Movement, ...] | None = None,
) -> Loaded:
    if places is None:
        places = {row.id: row for row in queries.places(connection, shown=columns)}
    return Loaded(
        project=queries.project(connection),
        columns=columns,
        titles=titles,
        uids=uids,
        kinds={row.id: row for row in queries.kinds(connection)},
        sources=sources,
        places=places,
        actors={row.id: row for row in queries.actors(connection)},
        movements=queries.movements(connection) if movements is None else movements,
        areas=queries.place_outlines(connection) if areas is None else areas,
        layers=tuple(queries.layers(connection)),
        total_events=len(uids),
        has_dates=bool(columns.dated.any()),
        hidden_sources=frozenset(),
        stamp=last_stamp(connection),
    )


def prepare(loaded: Loaded, orders: Orders | None = None, like: EventIndex | None = None) -> Fresh:
    """What is made of the loaded rows for the views, on whichever thread has the time; ``orders`` and ``like`` as
    EventIndex has them.
    """
    index = indexed(loaded.columns, loaded.kinds, loaded.sources, orders, like)
    loaded.uids.prepare()
    return Fresh(loaded, index, {Grouping.KIND: by_kind(loaded, index)})


def indexed(
    columns: EventColumns,
    kinds: Mapping[int, KindRow],
    sources: Mapping[int, SourceRow],
    orders: Orders | None = None,
    like: EventIndex | None = None,
) -> EventIndex:
    """The index over columns, ready to be asked."""
    published = {row.id: OPEN_PAST if row.published_first is None else row.published_first for row in sources.values()}
    kind_uids, source_uids = ({row.id: row.uid for row in rows.values()} for rows in (kinds, sources))
    index = EventIndex(columns, kind_uids, published, orders, like, source_uids)
    index.prepare()
    return index
