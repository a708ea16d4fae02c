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
from typing import Final, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal

from db import queries
from db.queries import DocumentRow, EventColumns, PlaceRow, SourceRow, Texts
from db.store import Change, Store, last_stamp
from db.values import OPEN_PAST, Ref, RefKind
from viewer.core import column_cache
from viewer.core.column_cache import Kept
from viewer.core.grouping import Grouping
from viewer.core.groups import Groups, by_kind, group
from viewer.core.index import EventIndex
from viewer.core.jobs import Jobs
from viewer.core.loaded import Loaded
from viewer.core.state import State

T = TypeVar("T")
LENS: Final = "lens"
"""Origin of a Change that is none of the file's: other sources are looked through."""
MOST_PATCHED: Final = 1_000
"""Where more events have changed, everything is read again."""
_OWN_TABLES: Final = frozenset({"event", "claim", "claim_actor", "claim_place", "decision", "quote"})
"""Tables whose changes touch no other events than those that the Change names, whatever is hidden."""
_COUNTED_TABLES: Final = frozenset({"source", "document", "quote", "claim", "place"})
"""Tables whose rows are, or are counted in, the rows of sources and places."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """Read and made ready for use."""

    loaded: Loaded
    index: EventIndex
    groups: Mapping[Grouping, Groups]  # by kind always, else what the lanes stood for


@queries.at_one_instant
def load(
    connection: sqlite3.Connection,
    hidden_sources: frozenset[str],
    kept: Kept | None = None,
    aside: Future[tuple[Texts, Texts] | None] | None = None,
) -> Loaded:
    """Read all that the views keep in memory; ``hidden_sources`` by uid. ``kept`` of this state spares most of it, and
    ``aside`` the titles and uids, without anything hidden.
    """
    if kept is not None and not hidden_sources:
        sources = {row.id: row for row in queries.sources(connection)}
        return _with_small_tables(
            connection, hidden_sources, frozenset(), sources, kept.columns, kept.titles, kept.uids
        )
    sources = {row.id: row for row in queries.sources(connection)}
    hidden = frozenset(row.id for row in sources.values() if row.uid in hidden_sources)
    rest = queries.without(connection, hidden)
    columns = queries.event_columns(connection, hidden, rest=rest)
    texts = aside.result() if aside is not None and not hidden else None
    if texts is None:
        texts = queries.event_titles(connection, None, hidden, rest), queries.event_uids(connection)
    return _with_small_tables(connection, hidden_sources, hidden, sources, columns, *texts)


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
    connection: sqlite3.Connection, hidden_sources: frozenset[str], before: Loaded, changes: Sequence[Change]
) -> Loaded:
    """The same as ``load``, in a fraction of its time where ``changes`` are all that has happened since ``before``."""
    ids = frozenset[int]().union(*(change.rows.get("event", frozenset()) for change in changes))
    tables = frozenset[str]().union(*(change.rows for change in changes))
    stamps = [change.stamp for change in changes]
    known = stamps == list(range(before.stamp + 1, last_stamp(connection) + 1))
    own = not hidden_sources or tables <= _OWN_TABLES
    if not known or not own or len(ids) > MOST_PATCHED or before.hidden_sources != hidden_sources:
        return load(connection, hidden_sources)
    sources = before.sources
    if tables & _COUNTED_TABLES:
        sources = {row.id: row for row in queries.sources(connection)}
    hidden = frozenset(row.id for row in sources.values() if row.uid in hidden_sources)
    rest = queries.without(connection, hidden, ids)
    new = queries.event_columns(connection, hidden, ids, rest)
    columns = queries.patched(connection, before.columns, ids, new, moved="place" in tables)
    titles = before.titles.replaced(queries.event_titles(connection, ids, hidden, rest), ids)
    uids = before.uids.replaced(queries.event_uids(connection, ids), ids)
    places = None if tables & _COUNTED_TABLES else _counted_again(before.places, columns)
    return _with_small_tables(connection, hidden_sources, hidden, sources, columns, titles, uids, places)


def _counted_again(places: Mapping[int, PlaceRow], columns: EventColumns) -> dict[int, PlaceRow]:
    """The places with the events that are displayed there now."""
    ids, counts = np.unique(columns.place, return_counts=True)
    events = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    return {
        key: row if row.events == events.get(key, 0) else replace(row, events=events.get(key, 0))
        for key, row in places.items()
    }


def _with_small_tables(
    connection: sqlite3.Connection,
    hidden_sources: frozenset[str],
    hidden: frozenset[int],
    sources: Mapping[int, SourceRow],
    columns: EventColumns,
    titles: Texts,
    uids: Texts,
    places: Mapping[int, PlaceRow] | None = None,
) -> Loaded:
    if places is None:
        places = {row.id: row for row in queries.places(connection, hidden, columns)}
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
        has_dates=bool(columns.dated.any() or (hidden and queries.event_columns(connection).dated.any())),
        hidden_sources=hidden_sources,
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
        return prepare(load(connection, frozenset(), kept), kept), None
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
    if newest < column_cache.WORTH:
        return prepare(load(connection, frozenset())), None
    with ThreadPoolExecutor(1) as pool:
        aside = pool.submit(_read_texts, connect, last_stamp(connection))
        fresh = prepare(load(connection, frozenset(), aside=aside))
    return fresh, state if fresh.index.n >= column_cache.WORTH else None


def prepare(loaded: Loaded, kept: Kept | None = None) -> Fresh:
    """What is made of the loaded rows for the views, on whichever thread has the time."""
    published = {
        row.id: OPEN_PAST if row.published_first is None else row.published_first for row in loaded.sources.values()
    }
    orders = (kept.by_best, kept.by_end) if kept is not None else None
    index = EventIndex(loaded.columns, {row.id: row.uid for row in loaded.kinds.values()}, published, orders)
    loaded.uids.prepare()
    index.prepare()
    return Fresh(loaded, index, {Grouping.KIND: by_kind(loaded, index)})


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

    def grouped(self, grouping: Grouping) -> Groups | None:
        """The events by a grouping; None where they have not been sorted so since the last change of the data."""
        return self._groups.get(grouping)

    def group(self, grouping: Grouping, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Sort the events by a grouping on a thread; when ``done``, ``grouped`` has them unless the data has changed.

        It is announced as long work: with a million events it takes about a second.
        """
        loaded, index = self.loaded, self.index

        def keep(found: Groups) -> None:
            if self.index is index:
                self._groups[grouping] = found
            done()

        self._jobs.read_long(
            f"Sorting the lanes by {grouping}",
            lambda connection, progress: group(connection, loaded, index, grouping, progress.report).prepared(index),
            keep,
            failed,
        )

    def ask(
        self,
        topic: str,
        question: Callable[[sqlite3.Connection], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """A question on a reader thread, latest wins per topic; without ``failed`` the user is told of a failure."""
        self._jobs.read(topic, question, done, failed)

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
        return Kept(self.loaded.columns, self.loaded.titles, self.loaded.uids, self.index.by_best, self.index.by_end)

    def _adopt(self, fresh: Fresh) -> None:
        self.loaded, self.index = fresh.loaded, fresh.index
        self._groups = dict(fresh.groups)
        self.index.apply(self._state.view.filters)
        self._unkept = True

    def _reload(self, change: Change) -> None:
        self._pending.append(change)
        self.loading.emit(True)
        hidden, before, changes = self._state.view.filters.hidden_sources, self.loaded, tuple(self._pending)
        grouping = self._state.view.lanes.grouping

        def read(connection: sqlite3.Connection) -> Fresh:
            fresh = prepare(reload(connection, hidden, before, changes))
            if grouping in fresh.groups:
                return fresh
            groups = group(connection, fresh.loaded, fresh.index, grouping)
            return replace(fresh, groups={**fresh.groups, grouping: groups})

        self._jobs.read("project data", read, partial(self._on_loaded, len(changes)), self._on_failed)

    def _on_loaded(self, count: int, fresh: Fresh) -> None:
        """``count`` of the pending changes are in what was read."""
        self._adopt(fresh)
        heard, self._pending = self._pending[:count], self._pending[count:]
        self.loading.emit(bool(self._pending))
        self.changed.emit(_together(heard))

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
            self._reload(Change("Sources shown", {"event": frozenset(self.loaded.uids)}, LENS))


def _together(changes: Sequence[Change]) -> Change:
    """One change for several that are seen at once."""
    if len(changes) == 1:
        return changes[0]
    tables = frozenset[str]().union(*(change.rows for change in changes))
    rows = {name: frozenset[int]().union(*(change.rows.get(name, ()) for change in changes)) for name in tables}
    last = changes[-1]
    return Change(last.label, rows, last.origin, last.stamp)
