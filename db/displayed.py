"""Between the claims in the file and what is displayed of events: reading them for derive.py, keeping its results.

The derived columns of ``event`` hold what is displayed when every source is visible. With hidden sources the events
that a hidden source speaks of are derived again from the rest; all others are as stored.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.coerce import text_of, text_or_none
from db.derive import FALLBACK_KIND, ClaimValues, DecisionValues, Displayed, displayed
from db.geopackage import moment_text
from db.values import CREDIBILITY, RELIABILITY, Grade, Precision, Shape, Stance, Status, TimeSpan

_BATCH: Final = 900
_AT_ONCE: Final = 18_000
"""Events derived at once: of a million, the claims would fill the memory."""
_STANCES: Final = {each.value: each for each in Stance}
_STATUSES: Final = {each.value: each for each in Status}
_SHAPES: Final = {each.value: each for each in Shape}
_PRECISIONS: Final = {int(each): each for each in Precision}
_GRADES: Final = {(r, c): Grade(r, c) for r in (None, *RELIABILITY) for c in (None, *CREDIBILITY)}

_CLAIMS: Final = (
    "SELECT c.event_id, c.id, c.uid, c.stance, c.title, c.summary, c.status, c.edtf, c.earliest, c.latest_start, "
    "c.earliest_end, c.latest, c.precision, c.time_shape, c.place_id, s.reliability, c.credibility, "
    "c.quote_id IS NOT NULL, c.source_id FROM claim AS c LEFT JOIN source AS s ON s.id = c.source_id"
)


def grade_of(reliability: object, credibility: object) -> Grade:
    """The grade in two columns; a value that is none counts as not judged."""
    letter = reliability if reliability in RELIABILITY else None
    number = credibility if credibility in CREDIBILITY else None
    return _GRADES[letter, number]


def status_of(value: object) -> Status:
    return _STATUSES.get(value, Status.OCCURRED)  # type: ignore[call-overload, no-any-return]


def stance_of(value: object) -> Stance:
    return _STANCES.get(value, Stance.SUPPORTS)  # type: ignore[call-overload, no-any-return]


def span_of(
    edtf: str | None,
    earliest: int | None,
    latest_start: int | None,
    earliest_end: int | None,
    latest: int | None,
    precision: int | None,
    shape: str | None,
) -> TimeSpan | None:
    """The time span in the columns of a claim or event; None where it is undated or its bounds are no numbers."""
    if not isinstance(earliest, int) or not isinstance(latest_start, int):
        return None
    if not isinstance(earliest_end, int) or not isinstance(latest, int):
        return None
    return TimeSpan(
        text_of(edtf),
        earliest,
        latest_start,
        earliest_end,
        latest,
        Precision.DAY if precision is None else _PRECISIONS.get(precision, Precision.DAY),
        shape=Shape.MOMENT if shape is None else _SHAPES.get(shape, Shape.MOMENT),
    )


@dataclass(frozen=True, slots=True)
class Rest:
    """What hiding sources changes: the events they speak of, and what those of them display that do not vanish."""

    affected: frozenset[int]
    shown: Mapping[int, Displayed]


def without(con: sqlite3.Connection, hidden_sources: frozenset[int], ids: Collection[int] | None = None) -> Rest:
    """The events (of all, or of ``ids``) that hidden sources speak of, derived again from the rest."""
    if not hidden_sources:
        return Rest(frozenset(), {})
    affected = frozenset(events_of_sources(con, hidden_sources))
    if ids is not None:
        affected &= frozenset(ids)
    return Rest(affected, displayed_events(con, affected, hidden_sources))


def displayed_events(
    con: sqlite3.Connection, event_ids: Iterable[int], hidden_sources: frozenset[int] = frozenset()
) -> dict[int, Displayed]:
    """What the given events display when ``hidden_sources`` are not there; events that vanish are left out."""
    ids = sorted(set(event_ids))
    claims: dict[int, list[ClaimValues]] = defaultdict(list)
    for row in _rows(con, _CLAIMS, "c.event_id", ids):
        if row[18] is None or row[18] not in hidden_sources:
            claims[row[0]].append(_claim(row))
    decisions = decisions_of(con, ids)
    kind_names = dict(_rows(con, "SELECT e.id, k.name FROM event AS e JOIN kind AS k ON k.id = e.kind_id", "e.id", ids))
    place_names = _place_names(con, claims.values(), decisions.values())
    result = {}
    for event_id in ids:
        shown = displayed(claims[event_id], decisions.get(event_id, ()), kind_names.get(event_id), place_names)
        if shown is not None:
            result[event_id] = shown
    return result


def _place_names(
    con: sqlite3.Connection, claims: Iterable[Sequence[ClaimValues]], decisions: Iterable[Sequence[DecisionValues]]
) -> dict[int, str]:
    """Names of the places that claims and decisions name."""
    ids = {claim.place_id for group in claims for claim in group if claim.place_id is not None}
    ids |= {each.value for group in decisions for each in group if each.field == "place" and each.value is not None}
    return dict(_rows(con, "SELECT id, name FROM place", "id", sorted(ids)))


def events_of_sources(con: sqlite3.Connection, sources: Iterable[int]) -> list[int]:
    """Ids of the events of which any of the sources speaks, ascending."""
    marks = ",".join(str(int(source)) for source in sources)
    rows = con.execute(f"SELECT DISTINCT event_id FROM claim WHERE source_id IN ({marks}) ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def _claim(row: Sequence[Any]) -> ClaimValues:
    return ClaimValues(
        id=row[1],
        uid=row[2],
        stance=stance_of(row[3]),
        title=text_or_none(row[4]),
        summary=text_or_none(row[5]),
        status=status_of(row[6]),
        when=span_of(*row[7:14]),
        place_id=row[14],
        grade=grade_of(row[15], row[16]),
        quoted=bool(row[17]),
    )


def decisions_of(con: sqlite3.Connection, event_ids: Sequence[int]) -> dict[int, list[DecisionValues]]:
    """The decisions on events, their values decoded; one without a value that can be had is left out."""
    found: dict[int, list[DecisionValues]] = defaultdict(list)
    sql = "SELECT event_id, id, field, value, claims, treatment FROM decision"
    for event_id, row_id, field, value, claims, treatment in _rows(con, sql, "event_id", event_ids):
        try:
            decided = None if value is None else decode_value(con, field, json.loads(value))
            uids = tuple(str(uid) for uid in json.loads(claims))
        except (ValueError, TypeError, KeyError):
            continue
        found[event_id].append(DecisionValues(row_id, field, decided, uids, treatment))
    return found


def decode_value(con: sqlite3.Connection, field: str, value: Any) -> Any:
    """The value of a decision from its JSON. Raises KeyError or ValueError where it says nothing (any more)."""
    if field == "date":
        bounds = (value[key] for key in ("earliest", "latest_start", "earliest_end", "latest", "precision", "shape"))
        return span_of(value["edtf"], *bounds)
    if field == "place":
        row = con.execute("SELECT id FROM place WHERE uid = ?", (value,)).fetchone()
        if row is None:
            raise KeyError(value)
        return row[0]
    return Status(value) if field == "status" else str(value)


def encode_date(span: TimeSpan) -> dict[str, Any]:
    """The JSON value of a decision on the date."""
    return {"edtf": span.edtf, "shape": span.shape.value, **span_columns(span)}


def span_columns(span: TimeSpan) -> dict[str, int]:
    """The bounds of a span by the column names of ``claim`` and ``event``."""
    return {
        "earliest": span.earliest_start,
        "latest_start": span.latest_start,
        "earliest_end": span.earliest_end,
        "latest": span.latest_end,
        "precision": int(span.precision),
    }


def _rows(con: sqlite3.Connection, sql: str, key: str, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Rows whose ``key`` is among ``ids``: a few by index, many by one scan."""
    if len(ids) > 20 * _BATCH:
        wanted = set(ids)
        at = 0  # the key is the first column of every statement used here
        yield from (row for row in con.execute(sql).fetchall() if row[at] in wanted)
        return
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        yield from con.execute(f"{sql} WHERE {key} IN ({','.join('?' * len(batch))})", batch).fetchall()


def derived_values(shown: Displayed | None) -> tuple[Any, ...]:
    """The derived columns of an event in the order of ``DERIVED_COLUMNS``."""
    if shown is None:
        return (None,) * 12 + (0, 0, 0, 0, None, None, None)
    when = shown.when
    time: tuple[Any, ...] = (None,) * 8
    if when is not None:
        bounds = (when.earliest_start, when.latest_start, when.earliest_end, when.latest_end)
        time = (when.edtf, when.shape.value, *bounds, when.best, int(when.precision))
    return (
        shown.title,
        shown.summary,
        shown.status.value,
        *time,
        shown.place_id,
        shown.claim_count,
        int(shown.disagrees),
        int(shown.supported),
        shown.quote_count,
        shown.grade.code or None,
        None if when is None else moment_text(when.earliest_start),
        None if when is None else moment_text(when.latest_end),
    )


DERIVED_COLUMNS: Final = (
    "title",
    "summary",
    "status",
    "edtf",
    "time_shape",
    "earliest",
    "latest_start",
    "earliest_end",
    "latest",
    "best",
    "precision",
    "place_id",
    "claim_count",
    "disagrees",
    "supported",
    "quote_count",
    "grade",
    "begins",
    "ends",
)


def rebuild_derived(con: sqlite3.Connection, event_ids: Iterable[int]) -> None:
    """Write the derived columns of the given events, those that are gone left aside."""
    every = sorted(set(event_ids))
    settings = ", ".join(f"{name} = ?" for name in DERIVED_COLUMNS)
    for start in range(0, len(every), _AT_ONCE):
        ids = every[start : start + _AT_ONCE]
        shown = displayed_events(con, ids)
        con.executemany(
            f"UPDATE event SET {settings} WHERE id = ?", [(*derived_values(shown.get(each)), each) for each in ids]
        )


# Columns of an event that say just what its only claim says: title, date with a whole moment, and the rest. What is
# unusual (an open end, a year beyond those of DATETIME, a value of another type) is left for Python.
# A plus sign keeps an index from being used: it is one pass over all events.
_MOMENT: Final = "strftime('%Y-%m-%dT%H:%M:%S', {0} / 1000, 'unixepoch') || printf('.%03dZ', {0} % 1000)"
_TITLE: Final = (
    f"CASE WHEN c.title <> '' THEN c.title ELSE coalesce(nullif(k.name, ''), '{FALLBACK_KIND}') || "
    "CASE WHEN p.name <> '' THEN ' at ' || p.name ELSE '' END END"
)
_GRADE: Final = (
    "CASE WHEN coalesce(s.reliability, c.credibility) IS NOT NULL "
    "THEN coalesce(s.reliability, '–') || coalesce(c.credibility, '–') END"
)
_UNDATED: Final = " AND ".join(
    f"+{name} IS NULL"
    for name in (
        *("c.edtf", "c.time_shape", "c.earliest", "c.latest_start", "c.earliest_end", "c.latest", "c.precision"),
        *("e.edtf", "e.time_shape", "e.earliest", "e.latest_start", "e.earliest_end", "e.latest", "e.precision"),
        *("e.best", "e.begins", "e.ends"),
    )
)
_DATED: Final = (
    "typeof(c.edtf) = 'text' AND e.edtf = c.edtf AND c.time_shape IN ('moment', 'lasting') "
    "AND e.time_shape = c.time_shape AND typeof(c.earliest) = 'integer' AND typeof(c.latest_start) = 'integer' "
    "AND typeof(c.earliest_end) = 'integer' AND typeof(c.latest) = 'integer' AND +e.earliest = c.earliest "
    "AND e.latest_start = c.latest_start AND e.earliest_end = c.earliest_end AND +e.latest = c.latest "
    "AND c.precision BETWEEN 0 AND 8 AND e.precision = c.precision AND c.earliest >= 0 "
    "AND c.latest_start >= c.earliest AND c.latest_start < 253402300800000 AND c.latest BETWEEN 0 AND 253402300799999 "
    "AND e.best = c.earliest + (c.latest_start - c.earliest) / 2 "
    f"AND e.begins = {_MOMENT.format('c.earliest')} AND e.ends = {_MOMENT.format('c.latest')}"
)
_PLAIN: Final = (
    "SELECT e.id FROM event AS e CROSS JOIN claim AS c ON c.event_id = e.id "
    "LEFT JOIN source AS s ON s.id = c.source_id LEFT JOIN kind AS k ON k.id = e.kind_id "
    "LEFT JOIN place AS p ON p.id = c.place_id "
    "WHERE e.claim_count = 1 AND e.disagrees = 0 "
    "AND e.supported = (c.quote_id IS NOT NULL) AND e.quote_count = (c.quote_id IS NOT NULL) "
    "AND typeof(c.title) IN ('text', 'null') AND typeof(c.summary) IN ('text', 'null') "
    "AND typeof(k.name) IN ('text', 'null') AND typeof(p.name) IN ('text', 'null') "
    f"AND e.title = {_TITLE} AND e.summary IS nullif(c.summary, '') "
    f"AND c.status IN ({', '.join(repr(each.value) for each in Status)}) AND e.status = c.status "
    "AND e.place_id IS +c.place_id AND (s.reliability IS NULL OR s.reliability IN ('A', 'B', 'C', 'D', 'E', 'F')) "
    f"AND (c.credibility IS NULL OR c.credibility BETWEEN 1 AND 6) AND e.grade IS {_GRADE} "
    f"AND (({_UNDATED}) OR ({_DATED})) "
    "AND (SELECT count(*) FROM claim AS o WHERE o.event_id = e.id) = 1 "
    "AND NOT EXISTS (SELECT 1 FROM decision AS d WHERE d.event_id = e.id)"
)


def underived(con: sqlite3.Connection) -> list[int]:
    """Ids of the events whose derived columns may be other than their claims give, ascending.

    Most events of a large project have one claim and say just what it says, which SQLite sees in a fraction of the time
    that deriving them takes; those are left out.
    """
    rows = con.execute(f"SELECT id FROM event WHERE id NOT IN ({_PLAIN}) ORDER BY id").fetchall()
    return [row[0] for row in rows]


def keep_sources(con: sqlite3.Connection, claim_ids: Iterable[int]) -> None:
    """A claim with a quote is its document's source's: else hiding the source and deleting it would differ."""
    source = "(SELECT d.source_id FROM quote AS q JOIN document AS d ON d.id = q.document_id WHERE q.id = quote_id)"
    con.executemany(
        f"UPDATE claim SET source_id = {source} WHERE id = ? AND quote_id IS NOT NULL AND source_id IS NOT {source}",
        [(claim_id,) for claim_id in claim_ids],
    )
