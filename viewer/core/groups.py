"""What lanes can stand for: the events of an index by kind, actor, source, place, status, tag or attribution. No Qt.

An event stands in the group of each of its actors, sources and tags, and of each who said it, so that no lane leaves
out what belongs to it; events without any are a group of their own. Where there are very many groups the largest are
kept and the others are one. What hidden sources alone tell of makes no group: the columns leave it out, and actors are
asked for without it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db import queries
from db.queries import STATUS_CODES, PlaceRow
from db.queries.lookup import find_all
from viewer.core.countries import country_name
from viewer.core.grouping import Grouping
from viewer.core.index import EventIndex
from viewer.core.loaded import Loaded
from viewer.core.parts import Parts

MOST_GROUPS: Final = 40
OTHERS: Final = "~others"
NONE: Final = "~none"
"""Keys of the groups that stand last: all beyond MOST_GROUPS, and what has no actor (source ...) at all."""
_SPECIAL: Final = (OTHERS, NONE)
_NONE_NAMES: Final = {
    Grouping.KIND: "No kind",
    Grouping.ACTOR: "No actor",
    Grouping.SOURCE: "No source",
    Grouping.PLACE: "No place",
    Grouping.STATUS: "No status",
    Grouping.TAG: "No tag",
    Grouping.ATTRIBUTION: "Nobody named",
}
_COVERED: Final = 0.5
"""Provinces or countries stand for places only where they are given for this share of the placed events."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a group is known by. ``key`` is the same in every copy of a project: a uid, a status, a tag.

    ``id`` is the row's in its table, 0 where it is none; ``name`` is empty where the interface has words of its own:
    for sources and statuses.
    """

    key: str
    name: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """One group; ``part`` is its place in ``Groups.parts``, None where no event is in it."""

    label: Label
    part: int | None
    total: int  # events, shown or not

    @property
    def key(self) -> str:
        return self.label.key


@dataclass(frozen=True, slots=True)
class Groups:
    """The events by one Grouping; ``groups`` in the order that nobody has changed."""

    grouping: Grouping
    groups: tuple[Group, ...]
    parts: Parts

    def keys(self) -> list[str]:
        return [group.key for group in self.groups]

    def prepared(self, index: EventIndex) -> Groups:
        """Itself, with what the lanes ask for first worked out for what is shown now."""
        self.parts.look_at(index.shown)
        return self

    def arranged(self, order: Sequence[str]) -> list[Group]:
        """The groups in an ``order`` of keys; those it does not name follow, and the special ones stand last."""
        places = {key: at for at, key in enumerate(order)}
        special = {key: len(places) + at for at, key in enumerate(_SPECIAL, 1)}
        return sorted(self.groups, key=lambda each: special.get(each.key, places.get(each.key, len(places))))


def is_special(key: str) -> bool:
    """Whether a group cannot be moved: all others, or what has none."""
    return key in _SPECIAL


def by_kind(loaded: Loaded, index: EventIndex) -> Groups:
    """A group for each kind of the project in its order, those without any event below the others, and one for the
    events without a kind.
    """
    parts, totals = index.kind_parts(), index.by_kind.totals.tolist()
    rows = sorted(loaded.kinds.values(), key=lambda row: (row.position, row.id))
    found = [
        Group(Label(row.uid, row.name, row.id), parts.get(row.id), totals[parts[row.id]] if row.id in parts else 0)
        for row in rows
    ]
    found.sort(key=lambda each: not each.total)
    lost = [part for kind, part in parts.items() if kind not in loaded.kinds]  # only 0: a kind in use is never deleted
    if lost:
        found.append(Group(Label(NONE, _NONE_NAMES[Grouping.KIND]), lost[0], totals[lost[0]]))
    return Groups(Grouping.KIND, tuple(found), index.by_kind)


def group(
    connection: sqlite3.Connection,
    loaded: Loaded,
    index: EventIndex,
    grouping: Grouping,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> Groups:
    """Sort the events of an index, on whichever thread has the time; ``report`` is told how far it is (0 to 3)."""
    report(0, 3)
    if grouping is Grouping.KIND:
        return by_kind(loaded, index)
    rows, raw, labels = _QUESTIONS[grouping](connection, loaded, index)
    report(1, 3)
    return _folded(grouping, index, rows, raw, labels, report)


Pairs = tuple[NDArray[np.intp], NDArray[np.int64], list[Label]]
"""Rows of the index (-1: none of them), which of the labels each has, and the labels in their order."""


def _actors(connection: sqlite3.Connection, loaded: Loaded, index: EventIndex) -> Pairs:
    events, actors = queries.event_actors(connection, loaded.hidden_ids)
    labels = [Label(row.uid, row.name, row.id) for row in loaded.actors.values()]
    return index.rows_of(events), _places_of(actors, [label.id for label in labels]), labels


def _sources(_connection: sqlite3.Connection, loaded: Loaded, index: EventIndex) -> Pairs:
    columns = index.columns
    rows = np.repeat(np.arange(index.n), np.diff(columns.source_offsets))
    labels = [Label(row.uid, "", row.id) for row in loaded.sources.values()]
    return rows, _places_of(columns.source_ids, [label.id for label in labels]), labels


def _places(_connection: sqlite3.Connection, loaded: Loaded, index: EventIndex) -> Pairs:
    ids, at = np.unique(index.columns.place, return_inverse=True)
    found = _grouped_places(dict(zip(ids.tolist(), np.bincount(at.ravel()).tolist(), strict=True)), loaded.places)
    labels = list(dict.fromkeys(found.values()))
    numbers = {label: number for number, label in enumerate(labels)}
    table = np.array([numbers[found[place]] if place in found else -1 for place in ids.tolist()], np.int64)
    return np.arange(index.n), table[at.ravel()], labels


def _statuses(_connection: sqlite3.Connection, _loaded: Loaded, index: EventIndex) -> Pairs:
    labels = [Label(str(status)) for status in STATUS_CODES]
    return np.arange(index.n), index.columns.status.astype(np.int64), labels


def _tags(connection: sqlite3.Connection, _loaded: Loaded, index: EventIndex) -> Pairs:
    names, events, tags = queries.event_tags(connection)
    return index.rows_of(events), tags, [Label(f"#{name}", name) for name in names]


def _attributions(connection: sqlite3.Connection, loaded: Loaded, index: EventIndex) -> Pairs:
    names, events, said = queries.event_attributions(connection, loaded.hidden_ids)
    return index.rows_of(events), said, [Label(f"@{name}", name) for name in names]


_QUESTIONS: Final[Mapping[Grouping, Callable[[sqlite3.Connection, Loaded, EventIndex], Pairs]]] = {
    Grouping.ACTOR: _actors,
    Grouping.SOURCE: _sources,
    Grouping.PLACE: _places,
    Grouping.STATUS: _statuses,
    Grouping.TAG: _tags,
    Grouping.ATTRIBUTION: _attributions,
}
_KEEP_ORDER: Final = frozenset({Grouping.SOURCE, Grouping.STATUS})
"""What has an order of its own in the project; all else stands by the number of events."""


def _places_of(ids: NDArray[np.int64], known: Collection[int]) -> NDArray[np.int64]:
    """Where in ``known`` each of some ids stands, -1 where it does not."""
    return find_all(np.fromiter(known, np.int64, len(known)), ids)


def _grouped_places(events: Mapping[int, int], places: Mapping[int, PlaceRow]) -> dict[int, Label]:
    """A label for each place with ``events``: itself where there are few; else its province or its country.

    Those are taken where they are known of enough events, the finer one if that makes few enough groups; a place of
    which they are not known stands for itself.
    """
    rows = [places[place] for place in events if place in places]
    best = {row.id: Label(row.uid, row.name, row.id) for row in rows}
    wanted = _COVERED * sum(events[row.id] for row in rows)
    for coarser in (_province, _country):
        if len(set(best.values())) <= MOST_GROUPS:
            break
        labels = {row.id: label for row in rows if (label := coarser(row)) is not None}
        if sum(events[place] for place in labels) >= wanted:
            best |= labels
    return best


def _province(row: PlaceRow) -> Label | None:
    return Label(f"{row.country or ''}/{row.admin1}", str(row.admin1)) if row.admin1 else None


def _country(row: PlaceRow) -> Label | None:
    code = str(row.country or "")
    return Label(code, country_name(code) or code) if code else None


def _folded(
    grouping: Grouping,
    index: EventIndex,
    rows: NDArray[np.intp],
    raw: NDArray[np.int64],
    labels: Sequence[Label],
    report: Callable[[int, int], None],
) -> Groups:
    """The largest groups, the others as one, and the events that are in none."""
    known = (rows >= 0) & (raw >= 0)
    rows, raw = rows[known], raw[known]
    pairs = _distinct(rows * len(labels) + raw)
    rows, raw = pairs // max(len(labels), 1), pairs % max(len(labels), 1)
    totals = np.bincount(raw, minlength=len(labels)).tolist()
    report(2, 3)
    largest = sorted((at for at, total in enumerate(totals) if total), key=lambda at: _by_size(totals[at], labels[at]))
    kept = largest[:MOST_GROUPS] if len(largest) > MOST_GROUPS + 1 else largest
    if grouping in _KEEP_ORDER:
        kept = sorted(kept)
    found = [labels[at] for at in kept]
    numbers = np.full(max(len(labels), 1), len(kept), np.int64)
    numbers[kept] = np.arange(len(kept))
    if len(kept) < len(largest):
        found.append(Label(OTHERS, f"All others ({len(largest) - len(kept):,})"))
    alone = np.flatnonzero(np.bincount(rows, minlength=index.n) == 0)
    if len(alone):
        rows = np.concatenate((rows, alone))
        part = np.concatenate((numbers[raw], np.full(len(alone), len(found), np.int64)))
        found.append(Label(NONE, _NONE_NAMES[grouping]))
    else:
        part = numbers[raw]
    parts = _parts(index, len(found), rows, part)
    sizes = parts.totals.tolist()
    return Groups(grouping, tuple(Group(label, at, sizes[at]) for at, label in enumerate(found)), parts)


def _by_size(total: int, label: Label) -> tuple[int, str, str]:
    return -total, label.name.casefold(), label.key


def _distinct(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers from 0 up, ascending and each once. np.unique would keep the GUI thread waiting for 0.1 s."""
    keys = np.sort(keys)
    return keys[np.diff(keys, prepend=-1) > 0]


def _parts(index: EventIndex, count: int, rows: NDArray[np.intp], part: NDArray[np.int64]) -> Parts:
    """Parts from pairs of row and part, in which a row may be in several of the others, which are one."""
    keys = _distinct(rows * max(count, 1) + part)
    rows, values = keys // max(count, 1), (keys % max(count, 1)).astype(np.int32)
    if len(rows) == index.n:
        return Parts(index.columns, index.by_best, count, values)
    offsets = np.zeros(index.n + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=index.n), out=offsets[1:])
    return Parts(index.columns, index.by_best, count, values, offsets)
