"""The open project as the views see it: the index over its events, its small tables, and the news of its changes.

Loads on reader threads and swaps in whole on the GUI thread, so that a view never sees half of a change. After an edit
only the events that it touched are read again. The views' ``_on_change`` hears ``ProjectData.changed`` after the swap,
never the Store itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal

from db import queries
from db.displayed import Rest
from db.queries import ActorRow, DocumentRow, EventColumns, KindRow, PlaceRow, ProjectRow, SourceRow, Texts
from db.store import Change, Store, last_stamp
from db.values import OPEN_PAST, Ref, RefKind
from viewer.core import column_cache
from viewer.core.column_cache import Kept
from viewer.core.counts import Orders
from viewer.core.index import EventIndex
from viewer.core.jobs import Jobs
from viewer.core.merging import merged, nothing
from viewer.core.state import State

T = TypeVar("T")
LENS: Final = "lens"
"""Origin of a Change that is none of the file's: other sources are looked through."""
MOST_PATCHED: Final = 1_000
"""Where more events have changed, everything is read again."""
_COUNTED_TABLES: Final = frozenset({"source", "document", "quote", "claim", "place"})
"""Tables whose rows are, or are counted in, the rows of sources and places."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that a change of the data replaces at once."""

    project: ProjectRow
    columns: EventColumns
    titles: Texts  # by event id; of events that are not displayed there may be some
    uids: Texts
    kinds: Mapping[int, KindRow]
    sources: Mapping[int, SourceRow]
    places: Mapping[int, PlaceRow]
    actors: Mapping[int, ActorRow]
    total_events: int  # with and without a visible claim
    has_dates: bool  # of any event, hidden sources included
    hidden_sources: frozenset[str]  # uids of those looked past
    stamp: int  # of the last change that is in it


@dataclass(frozen=True, slots=True)
class Fresh:
    """Read and made ready for use. ``whole``: the same with nothing hidden, where something is."""

    loaded: Loaded
    index: EventIndex
    whole: Fresh | None = None


@queries.at_one_instant
def load(
    connection: sqlite3.Connection,
    kept: Kept | None = None,
    aside: Future[tuple[Texts, Texts] | None] | None = None,
) -> Loaded:
    """Read all that the views keep in memory, with nothing hidden. ``kept`` of this state spares most of it, and
    ``aside`` the titles and uids.
    """
    sources = {row.id: row for row in queries.sources(connection)}
    if kept is not None:
        return _with_small_tables(connection, sources, kept.columns, kept.titles, kept.uids)
    columns = queries.event_columns(connection)
    texts = aside.result() if aside is not None else None
    if texts is None:
        texts = queries.event_titles(connection), queries.event_uids(connection)
    return _with_small_tables(connection, sources, columns, *texts)


def _read_texts(connect: Callable[[], sqlite3.Connection], stamp: int) -> tuple[Texts, Texts] | None:
    """Titles and uids of all events; None when the file has gone on since a stamp."""
    with closing(connect()) as connection, queries.snapshot(connection):
        if last_stamp(connection) != stamp:
            return None
        titles, uids = queries.event_titles(connection), queries.event_uids(connection)
        uids.prepare()
        return titles, uids


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
    places = None if tables & _COUNTED_TABLES else _counted_again(old.places, columns)
    loaded = _with_small_tables(connection, sources, columns, titles, uids, places)
    return prepare(loaded, orders)


@queries.at_one_instant
def look_through(connection: sqlite3.Connection, whole: Fresh, hidden_sources: frozenset[str]) -> Fresh:
    """The same project as if sources (by uid) were not there.

    Events of which only they speak vanish. Those of which others speak as well are derived anew.
    """
    base = whole.loaded
    hidden = frozenset(row.id for row in base.sources.values() if row.uid in hidden_sources)
    columns = base.columns
    ends = columns.source_offsets[1:]
    of_hidden = np.concatenate(([0], np.cumsum(np.isin(columns.source_ids, np.fromiter(hidden, np.int64)))))
    spoken = of_hidden[ends] - of_hidden[columns.source_offsets[:-1]]
    several = np.diff(columns.source_offsets)
    # A claim for each source, and so none without one: where all are hidden nothing is left.
    vanishing = (spoken == several) & (columns.claims == several) & (several > 0)
    mixed = columns.id[(spoken > 0) & ~vanishing].tolist()
    rest = Rest(frozenset(mixed), queries.displayed_events(connection, mixed, hidden))
    new = queries.event_columns(connection, hidden, mixed, rest) if mixed else nothing(columns)
    columns, orders = merged(columns, whole.index.orders, spoken > 0, new)
    shown = {event_id: event.title for event_id, event in rest.shown.items()}
    loaded = replace(
        base,
        columns=columns,
        titles=base.titles.replaced(shown, mixed),
        places=_counted_again(base.places, columns, queries.claims_at_places(connection, hidden)),
        hidden_sources=hidden_sources,
    )
    return replace(prepare(loaded, orders), whole=whole)


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
        total_events=len(uids),
        has_dates=bool(columns.dated.any()),
        hidden_sources=frozenset(),
        stamp=last_stamp(connection),
    )


@queries.at_one_instant
def load_first(
    connection: sqlite3.Connection, path: Path, connect: Callable[[], sqlite3.Connection]
) -> tuple[Fresh, str | None]:
    """Read the project at ``path`` and make it ready, from what is kept of it where that serves.

    Also tells which state of it ought to be kept now, if any. ``connect`` gives further connections: of a large project
    a second one reads at the same time, as SQLite lets the interpreter go meanwhile.
    """
    state = column_cache.identity(connection, path)
    kept = column_cache.read(path, state)
    if kept is not None:
        return prepare(load(connection, kept), kept.orders), None
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
    if newest < column_cache.WORTH:
        return prepare(load(connection)), None
    with ThreadPoolExecutor(1) as pool:
        aside = pool.submit(_read_texts, connect, last_stamp(connection))
        fresh = prepare(load(connection, aside=aside))
    return fresh, state if fresh.index.n >= column_cache.WORTH else None


def prepare(loaded: Loaded, orders: Orders | None = None) -> Fresh:
    """What is made of the loaded rows for the views, on whichever thread has the time; ``orders`` as EventIndex."""
    published = {
        row.id: OPEN_PAST if row.published_first is None else row.published_first for row in loaded.sources.values()
    }
    index = EventIndex(loaded.columns, {row.id: row.uid for row in loaded.kinds.values()}, published, orders)
    loaded.uids.prepare()
    index.prepare()
    return Fresh(loaded, index)


class ProjectData(QObject):
    """What is known of the open project, always whole and in step with itself.

    Signals:
        changed(Change): the data behind the views is another; ``Change.rows`` tells tables and row ids.
        loading(bool): a reload is under way.
    """

    changed = Signal(object)
    loading = Signal(bool)
    _stored = Signal(object)

    def __init__(self, store: Store, fresh: Fresh, state: State, jobs: Jobs, parent: QObject | None = None) -> None:
        """``fresh`` is what stands in the store, read with what ``state`` hides."""
        super().__init__(parent)
        self.store = store
        self._state = state
        self._jobs = jobs
        self._pending: list[Change] = []
        self._works: dict[str, Callable[[Fresh], object]] = {}
        self._looked_through = state.view.filters.hidden_sources
        self._adopt(fresh)
        self._stored.connect(self._on_stored)
        self._unkept = False
        self._selected: tuple[object, object, list[int]] = (None, None, [])
        self._unsubscribe = store.subscribe(self._stored.emit)
        state.changed.connect(self._on_state)

    def close(self) -> None:
        self._unsubscribe()

    # What the views ask

    def ref(self, event_id: int) -> Ref:
        """The Ref of an event's id. Raises KeyError when there is no such event."""
        return Ref(RefKind.EVENT, self.loaded.uids[event_id])

    def event_id(self, ref: Ref | None) -> int | None:
        """The id behind an event's Ref; None for None, another kind of Ref, or an event that is gone."""
        return self.loaded.uids.find(ref.uid) if ref is not None and ref.kind is RefKind.EVENT else None

    def row(self, ref: Ref | None) -> int | None:
        """The row in the index behind an event's Ref; None when it is gone or has no visible claim."""
        event_id = self.event_id(ref)
        return None if event_id is None else self.index.row_of(event_id)

    def row_ref(self, row: int) -> Ref:
        """The Ref of a row of the index."""
        return self.ref(int(self.index.columns.id[row]))

    def title(self, row: int) -> str:
        """The displayed title of a row of the index."""
        return self.loaded.titles.get(int(self.index.columns.id[row]), "")

    def selected_rows(self) -> list[int]:
        """Rows of the selected events, in time order. Every view asks for them after each change of the selection."""
        selection, index = self._state.view.selection, self.index
        if self._selected[0] is not selection or self._selected[1] is not index:
            rows = (self.row(ref) for ref in selection)
            self._selected = selection, index, sorted(row for row in rows if row is not None)
        return self._selected[2]

    @property
    def has_dates(self) -> bool:
        """Whether any event of the project has a date, whatever is hidden: without one there is no time to move in."""
        return self.loaded.has_dates

    @property
    def hidden_source_ids(self) -> frozenset[int]:
        hidden = self._state.view.filters.hidden_sources
        return frozenset(row.id for row in self.loaded.sources.values() if row.uid in hidden)

    def ask(
        self,
        topic: str,
        question: Callable[[sqlite3.Connection], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """A question on a reader thread, latest wins per topic; without ``failed`` the user is told of a failure."""
        self._jobs.read(topic, question, done, failed)

    def beforehand(self, topic: str, work: Callable[[Fresh], object]) -> None:
        """Have what a view makes of the data made on the thread that reads, before it is in force.

        ``work`` must not touch widgets. What it made is ``made`` while ``changed`` is heard.
        """
        self._works[topic] = work

    def made(self, topic: str) -> object:
        """What the work of a topic made of the data now in force; None when ``changed`` has been heard."""
        return self._made.get(topic)

    def document(self, uid: str | None) -> tuple[SourceRow, DocumentRow] | None:
        """The document with a uid, and its source; None when there is none."""
        for source in self.loaded.sources.values():
            for document in source.documents:
                if document.uid == uid:
                    return source, document
        return None

    def document_ref(self, document_id: int) -> Ref | None:
        """The Ref of a document's id."""
        for source in self.loaded.sources.values():
            for document in source.documents:
                if document.id == document_id:
                    return Ref(RefKind.DOCUMENT, document.uid)
        return None

    # Loading

    def keep_columns(self, state: str) -> None:
        """Keep what has been read of a state of the file for the next opening, on a thread."""
        kept, path = self._kept(), self.store.path
        self._unkept = False
        self._jobs.read("columns", lambda _connection: column_cache.write(path, state, kept), lambda _nothing: None)

    def keep_last_columns(self) -> None:
        """The same where the project has changed since, as it is left, unless it is small or not all of it is read."""
        if not self._unkept or self._pending or self.loaded.hidden_sources or self.index.n < column_cache.WORTH:
            return
        with closing(self.store.reader()) as reader, queries.snapshot(reader):
            if last_stamp(reader) == self.loaded.stamp:
                column_cache.write(self.store.path, column_cache.identity(reader, self.store.path), self._kept())

    def _kept(self) -> Kept:
        return Kept(self.loaded.columns, self.loaded.titles, self.loaded.uids, self.index.orders)

    def _adopt(self, fresh: Fresh, made: Mapping[str, object] = MappingProxyType({})) -> None:
        self._fresh, self.loaded, self.index = fresh, fresh.loaded, fresh.index
        self._made = made
        self.index.apply(self._state.view.filters)
        self._unkept = True

    def _reload(self, change: Change) -> None:
        self._pending.append(change)
        self.loading.emit(True)
        filters, before, changes, works = self._state.view.filters, self._fresh, tuple(self._pending), dict(self._works)

        def read(connection: sqlite3.Connection) -> tuple[Fresh, dict[str, object]]:
            fresh = reload(connection, filters.hidden_sources, before, changes)
            fresh.index.apply(filters)
            return fresh, {topic: work(fresh) for topic, work in works.items()}

        self._jobs.read("project data", read, partial(self._on_loaded, len(changes)), self._on_failed)

    def _on_loaded(self, count: int, read: tuple[Fresh, dict[str, object]]) -> None:
        """``count`` of the pending changes are in what was read."""
        self._adopt(*read)
        heard, self._pending = self._pending[:count], self._pending[count:]
        self.loading.emit(bool(self._pending))
        self.changed.emit(_together(heard))
        self._made = {}

    def _on_failed(self, error: Exception) -> None:
        """What is shown stays, and the filter says again what that is. The next change tries anew."""
        self.loading.emit(False)
        shown = self.loaded.hidden_sources
        if self._looked_through != shown:
            self._looked_through = shown
            self._pending = [change for change in self._pending if change.origin != LENS]
            filters = self._state.view.filters
            self._state.set(LENS, filters=replace(filters, hidden_sources=shown))
        self._jobs.failed.emit(error)

    def _on_stored(self, change: Change) -> None:
        self._reload(change)

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "filters" not in names:
            return
        self.index.apply(self._state.view.filters)
        if self._state.view.filters.hidden_sources != self._looked_through:
            self._looked_through = self._state.view.filters.hidden_sources
            self._reload(Change("Sources shown", {}, LENS))


def _together(changes: Sequence[Change]) -> Change:
    """One change for several that are seen at once."""
    if len(changes) == 1:
        return changes[0]
    tables = frozenset[str]().union(*(change.rows for change in changes))
    rows = {name: frozenset[int]().union(*(change.rows.get(name, ()) for change in changes)) for name in tables}
    last = changes[-1]
    return Change(last.label, rows, last.origin, last.stamp)
