"""Who is said to have said what claims say: the names in ``claim.attributed_to``."""

from __future__ import annotations

import re
import sqlite3
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.joined import split_names

_ADDRESS: Final = re.compile(r"https?://(?:www\.)?([^\s/?#:;]+)\S*", re.IGNORECASE)


def event_attributions(
    con: sqlite3.Connection, hidden_sources: frozenset[int] = frozenset()
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Who is said to have said what visible claims say, each once, and pairs, some more than once: ids of events, and
    which of the names they have. Several names in one text are parted by semicolons; an address stands for its host.
    """
    hidden = ",".join(str(int(source)) for source in hidden_sources)
    ids: dict[str, list[str]] = {}
    for text, joined in con.execute(
        "SELECT attributed_to, group_concat(event_id, ' ') FROM claim WHERE typeof(attributed_to) = 'text' "
        f"AND (source_id IS NULL OR source_id NOT IN ({hidden})) GROUP BY attributed_to"
    ).fetchall():
        alone = _ADDRESS.fullmatch(text) and ";http" not in text  # an address may hold semicolons
        for name in [text] if alone else split_names(text):
            found = _ADDRESS.fullmatch(name)
            if name := found[1].casefold() if found is not None else name.strip():
                ids.setdefault(name, []).append(joined)
    if not ids:
        return [], np.empty(0, np.int64), np.empty(0, np.int64)
    events = [np.fromstring(" ".join(each), np.int64, sep=" ") for each in ids.values()]
    return list(ids), np.concatenate(events), np.repeat(np.arange(len(events)), [len(each) for each in events])
