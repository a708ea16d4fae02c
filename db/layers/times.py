"""Times of features, read from the fields that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
LOOKED_AT: Final = 500
"""Features whose values say whether a field holds dates."""
_SURE: Final = 0.9
_AROUND: Final = "(?:valid|date|time|day|year|event|dt|utc|is|at|on|s|ed)*"
_BEGINS: Final = re.compile(f"{_AROUND}(?:start|begin|beginning|begun|began|from|since){_AROUND}")
_ENDS: Final = re.compile(f"{_AROUND}(?:end|ending|to|until|till|thru|finish){_AROUND}")
_DATES: Final = re.compile(
    "(?:event|obs|observation)?(?:date|datetime|time|timestamp|day|year|when|edtf)(?:time|utc|s)?"
)
_YEARS: Final = (1000, 2200)


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


def guess_fields(features: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """The fields that say when features begin and end, by their names and by what they hold; empty for none.

    ``features``: the properties of some. A field that is only called a date is when they begin.
    """
    some = features[:LOOKED_AT]
    plain = {name: re.sub(r"[\W\d_]", "", name.casefold()) for each in some for name in each}

    def first(pattern: re.Pattern[str]) -> str:
        called = (name for name, letters in plain.items() if pattern.fullmatch(letters))
        return next((name for name in called if _holds_dates(each.get(name) for each in some)), "")

    return first(_BEGINS) or first(_DATES), first(_ENDS)


def _holds_dates(values: Iterable[Any]) -> bool:
    """Whether nearly all of what is there can only be meant as a date: a year, a day, milliseconds since 1970."""
    given = [value for value in values if value not in (None, "")]
    return bool(given) and sum(map(_is_date, given)) >= _SURE * len(given)


def _is_date(value: Any) -> bool:
    key = _key(value)
    if isinstance(key, int | float):
        day = isinstance(key, int) and _COMPACT.fullmatch(str(key)) is not None
        plain = _YEARS[0] <= key <= _YEARS[1] or day or abs(key) >= _EPOCH_MS
        return plain and _bounds(key) is not None
    return re.search(r"\d{4}", key) is not None and _bounds(key) is not None


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
