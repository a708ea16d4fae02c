"""Instants as text for other programs: UTC, with milliseconds.

``iso`` is the dateTime of XML Schema 1.1 (W3C xmlschema11-2, 3.3.7), the extended format of ISO 8601 with signed years:
0000 is 1 BC, -0043 is 44 BC, years beyond 9999 have more digits. ``kml_iso`` numbers years as XML Schema 1.0 does, on
which KML rests: there is no year 0, and -0044 is 44 BC.
"""

from __future__ import annotations

from functools import lru_cache

from db.civil import civil_from_days
from db.values import MS_DAY, MS_HOUR, MS_MINUTE, MS_SECOND, OPEN_FUTURE, OPEN_PAST, Shape, TimeSpan


def bounds(when: TimeSpan | None) -> tuple[int | None, int | None]:
    """Earliest start and latest end (ms, inclusive); None for an end that is open or unknown, both when undated."""
    if when is None:
        return None, None
    first, last = when.earliest_start, when.latest_end
    return first if first > OPEN_PAST else None, last if last < OPEN_FUTURE else None


def iso(ms: int | None) -> str | None:
    """``2016-11-27T00:00:00.000Z``; None for None."""
    return None if ms is None else _text(ms, 0)


def kml_iso(ms: int) -> str:
    """As ``iso``, years before 1 numbered without a year 0."""
    return _text(ms, 1)


def kml_day(first: int, last: int) -> str | None:
    """The day (UTC) that ``first..last`` (ms, inclusive) just fills, as KML names it; else None."""
    return _date(first // MS_DAY, 1) if first % MS_DAY == 0 and last - first == MS_DAY - 1 else None


def is_moment(when: TimeSpan) -> bool:
    """Whether what is dated happened at some time within, not all through."""
    return when.shape is Shape.MOMENT


def _text(ms: int, shift: int) -> str:
    days, rest = divmod(ms, MS_DAY)
    hour, minute, second = rest // MS_HOUR, rest // MS_MINUTE % 60, rest // MS_SECOND % 60
    return f"{_date(days, shift)}T{hour:02d}:{minute:02d}:{second:02d}.{rest % MS_SECOND:03d}Z"


@lru_cache(maxsize=8192)
def _date(days: int, shift: int) -> str:
    """The date of a count of days from 1970; ``shift`` is taken from years before 1."""
    year, month, day = civil_from_days(days)
    if year < 1:
        year -= shift
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"
