"""Reads a project that is opened: from what is kept of it, or from the file, with somebody looking on where that takes
its time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db import queries
from db.queries import EventColumns, PlaceRow, ProjectRow, SourceRow, Texts
from db.store import last_stamp
from viewer.core import column_cache
from viewer.core.column_cache import Kept
from viewer.core.grouping import Grouping
from viewer.core.groups import by_kind
from viewer.core.jobs import Cancelled
from viewer.core.loading import Fresh, indexed, load, prepare, with_small_tables
from viewer.core.priority import make_way

STEPS_PER_EVENT: Final = 168
"""Instructions of SQLite's machine for an event with one claim, as counted: for the bar, which others reach early."""
STEPS: Final = 1_000_000
"""So many of them are between two questions whether to go on, some milliseconds."""
NEARLY: Final = 0.99
"""What is read is still to be made ready."""
MOST_BESIDE: Final = 3
"""Further connections that read at the same time, where there are as many processors; there are no more questions."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of a large project while its events are still being read: how many there are, and longitudes and
    latitudes of some places. ``nothing`` are the columns of no event.
    """

    project: ProjectRow
    events: int
    places: tuple[NDArray[np.float64], NDArray[np.float64]]
    nothing: EventColumns


Works = Mapping[str, Callable[[Fresh], object]]
"""What views make of a project that is opened, by topic; see ProjectData.beforehand."""
Watch = Callable[[Ahead], Callable[[float], bool]]
"""Hears what is known ahead; what it returns is called with the share that is read, and answers whether to go on."""


def unwatched(_ahead: Ahead) -> Callable[[float], bool]:
    """Nobody looks on."""
    return lambda _share: True


class _Reading:
    """How far a reading is, and whether it is to go on; asked by SQLite on the threads on which it works."""

    def __init__(self, events: int, report: Callable[[float], bool]) -> None:
        self._steps, self._all, self._report = 0, max(events, 1) * STEPS_PER_EVENT, report
        self._stopped, self._lock = False, Lock()

    def follow(self, connection: sqlite3.Connection) -> None:
        """Be asked while a connection works."""
        connection.set_progress_handler(self._step, STEPS)

    def _step(self) -> bool:
        with self._lock:  # what is reported only grows
            self._steps += STEPS
            self._stopped = self._stopped or not self._report(min(self._steps / self._all, NEARLY))
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


@queries.at_one_instant
def load_first(
    connection: sqlite3.Connection,
    path: Path,
    connect: Callable[[], sqlite3.Connection],
    watch: Watch = unwatched,
) -> tuple[Fresh, str | None]:
    """Read the project at ``path`` and make it ready, from what is kept of it where that serves.

    Also tells which state of it ought to be kept now, if any. ``connect`` gives further connections: a large project is
    read on several at the same time. Where that takes its time ``watch`` looks on; raises Cancelled when it will not
    have it go on.
    """
    state = column_cache.identity(connection, path)
    kept = column_cache.read(path, state)
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
    if kept is None and newest < column_cache.WORTH:
        return prepare(load(connection)), None
    count = _beside() if kept is None else 1  # of what is kept only the places are still to be read
    with queries.together(connection, connect, count, last_stamp) as others:
        if kept is not None:
            return _from_kept(connection, kept, others), None
        (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
        nobody = queries.event_columns(connection, ids=())
        project = queries.project(connection)
        reading = _Reading(events, watch(Ahead(project, events, queries.some_positions(connection), nobody)))
        with reading.stopping():
            for each in (connection, *others.connections):
                reading.follow(each)
            with ThreadPoolExecutor(1, "reading", make_way) as pool:  # on Linux all threads that it starts are as nice
                fresh = pool.submit(_read, connection, others).result()
    return fresh, state if fresh.index.n >= column_cache.WORTH else None


def _beside() -> int:
    return min(max((os.cpu_count() or 1) - 1, 1), MOST_BESIDE)


def _from_kept(connection: sqlite3.Connection, kept: Kept, others: queries.Others) -> Fresh:
    places = others.ask(lambda beside: _places(beside, kept.columns, kept))
    sources = {row.id: row for row in queries.sources(connection, kept.of_sources)}
    kinds = {row.id: row for row in queries.kinds(connection)}
    index = indexed(kept.columns, kinds, sources, kept.orders)
    loaded = with_small_tables(connection, sources, kept.columns, kept.titles, kept.uids, places.result())
    return Fresh(loaded, index, {Grouping.KIND: by_kind(loaded, index)})


def _read(connection: sqlite3.Connection, others: queries.Others) -> Fresh:
    dates, rows = others.ask(queries.event_dates), others.ask(_sources)
    uids, titles = others.ask(_uids), others.ask(queries.event_titles)
    columns = queries.event_columns(connection, dates=dates)
    places = others.ask(lambda beside: _places(beside, columns))
    kinds = {row.id: row for row in queries.kinds(connection)}
    sources = rows.result()
    index = indexed(columns, kinds, sources)
    loaded = with_small_tables(connection, sources, columns, titles.result(), uids.result(), places.result())
    return Fresh(loaded, index, {Grouping.KIND: by_kind(loaded, index)})


def _uids(connection: sqlite3.Connection) -> Texts:
    uids = queries.event_uids(connection)
    uids.prepare()
    return uids


def _sources(connection: sqlite3.Connection) -> dict[int, SourceRow]:
    return {row.id: row for row in queries.sources(connection)}


def _places(connection: sqlite3.Connection, columns: EventColumns, kept: Kept | None = None) -> dict[int, PlaceRow]:
    claims = None if kept is None else kept.at_places
    return {row.id: row for row in queries.places(connection, shown=columns, claims=claims)}
