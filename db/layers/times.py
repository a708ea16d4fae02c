"""Times of features, read from the fields that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db import edtf, timewords
from db.errors import EnvironmentFault
from db.values import OPEN_FUTURE, OPEN_PAST

Instants = NDArray[np.int64]
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_MS: Final = 100_000_000_000
"""Numbers from here on are milliseconds since 1970, as web services give them."""
_KEPT: Final = 20_000


def spans_of(values: Iterable[tuple[Any, Any]]) -> tuple[Instants, Instants, int]:
    """First and last instant (ms) of features by their values, and how many of them could not be read.

    What is empty, or cannot be read, is open.
    """
    read = lru_cache(maxsize=_KEPT)(_bounds)
    first, last, unread = [], [], 0
    for begin, end in values:
        begins, ends = (None if each in (None, "") else read(_key(each)) for each in (begin, end))
        unread += (begins is None and begin not in (None, "")) or (ends is None and end not in (None, ""))
        first.append(OPEN_PAST if begins is None else begins[0])
        last.append(OPEN_FUTURE if ends is None else ends[1])
    return np.array(first, np.int64), np.array(last, np.int64), unread


def _key(value: Any) -> str | float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value).strip()


def _bounds(value: str | float) -> tuple[int, int] | None:
    """The earliest and the latest instant that a value of a field may mean."""
    if isinstance(value, int | float):
        if not OPEN_PAST <= value <= OPEN_FUTURE:  # nor is NaN
            return None
        if abs(value) >= _EPOCH_MS:
            return int(value), int(value)
        if value != int(value):
            return None
        value = str(int(value))
    compact = _COMPACT.fullmatch(value)
    if compact is not None:
        value = "-".join(compact.groups())
    elif re.fullmatch(r"\d{4}[/.]\d\d?[/.]\d\d?", value):
        value = "-".join(each.zfill(2) for each in re.split(r"[/.]", value))
    try:
        span = edtf.parse(value)
        return span.earliest_start, span.latest_end
    except (EnvironmentFault, ValueError):
        pass
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        ms = (moment - _EPOCH) // (_EPOCH.resolution * 1000)
        return ms, ms
    except (ValueError, OverflowError):
        pass
    try:
        span = timewords.parse_typed(value, 0)
        return span.earliest_start, span.latest_end
    except (EnvironmentFault, ValueError, OverflowError):
        return None
