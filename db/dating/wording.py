"""Floor 0: the words for one date, and for two that share a month or a year. db.timewords puts phrases together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from db.dating.model import MONTHS, Point
from db.values import Precision, Qualifier

SEASONS: Final = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_SOME: Final = {Precision.DAY: "a day in ", Precision.MONTH: "a month in "}


@dataclass(frozen=True, slots=True)
class Style:
    """How dates are worded."""

    months: tuple[str, ...]
    about: str
    perhaps: str
    doubt: str  # after the date
    tight: bool
    winter: str  # between the two years of a winter


# The three styles of timewords.show, show_short and spoken.
SHOWN: Final = Style(tuple(name[:3] for name in MONTHS), "about ", "perhaps ", "", False, "–")
SHORT: Final = Style(SHOWN.months, "~", "", "?", True, "–")
SPOKEN: Final = Style(MONTHS, "about ", "perhaps ", "", False, " into ")


def series_words(points: Sequence[Point], style: Style) -> tuple[list[str], Qualifier]:
    """Dates that follow each other in one phrase, each without what the last one says, and the qualifier of them all.

    ``27``, ``28 Nov 2016``; where they share nothing each is in full with its own qualifier, and none is left over.
    """
    last = points[-1]
    dropped = min((_dropped(point, last) for point in points[:-1]), default=0)
    if not dropped:
        return [point_words(point, style) for point in points], Qualifier.NONE
    return [*(bare_words(point, style, dropped) for point in points[:-1]), bare_words(last, style)], last.qualifier


def same_day(left: Point, right: Point) -> bool:
    """Whether both have a time of day, by one clock, on one day."""
    return bool(left.time and right.time) and (left.year, left.month, left.day, left.zone) == (
        right.year,
        right.month,
        right.day,
        right.zone,
    )


def _dropped(left: Point, right: Point) -> int:
    """What ``left`` need not say before ``right``: 0 nothing, 1 the year, 2 the month and the year."""
    if left.qualifier is not right.qualifier or left.some or right.some or left.time or right.time:
        return 0
    if left.precision is not right.precision or left.year != right.year:
        return 0
    if left.precision is Precision.DAY:
        return 2 if left.month == right.month else 1
    return 1 if left.precision is Precision.MONTH else 0


def point_words(point: Point, style: Style) -> str:
    """One date with its qualifier: ``about Dec 2016``."""
    return qualified(bare_words(point, style), point.qualifier, style)


def qualified(words: str, qualifier: Qualifier, style: Style) -> str:
    """Words with those of their qualifier around them."""
    if qualifier in (Qualifier.APPROXIMATE, Qualifier.BOTH):
        words = style.about + words
    if qualifier in (Qualifier.UNCERTAIN, Qualifier.BOTH):
        words = style.perhaps + words + style.doubt
    return words


def bare_words(point: Point, style: Style, dropped: int = 0) -> str:
    """One date without its qualifier, and without its year (``dropped`` 1) or its month and year (2)."""
    year = "" if dropped else year_words(point.year)
    if point.precision is Precision.CENTURY:
        number = (-point.year if point.year < 0 else point.year) // 100 + 1
        return f"{ordinal(number)} century" + (" BC" if point.year < 0 else "")
    if point.precision is Precision.DECADE:
        if point.year < 100:
            return f"{year_words(point.year)} to {year_words(point.year + 9)}"
        return f"{point.year}s" + ("" if point.year % 100 else " (decade)")
    if point.season == 24 and point.year >= 1000:
        following = str(point.year + 1)
        return f"winter {year}{style.winter}{following[-2:] if style.winter == '–' else following}"
    if point.season:
        return f"{SEASONS[point.season]} {year}"
    words = year
    if point.month:
        words = f"{style.months[point.month - 1]} {words}".rstrip()
    if point.day:
        words = f"{point.day} {words}" if dropped < 2 else f"{point.day}"
    if point.some is not None and not style.tight:
        words = _SOME[point.some] + words
    return f"{words} {time_words(point)}" if point.time else words


def time_words(point: Point) -> str:
    """The time of day of a date: ``14:30``, ``14h``, ``14:30:05 UTC+03:00``."""
    time = f"{point.time}h" if point.precision is Precision.HOUR else point.time
    if point.zone is None:
        return time
    if point.zone == 0:
        return f"{time} UTC"
    hours, minutes = divmod(abs(point.zone), 60)
    return f"{time} UTC{'-' if point.zone < 0 else '+'}{hours:02d}:{minutes:02d}"


def year_words(year: int) -> str:
    """``2016``, ``AD 44``, ``200 BC``, ``10,000 BC``; year 0 is 1 BC. Thousands are parted from five digits on."""
    number = 1 - year if year <= 0 else year
    digits = f"{number:,}" if number > 9999 else f"{number}"
    if year <= 0:
        return f"{digits} BC"
    return digits if 1000 <= year <= 9999 else f"AD {digits}"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``, ``21st``."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
