"""The tags of events: words of the analyst's own, kept with the event and not with any claim."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection
from typing import Final

from db.coerce import strings_of

_BATCH: Final = 10_000


def tags_of(con: sqlite3.Connection, event_ids: Collection[int] | None = None) -> dict[str, int]:
    """Each tag of some events (of all, for None) and how many have it, the most frequent first."""
    if event_ids is None:
        packed = con.execute("SELECT tags FROM event WHERE tags IS NOT NULL").fetchall()
    else:
        packed, ids = [], sorted(event_ids)
        for start in range(0, len(ids), _BATCH):
            marks = ",".join(str(int(each)) for each in ids[start : start + _BATCH])
            packed += con.execute(f"SELECT tags FROM event WHERE tags IS NOT NULL AND id IN ({marks})").fetchall()
    counts = Counter(tag for (text,) in packed for tag in dict.fromkeys(strings_of(text)))
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0].casefold())))
