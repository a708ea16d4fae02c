"""The same change to many events, inside one step of the caller: by batches of SQL where one by one would take minutes.

Each function tells ``told`` after each batch how many of how many are done; what ``told`` raises takes the whole step
back. Values that are displayed are changed as in edits.py: a decision that rests on the claims the analyst sees, or the
claim itself where it is all there is and the analyst's own. All raise InputFault when an event is gone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sqlmodel import Session

from db.coerce import strings_of
from db.edits import NONE
from db.errors import InputFault
from db.schema import now_text
from db.tables import Kind, Place
from db.uid import new_uid
from db.values import Status

Told = Callable[[int, int], object]
BATCH: Final = 400
"""Events changed between two reports: some hundredths of a second."""
LONGEST_TAG: Final = 100


def set_kind(session: Session, event_ids: Sequence[int], kind_id: int, told: Told) -> None:
    """Give events another kind."""
    if session.get(Kind, kind_id) is None:
        raise InputFault("That kind is no longer in the project. The events were left as they are.")
    for marks, _part in _batches(session, event_ids, told):
        _run(session, f"UPDATE event SET kind_id = ? WHERE id IN ({marks}) AND kind_id IS NOT ?", (kind_id, kind_id))


def set_status(
    session: Session, event_ids: Sequence[int], status: Status, told: Told, hidden_sources: frozenset[int] = NONE
) -> None:
    """Give events another status."""
    for marks, part in _batches(session, event_ids, told):
        _display(session, marks, part, "status", status.value, ("status", status.value), hidden_sources)


def set_place(
    session: Session, event_ids: Sequence[int], place_id: int, told: Told, hidden_sources: frozenset[int] = NONE
) -> None:
    """Put events at one place of the project."""
    place = session.get(Place, place_id)
    if place is None:
        raise InputFault("That place is no longer in the project. The events were left as they are.")
    for marks, part in _batches(session, event_ids, told):
        _display(session, marks, part, "place", place.uid, ("place_id", place_id), hidden_sources)


def add_tag(session: Session, event_ids: Sequence[int], tag: str, told: Told) -> None:
    """Give events a tag; those that have it, in whatever case, keep theirs. Raises InputFault for what is no tag."""
    text = " ".join(tag.split())
    if not text or len(text) > LONGEST_TAG:
        raise InputFault(f"A tag has between 1 and {LONGEST_TAG} characters. Nothing was changed.")
    same = text.casefold()

    def added(tags: list[str]) -> list[str]:
        return tags if same in (each.casefold() for each in tags) else [*tags, text]

    _retag(session, event_ids, added, told)


def remove_tag(session: Session, event_ids: Sequence[int], tag: str, told: Told) -> None:
    """Take a tag from those events that have it."""
    _retag(session, event_ids, lambda tags: [each for each in tags if each != tag], told)


def delete_events(session: Session, event_ids: Sequence[int], told: Told) -> None:
    """Delete events with their claims and decisions; those that are gone already are passed over. The quotes stay."""
    for marks, _part in _batches(session, event_ids, told, all_there=False):
        _run(session, f"DELETE FROM event WHERE id IN ({marks})")


def _run(session: Session, sql: str, values: Any = ()) -> Any:
    return session.connection().exec_driver_sql(sql, values)


def _batches(
    session: Session, event_ids: Sequence[int], told: Told, *, all_there: bool = True
) -> Iterator[tuple[str, Sequence[int]]]:
    """Ids as SQL lists them, and as they are. Raises InputFault where one is no event, if ``all_there``."""
    total = len(event_ids)
    for start in range(0, total, BATCH):
        told(start, total)
        part = event_ids[start : start + BATCH]
        marks = ",".join(str(int(each)) for each in part)
        (found,) = _run(session, f"SELECT count(*) FROM event WHERE id IN ({marks})").one()
        if all_there and found != len(set(part)):
            raise InputFault("Some of these events are no longer in the project. Nothing was changed.")
        yield marks, part
    told(total, total)


def _display(
    session: Session,
    marks: str,
    event_ids: Sequence[int],
    field: str,
    value: str,
    own: tuple[str, object],
    hidden: frozenset[int],
) -> None:
    """Have events display ``value`` for ``field``; ``own`` is the column of a claim that says so, and what it says."""
    claims: dict[int, list[Any]] = defaultdict(list)
    sql = f"SELECT event_id, id, uid, quote_id, source_id FROM claim WHERE event_id IN ({marks}) ORDER BY id"
    for row in _run(session, sql):
        claims[row[0]].append(row)
    decisions: dict[int, list[Any]] = defaultdict(list)
    sql = f"SELECT event_id, id, field, value, claims, treatment FROM decision WHERE event_id IN ({marks}) ORDER BY id"
    for row in _run(session, sql):
        decisions[row[0]].append(row)
    own_claims: list[int] = []
    gone: list[int] = []
    new: list[tuple[object, ...]] = []
    text, now = json.dumps(value, ensure_ascii=False), now_text()
    for event_id in event_ids:
        said = claims[event_id]
        if len(said) == 1 and said[0][3] is None and said[0][4] is None and not decisions[event_id]:
            own_claims.append(said[0][1])
            continue
        uids = json.dumps([row[2] for row in said if row[4] is None or row[4] not in hidden])
        earlier = [row for row in decisions[event_id] if row[2] == field and row[5] != "ignored"]
        if earlier and (earlier[-1][3], earlier[-1][4]) == (text, uids):
            continue
        gone += [row[1] for row in earlier]
        new.append((new_uid(), event_id, field, text, uids, now))
    column, said_value = own
    if own_claims:
        ids = ",".join(map(str, own_claims))
        _run(
            session,
            f"UPDATE claim SET {column} = ? WHERE id IN ({ids}) AND {column} IS NOT ?",
            (said_value, said_value),
        )
    if gone:
        _run(session, f"DELETE FROM decision WHERE id IN ({','.join(map(str, gone))})")
    if new:
        sql = "INSERT INTO decision (uid, event_id, field, value, claims, decided_at) VALUES (?, ?, ?, ?, ?, ?)"
        _run(session, sql, new)


def _retag(session: Session, event_ids: Sequence[int], change: Callable[[list[str]], list[str]], told: Told) -> None:
    for marks, _part in _batches(session, event_ids, told):
        new: list[tuple[str | None, int]] = []
        for event_id, packed in _run(session, f"SELECT id, tags FROM event WHERE id IN ({marks})"):
            before = list(strings_of(packed))
            after = change(before)
            if after != before:
                new.append((json.dumps(after, ensure_ascii=False) if after else None, event_id))
        if new:
            _run(session, "UPDATE event SET tags = ? WHERE id = ?", new)
