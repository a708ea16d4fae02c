"""The displayed events as other programs get them: frozen rows, read piece by piece, so that any number fits in memory.

What is read is what is displayed without ``hidden_sources``: neither values, nor order, nor numbers tell of them. A
source that is protected is not named (``PROTECTED``), and who said it is left out in its claims and in those that are
protected themselves. Characters that no file can hold, NUL and halves of surrogate pairs, become U+FFFD.
"""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from db import queries
from db.actors import decided_actors
from db.coerce import number_or_none, text_of, text_or_none
from db.displayed import displayed_events, span_of, status_of
from db.exporters.areas import Area, area_of
from db.exporters.claims import Claimed, Spot, Told, claims_of
from db.exporters.dates import bounds
from db.exporters.row_ids import RowIds
from db.faults import as_fault
from db.geometry import marker_point
from db.queries import KindRow, QuantityRow, snapshot
from db.values import OPEN_PAST, Stance, Status, TimeSpan

CHUNK: Final = 2_000
"""Events read at a time: between two pieces a step of the user can be written."""
PROTECTED: Final = "Protected source"
COUNTED: Final = ("quantity_what", "quantity", "quantity_low", "quantity_high", "quantity_unit")
"""What ``Exported.counted`` is called in files."""
_PLACES_KEPT: Final = 50_000
_SHAPES_KEPT: Final = 64 << 20
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")

_IDS: Final = (
    "SELECT id FROM event WHERE claim_count > 0 "
    f"ORDER BY CASE typeof(earliest) WHEN 'integer' THEN earliest ELSE {OPEN_PAST} END, id"
)
_EVENTS: Final = (
    "SELECT id, uid, kind_id, tags, note, title, summary, status, edtf, earliest, latest_start, earliest_end, latest, "
    "precision, time_shape, grade, place_id, claim_count, disagrees FROM event WHERE claim_count > 0 AND id IN "
)
# A stance that is none counts as support, as everywhere (db.displayed.stance_of).
_SUPPORTS: Final = f"c.stance NOT IN ('{Stance.DISPUTES}', '{Stance.MENTIONS}')"
_ACTORS: Final = (
    "SELECT c.event_id, c.source_id, a.id FROM claim AS c JOIN claim_actor AS ca ON ca.claim_id = c.id "
    f"JOIN actor AS a ON a.id = ca.actor_id WHERE c.event_id IN ({{}}) AND {_SUPPORTS} ORDER BY c.id, ca.id"
)
_SAID: Final = (
    "SELECT c.event_id, c.source_id, c.attributed_to FROM claim AS c "
    f"WHERE c.event_id IN ({{}}) AND c.attributed_to IS NOT NULL AND c.protected = 0 AND {_SUPPORTS} ORDER BY c.id"
)

Report = Callable[[int, int], None]
"""Told how many of how many events are done; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One event. Texts are as displayed; None and empty tuples where there is nothing to say.

    ``start`` and ``end``: earliest start and latest end, ms, inclusive, None for an open end and when undated.
    ``lon``, ``lat`` in degrees (WGS 84), inside an area, whose shape is ``area``; ``radius_m`` 0 is exact, None without
    a place. ``sources`` are the visible ones, ``Publisher: Title``, in the project's order.
    ``actors`` and ``attributed_to`` (who said it)
    are those of visible supporting claims, each once, in the order of the claims; nobody protected is among them. Of
    the actors those are left out that the analyst has taken away, and those follow that were added. ``quantity``
    is what the visible claims count, taken together (queries/quantities.py). ``claimed`` are the visible claims.
    ``row_ids`` are those of the rows of tables that visible claims rest on, of sources that are not protected.
    """

    uid: str
    title: str
    summary: str | None
    kind_id: int | None
    kind: str | None
    status: str
    when: TimeSpan | None
    start: int | None
    end: int | None
    grade: str | None
    place: str | None
    lon: float | None
    lat: float | None
    radius_m: float | None
    area: Area | None
    actors: tuple[str, ...]
    sources: tuple[str, ...]
    attributed_to: tuple[str, ...]
    claims: int
    disagrees: bool
    tags: tuple[str, ...]
    note: str | None
    quantity: QuantityRow | None = None
    claimed: tuple[Claimed, ...] = ()
    row_ids: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[str | None, float | None, float | None, float | None, str | None]:
        """What is counted, the number that claims agree on, its lowest and highest, and the unit."""
        found = self.quantity
        if found is None:
            return None, None, None, None, None
        return _fit(found.what), found.value, found.low, found.high, _fit(found.unit)

    @property
    def edtf(self) -> str | None:
        return None if self.when is None else fit(self.when.edtf)

    @property
    def precision(self) -> str | None:
        """second, minute, hour, day, month, season, year, decade or century."""
        return None if self.when is None else self.when.precision.name.lower()

    @property
    def shape(self) -> str | None:
        """moment: at some time within start and end; lasting: all through."""
        return None if self.when is None else self.when.shape.value


@dataclass(frozen=True, slots=True)
class About:
    """What a file says beside its events. ``kinds`` are those of the project, in order."""

    title: str
    kinds: tuple[KindRow, ...]


class ProjectChanged(Exception):
    """The project became another while it was read: what was read so far does not belong to the rest."""


def fit(text: str) -> str:
    """The text without what no file can hold."""
    return _UNFIT.sub("\ufffd", text)


class EventReader:
    """Reads one project through an ordinary connection. Every error of reading is an EnvironmentFault."""

    def __init__(
        self,
        con: sqlite3.Connection,
        ids: Sequence[int] | None,
        hidden_sources: frozenset[int],
    ) -> None:
        """``ids``: these displayed events in this order; None is all by time, undated ones first."""
        self._con, self._hidden = con, hidden_sources
        self.path = Path(con.execute("PRAGMA database_list").fetchone()[2])
        self._places: dict[int, Spot] = {}
        self._weight = 0
        with self._reading():
            self._version = self._data_version()
            self.about = About(fit(queries.project(con).title), tuple(queries.kinds(con)))
            self._kinds = {row.id: fit(row.name) for row in self.about.kinds}
            self._sources, self._order, self._protected = self._source_names()
            self._ids = self._all() if ids is None else ids
            self._row_ids = RowIds(con)
        self.total = len(self._ids)

    def events(self, report: Report) -> Iterator[Exported]:
        """The events, told of after each piece. Raises ProjectChanged once the file is not as it was at first."""
        report(0, self.total)
        try:  # not at one instant: meanwhile the user's steps can be written, and what is kept does not change
            self._row_ids.read(self.total, lambda: report(0, self.total))
        except sqlite3.Error as error:
            raise as_fault(error, self.path) from error
        for at in range(0, self.total, CHUNK):
            with self._reading():
                if self._data_version() != self._version:
                    raise ProjectChanged
                piece = self._read([int(each) for each in self._ids[at : at + CHUNK]])
            yield from piece
            report(min(at + CHUNK, self.total), self.total)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What is read within is of one instant."""
        try:
            with snapshot(self._con):
                yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise as_fault(error, self.path) from error

    def _data_version(self) -> int:
        """Another number once another connection, or another program, has written to the file."""
        return int(self._con.execute("PRAGMA data_version").fetchone()[0])

    def _all(self) -> Sequence[int]:
        if self._hidden:  # the stored order is that of all sources
            return queries.event_columns(self._con, self._hidden).id.tolist()  # type: ignore[no-any-return]
        return array("q", (row[0] for row in self._con.execute(_IDS)))

    def _source_names(self) -> tuple[dict[int, Told], dict[int, int], frozenset[int]]:
        """By id, what they are called and their place in the project's order; and which of them are protected."""
        names, order, protected = {}, {}, set()
        for place, row in enumerate(queries.sources(self._con)):
            order[row.id] = place
            if row.protected:
                protected.add(row.id)
                names[row.id] = Told(PROTECTED)
            else:
                name = f"{row.publisher}: {row.title}" if row.publisher else row.title
                names[row.id] = Told(fit(name), _fit(row.publisher), _fit(row.published))
        return names, order, frozenset(protected)

    def _read(self, ids: list[int]) -> list[Exported]:
        marks = ",".join(map(str, ids))
        rows = {row[0]: row for row in self._con.execute(f"{_EVENTS}({marks})").fetchall()}
        sources: dict[int, set[int]] = defaultdict(set)
        affected = []
        pairs = f"SELECT DISTINCT event_id, source_id FROM claim WHERE event_id IN ({marks}) AND source_id IS NOT NULL"
        for event_id, source_id in self._con.execute(pairs).fetchall():
            if source_id in self._hidden:
                affected.append(event_id)
            else:
                sources[event_id].add(source_id)
        again = displayed_events(self._con, affected, self._hidden) if affected else {}
        told = set(affected)
        found: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []
        for event_id in ids:
            row = rows.get(event_id)
            if row is None or (event_id in told and event_id not in again):
                continue  # gone, or no other source speaks of it
            if event_id in told:
                shown = again[event_id]
                values = (shown.title, shown.summary, shown.status.value, shown.when, shown.grade.code or None,
                          shown.place_id, shown.claim_count, shown.disagrees)  # fmt: skip
            else:
                values = (text_of(row[5]), text_or_none(row[6]), status_of(row[7]).value, span_of(*row[8:15]),
                          text_or_none(row[15]), row[16], row[17], row[18])  # fmt: skip
            found.append((row, values))
        actors = self._actors(ids, marks)
        said = self._names(_SAID.format(marks), self._hidden | self._protected)
        row_ids = self._row_ids.of(marks, self._hidden | self._protected)
        counts = queries.event_quantities(self._con, self._hidden, ids)
        at = {row[0]: values[5] for row, values in found}
        claims = claims_of(self._con, at, self._sources, self._hidden, self._protected, self._know_places)
        return [
            self._event(
                row,
                values,
                sources[row[0]],
                actors.get(row[0], ()),
                said.get(row[0], ()),
                counts.of(row[0]),
                claims.get(row[0], ()),
                row_ids.get(row[0], ()),
            )
            for row, values in found
        ]

    def _actors(self, ids: Sequence[int], marks: str) -> dict[int, list[str]]:
        """The names of the actors by event."""
        found: dict[int, dict[int, None]] = defaultdict(dict)
        for event_id, source_id, actor_id in self._con.execute(_ACTORS.format(marks)).fetchall():
            if source_id not in self._hidden:
                found[event_id][actor_id] = None
        for event_id, decided in decided_actors(self._con, self._hidden, ids).items():
            found[event_id] = decided.applied(found[event_id])
        wanted = ",".join(str(each) for each in {actor for each in found.values() for actor in each})
        names = dict(self._con.execute(f"SELECT id, name FROM actor WHERE id IN ({wanted})").fetchall())
        return {event_id: [text_of(names[each]) for each in several] for event_id, several in found.items()}

    def _names(self, sql: str, without: frozenset[int]) -> dict[int, list[str]]:
        """Names by event, of rows of event, source and name, ``without`` some sources."""
        found: dict[int, list[str]] = defaultdict(list)
        for event_id, source_id, name in self._con.execute(sql).fetchall():
            if source_id not in without:
                found[event_id].append(text_of(name))
        return found

    def _event(
        self,
        row: tuple[Any, ...],
        values: tuple[Any, ...],
        sources: set[int],
        actors: Iterable[str],
        said: Iterable[str],
        quantity: QuantityRow | None,
        claimed: tuple[Claimed, ...],
        row_ids: Iterable[str],
    ) -> Exported:
        _id, uid, kind_id, tags, note = row[:5]
        title, summary, status, when, grade, place_id, claims, disagrees = values
        start, end = bounds(when)
        place = self._places.get(place_id)
        told = sorted((each for each in sources if each in self._sources), key=self._order.__getitem__)
        return Exported(
            uid=fit(text_of(uid)),
            title=fit(title),
            summary=_fit(summary),
            kind_id=kind_id if kind_id in self._kinds else None,
            kind=self._kinds.get(kind_id),
            status=Status(status).word,
            when=when,
            start=start,
            end=end,
            grade=_fit(grade),
            place=None if place is None else place.name,
            lon=None if place is None else place.lon,
            lat=None if place is None else place.lat,
            radius_m=None if place is None else place.radius_m,
            area=None if place is None else place.area,
            actors=_each_once(actors),
            sources=tuple(dict.fromkeys(self._sources[each].name for each in told)),
            attributed_to=_each_once(said),
            claims=claims if isinstance(claims, int) else 0,
            disagrees=bool(disagrees),
            tags=tuple(dict.fromkeys(_strings(tags))),
            note=_fit(text_or_none(note)),
            quantity=quantity,
            claimed=claimed,
            row_ids=_each_once(row_ids),
        )

    def _know_places(self, ids: set[Any]) -> Mapping[int, Spot]:
        """The places that are known, those of ``ids`` among them."""
        missing = [each for each in ids if isinstance(each, int) and each not in self._places]
        if not missing:
            return self._places
        if len(self._places) + len(missing) > _PLACES_KEPT or self._weight > _SHAPES_KEPT:
            self._places.clear()
            self._weight = 0
            missing = [each for each in ids if isinstance(each, int)]
        sql = f"SELECT id, name, geom, radius_m, uid FROM place WHERE id IN ({','.join(map(str, missing))})"
        for place_id, name, geom, radius, uid in self._con.execute(sql).fetchall():
            point = marker_point(geom)
            lon, lat = (None, None) if point is None else point[:2]
            area = area_of(fit(text_of(uid)), fit(text_of(name)), geom)
            self._weight += len(geom) if area is not None else 0
            self._places[place_id] = Spot(fit(text_of(name)), lon, lat, number_or_none(radius) or 0.0, area)
        return self._places


def _fit(text: str | None) -> str | None:
    return None if text is None else fit(text)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fit(name) for name in names if name.strip()))


def _strings(text: object) -> tuple[str, ...]:
    """The strings of a JSON list; none where there is no list."""
    try:
        value = json.loads(text_of(text)) if text else ()
    except ValueError:
        return ()
    return tuple(fit(str(each)) for each in value) if isinstance(value, list) else ()
