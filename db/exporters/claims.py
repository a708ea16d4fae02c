"""What each visible claim says of an exported event: who says it, and with which values where claims differ.

Words of quotes are not among it. A protected source is not named, and who said it is left out in its claims and in
those that are protected themselves, as with events (rows.py).
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from db.claim_columns import columns_of, number_text
from db.coerce import number_or_none, text_of, text_or_none
from db.displayed import grade_of, stance_of, status_of
from db.exporters.areas import Area
from db.formulas import guarded
from db.joined import join_names
from db.values import Grade

_CLAIMS: Final = (
    "SELECT c.id, c.event_id, c.source_id, c.stance, c.title, c.summary, c.status, c.edtf, c.time_shape, c.place_id, "
    "CASE WHEN c.protected = 0 THEN c.attributed_to END, s.reliability, c.credibility, c.quantity_what, "
    "c.quantity_value, c.quantity_low, c.quantity_high, c.quantity_unit "
    "FROM claim AS c LEFT JOIN source AS s ON s.id = c.source_id WHERE c.event_id IN ({}) ORDER BY c.id"
)
_ACTORS: Final = (
    "SELECT ca.claim_id, a.name FROM claim_actor AS ca JOIN claim AS c ON c.id = ca.claim_id "
    "JOIN actor AS a ON a.id = ca.actor_id WHERE c.event_id IN ({}) ORDER BY ca.id"
)
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Told:
    """A source as exports name it: ``Publisher: Title``, and the publisher alone. ``published`` is EDTF."""

    name: str
    publisher: str | None = None
    published: str | None = None


NOBODY: Final = Told("")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as exports have it: degrees (WGS 84), inside an area, whose shape is ``area``."""

    name: str
    lon: float | None
    lat: float | None
    radius_m: float
    area: Area | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim. ``source`` None is the analyst's own. ``place`` has its position where it is another than the event's
    (``elsewhere``). ``counted``: of what, number, lowest, highest, unit.
    """

    source: Told | None
    grade: Grade
    stance: str
    title: str | None
    summary: str | None
    status: str
    edtf: str | None
    shape: str | None
    place: Spot | None
    elsewhere: bool
    actors: tuple[str, ...]
    attributed_to: str | None
    counted: tuple[str | None, float | None, float | None, float | None, str | None]

    def texts(self) -> dict[str, str]:
        """What it says, as claim_columns has it."""
        told, where = self.source or NOBODY, self.place if self.elsewhere else None
        what, number, low, high, unit = self.counted
        said = {
            "source": told.name,
            "publisher": told.publisher,
            "published": told.published,
            "grade": self.grade.code,
            "stance": self.stance,
            "status": self.status,
            "title": self.title,
            "summary": self.summary,
            "edtf": self.edtf,
            "date_shape": self.shape,
            "place": None if self.place is None else self.place.name,
            "lat": number_text(None if where is None else where.lat),
            "lon": number_text(None if where is None else where.lon),
            "radius_m": number_text(where.radius_m) if where is not None and where.radius_m else "",
            "actors": join_names(self.actors),
            "attributed_to": self.attributed_to,
            "quantity_what": what,
            "quantity": number_text(number),
            "quantity_low": number_text(low),
            "quantity_high": number_text(high),
            "quantity_unit": unit,
        }
        return {name: text for name, text in said.items() if text}


def texts_of(claims: tuple[Claimed, ...]) -> dict[str, list[str]]:
    """The columns of claims of an event, with a text for each claim; without those of which none says anything."""
    return columns_of([each.texts() for each in claims])


def joined_texts(claims: tuple[Claimed, ...], *, guard: bool = False) -> dict[str, str]:
    """The same, each column in one text; ``guard`` against formulas."""
    found = {column: join_names(texts) for column, texts in texts_of(claims).items()}
    return {column: guarded(text) for column, text in found.items()} if guard else found


def claims_of(
    con: sqlite3.Connection,
    at: Mapping[int, object],
    sources: Mapping[int, Told],
    hidden: frozenset[int],
    protected: frozenset[int],
    know: Callable[[set[Any]], Mapping[int, Spot]],
) -> dict[int, tuple[Claimed, ...]]:
    """The claims by event, in the order of their making.

    ``at``: the events, and the places at which they are displayed. ``sources`` as they are exported. ``know`` gives the
    places of some ids, and of those at which the events are displayed.
    """
    marks = ",".join(map(str, at))
    actors: dict[int, dict[str, None]] = defaultdict(dict)
    for claim_id, name in con.execute(_ACTORS.format(marks)).fetchall():
        actors[claim_id][_fit(text_of(name))] = None
    found: dict[int, list[Claimed]] = defaultdict(list)
    rows = [row for row in con.execute(_CLAIMS.format(marks)).fetchall() if row[2] not in hidden]
    places = know({*(row[9] for row in rows), *at.values()})
    for row in rows:
        claim_id, event_id, source_id, stance, title, summary, status, edtf, shape, place_id, said, *rest = row
        letter, number, what, value, low, high, unit = rest
        claimed = Claimed(
            source=sources.get(source_id),
            grade=grade_of(letter, number),
            stance=stance_of(stance).value,
            title=_text(title),
            summary=_text(summary),
            status=status_of(status).word,
            edtf=_text(edtf),
            shape=_text(shape),
            place=places.get(place_id),
            elsewhere=place_id != at[event_id],
            actors=tuple(actors.get(claim_id, ())),
            attributed_to=None if source_id in protected else _text(said),
            counted=(_text(what), number_or_none(value), number_or_none(low), number_or_none(high), _text(unit)),
        )
        found[event_id].append(claimed)
    return {event_id: tuple(several) for event_id, several in found.items()}


def _text(value: object) -> str | None:
    text = text_or_none(value)
    return None if text is None else _fit(text)


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
