"""All displayed events at once as numpy columns, for the views: raw SQLite rows, no ORM."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.coerce import number_or_none, text_of
from db.derive import Displayed
from db.displayed import Rest, without
from db.geometry import marker_point
from db.queries import bulk
from db.queries.lookup import find_all
from db.queries.rows import STATUS_CODES, EventColumns
from db.queries.snapshot import at_one_instant
from db.queries.texts import Texts
from db.values import OPEN_FUTURE, OPEN_PAST, Precision, Shape

_STATUS: Final = {status.value: code for code, status in enumerate(STATUS_CODES)}
# The small columns travel as bits of one integer: every value fetched is a Python object made and thrown away.
_SHIFTS: Final = {"status": 0, "precision": 4, "dated": 8, "lasting": 9, "disagrees": 10, "supported": 11, "claims": 12}
_WIDTHS: Final = {"status": 0xF, "precision": 0xF, "dated": 1, "lasting": 1, "disagrees": 1, "supported": 1}
_WIDEST: Final = (1 << 31) - 1
_MOST_LISTED: Final = 20_000
_SAMPLED: Final = 5_000


def _whole(column: str, missing: int) -> str:
    """SQL for a column of whole numbers in which other programs may have left anything."""
    return f"CASE typeof({column}) WHEN 'integer' THEN {column} ELSE {missing} END"


# SQLite gives | and << the same rank, left to right, unlike Python: hence the brackets.
_BY_STATUS: Final = " ".join(f"WHEN '{status}' THEN {code}" for status, code in _STATUS.items())
_BITS: Final = f"""(CASE status {_BY_STATUS} ELSE 0 END
 | (({_whole("precision", int(Precision.DAY))} & 15) << 4) | ((typeof(earliest) = 'integer') << 8)
 | ((coalesce(time_shape, '') = '{Shape.LASTING}') << 9) | ((disagrees <> 0) << 10) | ((supported <> 0) << 11)
 | (claim_count << 12))"""
_EDTF: Final = "CASE typeof(edtf) WHEN 'text' THEN edtf ELSE '' END"
_NUMBERS: Final = {
    "id": "id",
    "kind": _whole("kind_id", 0),
    "place": _whole("place_id", 0),
    "earliest": _whole("earliest", OPEN_PAST),
    "latest_start": _whole("latest_start", OPEN_FUTURE),
    "earliest_end": _whole("earliest_end", OPEN_PAST),
    "latest": _whole("latest", OPEN_FUTURE),
    "bits": _BITS,
}
_DISPLAYED: Final = "FROM event WHERE claim_count > 0"
_STORED: Final = f"SELECT {', '.join(_NUMBERS.values())}, {_EDTF} {_DISPLAYED}"
_SMALL: Final = (
    ("status", np.int8),
    ("precision", np.int8),
    ("dated", np.bool_),
    ("lasting", np.bool_),
    ("disagrees", np.bool_),
    ("supported", np.bool_),
    ("claims", np.int32),
)


@at_one_instant
def event_columns(
    con: sqlite3.Connection,
    hidden_sources: frozenset[int] = frozenset(),
    ids: Collection[int] | None = None,
    rest: Rest | None = None,
    dates: Future[NDArray[Any]] | None = None,
) -> EventColumns:
    """The displayed events, all or those of ``ids``, sorted by (earliest, id), as if ``hidden_sources`` (ids) were not
    there.

    ``rest`` is ``without(con, hidden_sources, ids)`` where it is known already; ``dates`` what ``event_dates`` will
    give of the same state, where somebody reads them meanwhile.
    """
    columns = _read(con, ids, dates)
    if hidden_sources:
        columns = _without(columns, rest or without(con, hidden_sources, ids))
    bits = columns.pop("bits")
    for name, kind in _SMALL:
        columns[name] = (bits >> _SHIFTS[name] & _WIDTHS.get(name, _WIDEST)).astype(kind)
    best = _best(columns["earliest"], columns["latest_start"], columns["latest"])
    columns["best"] = np.where(columns["dated"], best, OPEN_PAST)
    columns["kind"] = columns["kind"].astype(np.int32)
    order = np.lexsort((columns["id"], columns["earliest"]))
    columns = {name: column[order] for name, column in columns.items()}
    columns |= positions(con, columns["place"])
    columns["source_offsets"], columns["source_ids"] = _sources(con, columns["id"], hidden_sources, ids)
    return _sealed(columns)


def _sealed(columns: Mapping[str, NDArray[Any]]) -> EventColumns:
    for array in columns.values():
        array.flags.writeable = False
    return EventColumns(**columns)


def _chosen(con: sqlite3.Connection, sql: str, key: str, ids: Collection[int] | None) -> list[tuple[Any, ...]]:
    """The rows of a statement that has a WHERE and ``key`` first: all, or those whose key is among ``ids``."""
    if ids is None or len(ids) > _MOST_LISTED:
        rows = con.execute(sql).fetchall()
        return rows if ids is None else [row for row in rows if row[0] in ids]
    marks = ",".join(str(int(each)) for each in ids)
    return con.execute(f"{sql} AND {key} IN ({marks})").fetchall()


def _read(
    con: sqlite3.Connection, ids: Collection[int] | None, dates: Future[NDArray[Any]] | None
) -> dict[str, NDArray[Any]]:
    """The stored columns of all displayed events, or of those of ``ids``, in order of their ids."""
    if ids is not None and len(ids) <= _MOST_LISTED:
        return _as_columns(_chosen(con, _STORED, "id", ids))
    columns: dict[str, NDArray[Any]] = dict(
        zip(_NUMBERS, bulk.numbers(con, list(_NUMBERS.values()), _DISPLAYED), strict=True)
    )
    columns["edtf"] = (event_dates(con) if dates is None else dates.result())[: len(columns["id"])]
    order = np.argsort(columns["id"], kind="stable")
    if ids is not None:
        order = order[np.isin(columns["id"][order], np.fromiter(ids, np.int64))]
    return {name: column[order] for name, column in columns.items()}


def event_dates(con: sqlite3.Connection) -> NDArray[Any]:
    """The dates as they are written, in the order of the table; one without a meaning where there is no event.

    Equal ones are one object: of a million some thousands are different.
    """
    same: dict[str, str] = {}
    written = bulk.texts(con, _EDTF, _DISPLAYED)
    return np.concatenate([np.array([same.setdefault(date, date) for date in piece], object) for piece in written])


def _as_columns(rows: Sequence[tuple[Any, ...]]) -> dict[str, NDArray[Any]]:
    """Rows of ``_STORED`` as columns."""
    values = list(zip(*rows, strict=True)) if rows else [()] * (len(_NUMBERS) + 1)
    columns: dict[str, NDArray[Any]] = {
        name: np.array(column, np.int64) for name, column in zip(_NUMBERS, values, strict=False)
    }
    columns["edtf"] = np.array(values[-1], object)
    return columns


def _without(columns: Mapping[str, NDArray[Any]], rest: Rest) -> dict[str, NDArray[Any]]:
    """The columns with events that a hidden source speaks of derived anew, and without those that vanish."""
    kinds = dict(zip(columns["id"].tolist(), columns["kind"].tolist(), strict=True)) if rest.shown else {}
    new = _as_columns([_row(event_id, kinds.get(event_id, 0), event) for event_id, event in rest.shown.items()])
    kept = ~np.isin(columns["id"], np.fromiter(rest.affected, np.int64))
    return {name: np.concatenate((column[kept], new[name])) for name, column in columns.items()}


def _row(event_id: int, kind_id: int, event: Displayed) -> tuple[Any, ...]:
    """An event derived just now, as ``_STORED`` would give it."""
    when = event.when
    bits = _STATUS[event.status.value] << _SHIFTS["status"] | event.claim_count << _SHIFTS["claims"]
    bits |= event.disagrees << _SHIFTS["disagrees"] | event.supported << _SHIFTS["supported"]
    if when is None:
        bits |= int(Precision.DAY) << _SHIFTS["precision"]
        bounds = (OPEN_PAST, OPEN_FUTURE, OPEN_PAST, OPEN_FUTURE)
        return event_id, kind_id, event.place_id or 0, *bounds, bits, ""
    bits |= int(when.precision) << _SHIFTS["precision"] | 1 << _SHIFTS["dated"]
    bits |= (when.shape is Shape.LASTING) << _SHIFTS["lasting"]
    bounds = (when.earliest_start, when.latest_start, when.earliest_end, when.latest_end)
    return event_id, kind_id, event.place_id or 0, *bounds, bits, when.edtf


def _best(low: NDArray[np.int64], high: NDArray[np.int64], latest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where to draw the marker, as ``TimeSpan.best`` for whole columns."""
    middle = low + (high - low) // 2
    best = np.where(high >= OPEN_FUTURE, low, middle)
    known = (high > OPEN_PAST) & (high < OPEN_FUTURE)
    return np.where(low <= OPEN_PAST, np.where(known, high, latest), best)


def some_positions(con: sqlite3.Connection) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of some thousand places, to look at before there is anything better."""
    geoms = con.execute("SELECT geom FROM place WHERE geom IS NOT NULL LIMIT ?", (_SAMPLED,)).fetchall()
    points = [point[:2] for (geom,) in geoms if (point := marker_point(geom)) is not None]
    lon, lat = np.array(points, np.float64).reshape(-1, 2).T
    return lon, lat


def positions(con: sqlite3.Connection, places: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Longitude, latitude, radius and whether it has a shape for each place id (0 is nowhere), by the places' rows."""
    few = set(places.tolist()) if len(places) <= _MOST_LISTED else None
    rows = sorted(_chosen(con, "SELECT id, geom, radius_m FROM place WHERE true", "id", few))
    ids = np.array([0] + [row[0] for row in rows], np.int64)
    table = np.full((len(ids), 4), (np.nan, np.nan, 0.0, 0.0))
    for row, (_id, geom, radius_m) in enumerate(rows, 1):
        point = marker_point(geom)
        if point is not None:
            radius = number_or_none(radius_m) or 0.0
            table[row] = (point[0], point[1], radius, point[2])
    at = np.maximum(find_all(ids, places), 0)  # a place that is not there is nowhere
    lon, lat, radii, area = table[at].T
    return {
        "lon": lon.copy(),
        "lat": lat.copy(),
        "radius_m": radii.astype(np.float32),
        "area": area.astype(np.bool_),
    }


def _sources(
    con: sqlite3.Connection, event_ids: NDArray[np.int64], hidden: frozenset[int], ids: Collection[int] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets and ids of the visible sources of each event, ascending, each once."""
    known_sources = "FROM claim WHERE typeof(source_id) = 'integer'"
    if ids is None:
        pairs = bulk.numbers(con, ("event_id", "source_id"), known_sources)
    else:
        rows = _chosen(con, f"SELECT event_id, source_id {known_sources}", "event_id", ids)
        pairs = list(np.array(rows, np.int64).reshape(-1, 2).T)
    if hidden:
        heard = ~np.isin(pairs[1], np.fromiter(hidden, np.int64))
        pairs = [each[heard] for each in pairs]
    row = find_all(event_ids, pairs[0])
    known = row >= 0
    row, source = row[known], pairs[1][known]
    width = int(source.max(initial=0)) + 1
    keys = np.sort(row * width + source)
    keys = keys[np.diff(keys, prepend=-1) > 0]
    counts = np.bincount(keys // width, minlength=len(event_ids))
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64), keys % width


@at_one_instant
def event_titles(
    con: sqlite3.Connection,
    ids: Iterable[int] | None = None,
    hidden_sources: frozenset[int] = frozenset(),
    rest: Rest | None = None,
) -> Texts:
    """Displayed titles by event id, of all events or of ``ids``; events that are not displayed are left out.

    ``rest`` is ``without(con, hidden_sources, ids)`` where it is known already.
    """
    wanted = None if ids is None else frozenset(ids)
    titles = _texts(con, "title", _DISPLAYED, wanted)
    if not hidden_sources:
        return titles
    rest = rest or without(con, hidden_sources, wanted)
    return titles.replaced({event_id: event.title for event_id, event in rest.shown.items()}, rest.affected)


def event_uids(con: sqlite3.Connection, ids: Collection[int] | None = None) -> Texts:
    """The uid of every event, displayed or not, by its id; of all or of ``ids``."""
    return _texts(con, "uid", "FROM event WHERE true", ids)


def _texts(con: sqlite3.Connection, column: str, rest: str, ids: Collection[int] | None) -> Texts:
    """A column of the events by id."""
    if ids is None:
        found, block = bulk.keyed_texts(con, bulk.text(column), rest)
        with suppress(ValueError):  # another program has left a zero byte in one
            return Texts.joined(found, block)
    rows = _chosen(con, f"SELECT id, CAST({column} AS BLOB) {rest}", "id", ids)
    return Texts.of({key: text_of(text) for key, text in rows})
