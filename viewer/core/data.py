"""The open project as the views see it: the index over its events, its small tables, and the news of its changes.

Loads on reader threads and swaps in whole on the GUI thread, so that a view never sees half of a change. The views'
``_on_change`` hears ``ProjectData.changed`` after the swap, never the Store itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal

from db import queries
from db.queries import ActorRow, EventColumns, KindRow, PlaceRow, ProjectRow, SourceRow
from db.store import Change, Store
from db.values import OPEN_PAST, Ref, RefKind
from viewer.core.index import EventIndex
from viewer.core.jobs import Jobs
from viewer.core.state import State

T = TypeVar("T")
LENS: Final = "lens"
"""Origin of a Change that is none of the file's: other sources are looked through."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that a change of the data replaces at once."""

    project: ProjectRow
    columns: EventColumns
    titles: Mapping[int, str]
    uids: Mapping[int, str]  # event id -> uid
    kinds: Mapping[int, KindRow]
    sources: Mapping[int, SourceRow]
    places: Mapping[int, PlaceRow]
    actors: Mapping[int, ActorRow]
    total_events: int  # with and without a visible claim


@queries.at_one_instant
def load(connection: sqlite3.Connection, hidden_sources: frozenset[str]) -> Loaded:
    """Read all that the views keep in memory; ``hidden_sources`` by uid."""
    sources = {row.id: row for row in queries.sources(connection)}
    hidden = frozenset(row.id for row in sources.values() if row.uid in hidden_sources)
    columns = queries.event_columns(connection, hidden)
    uids = queries.event_uids(connection)
    return Loaded(
        project=queries.project(connection),
        columns=columns,
        titles=queries.event_titles(connection, None, hidden),
        uids=uids,
        kinds={row.id: row for row in queries.kinds(connection)},
        sources=sources,
        places={row.id: row for row in queries.places(connection, hidden)},
        actors={row.id: row for row in queries.actors(connection)},
        total_events=len(uids),
    )


class ProjectData(QObject):
    """What is known of the open project, always whole and in step with itself.

    Signals:
        changed(Change): the data behind the views is another; ``Change.rows`` tells tables and row ids.
        loading(bool): a reload is under way.
    """

    changed = Signal(object)
    loading = Signal(bool)
    _stored = Signal(object)

    def __init__(self, store: Store, state: State, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._state = state
        self._jobs = jobs
        self._pending: list[Change] = []
        self._looked_through = state.view.filters.hidden_sources
        reader = store.reader()
        try:
            self._adopt(load(reader, state.view.filters.hidden_sources))
        finally:
            reader.close()
        self._stored.connect(self._on_stored)
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
        return self._ids.get(ref.uid) if ref is not None and ref.kind is RefKind.EVENT else None

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
        """Rows of the selected events, in time order."""
        rows = (self.row(ref) for ref in self._state.view.selection)
        return sorted(row for row in rows if row is not None)

    @property
    def hidden_source_ids(self) -> frozenset[int]:
        hidden = self._state.view.filters.hidden_sources
        return frozenset(row.id for row in self.loaded.sources.values() if row.uid in hidden)

    def ask(self, topic: str, question: Callable[[sqlite3.Connection], T], done: Callable[[T], None]) -> None:
        """A question on a reader thread, latest wins per topic."""
        self._jobs.read(topic, question, done)

    # Loading

    def _adopt(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self._ids = {uid: event_id for event_id, uid in loaded.uids.items()}
        self.index = EventIndex(
            loaded.columns,
            {row.id: row.uid for row in loaded.kinds.values()},
            {
                row.id: OPEN_PAST if row.published_first is None else row.published_first
                for row in loaded.sources.values()
            },
        )
        self.index.apply(self._state.view.filters)

    def _reload(self, change: Change) -> None:
        self._pending.append(change)
        self.loading.emit(True)
        hidden = self._state.view.filters.hidden_sources
        self._jobs.read("project data", partial(load, hidden_sources=hidden), self._on_loaded)

    def _on_loaded(self, loaded: Loaded) -> None:
        self._adopt(loaded)
        pending, self._pending = self._pending, []
        self.loading.emit(False)
        for change in pending:
            self.changed.emit(change)

    def _on_stored(self, change: Change) -> None:
        self._reload(change)

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "filters" not in names:
            return
        self.index.apply(self._state.view.filters)
        if self._state.view.filters.hidden_sources != self._looked_through:
            self._looked_through = self._state.view.filters.hidden_sources
            self._reload(Change("Sources shown", {"event": frozenset(self.loaded.uids)}, LENS))
