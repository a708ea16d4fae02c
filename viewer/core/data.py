"""The open project as the views see it: the index over its events, its small tables, and the news of its changes.

Loads on reader threads and swaps in whole on the GUI thread, so that a view never sees half of a change. After an edit
only the events that it touched are read again. The views' ``_on_change`` hears ``ProjectData.changed`` after the swap,
never the Store itself.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from threading import Event
from types import MappingProxyType
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from db import queries
from db.errors import EnvironmentFault
from db.queries import DocumentRow, SourceRow
from db.store import Change, Store, last_stamp
from db.values import Ref, RefKind
from viewer.core import column_cache
from viewer.core.column_cache import Kept
from viewer.core.grouping import Grouping
from viewer.core.groups import Groups, group
from viewer.core.jobs import Jobs
from viewer.core.loading import LENS, Fresh, prepare, reload
from viewer.core.state import State

log = logging.getLogger(__name__)
T = TypeVar("T")
KEEP_AFTER_MS: Final = 2_000
PAUSE_S: Final = 0.001
"""While columns are kept, as column_cache.write has it."""
LONGEST_FRAME_S: Final = 0.2
"""So long a reading waits for the frame that shows what is known at once: both want the same processor."""


class ProjectData(QObject):
    """What is known of the open project, always whole and in step with itself.

    Signals:
        changed(Change): the data behind the views is another; ``Change.rows`` tells tables and row ids.
        loading(bool): a reload is under way.
    """

    changed = Signal(object)
    loading = Signal(bool)
    _stored = Signal(object)

    def __init__(
        self,
        store: Store,
        fresh: Fresh,
        state: State,
        jobs: Jobs,
        made: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """``fresh`` is what stands in the store, read with what ``state`` hides; ``made`` what views have had made of
        it, by topic.
        """
        super().__init__()
        self.store = store
        self._state = state
        self._jobs = jobs
        self._pending: list[Change] = []
        self._reading = False
        self._unseen: list[tuple[int, Callable[[], None]]] = []
        self._works: dict[str, tuple[Callable[[Fresh], object], Callable[[Fresh], object | None]]] = {}
        self._looked_through = state.view.filters.hidden_sources
        self._made = made
        self._fresh = fresh
        self._adopt(fresh)
        self._stored.connect(self._on_stored)
        self._unkept = False
        self._selected: tuple[object, object, list[int]] = (None, None, [])
        self._frame_shown = Event()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._on_frame_shown)
        self._unsubscribe = store.subscribe(self._stored.emit)
        state.changed.connect(self._on_state)

    def close(self) -> None:
        """Keep what is worth keeping. The file is the caller's to close."""
        self._unsubscribe()
        self._frame_shown.set()
        try:
            self._keep_last_columns()
        except (EnvironmentFault, OSError, sqlite3.Error) as error:  # the file may be gone, or its disk
            log.warning("The columns of %s are not kept: %s", self.store.path, error)

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
        return self._fresh.groups.get(grouping)

    def group(self, grouping: Grouping, done: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Sort the events by a grouping on a thread; when ``done``, ``grouped`` has them unless the data has changed.

        It is announced as long work: with a million events it takes about a second.
        """
        loaded, index = self.loaded, self.index

        def keep(found: Groups) -> None:
            if self.index is index:
                self._fresh = replace(self._fresh, groups={**self._fresh.groups, grouping: found})
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

    def when_seen(self, stamp: int, tell: Callable[[], None]) -> None:
        """Call back, one after the other, when the views show a change that is on disk, by its number: at once where
        they do, or where it cannot be read.
        """
        self._unseen.append((stamp, tell))
        self._tell_seen()

    def beforehand(
        self, topic: str, work: Callable[[Fresh], object], at_hand: Callable[[Fresh], object | None]
    ) -> None:
        """Have what a view makes of the data made on the thread that reads, before it is in force.

        ``work`` must not touch widgets. What it made is ``made`` while ``changed`` is heard. ``at_hand`` gives what was
        made before of the same data, None where that is gone.
        """
        self._works[topic] = work, at_hand

    @property
    def fresh(self) -> Fresh:
        """What is in force, as it was read."""
        return self._fresh

    def made(self, topic: str) -> object:
        """What the work of a topic made of the data now in force; None where it made nothing or the views have it."""
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

    def let_go_of_made(self) -> None:
        """The views have what was made for them."""
        self._made = {}

    # Loading

    def keep_columns(self, state: str) -> None:
        """Keep what has been read of a state of the file for the next opening, on a thread: soon, when there is nothing
        better to do than while a window is built, or else when the project is left.
        """
        self._unkept = True
        soon = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        soon.timeout.connect(partial(self._keep_now, state, self._whole))
        soon.start()

    def _keep_now(self, state: str, read: Fresh) -> None:
        if self._whole is not read:
            return  # the file has gone on since
        kept, path = _kept(read), self.store.path
        self._unkept = False
        write = partial(column_cache.write, path, state, kept, PAUSE_S)
        self._jobs.read("columns", lambda _connection: write(), lambda _nothing: None)

    def _keep_last_columns(self) -> None:
        """The same where that is not done yet, as the project is left, unless it is small or not all of it is read."""
        whole = self._whole
        if not self._unkept or self._pending or whole.index.n < column_cache.WORTH:
            return
        with closing(self.store.reader()) as reader, queries.snapshot(reader):
            if last_stamp(reader) == whole.loaded.stamp:
                column_cache.write(self.store.path, column_cache.identity(reader, self.store.path), _kept(whole))

    @property
    def _whole(self) -> Fresh:
        """What is in force, with nothing hidden."""
        return self._fresh.whole or self._fresh

    def _adopt(self, fresh: Fresh) -> None:
        self._fresh, self.loaded, self.index = fresh, fresh.loaded, fresh.index
        self.index.apply(self._state.view.filters)

    def _swap(self, fresh: Fresh, made: Mapping[str, object], change: Change) -> None:
        self._jobs.let_go(self._fresh)
        self._made, whole = made, self._whole
        self._adopt(fresh)
        self._unkept |= self._whole is not whole
        self.changed.emit(change)
        self.let_go_of_made()

    def _reload(self, change: Change) -> None:
        self._pending.append(change)
        self._reading = True
        self.loading.emit(True)
        view, before, changes, works = self._state.view, self._fresh, tuple(self._pending), dict(self._works)
        filters, grouping = view.filters, view.lanes.grouping
        shown = Event()
        self._frame_shown.set()  # one that waited is not wanted any more
        self._frame_shown = shown
        self._soon.start()

        def read(connection: sqlite3.Connection) -> tuple[Fresh, dict[str, object]]:
            shown.wait(LONGEST_FRAME_S)
            fresh = reload(connection, filters.hidden_sources, before, changes)
            if fresh is before:  # its index is in use on the GUI thread
                fresh = replace(prepare(fresh.loaded, fresh.index.orders), whole=fresh.whole)
            fresh.index.apply(filters)
            groups = fresh.groups.get(grouping) or group(connection, fresh.loaded, fresh.index, grouping)
            fresh = replace(fresh, groups={**fresh.groups, grouping: groups.prepared(fresh.index)})
            return fresh, {topic: work(fresh) for topic, (work, _at_hand) in works.items()}

        self._jobs.read("project data", read, partial(self._on_loaded, len(changes)), self._on_failed)

    def _on_loaded(self, count: int, read: tuple[Fresh, dict[str, object]]) -> None:
        """``count`` of the pending changes are in what was read."""
        heard, self._pending = self._pending[:count], self._pending[count:]
        self._reading = bool(self._pending)
        self.loading.emit(self._reading)
        self._swap(*read, _together(heard))
        self._tell_seen()

    def _tell_seen(self) -> None:
        while self._unseen and (not self._reading or self._unseen[0][0] <= self.loaded.stamp):
            _stamp, tell = self._unseen.pop(0)
            tell()

    def _on_failed(self, error: Exception) -> None:
        """What is shown stays, and the filter says again what that is. The next change tries anew."""
        self._reading = False
        self.loading.emit(False)
        shown = self.loaded.hidden_sources
        if self._looked_through != shown:
            self._looked_through = shown
            self._pending = [change for change in self._pending if change.origin != LENS]
            filters = self._state.view.filters
            self._state.set(LENS, filters=replace(filters, hidden_sources=shown))
        self._jobs.failed.emit(error)
        self._tell_seen()

    def _on_frame_shown(self) -> None:
        self._frame_shown.set()

    def _on_stored(self, change: Change) -> None:
        self._reload(change)

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "filters" not in names:
            return
        filters = self._state.view.filters
        if filters.hidden_sources == self._looked_through:
            self.index.apply(filters)
            return
        self._looked_through = filters.hidden_sources
        change = Change("Sources shown", {}, LENS)
        whole, made = self._whole_at_hand()
        if whole is not None:
            self._swap(whole, made, change)
        else:
            self.index.apply(filters)
            self._reload(change)

    def _whole_at_hand(self) -> tuple[Fresh | None, dict[str, object]]:
        """What was in force before sources were hidden, where nothing needs to be read or made for it."""
        whole, view = self._fresh.whole, self._state.view
        if whole is None or view.filters.hidden_sources or self._pending or view.lanes.grouping not in whole.groups:
            return None, {}
        made = {topic: at_hand(whole) for topic, (_work, at_hand) in self._works.items()}
        return (None, {}) if None in made.values() else (whole, made)


def _kept(fresh: Fresh) -> Kept:
    loaded = fresh.loaded
    at_places = {row.id: row.claims for row in loaded.places.values() if row.claims}
    of_sources = {row.id: (row.claims, row.events) for row in loaded.sources.values()}
    return Kept(loaded.columns, loaded.titles, loaded.uids, fresh.index.orders, at_places, of_sources)


def _together(changes: Sequence[Change]) -> Change:
    """One change for several that are seen at once."""
    if len(changes) == 1:
        return changes[0]
    tables = frozenset[str]().union(*(change.rows for change in changes))
    rows = {name: frozenset[int]().union(*(change.rows.get(name, ()) for change in changes)) for name in tables}
    last = changes[-1]
    return Change(last.label, rows, last.origin, last.stamp)
