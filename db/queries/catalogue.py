"""The small tables of a project whole: project, kinds, actors, places, steps; and the counts of everything."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.actors import decided_actors
from db.coerce import number_or_none, text_of, text_or_none
from db.displayed import without
from db.errors import EnvironmentFault, InputFault
from db.geometry import Part, marker_point, read_blob
from db.queries import bulk
from db.queries.rows import ActorRow, EventColumns, KindRow, PlaceRow, ProjectRow, StepRow
from db.queries.snapshot import at_one_instant
from db.values import Extent, PlaceKind, QuoteState

_KIND_COLUMNS = "id, uid, name, shape, light, dark, key, position"


def project(con: sqlite3.Connection) -> ProjectRow:
    """The project's own row. Raises EnvironmentFault when there is none."""
    row = con.execute(
        "SELECT uid, title, note, west, south, east, north, opens_at, opens_with, zone_minutes FROM project ORDER BY id"
    ).fetchone()
    if row is None:
        raise EnvironmentFault("The project is damaged: it does not say what it is called.")
    west, south, east, north = (number_or_none(value) for value in row[3:7])
    extent = None
    if west is not None and south is not None and east is not None and north is not None:
        extent = Extent(west, south, east, north)
    note, opens_at, opens_with = (text_or_none(value) for value in (row[2], row[7], row[8]))
    zone = row[9] if isinstance(row[9], int) else None
    return ProjectRow(row[0], text_of(row[1]), note, extent, opens_at, opens_with, zone)


def kinds(con: sqlite3.Connection) -> list[KindRow]:
    """The kinds of event in their order."""
    rows = con.execute(f"SELECT {_KIND_COLUMNS} FROM kind ORDER BY position, id").fetchall()
    return [_kind(row) for row in rows]


def kind(con: sqlite3.Connection, kind_id: int | None) -> KindRow | None:
    row = con.execute(f"SELECT {_KIND_COLUMNS} FROM kind WHERE id = ?", (kind_id,)).fetchone()
    return None if row is None else _kind(row)


def _kind(row: tuple[Any, ...]) -> KindRow:
    values = [*row[:2], *map(text_of, row[2:6]), *row[6:]]
    return KindRow(*values)


def actors(con: sqlite3.Connection) -> list[ActorRow]:
    """The actors by name."""
    rows = con.execute(
        "SELECT id, uid, name, aliases, light, dark, pattern, symbol, parent_id FROM actor ORDER BY name, id"
    ).fetchall()
    result = []
    for row_id, uid, name, aliases, *rest in rows:
        values = (row_id, uid, text_of(name), tuple(map(str, _json(aliases, list))), *rest)
        result.append(ActorRow(*values))
    return result


def event_actors(
    con: sqlite3.Connection, hidden_sources: frozenset[int] = frozenset(), of: Collection[int] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs, some more than once: ids of events, and of the actors that take part in them (see actors.py).

    ``of``: ids of the actors that are asked for; None for all.
    """
    hidden = ",".join(str(int(source)) for source in hidden_sources)
    asked = "" if of is None else f" AND a.actor_id IN ({','.join(str(int(each)) for each in of)})"
    events, actors = bulk.numbers(
        con,
        ("c.event_id", "a.actor_id"),
        "FROM claim_actor AS a JOIN claim AS c ON c.id = a.claim_id "
        f"WHERE typeof(a.actor_id) = 'integer' AND (c.source_id IS NULL OR c.source_id NOT IN ({hidden})){asked}",
    )
    decided = decided_actors(con, hidden_sources)
    if not decided:
        return events, actors
    removed = [(event, actor) for event, each in decided.items() for actor in each.removed]
    stay = np.ones(len(events), bool)
    for at in np.flatnonzero(np.isin(events, [event for event, _actor in removed])).tolist():
        stay[at] = actors[at] not in decided[int(events[at])].removed
    added = [(event, actor) for event, each in decided.items() for actor in each.added if of is None or actor in of]
    more = np.array(added, np.int64).reshape(-1, 2)
    return np.concatenate((events[stay], more[:, 0])), np.concatenate((actors[stay], more[:, 1]))


def much_named(con: sqlite3.Connection, actors: Collection[int], most: int) -> frozenset[int]:
    """The actors (ids) that more than ``most`` claims name, hidden or not: answered without reading these."""
    sql = "SELECT 1 FROM claim_actor WHERE actor_id = ? LIMIT 1 OFFSET ?"
    return frozenset(each for each in actors if con.execute(sql, (each, most)).fetchone())


@at_one_instant
def actor_names(con: sqlite3.Connection, hidden_sources: frozenset[int] = frozenset()) -> list[str]:
    """Names and aliases of the actors, those left out that only claims of hidden sources name."""
    hidden = ",".join(str(int(source)) for source in hidden_sources)
    named = (
        "SELECT a.actor_id, c.source_id FROM claim_actor AS a JOIN claim AS c ON c.id = a.claim_id "
        "UNION ALL SELECT control_holder_id, source_id FROM claim WHERE control_holder_id IS NOT NULL"
    )
    gone: set[object] = set()
    if hidden:
        sql = f"SELECT actor_id FROM ({named}) GROUP BY 1 HAVING min(source_id IS NOT NULL AND source_id IN ({hidden}))"
        gone = {row[0] for row in con.execute(sql).fetchall()}
        gone -= {actor for each in decided_actors(con, hidden_sources).values() for actor in each.added}
    names = (name for row in actors(con) if row.id not in gone for name in (row.name, *row.aliases) if name)
    return sorted(dict.fromkeys(names), key=lambda name: (name.casefold(), name))


@at_one_instant
def places(
    con: sqlite3.Connection,
    hidden_sources: frozenset[int] = frozenset(),
    shown: EventColumns | None = None,
    claims: Mapping[int, int] | None = None,
) -> list[PlaceRow]:
    """The places by name, counted by what is displayed and visible without ``hidden_sources``.

    ``shown``: what is displayed then, and ``claims``: how many name each place, where that is known already.
    """
    hidden = ",".join(str(int(source)) for source in hidden_sources)
    if shown is None:
        events = _events_by_place(con, hidden_sources)
    else:
        places, counts = np.unique(shown.place, return_counts=True)
        events = Counter(dict(zip(places.tolist(), counts.tolist(), strict=True)))
    if claims is None:
        claims = dict(
            con.execute(
                "SELECT place_id, count(*) FROM claim WHERE place_id IS NOT NULL "
                f"AND (source_id IS NULL OR source_id NOT IN ({hidden})) GROUP BY place_id"
            ).fetchall()
        )
    rows = con.execute(_PLACES + " ORDER BY name, id").fetchall()
    return [_place(row, events[row[0]], claims.get(row[0], 0)) for row in rows]


def claims_at_places(con: sqlite3.Connection, sources: Collection[int]) -> dict[int, int]:
    """How many claims of sources (ids) name each place, for the places that they name."""
    marks = ",".join(str(int(source)) for source in sources)
    sql = (
        f"SELECT place_id, count(*) FROM claim WHERE source_id IN ({marks}) AND place_id IS NOT NULL GROUP BY place_id"
    )
    return dict(con.execute(sql).fetchall())


def _events_by_place(con: sqlite3.Connection, hidden_sources: frozenset[int]) -> Counter[int]:
    stored = con.execute("SELECT id, place_id FROM event WHERE claim_count > 0 AND place_id IS NOT NULL").fetchall()
    rest = without(con, hidden_sources)
    events = Counter(place_id for event_id, place_id in stored if event_id not in rest.affected)
    events.update(event.place_id for event in rest.shown.values() if event.place_id is not None)
    return events


_PLACE_KINDS: Final[Mapping[object, PlaceKind]] = {kind.value: kind for kind in PlaceKind}
_PLACES = (
    "SELECT id, uid, name, names, kind, type, geom, radius_m, "
    "country, admin1, geonames_id, wikidata_id, note FROM place"
)


def place(con: sqlite3.Connection, place_id: int | None) -> PlaceRow | None:
    """One place, not counted."""
    row = con.execute(_PLACES + " WHERE id = ?", (place_id,)).fetchone()
    return None if row is None else _place(row, 0, 0)


def _place(row: tuple[Any, ...], events: int, claims: int) -> PlaceRow:
    point = marker_point(row[6])
    return PlaceRow(
        id=row[0],
        uid=row[1],
        name=text_of(row[2]),
        names={str(tag): str(name) for tag, name in _json(row[3], dict).items()},
        kind=_PLACE_KINDS.get(row[4], PlaceKind.POINT),
        type=text_or_none(row[5]),
        lon=math.nan if point is None else point[0],
        lat=math.nan if point is None else point[1],
        radius_m=number_or_none(row[7]) or 0.0,
        country=row[8],
        admin1=row[9],
        geonames_id=row[10],
        wikidata_id=row[11],
        note=row[12],
        events=events,
        claims=claims,
    )


def place_outlines(con: sqlite3.Connection) -> dict[int, tuple[tuple[Part, ...], ...]]:
    """The polygons of places that have some: place id -> polygons, each a tuple of rings of (k, 2) lon, lat."""
    outlines = {}
    for place_id, geom in con.execute("SELECT id, geom FROM place WHERE length(geom) > 40").fetchall():
        try:
            geometry = read_blob(geom)
        except InputFault:
            continue  # named by the check of the project; nowhere until then
        if geometry is not None and geometry.polygons:
            outlines[place_id] = geometry.polygons
    return outlines


def steps(con: sqlite3.Connection, limit: int = -1) -> list[StepRow]:
    """The headings of the history, latest first; all or the last ``limit``."""
    rows = con.execute(
        "SELECT id, uid, label, who, at, undoes_id, entries FROM step ORDER BY id DESC LIMIT ?", (limit,)
    ).fetchall()
    return [StepRow(*row) for row in rows]


@at_one_instant
def info(con: sqlite3.Connection) -> dict[str, Any]:
    """Counts of what is in the project, its title, uid and schema version."""
    meta = dict(con.execute("SELECT key, value FROM app_meta").fetchall())
    found = project(con)

    def count(sql: str) -> int:
        return int(con.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])

    states = dict(con.execute("SELECT state, count(*) FROM quote GROUP BY state").fetchall())
    return {
        "title": found.title,
        "project_uid": found.uid,
        "schema_version": int(meta["schema_version"]),
        "sources": count("source"),
        "documents": count("document"),
        "quotes": {state.value: states.get(state.value, 0) for state in QuoteState},
        "events": count("event WHERE claim_count > 0"),
        "claims": count("claim"),
        "decisions": count("decision"),
        "places": count("place"),
        "actors": count("actor"),
        "kinds": count("kind"),
        "steps": count("step"),
        "unused_bytes": unused_bytes(con),
    }


def unused_bytes(con: sqlite3.Connection) -> int:
    """How much of the file stands empty: it is used again by what comes in, and does not grow meanwhile."""
    (pages,), (size,) = (con.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_size"))
    return int(pages) * int(size)


def _json(text: object, kind: type[Any]) -> Any:
    """The JSON list or object in a column; an empty one where there is none or another thing."""
    try:
        value = json.loads(text_of(text)) if text else kind()
    except ValueError:
        return kind()
    return value if isinstance(value, kind) else kind()
