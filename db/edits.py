"""The changes that a user makes to events, places and sources. Each runs inside a step of the caller.

An edit of a displayed value is a *decision*: it holds as long as all claims that stood when it was made are visible, so
that it leaks nothing of a source that is hidden. Only where the event is nothing but the analyst's own assertion is the
claim itself changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from db.actors import FIELD, ROLE, Differing, differing
from db.coerce import strings_of, text_of
from db.displayed import encode_date, span_columns
from db.errors import InputFault
from db.geometry import point_blob
from db.schema import now_text
from db.search import fold
from db.tables import Actor, Claim, ClaimActor, Decision, Event, Kind, Place, Source
from db.values import CREDIBILITY, RELIABILITY, PlaceKind, Status, TimeSpan

NONE: Final[frozenset[int]] = frozenset()
"""No source is hidden from whoever makes the edit."""
LONGEST_NAME: Final = 200
"""Of an actor."""


def set_event_title(session: Session, event_id: int, title: str, hidden_sources: frozenset[int] = NONE) -> None:
    """Call an event ``title``. Raises InputFault for an empty one."""
    text = " ".join(title.split())
    if not text:
        raise InputFault("An event needs a title. It was left as it is.")
    own = _own_claim(session, event_id)
    if own is not None:
        own.title = text
    else:
        _decide(session, event_id, "title", text, hidden_sources)


def set_event_summary(session: Session, event_id: int, summary: str) -> None:
    own = _own_claim(session, event_id)
    if own is not None:
        own.summary = summary.strip() or None
    else:
        _decide(session, event_id, "summary", summary.strip())


def set_event_kind(session: Session, event_id: int, kind_id: int | None) -> None:
    """Give an event another kind, or none."""
    if kind_id is not None and session.get(Kind, kind_id) is None:
        raise InputFault("That kind is no longer in the project. The event was left as it is.")
    _event(session, event_id).kind_id = kind_id


def set_event_date(session: Session, event_id: int, span: TimeSpan, hidden_sources: frozenset[int] = NONE) -> None:
    """Date an event by the analyst's own span."""
    own = _own_claim(session, event_id)
    if own is not None:
        _date_claim(own, span)
    else:
        _decide(session, event_id, "date", encode_date(span), hidden_sources)


def set_event_place(session: Session, event_id: int, place_id: int, hidden_sources: frozenset[int] = NONE) -> None:
    """Put an event at a place of the project."""
    place = session.get(Place, place_id)
    if place is None:
        raise InputFault("That place is no longer in the project. The event was left as it is.")
    own = _own_claim(session, event_id)
    if own is not None:
        own.place_id = place_id
    else:
        _decide(session, event_id, "place", place.uid, hidden_sources)


def set_event_status(session: Session, event_id: int, status: Status) -> None:
    own = _own_claim(session, event_id)
    if own is not None:
        own.status = status.value
    else:
        _decide(session, event_id, "status", status.value)


def add_event_actor(session: Session, event_id: int, name: str, hidden_sources: frozenset[int] = NONE) -> None:
    """Have an actor take part in an event: the one of the project with this name or alias, else a new one.

    Raises InputFault for what is no name.
    """
    text = " ".join(name.split())
    if not text or len(text) > LONGEST_NAME:
        raise InputFault(f"The name of an actor has between 1 and {LONGEST_NAME} characters. Nothing was changed.")
    _event(session, event_id)
    actor = _actor_called(session, text)
    own = _own_claim(session, event_id)
    if own is None:
        before = _differing(session, event_id, hidden_sources)
        named = session.exec(
            select(Actor.uid).join(ClaimActor).join(Claim).where(Claim.event_id == event_id, _visible(hidden_sources))
        ).all()
        added = before.added if actor.uid in (*before.added, *named) else (*before.added, actor.uid)
        _differ(session, event_id, Differing(added, _without(before.removed, actor.uid)), hidden_sources)
    elif own.id is not None and actor.id is not None and actor.id not in _actors_of(session, own):
        session.add(ClaimActor(claim_id=own.id, actor_id=actor.id, role=ROLE))


def remove_event_actor(session: Session, event_id: int, actor_id: int, hidden_sources: frozenset[int] = NONE) -> None:
    """Have an actor take no part in an event, whatever claims say. The actor stays in the project."""
    actor = session.get(Actor, actor_id)
    if actor is None:
        raise InputFault("That actor is no longer in the project. The event was left as it is.")
    own = _own_claim(session, event_id)
    if own is None:
        before = _differing(session, event_id, hidden_sources)
        named = session.exec(
            select(ClaimActor.id)
            .join(Claim)
            .where(Claim.event_id == event_id, ClaimActor.actor_id == actor_id, _visible(hidden_sources))
        ).first()
        removed = _without(before.removed, actor.uid) + ((actor.uid,) if named is not None else ())
        _differ(session, event_id, Differing(_without(before.added, actor.uid), removed), hidden_sources)
    else:
        session.exec(delete(ClaimActor).where(col(ClaimActor.claim_id) == own.id, col(ClaimActor.actor_id) == actor_id))


def clear_decision(session: Session, event_id: int, field: str) -> None:
    """Let the claims speak again for a field (title, summary, date, place or status)."""
    for decision in session.exec(_decisions(event_id, field)).all():
        session.delete(decision)


def add_event(
    session: Session,
    title: str,
    *,
    kind_id: int | None = None,
    when: TimeSpan | None = None,
    place_id: int | None = None,
    status: Status = Status.OCCURRED,
    summary: str | None = None,
) -> int:
    """Make an event by hand, with one claim of the analyst's own that no quote supports; answers its id."""
    text = " ".join(title.split())
    if not text:
        raise InputFault("An event needs a title. Nothing was added.")
    event = Event(kind_id=kind_id)
    session.add(event)
    session.flush()
    assert event.id is not None
    claim = Claim(event_id=event.id, title=text, summary=summary, status=status.value, place_id=place_id)
    if when is not None:
        _date_claim(claim, when)
    session.add(claim)
    session.flush()
    return event.id


def delete_events(session: Session, event_ids: Iterable[int]) -> None:
    """Delete events with their claims and decisions. The quotes stay in their documents."""
    for event_id in event_ids:
        session.exec(delete(Event).where(col(Event.id) == event_id))


def add_place(session: Session, name: str, lon: float, lat: float, *, radius_m: float | None = None) -> int:
    """Make a point place (degrees, WGS 84); answers its id. Raises InputFault for no name or a point off the earth."""
    text = " ".join(name.split())
    if not text:
        raise InputFault("A place needs a name. Nothing was added.")
    place = Place(name=text, kind=PlaceKind.POINT.value, geom=point_blob(lon, lat), radius_m=radius_m)
    session.add(place)
    session.flush()
    assert place.id is not None
    return place.id


def set_source_reliability(
    session: Session, source_id: int, reliability: str | None, judged_by: str | None = None
) -> None:
    """Judge a source A to F, or take the judgement back with None."""
    if reliability is not None and reliability not in RELIABILITY:
        raise InputFault(f"Reliability is a letter from A to F, not “{reliability}”. Nothing was changed.")
    source = session.get(Source, source_id)
    if source is None:
        raise InputFault("That source is no longer in the project. Nothing was changed.")
    source.reliability = reliability
    source.judged_by = judged_by if reliability is not None else None


def set_claim_credibility(
    session: Session, claim_id: int, credibility: int | None, judged_by: str | None = None
) -> None:
    """Judge what a claim says 1 to 6, or take the judgement back with None."""
    if credibility is not None and credibility not in CREDIBILITY:
        raise InputFault(f"Credibility is a number from 1 to 6, not {credibility}. Nothing was changed.")
    claim = session.get(Claim, claim_id)
    if claim is None:
        raise InputFault("That claim is no longer in the project. Nothing was changed.")
    claim.credibility = credibility
    claim.judged_by = judged_by if credibility is not None else None


def _event(session: Session, event_id: int) -> Event:
    event = session.get(Event, event_id)
    if event is None:
        raise InputFault("That event is no longer in the project. Nothing was changed.")
    return event


def _own_claim(session: Session, event_id: int) -> Claim | None:
    """The one claim of an event that is nothing but the analyst's own assertion; None for every other event."""
    _event(session, event_id)
    claims = session.exec(select(Claim).where(Claim.event_id == event_id)).all()
    if len(claims) == 1 and claims[0].quote_id is None and claims[0].source_id is None:
        decided = session.exec(select(Decision.id).where(Decision.event_id == event_id)).first()
        return claims[0] if decided is None else None
    return None


def _decisions(event_id: int, field: str) -> Any:
    return select(Decision).where(Decision.event_id == event_id, Decision.field == field)


def _followed(session: Session, event_id: int, field: str) -> list[Decision]:
    """The decisions for a field but for those that only ignore claims."""
    return [each for each in session.exec(_decisions(event_id, field)).all() if each.treatment != "ignored"]


def _decide(session: Session, event_id: int, field: str, value: Any, hidden_sources: frozenset[int] = NONE) -> None:
    """Record the analyst's value for a field, in place of an earlier one.

    It rests on those claims of the event that the analyst sees: one that rested on a hidden claim would not hold.
    """
    seen = select(Claim.uid).where(Claim.event_id == event_id, _visible(hidden_sources)).order_by(col(Claim.id))
    claims = session.exec(seen).all()
    text, uids = json.dumps(value, ensure_ascii=False), json.dumps(list(claims))
    found = _followed(session, event_id, field)
    if found and found[-1].value == text and found[-1].claims == uids:
        return
    for decision in found:
        session.delete(decision)
    session.flush()
    session.add(Decision(event_id=event_id, field=field, value=text, claims=uids, decided_at=now_text()))


def _visible(hidden_sources: frozenset[int]) -> Any:
    """What is true of the claims that the analyst sees."""
    return or_(col(Claim.source_id).is_(None), col(Claim.source_id).not_in(hidden_sources))


def _actor_called(session: Session, name: str) -> Actor:
    """The actor with a name or an alias, in whatever case and with or without its diacritics; a new one for none."""
    wanted, found = fold(name), dict[str, int]()
    for actor_id, own, aliases in session.exec(select(Actor.id, Actor.name, Actor.aliases).order_by(col(Actor.id))):
        for place, each in enumerate((text_of(own), *strings_of(aliases))):
            if actor_id is not None and fold(" ".join(each.split())) == wanted:
                found.setdefault("alias" if place else "name", actor_id)
    known = session.get(Actor, found.get("name", found.get("alias"))) if found else None
    if known is None:
        known = Actor(name=name)
        session.add(known)
        session.flush()
    return known


def _actors_of(session: Session, claim: Claim) -> list[int]:
    return list(session.exec(select(ClaimActor.actor_id).where(ClaimActor.claim_id == claim.id)).all())


def _differing(session: Session, event_id: int, hidden_sources: frozenset[int]) -> Differing:
    """What the analyst has added and taken away, as far as the decision is in force."""
    seen = set(session.exec(select(Claim.uid).where(Claim.event_id == event_id, _visible(hidden_sources))).all())
    found = [each for each in _followed(session, event_id, FIELD) if seen >= {*strings_of(each.claims)}]
    return differing(found[-1].value) if found else Differing()


def _differ(session: Session, event_id: int, now: Differing, hidden_sources: frozenset[int]) -> None:
    if now:
        _decide(session, event_id, FIELD, now.value(), hidden_sources)
    else:
        for decision in _followed(session, event_id, FIELD):
            session.delete(decision)


def _without(uids: tuple[str, ...], uid: str) -> tuple[str, ...]:
    return tuple(each for each in uids if each != uid)


def _date_claim(claim: Claim, span: TimeSpan) -> None:
    claim.edtf, claim.time_shape = span.edtf, span.shape.value
    for name, value in span_columns(span).items():
        setattr(claim, name, value)
