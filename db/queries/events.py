"""One event with everything that its panel shows."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from db.actors import decided_actors
from db.coerce import number_or_none, strings_of, text_of, text_or_none
from db.derive import Displayed
from db.displayed import displayed_events, grade_of, span_of, stance_of, status_of
from db.queries.catalogue import kind, place
from db.queries.quantities import event_quantities
from db.queries.rows import (
    ActorRole,
    ClaimRow,
    ControlRow,
    DecisionRow,
    EventActor,
    EventDetail,
    PlaceRole,
    QuantityRow,
    QuoteRow,
)
from db.queries.snapshot import at_one_instant
from db.queries.sources import quotes_by_id
from db.values import DocumentRole, Mode, Reach

_REACHES: Final = {each.value: each for each in Reach}
_MODES: Final = {each.value: each for each in Mode}
_ROLES: Final = {each.value: each for each in DocumentRole}

_CLAIMS: Final = (
    "SELECT c.id, c.uid, c.event_id, c.stance, c.title, c.summary, c.status, c.edtf, c.earliest, c.latest_start, "
    "c.earliest_end, c.latest, c.precision, c.time_shape, p.id, p.uid, p.name, c.attributed_to, s.reliability, "
    "c.credibility, c.judged_by, c.protected, c.control_place_id, cp.name, c.control_holder_id, h.name, "
    "c.control_reach, c.control_mode, c.quantity_what, c.quantity_value, c.quantity_low, c.quantity_high, "
    "c.quantity_unit, c.note, c.source_id, s.uid, s.title, s.publisher, s.published, d.id, d.role, c.quote_id "
    "FROM claim AS c LEFT JOIN source AS s ON s.id = c.source_id LEFT JOIN quote AS q ON q.id = c.quote_id "
    "LEFT JOIN document AS d ON d.id = q.document_id LEFT JOIN place AS p ON p.id = c.place_id "
    "LEFT JOIN place AS cp ON cp.id = c.control_place_id LEFT JOIN actor AS h ON h.id = c.control_holder_id "
    "WHERE c.event_id = ? ORDER BY c.id"
)


@at_one_instant
def event_detail(
    con: sqlite3.Connection, event_id: int, hidden_sources: frozenset[int] = frozenset()
) -> EventDetail | None:
    """An event as displayed without ``hidden_sources``; None when there is none or it has no visible claim."""
    sql = "SELECT uid, kind_id, note, tags, outcome_of_id FROM event WHERE id = ?"
    event = con.execute(sql, (event_id,)).fetchone()
    if event is None:
        return None
    displayed = displayed_events(con, (event_id, event[4] or event_id), hidden_sources)
    shown = displayed.get(event_id)
    if shown is None:
        return None
    rows = con.execute(_CLAIMS, (event_id,)).fetchall()
    visible = [row for row in rows if row[34] is None or row[34] not in hidden_sources]
    claims = _claims(con, visible, shown)
    return EventDetail(
        id=event_id,
        uid=event[0],
        kind=kind(con, event[1]),
        title=shown.title,
        summary=shown.summary,
        status=shown.status,
        when=shown.when,
        place=place(con, shown.place_id),
        grade=shown.grade,
        note=event[2],
        actors=_actors(con, event_id, claims, hidden_sources),
        tags=tuple(dict.fromkeys(strings_of(event[3]))),
        outcome_of_id=event[4] if event[4] in displayed else None,
        disagrees=shown.disagrees,
        supported=shown.supported,
        claims=claims,
        decisions=_decisions(con, event_id, {claim.uid for claim in claims}),
        quantity=event_quantities(con, hidden_sources, (event_id,)).of(event_id),
    )


def _actors(
    con: sqlite3.Connection, event_id: int, claims: Sequence[ClaimRow], hidden_sources: frozenset[int]
) -> tuple[EventActor, ...]:
    """Those of the visible claims in their order, with what the analyst decided."""
    roles: dict[int, list[str]] = defaultdict(list)
    for each in (actor for claim in claims for actor in claim.actors):
        roles[each.actor_id].append(each.role)
    decided = decided_actors(con, hidden_sources, (event_id,)).get(event_id)
    shown = list(roles) if decided is None else list(decided.applied(roles))
    names = dict(con.execute(f"SELECT id, name FROM actor WHERE id IN ({','.join(map(str, shown))})").fetchall())
    return tuple(EventActor(each, text_of(names[each]), tuple(dict.fromkeys(roles.get(each, ())))) for each in shown)


def _claims(con: sqlite3.Connection, rows: Sequence[tuple[Any, ...]], shown: Displayed) -> tuple[ClaimRow, ...]:
    ids = [row[0] for row in rows]
    marks = ",".join("?" * len(ids))
    actors: dict[int, list[ActorRole]] = defaultdict(list)
    for claim_id, actor_id, name, role in con.execute(
        "SELECT ca.claim_id, a.id, a.name, ca.role FROM claim_actor AS ca JOIN actor AS a ON a.id = ca.actor_id "
        f"WHERE ca.claim_id IN ({marks}) ORDER BY ca.id",
        ids,
    ).fetchall():
        actors[claim_id].append(ActorRole(actor_id, text_of(name), text_of(role)))
    places: dict[int, list[PlaceRole]] = defaultdict(list)
    for claim_id, *where in con.execute(
        "SELECT cp.claim_id, p.id, p.uid, p.name, cp.role FROM claim_place AS cp JOIN place AS p ON p.id = cp.place_id "
        f"WHERE cp.claim_id IN ({marks}) ORDER BY cp.id",
        ids,
    ).fetchall():
        places[claim_id].append(PlaceRole(*where))
    quotes = quotes_by_id(con, (row[41] for row in rows if row[41] is not None))
    return tuple(_claim(row, tuple(actors[row[0]]), tuple(places[row[0]]), quotes, shown.used) for row in rows)


def _claim(
    row: tuple[Any, ...],
    actors: tuple[ActorRole, ...],
    places: tuple[PlaceRole, ...],
    quotes: Mapping[int, QuoteRow],
    used: Mapping[str, frozenset[int]],
) -> ClaimRow:
    control = row[22:28]
    return ClaimRow(
        id=row[0],
        uid=row[1],
        event_id=row[2],
        stance=stance_of(row[3]),
        title=text_or_none(row[4]),
        summary=text_or_none(row[5]),
        status=status_of(row[6]),
        when=span_of(*row[7:14]),
        place=None if row[14] is None else PlaceRole(row[14], row[15], row[16], "at"),
        places=places,
        actors=actors,
        attributed_to=row[17],
        grade=grade_of(row[18], row[19]),
        judged_by=row[20],
        protected=bool(row[21]),
        control=_control(control),
        quantity=_quantity(*row[28:33]),
        note=row[33],
        source_id=row[34],
        source_uid=row[35],
        source_title=row[36],
        publisher=row[37],
        source_published=row[38],
        document_id=row[39],
        document_role=None if row[39] is None else _ROLES.get(row[40], DocumentRole.COPY),
        quote=quotes.get(row[41]),
        used_for=frozenset(field for field, ids in used.items() if row[0] in ids),
    )


def _quantity(what: object, value: object, low: object, high: object, unit: object) -> QuantityRow | None:
    if all(each is None for each in (what, value, low, high, unit)):
        return None
    numbers = number_or_none(value), number_or_none(low), number_or_none(high)
    return QuantityRow(text_or_none(what), *numbers, text_or_none(unit))


def _control(columns: Sequence[Any]) -> ControlRow | None:
    if all(value is None for value in columns):
        return None
    place_id, place_name, holder_id, holder_name, reach, mode = columns
    return ControlRow(place_id, place_name, holder_id, holder_name, _REACHES.get(reach), _MODES.get(mode))


def _decisions(con: sqlite3.Connection, event_id: int, visible: set[str]) -> tuple[DecisionRow, ...]:
    """The decisions in force. One that rests on a claim that is not visible would tell of it."""
    rows = con.execute(
        "SELECT id, uid, field, value, claims, treatment, reason, who, decided_at FROM decision WHERE event_id = ? "
        "ORDER BY id",
        (event_id,),
    ).fetchall()
    result = []
    for row_id, uid, field, value, claims, *rest in rows:
        names = _strings(claims)
        if visible.issuperset(names):
            values = [row_id, uid, field, _value(value), names, *rest]
            result.append(DecisionRow(*values))
    return tuple(result)


def _value(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return text


def _strings(text: str | None) -> tuple[str, ...]:
    """The strings of a JSON list; none where there is no list."""
    value = _value(text)
    return tuple(map(str, value)) if isinstance(value, list) else ()
