"""Events that took the place of others in an import of new values (taking_over.py), for undo and redo to know.

With the last part the old event goes, with its claim and its quote, and the new one has its uid: what other files say
of it still means it. That leaves images in the journal, as any deletion does, so undo brings the old event back; where
somebody has worked on the new one, that one stays instead.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from db.bulk import Bulk, Record
from db.journal import Entry, values_of
from db.kept.tables import piece_of

REPLACED: Final = "replaced"
"""In what is kept of an import: the hash of the list of these events."""
Replaced = tuple[int, int, str]
"""Number of a new event, that of the old one, and the uid of both."""
_AT_ONCE: Final = 500
_GOING: Final = (("claim_actor", "claim_id"), ("claim", "id"), ("quote", "id"), ("event", "id"))


def to_bytes(replaced: Sequence[Replaced]) -> bytes:
    """As JSON."""
    return json.dumps(replaced, separators=(",", ":")).encode()


def replaced_by(con: sqlite3.Connection, record: Record) -> list[Replaced]:
    """Which events those of an import took the place of. Raises EnvironmentFault when the list is damaged."""
    sha256 = record.about.get(REPLACED)
    return [(int(new), int(old), str(uid)) for new, old, uid in json.loads(piece_of(con, sha256))] if sha256 else []


def take_away(bulk: Bulk, replaced: Sequence[Replaced]) -> None:
    """Within the last part: the old events go, with what came with them."""
    olds = [old for _new, old, _uid in replaced]
    with bulk.watched():
        for start in range(0, len(olds), _AT_ONCE):
            given = (json.dumps(olds[start : start + _AT_ONCE]),)
            for table, column in _GOING:
                bulk.con.execute(f'DELETE FROM "{table}" WHERE "{column}" IN (SELECT value FROM json_each(?))', given)


def name_again(con: sqlite3.Connection, replaced: Iterable[Replaced]) -> None:
    """Before the events are written: the new ones have the uids of the old ones, which are gone."""
    con.executemany("UPDATE temp.bulk_event SET own_uid = ? WHERE id = ?", ((uid, new) for new, _old, uid in replaced))


def without(changes: Sequence[Entry], olds: Collection[int], claim_at: int) -> list[Entry]:
    """The changes of an import without those of old events that stay away. ``claim_at``: where the image of an actor of
    a claim names the claim.
    """
    if not olds:
        return list(changes)

    def stays(entry: Entry) -> bool:
        if entry.table == "claim_actor":
            return values_of(entry.before or entry.after or "")[claim_at] in olds
        return entry.table in ("claim", "quote", "event") and entry.row_id in olds

    return [each for each in changes if not stays(each)]
