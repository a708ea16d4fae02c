"""The tags of events: words of the analyst's own, kept with the event and not with any claim."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

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


def event_tags(con: sqlite3.Connection) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """The tags of all events, each once, and pairs: ids of events, and which of the tags they have."""
    numbers: dict[str, int] = {}
    events, tags = [], []
    # Of a million events with tags only some hundreds are tagged differently.
    for text, joined in con.execute(
        "SELECT tags, group_concat(id, ' ') FROM event WHERE tags IS NOT NULL GROUP BY tags"
    ).fetchall():
        ids = np.fromstring(joined, np.int64, sep=" ")
        for tag in dict.fromkeys(strings_of(text)):
            events.append(ids)
            tags.append(np.full(len(ids), numbers.setdefault(tag, len(numbers)), np.int64))
    if not events:
        return [], np.empty(0, np.int64), np.empty(0, np.int64)
    return list(numbers), np.concatenate(events), np.concatenate(tags)
