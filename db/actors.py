"""Who took part in an event: actors that its visible claims name, less those the analyst took away, and those added.

What the analyst adds and takes away stands in one decision for each event, on the field ``actors``. As any decision it
holds while every claim that it rests on is visible. It says what is other than in the claims, so that a claim made
later brings its actors. Actors are named by uid: it holds again when undo brings one back.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from db.coerce import strings_of

FIELD: Final = "actors"
ROLE: Final = "involved"
"""The part of an actor of which no other is known."""
_BATCH: Final = 900


@dataclass(frozen=True, slots=True)
class Differing:
    """The value of a decision: uids of actors ``added`` and ``removed``, none in both."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def value(self) -> dict[str, list[str]]:
        """As JSON has it."""
        return {"added": list(self.added), "removed": list(self.removed)}


@dataclass(frozen=True, slots=True)
class Decided:
    """The same by the ids of the actors that the project has."""

    added: tuple[int, ...]
    removed: frozenset[int]

    def applied(self, named: Iterable[int]) -> dict[int, None]:
        """The actors of an event of which ``named`` are those in its claims, each once, in order."""
        stay = dict.fromkeys(each for each in named if each not in self.removed)
        return stay | dict.fromkeys(self.added)


def differing(value: str | None) -> Differing:
    """The value of a decision from its JSON; nothing where it says nothing."""
    try:
        found: Any = json.loads(value or "{}")
    except ValueError:
        return Differing()
    if not isinstance(found, dict):
        return Differing()
    added, removed = (
        tuple(map(str, part)) if isinstance(part := found.get(name), list) else () for name in ("added", "removed")
    )
    return Differing(added, tuple(each for each in removed if each not in added))


def decided_actors(
    con: sqlite3.Connection, hidden_sources: frozenset[int], event_ids: Collection[int] | None = None
) -> dict[int, Decided]:
    """What the analyst's decisions in force change, by event; of all events for None."""
    columns = f"SELECT event_id, value, claims FROM decision WHERE field = '{FIELD}' AND treatment <> 'ignored'"
    if event_ids is None:
        rows = con.execute(f"{columns} ORDER BY id").fetchall()
    else:
        rows = [
            row
            for marks in _marks(event_ids)
            for row in con.execute(f"{columns} AND event_id IN ({marks}) ORDER BY id")
        ]
    if not rows:
        return {}
    visible: dict[int, set[str]] = defaultdict(set)
    for marks in _marks({row[0] for row in rows}):
        sql = f"SELECT event_id, uid, source_id FROM claim WHERE event_id IN ({marks})"
        for event_id, uid, source_id in con.execute(sql):
            if source_id is None or source_id not in hidden_sources:
                visible[event_id].add(uid)
    force = {
        event_id: differing(value) for event_id, value, claims in rows if visible[event_id] >= {*strings_of(claims)}
    }
    ids = _ids(con, {uid for each in force.values() for uid in (*each.added, *each.removed)})
    return {
        event_id: Decided(
            tuple(ids[uid] for uid in each.added if uid in ids),
            frozenset(ids[uid] for uid in each.removed if uid in ids),
        )
        for event_id, each in force.items()
    }


def _ids(con: sqlite3.Connection, uids: Collection[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    wanted = sorted(uids)
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        found |= dict(con.execute(f"SELECT uid, id FROM actor WHERE uid IN ({','.join('?' * len(part))})", part))
    return found


def _marks(ids: Collection[int]) -> Iterable[str]:
    """Whole numbers as SQL lists them, in batches."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        yield ",".join(str(int(each)) for each in wanted[start : start + _BATCH])
