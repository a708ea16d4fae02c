"""Random event columns for tests of the index and the painters, with every odd case in them."""

from __future__ import annotations

import numpy as np

from db.queries import STATUS_CODES, EventColumns
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST

KINDS = (1, 2, 3)
SOURCES = (1, 2, 3, 4)


def random_columns(n: int, seed: int = 0) -> EventColumns:
    """``n`` events over some 300 days around 1970 and before year 1: open ends, undated, nowhere, zero length."""
    rng = np.random.default_rng(seed)
    centre = np.where(rng.random(n) < 0.1, -800_000 * MS_DAY, 0)
    earliest = centre + rng.integers(0, 300, n) * MS_DAY
    width = np.where(rng.random(n) < 0.3, 0, rng.integers(0, 90, n) * MS_DAY)
    latest = earliest + width
    latest = np.where(rng.random(n) < 0.1, OPEN_FUTURE, latest)
    earliest = np.where(rng.random(n) < 0.05, OPEN_PAST, earliest)
    dated = rng.random(n) > 0.08
    earliest, latest = np.where(dated, earliest, OPEN_PAST), np.where(dated, latest, OPEN_FUTURE)
    lasting = dated & (rng.random(n) < 0.3)
    low_open, high_open = earliest <= OPEN_PAST, latest >= OPEN_FUTURE
    middle = earliest // 2 + latest // 2
    best = np.select(
        [~dated, low_open & high_open, low_open, high_open | lasting], [OPEN_PAST, latest, latest, earliest], middle
    )
    ids = rng.permutation(np.arange(1, n + 1, dtype=np.int64))
    order = np.lexsort((ids, earliest))
    nowhere = rng.random(n) < 0.1
    counts = rng.integers(0, 3, n)
    fields = {
        "id": ids,
        "kind": rng.choice(np.array(KINDS, np.int32), n),
        "status": rng.integers(0, len(STATUS_CODES), n).astype(np.int8),
        "edtf": np.full(n, "", object),
        "earliest": earliest,
        "latest_start": np.where(lasting, earliest, latest),
        "earliest_end": np.where(lasting, latest, earliest),
        "latest": latest,
        "best": best,
        "dated": dated,
        "lasting": lasting,
        "precision": np.full(n, 3, np.int8),
        "lon": np.where(nowhere, np.nan, rng.uniform(36, 48, n)),
        "lat": np.where(nowhere, np.nan, rng.uniform(30, 37, n)),
        "radius_m": rng.choice(np.array([0, 5_000, 60_000], np.float32), n),
        "area": np.zeros(n, bool),
        "place": rng.integers(0, 9, n),
        "claims": np.maximum(counts, 1).astype(np.int32),
        "disagrees": rng.random(n) < 0.2,
        "supported": rng.random(n) < 0.9,
    }
    offsets = np.concatenate(([0], np.cumsum(counts)))
    sources = np.concatenate([np.sort(rng.choice(SOURCES, count, replace=False)) for count in counts] or [[]])
    return EventColumns(
        **{name: np.ascontiguousarray(values[order]) for name, values in fields.items()},
        source_offsets=offsets.astype(np.int64),
        source_ids=sources.astype(np.int64),
    )
