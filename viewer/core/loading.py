"""Reads a project for the views, on whichever thread has the time: whole, after a change, and past some sources."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db import queries
from db.displayed import Rest
from db.queries import EventColumns, Movement, PlaceRow, ProjectRow, SourceRow, Texts
from db.store import Change, last_stamp
from db.values import OPEN_PAST
from viewer.core import column_cache
from viewer.core.column_cache import Kept
from viewer.core.counts import Orders
from viewer.core.grouping import Grouping
from viewer.core.groups import Groups, by_kind
from viewer.core.index import EventIndex
from viewer.core.jobs import Cancelled
from viewer.core.loaded import Areas, Loaded
from viewer.core.merging import merged, nothing

LENS: Final = "lens"
"""Origin of a Change that is none of the file's: other sources are looked through."""
STEPS_PER_EVENT: Final = 121
"""Instructions of SQLite's machine for an event with one claim, as counted: for the bar, which others reach early."""
STEPS: Final = 500_000
"""So many of them are between two questions whether to go on, some milliseconds."""
NEARLY: Final = 0.99
"""What is read is still to be made ready."""
MOST_PATCHED: Final = 20_000
"""Where more events have changed, everything is read again."""
_COUNTED_TABLES: Final = frozenset({"source", "document", "quote", "claim", "place"})
"""Tables whose rows are, or are counted in, the rows of sources and places."""
_WAY_TABLES: Final = frozenset({"claim", "claim_place", "place"})
"""Tables of which the movements are made."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of a large project while its events are still being read: how many there are, and longitudes and
    latitudes of some places. ``nothing`` are the columns of no event.
    """

    project: ProjectRow
    events: int
    places: tuple[NDArray[np.float64], NDArray[np.float64]]
    nothing: EventColumns


Aside = tuple[Texts, Texts, Sequence[SourceRow]]
"""Titles and uids of all events, and the sources."""
Watch = Callable[[Ahead], Callable[[float], bool]]
"""Hears what is known ahead; what it returns is called with the share that is read, and answers whether to go on."""


def unwatched(_ahead: Ahead) -> Callable[[float], bool]:
    """Nobody looks on."""
    return lambda _share: True


class _Reading:
    """How far a reading is, and whether it is to go on; asked by SQLite on whichever thread it works."""

    def __init__(self, events: int, report: Callable[[float], bool]) -> None:
        self._steps, self._all, self._report = 0, max(events, 1) * STEPS_PER_EVENT, report
        self._stopped = False

    def follow(self, connection: sqlite3.Connection, *, counts: bool) -> None:
        """Be asked while a connection works; its work ``counts`` where the bar is to go by it."""
        connection.set_progress_handler(self._step if counts else self._ask, STEPS)

    def _step(self) -> bool:
        self._steps += STEPS
        self._stopped = self._stopped or not self._report(min(self._steps / self._all, NEARLY))
        return self._stopped

    def _ask(self) -> bool:
        return self._stopped

    @contextmanager
    def stopping(self) -> Iterator[None]:
        """Raises Cancelled for what SQLite raises when it is stopped."""
        try:
            yield
        except sqlite3.OperationalError:
            if self._stopped:
                raise Cancelled from None
            raise


@dataclass(frozen=True, slots=True)
class Fresh:
    """Read and made ready for use. ``whole``: the same with nothing hidden, where something is."""

    loaded: Loaded
    index: EventIndex
    groups: Mapping[Grouping, Groups]  # by kind always, else what the lanes stood for
    whole: Fresh | None = None


@queries.at_one_instant
def load(
    connection: sqlite3.Connection,
    kept: Kept | None = None,
    aside: Future[Aside | None] | None = None,
) -> Loaded:
    """Read all that the views keep in memory, with nothing hidden. ``kept`` of this state spares most of it, and
    ``aside`` the titles, uids and sources.
    """
    if kept is not None:
        sources = _by_id(queries.sources(connection, kept.of_sources))
        places = {row.id: row for row in queries.places(connection, shown=kept.columns, claims=kept.at_places)}
        return _with_small_tables(connection, sources, kept.columns, kept.titles, kept.uids, places)
    columns = queries.event_columns(connection)
    found = aside.result() if aside is not None else None
    titles, uids, rows = found or _read_aside(connection)
    return _with_small_tables(connection, _by_id(rows), columns, titles, uids)


def _by_id(rows: Sequence[SourceRow]) -> dict[int, SourceRow]:
    return {row.id: row for row in rows}


def _read_aside(connection: sqlite3.Connection) -> Aside:
    """What takes about as long to read as the columns."""
    return queries.event_titles(connection), queries.event_uids(connection), queries.sources(connection)


def _read_beside(connect: Callable[[], sqlite3.Connection], stamp: int, reading: _Reading) -> Aside | None:
    """The same on a connection of its own; None when the file has gone on since a stamp."""
    with closing(connect()) as connection, queries.snapshot(connection):
        reading.follow(connection, counts=False)
        if last_stamp(connection) != stamp:
            return None
        found = _read_aside(connection)
        found[1].prepare()
        return found


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
    loaded = _with_small_tables(connection, sources, columns, titles, uids, places, areas, movements)
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


def _with_small_tables(
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


@queries.at_one_instant
def load_first(
    connection: sqlite3.Connection,
    path: Path,
    connect: Callable[[], sqlite3.Connection],
    watch: Watch = unwatched,
) -> tuple[Fresh, str | None]:
    """Read the project at ``path`` and make it ready, from what is kept of it where that serves.

    Also tells which state of it ought to be kept now, if any. ``connect`` gives further connections: of a large project
    a second one reads at the same time, as SQLite lets the interpreter go meanwhile. Where that takes its time
    ``watch`` looks on; raises Cancelled when it will not have it go on.
    """
    state = column_cache.identity(connection, path)
    kept = column_cache.read(path, state)
    if kept is not None:
        return prepare(load(connection, kept), kept.orders), None
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
    if newest < column_cache.WORTH:
        return prepare(load(connection)), None
    (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
    nobody = queries.event_columns(connection, ids=())
    project = queries.project(connection)
    reading = _Reading(events, watch(Ahead(project, events, queries.some_positions(connection), nobody)))
    with reading.stopping(), ThreadPoolExecutor(1) as pool:
        reading.follow(connection, counts=True)
        aside = pool.submit(_read_beside, connect, last_stamp(connection), reading)
        fresh = prepare(load(connection, aside=aside))
    return fresh, state if fresh.index.n >= column_cache.WORTH else None


def prepare(loaded: Loaded, orders: Orders | None = None, like: EventIndex | None = None) -> Fresh:
    """What is made of the loaded rows for the views, on whichever thread has the time; ``orders`` and ``like`` as
    EventIndex has them.
    """
    published = {
        row.id: OPEN_PAST if row.published_first is None else row.published_first for row in loaded.sources.values()
    }
    kinds, sources = ({row.id: row.uid for row in rows.values()} for rows in (loaded.kinds, loaded.sources))
    index = EventIndex(loaded.columns, kinds, published, orders, like, sources)
    loaded.uids.prepare()
    index.prepare()
    return Fresh(loaded, index, {Grouping.KIND: by_kind(loaded, index)})
