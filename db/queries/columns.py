"""All displayed events at once as numpy columns, for the views: raw SQLite rows, no ORM."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.derive import Displayed
from db.displayed import displayed_events, events_of_sources
from db.geometry import marker_point
from db.queries.rows import STATUS_CODES, EventColumns
from db.queries.snapshot import at_one_instant
from db.values import OPEN_FUTURE, OPEN_PAST, Precision, Shape

_STATUS: Final = {status.value: code for code, status in enumerate(STATUS_CODES)}
# The small columns travel as bits of one integer: every value fetched is a Python object made and thrown away.
_SHIFTS: Final = {"status": 0, "precision": 4, "dated": 8, "lasting": 9, "disagrees": 10, "supported": 11, "claims": 12}
_WIDTHS: Final = {"status": 0xF, "precision": 0xF, "dated": 1, "lasting": 1, "disagrees": 1, "supported": 1}
_WIDEST: Final = (1 << 31) - 1

# SQLite gives | and << the same rank, left to right, unlike Python: hence the brackets.
_STORED: Final = f"""SELECT id, coalesce(kind_id, 0), coalesce(place_id, 0), coalesce(edtf, ''),
 coalesce(earliest, {OPEN_PAST}), coalesce(latest_start, {OPEN_FUTURE}),
 coalesce(earliest_end, {OPEN_PAST}), coalesce(latest, {OPEN_FUTURE}),
 CASE status {" ".join(f"WHEN '{status}' THEN {code}" for status, code in _STATUS.items())} ELSE 0 END
 | ((coalesce(precision, {int(Precision.DAY)}) & 15) << 4) | ((earliest IS NOT NULL) << 8)
 | ((coalesce(time_shape, '') = '{Shape.LASTING}') << 9) | ((disagrees <> 0) << 10) | ((supported <> 0) << 11)
 | (claim_count << 12) FROM event WHERE claim_count > 0"""

_DTYPES: Final = (
    ("id", np.int64),
    ("kind", np.int32),
    ("place", np.int64),
    ("edtf", np.object_),
    ("earliest", np.int64),
    ("latest_start", np.int64),
    ("earliest_end", np.int64),
    ("latest", np.int64),
    ("bits", np.int64),
)
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
def event_columns(con: sqlite3.Connection, hidden_sources: frozenset[int] = frozenset()) -> EventColumns:
    """The displayed events, sorted by (earliest, id), as if ``hidden_sources`` (ids) were not there."""
    rows: list[tuple[Any, ...]] = con.execute(_STORED).fetchall()
    if hidden_sources:
        rows = _without(con, rows, hidden_sources)
    columns: dict[str, NDArray[Any]] = {}
    values = zip(*rows, strict=True) if rows else [()] * len(_DTYPES)
    for (name, dtype), column in zip(_DTYPES, values, strict=True):
        columns[name] = np.array(column, dtype=dtype)
    bits = columns.pop("bits")
    for name, kind in _SMALL:
        columns[name] = (bits >> _SHIFTS[name] & _WIDTHS.get(name, _WIDEST)).astype(kind)
    best = _best(columns["earliest"], columns["latest_start"], columns["latest"])
    columns["best"] = np.where(columns["dated"], best, OPEN_PAST)
    order = np.lexsort((columns["id"], columns["earliest"]))
    columns = {name: column[order] for name, column in columns.items()}
    columns |= _positions(con, columns["place"])
    columns["source_offsets"], columns["source_ids"] = _sources(con, columns["id"], hidden_sources)
    for array in columns.values():
        array.flags.writeable = False
    return EventColumns(**columns)


def _without(con: sqlite3.Connection, rows: list[tuple[Any, ...]], hidden: frozenset[int]) -> list[tuple[Any, ...]]:
    """The rows with those that a hidden source speaks of derived anew, and without those that vanish."""
    affected = events_of_sources(con, hidden)
    shown = displayed_events(con, affected, hidden)
    changed = set(affected)
    kinds = {row[0]: row[1] for row in rows}
    kept = [row for row in rows if row[0] not in changed]
    return kept + [_row(event_id, kinds.get(event_id, 0), event) for event_id, event in shown.items()]


def _row(event_id: int, kind_id: int, event: Displayed) -> tuple[Any, ...]:
    """An event derived just now, as ``_STORED`` would give it."""
    when = event.when
    bits = _STATUS[event.status.value] << _SHIFTS["status"] | event.claim_count << _SHIFTS["claims"]
    bits |= event.disagrees << _SHIFTS["disagrees"] | event.supported << _SHIFTS["supported"]
    if when is None:
        bits |= int(Precision.DAY) << _SHIFTS["precision"]
        bounds = (OPEN_PAST, OPEN_FUTURE, OPEN_PAST, OPEN_FUTURE)
        return event_id, kind_id, event.place_id or 0, "", *bounds, bits
    bits |= int(when.precision) << _SHIFTS["precision"] | 1 << _SHIFTS["dated"]
    bits |= (when.shape is Shape.LASTING) << _SHIFTS["lasting"]
    bounds = (when.earliest_start, when.latest_start, when.earliest_end, when.latest_end)
    return event_id, kind_id, event.place_id or 0, when.edtf, *bounds, bits


def _best(low: NDArray[np.int64], high: NDArray[np.int64], latest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where to draw the marker, as ``TimeSpan.best`` for whole columns."""
    middle = low + (high - low) // 2
    best = np.where(high >= OPEN_FUTURE, low, middle)
    known = (high > OPEN_PAST) & (high < OPEN_FUTURE)
    return np.where(low <= OPEN_PAST, np.where(known, high, latest), best)


def _positions(con: sqlite3.Connection, places: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Longitude, latitude, radius and whether it is an area for each place id (0 is nowhere), by the places' rows."""
    rows = con.execute("SELECT id, geom, radius_m FROM place ORDER BY id").fetchall()
    ids = np.array([0] + [row[0] for row in rows], np.int64)
    table = np.full((len(ids), 4), (np.nan, np.nan, 0.0, 0.0))
    for row, (_id, geom, radius_m) in enumerate(rows, 1):
        point = marker_point(geom)
        if point is not None:
            table[row] = (point[0], point[1], radius_m or 0.0, point[2] or (radius_m or 0.0) > 0)
    at = np.searchsorted(ids, places)
    lon, lat, radius, area = table[at].T
    return {
        "lon": lon.copy(),
        "lat": lat.copy(),
        "radius_m": radius.astype(np.float32),
        "area": area.astype(np.bool_),
    }


def _sources(
    con: sqlite3.Connection, event_ids: NDArray[np.int64], hidden: frozenset[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets and ids of the visible sources of each event, ascending, each once."""
    rows = con.execute("SELECT event_id, source_id FROM claim WHERE source_id IS NOT NULL").fetchall()
    pairs = np.array(rows, np.int64).reshape(-1, 2)
    if hidden:
        pairs = pairs[~np.isin(pairs[:, 1], np.fromiter(hidden, np.int64))]
    order = np.argsort(event_ids, kind="stable")
    at = np.searchsorted(event_ids, pairs[:, 0], sorter=order)
    known = at < len(event_ids)
    pairs, at = pairs[known], at[known]
    row = order[at] if len(event_ids) else at
    known = event_ids[row] == pairs[:, 0]
    row, source = row[known], pairs[known, 1]
    width = int(source.max(initial=0)) + 1
    keys = np.unique(row * width + source)
    counts = np.bincount(keys // width, minlength=len(event_ids))
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64), keys % width


@at_one_instant
def event_titles(
    con: sqlite3.Connection,
    ids: Iterable[int] | None = None,
    hidden_sources: frozenset[int] = frozenset(),
) -> dict[int, str]:
    """Displayed titles by event id, of all events or of ``ids``; events that are not displayed are left out."""
    wanted = None if ids is None else set(ids)
    titles: Mapping[int, str]
    if wanted is None or len(wanted) > 500:
        titles = dict(con.execute("SELECT id, coalesce(title, '') FROM event WHERE claim_count > 0").fetchall())
        if wanted is not None:
            titles = {event_id: titles[event_id] for event_id in wanted if event_id in titles}
    else:
        marks = ",".join("?" * len(wanted))
        sql = f"SELECT id, coalesce(title, '') FROM event WHERE claim_count > 0 AND id IN ({marks})"
        titles = dict(con.execute(sql, tuple(wanted)).fetchall())
    if not hidden_sources:
        return dict(titles)
    affected = [each for each in events_of_sources(con, hidden_sources) if wanted is None or each in wanted]
    shown = displayed_events(con, affected, hidden_sources)
    changed = set(affected)
    kept = {event_id: title for event_id, title in titles.items() if event_id not in changed}
    return kept | {event_id: event.title for event_id, event in shown.items()}


def event_uids(con: sqlite3.Connection) -> dict[int, str]:
    """The uid of every event, displayed or not, by its id."""
    return dict(con.execute("SELECT id, uid FROM event").fetchall())
