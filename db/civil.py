"""Floor 0: calendar arithmetic on int64 milliseconds since 1970-01-01T00:00Z, in whole numbers only.

Proleptic Gregorian calendar with a year 0 (1 BC), any year the int64 range holds. The two day-count functions are
Howard Hinnant's, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days), public domain.
Nothing here knows time zones: a caller who wants local days shifts the instants before and after.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from db.values import MS_DAY, MS_HOUR, MS_MINUTE, MS_SECOND

_DAYS_PER_ERA: Final = 146_097  # days of 400 Gregorian years
_EPOCH_SHIFT: Final = 719_468  # days from 0000-03-01 to 1970-01-01
_FIRST_MONDAY: Final = -3 * MS_DAY  # 1969-12-29
_MONTH_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Unit(StrEnum):
    """A step of a calendar. Weeks begin on Monday, decades and centuries in years ending 0 and 00."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


_UNIT_MS: Final = {
    Unit.SECOND: MS_SECOND,
    Unit.MINUTE: MS_MINUTE,
    Unit.HOUR: MS_HOUR,
    Unit.DAY: MS_DAY,
    Unit.WEEK: 7 * MS_DAY,
}
_UNIT_MONTHS: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12, Unit.DECADE: 120, Unit.CENTURY: 1200}


class Civil(NamedTuple):
    """A calendar date and time of day; month 1-12, day 1-31, hour 0-23, year 0 is 1 BC."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    millisecond: int = 0


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to the given date. ``day`` may run past the month's end; month is 1-12."""
    shifted = year - (month <= 2)
    era = shifted // 400
    year_of_era = shifted - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * _DAYS_PER_ERA + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _EPOCH_SHIFT


def civil_from_days(days: int) -> tuple[int, int, int]:
    """(year, month, day) of a count of days from 1970-01-01."""
    days += _EPOCH_SHIFT
    era, day_of_era = divmod(days, _DAYS_PER_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = shifted_month + (3 if shifted_month < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted_month + 2) // 5 + 1


def month_length(year: int, month: int) -> int:
    """Days in a month: 28 to 31. Month is 1-12."""
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return _MONTH_LENGTHS[month - 1]


def civil(instant_ms: int) -> Civil:
    """Calendar fields of an instant (ms, UTC)."""
    days, rest = divmod(instant_ms, MS_DAY)
    year, month, day = civil_from_days(days)
    return Civil(
        year,
        month,
        day,
        rest // MS_HOUR,
        rest // MS_MINUTE % 60,
        rest // MS_SECOND % 60,
        rest % MS_SECOND,
    )


def instant(
    year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0, second: int = 0, millisecond: int = 0
) -> int:
    """Milliseconds since 1970 UTC of calendar fields. Raises ValueError for a date or time that does not exist."""
    if not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        raise ValueError(f"no such date: year {year}, month {month}, day {day}")
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 0 <= millisecond < 1000):
        raise ValueError(f"no such time of day: {hour}:{minute}:{second}.{millisecond}")
    time_of_day = hour * MS_HOUR + minute * MS_MINUTE + second * MS_SECOND + millisecond
    return days_from_civil(year, month, day) * MS_DAY + time_of_day


def weekday(instant_ms: int) -> int:
    """Day of the week of an instant (UTC): 0 is Monday, 6 is Sunday."""
    return (instant_ms // MS_DAY + 3) % 7


def floor(instant_ms: int, unit: Unit, step: int = 1) -> int:
    """The last start of a ``unit`` at or before an instant.

    ``step`` > 1 floors to every step-th unit: years to multiples of the step (1000 gives ..., 1000, 2000), months
    counted from January of year 0, weeks from 29 Dec 1969, shorter units from 1970.
    """
    if unit in _UNIT_MS:
        origin = _FIRST_MONDAY if unit is Unit.WEEK else 0
        width = _UNIT_MS[unit] * step
        return (instant_ms - origin) // width * width + origin
    year, month, _ = civil_from_days(instant_ms // MS_DAY)
    width = _UNIT_MONTHS[unit] * step
    return _month_start((year * 12 + month - 1) // width * width)


def add(instant_ms: int, count: int, unit: Unit) -> int:
    """An instant moved by ``count`` units, time of day kept.

    Months and longer units clamp the day: 31 Jan + 1 month is 28 or 29 Feb.
    """
    if unit in _UNIT_MS:
        return instant_ms + count * _UNIT_MS[unit]
    days, time_of_day = divmod(instant_ms, MS_DAY)
    year, month, day = civil_from_days(days)
    year, month0 = divmod(year * 12 + month - 1 + count * _UNIT_MONTHS[unit], 12)
    day = min(day, month_length(year, month0 + 1))
    return days_from_civil(year, month0 + 1, day) * MS_DAY + time_of_day


def starts(first_ms: int, last_ms: int, unit: Unit, step: int = 1) -> list[int]:
    """Every start of a ``unit`` (each step-th, see floor) within ``first_ms..last_ms``, ascending.

    The caller chooses a unit that fits its window: the list is as long as the window asks for.
    """
    start = floor(first_ms, unit, step)
    if unit in _UNIT_MS:
        width = _UNIT_MS[unit] * step
        return list(range(start if start >= first_ms else start + width, last_ms + 1, width))
    width = _UNIT_MONTHS[unit] * step
    found = []
    year, month, _ = civil_from_days(start // MS_DAY)
    count = year * 12 + month - 1
    while start <= last_ms:
        if start >= first_ms:
            found.append(start)
        count += width
        start = _month_start(count)
    return found


def _month_start(months: int) -> int:
    """Start (ms) of the month that is ``months`` after January of year 0."""
    year, month0 = divmod(months, 12)
    return days_from_civil(year, month0 + 1, 1) * MS_DAY
