"""Which countries a project is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from db.queries import PlaceRow
from viewer.core.countries import country_name
from viewer.core.index import EventIndex

LEAST_SHARE: Final = 0.12
"""A project is about the countries that have this share of its placed events each ..."""
TOGETHER: Final = 0.6
"""... and this share together; else it is about the whole world."""


def countries_of(index: EventIndex, places: Mapping[int, PlaceRow]) -> frozenset[str]:
    """English names of the countries that a project is about; empty when it is about no few."""
    counts = np.bincount(index.columns.place[index.mapped])
    ids = np.flatnonzero(counts)
    counts = counts[ids]
    total = int(counts.sum())
    by_code: dict[str, int] = {}
    for place, count in zip(ids.tolist(), counts.tolist(), strict=True):
        code = places[place].country if place in places else None
        if code:
            by_code[code] = by_code.get(code, 0) + count
    main = {code: count for code, count in by_code.items() if count >= LEAST_SHARE * total}
    if sum(main.values()) < TOGETHER * total:
        return frozenset()
    return frozenset(name for code in main if (name := country_name(code)))
