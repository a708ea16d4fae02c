"""What tables show of all events beside the index, read on a thread when somebody first asks: the names that events
have several of, actors and tags, and what they count.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from db import queries
from db.search import fold
from viewer.core.data import ProjectData
from viewer.models.quantities import LAST, NO_COUNTS, Counts, counts_of

_TOLD_APART: Final = 3
"""Events are sorted by so many of their names."""
_MOST_NAMES: Final = 2_000_000
"""The third power of their number fits into an int64."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of each event that has any: ``ids`` of these events ascending, their names at ``offsets`` of ``keys``,
    which point into ``names``, both in alphabetical order. ``ranks`` sort the events as their names do.
    """

    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]
    keys: NDArray[np.int64]
    names: tuple[str, ...]
    ranks: NDArray[np.int64]

    def text(self, event_id: int) -> str:
        """The names of an event in one line."""
        at = int(np.searchsorted(self.ids, event_id))
        if at == len(self.ids) or self.ids[at] != event_id:
            return ""
        return ", ".join(self.names[key] for key in self.keys[self.offsets[at] : self.offsets[at + 1]].tolist())

    def with_word(self, word: str) -> NDArray[np.int64]:
        """Ids of the events that have a folded word in one of their names."""
        hits = np.array([word in fold(name) for name in self.names], bool)
        before: NDArray[np.int64] = np.zeros(len(self.keys) + 1, np.int64)
        np.cumsum(hits[self.keys], out=before[1:])
        return self.ids[before[self.offsets[1:]] > before[self.offsets[:-1]]]

    def without(self, events: NDArray[np.int64]) -> Names:
        """The same of all other events."""
        stay = ~np.isin(self.ids, events)
        counts = np.diff(self.offsets)
        offsets = np.concatenate(([0], np.cumsum(counts[stay])))
        return Names(self.ids[stay], offsets, self.keys[np.repeat(stay, counts)], self.names, self.ranks[stay])

    def ranks_of(self, events: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers that sort events (ids) by their names; those without any are ``LAST``."""
        at = np.minimum(np.searchsorted(self.ids, events), max(len(self.ids) - 1, 0))
        found = np.full(len(events), LAST, np.int64)
        if len(self.ids):
            known = self.ids[at] == events
            found[known] = self.ranks[at[known]]
        return found


NOTHING: Final = Names(np.empty(0, np.int64), np.zeros(1, np.int64), np.empty(0, np.int64), (), np.empty(0, np.int64))


def names_of(events: NDArray[np.int64], keys: NDArray[np.int64], names: list[str]) -> Names:
    """From pairs of an event's id and the place of one of its ``names``, in any order and some more than once."""
    if not len(events):
        return NOTHING
    order = sorted(range(len(names)), key=lambda at: (names[at].casefold(), names[at]))
    places: NDArray[np.int64] = np.empty(len(names), np.int64)
    places[order] = np.arange(len(names))
    keys = places[keys]
    by_event = np.lexsort((keys, events))
    events, keys = events[by_event], keys[by_event]
    new = np.append(True, (events[1:] != events[:-1]) | (keys[1:] != keys[:-1]))
    events, keys = events[new], keys[new]
    firsts = np.flatnonzero(np.append(True, events[1:] != events[:-1]))
    offsets = np.append(firsts, len(events)).astype(np.int64)
    counts = np.diff(offsets)
    ranks = np.zeros(len(firsts), np.int64)
    for at in range(_TOLD_APART if len(names) < _MOST_NAMES else 1):
        there = counts > at
        ranks *= len(names) + 1
        ranks[there] += keys[firsts[there] + at] + 1
    return Names(events[firsts], offsets, keys, tuple(names[at] for at in order), ranks)


def _read(connection: sqlite3.Connection, hidden: frozenset[int]) -> tuple[Names, Names, Counts]:
    with queries.snapshot(connection):
        rows = queries.actors(connection)
        events, actors = queries.event_actors(connection, hidden)
        tags, tagged, keys = queries.event_tags(connection)
        counts = counts_of(queries.event_quantities(connection, hidden))
    ids = np.array(sorted(row.id for row in rows), np.int64)
    names = {row.id: row.name for row in rows}
    known = np.isin(actors, ids)
    who = names_of(events[known], np.searchsorted(ids, actors[known]), [names[each] for each in ids.tolist()])
    return who, names_of(tagged, keys, tags), counts


class EventNames(QObject):
    """Keeps ``actors``, ``tags`` and ``counts`` of the events while they are ``want``ed; empty until they are read.

    After a change those of before stay until the new ones are there, but for actors and counts of events of which a
    source tells that has been hidden.

    Signals:
        changed(): others have come.
    """

    changed = Signal()

    def __init__(self, data: ProjectData, parent: QObject) -> None:
        super().__init__(parent)
        self._data = data
        self.actors, self.tags, self.counts = NOTHING, NOTHING, NO_COUNTS
        self._asked: object = None
        self._hidden: frozenset[int] = frozenset()  # of these sources actors and counts show nothing
        self._wanted = False

    def want(self, wanted: bool) -> None:
        """Whether somebody looks at them: read what is missing, and again after each change."""
        self._wanted = wanted
        self.refresh()

    def refresh(self) -> None:
        """Read them again where the data is another than when they were read."""
        if not self._wanted or self._asked is self._data.index:
            return
        index = self._asked = self._data.index
        hidden = self._data.loaded.hidden_ids
        self._leave_out(hidden)

        def keep(found: tuple[Names, Names, Counts]) -> None:
            if self._asked is index:
                self.actors, self.tags, self.counts = found
                self.changed.emit()

        self._data.ask("names of events", lambda connection: _read(connection, hidden), keep)

    def _leave_out(self, hidden: frozenset[int]) -> None:
        """Forget at once what may come of sources (ids) that are hidden now and were not before."""
        newly, whole = hidden - self._hidden, self._data.fresh.whole
        self._hidden = hidden
        if newly and whole is not None and (len(self.actors.ids) or len(self.counts.ids)):
            told, _vanishing = whole.index.told_by(newly)
            events = whole.loaded.columns.id[told]
            self.actors, self.counts = self.actors.without(events), self.counts.without(events)
            self.changed.emit()
