"""What each visible claim says of an exported event: who says it, and with which values where claims differ.

Words of quotes are not among it. A protected source is not named, and who said it is left out in its claims and in
those that are protected themselves, as with events (rows.py).
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from db.coerce import text_of, text_or_none
from db.displayed import grade_of, stance_of, status_of

_CLAIMS: Final = (
    "SELECT c.id, c.event_id, c.source_id, c.stance, c.title, c.summary, c.status, c.edtf, c.time_shape, p.name, "
    "CASE WHEN c.protected = 0 THEN c.attributed_to END, s.reliability, c.credibility "
    "FROM claim AS c LEFT JOIN place AS p ON p.id = c.place_id LEFT JOIN source AS s ON s.id = c.source_id "
    "WHERE c.event_id IN ({}) ORDER BY c.id"
)
_ACTORS: Final = (
    "SELECT ca.claim_id, a.name FROM claim_actor AS ca JOIN claim AS c ON c.id = ca.claim_id "
    "JOIN actor AS a ON a.id = ca.actor_id WHERE c.event_id IN ({}) ORDER BY ca.id"
)
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim. ``source`` None is the analyst's own; ``reliability`` A to F and ``credibility`` 1 to 6, if judged."""

    source: str | None
    stance: str
    title: str | None
    summary: str | None
    status: str
    edtf: str | None
    shape: str | None
    place: str | None
    actors: tuple[str, ...]
    attributed_to: str | None
    reliability: str | None
    credibility: int | None


def claims_of(
    con: sqlite3.Connection,
    marks: str,
    sources: Mapping[int, str],
    hidden: frozenset[int],
    protected: frozenset[int],
) -> dict[int, tuple[Claimed, ...]]:
    """The claims by event, in the order of their making. ``marks``: ids of events, with commas between them.

    ``sources``: their names as they are exported.
    """
    actors: dict[int, dict[str, None]] = defaultdict(dict)
    for claim_id, name in con.execute(_ACTORS.format(marks)).fetchall():
        actors[claim_id][_fit(text_of(name))] = None
    found: dict[int, list[Claimed]] = defaultdict(list)
    for row in con.execute(_CLAIMS.format(marks)).fetchall():
        claim_id, event_id, source_id, stance, title, summary, status, edtf, shape, place, said, letter, number = row
        if source_id in hidden:
            continue
        grade = grade_of(letter, number)
        claimed = Claimed(
            source=sources.get(source_id),
            stance=stance_of(stance).value,
            title=_text(title),
            summary=_text(summary),
            status=status_of(status).word,
            edtf=_text(edtf),
            shape=_text(shape),
            place=_text(place),
            actors=tuple(actors.get(claim_id, ())),
            attributed_to=None if source_id in protected else _text(said),
            reliability=grade.reliability,
            credibility=grade.credibility,
        )
        found[event_id].append(claimed)
    return {event_id: tuple(several) for event_id, several in found.items()}


def _text(value: object) -> str | None:
    text = text_or_none(value)
    return None if text is None else _fit(text)


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
